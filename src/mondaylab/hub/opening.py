"""Opening a released lab to a cohort: forms into the judgement store, the assignment into the course and exchange."""

from __future__ import annotations

from pathlib import Path

from mondaylab.errors import Refused
from mondaylab.forms.scoring import ScoringRules
from mondaylab.grader.course.assignment import assignment_of, make_assignment
from mondaylab.grader.course.course import open_course
from mondaylab.hub.cohorts import Cohort
from mondaylab.judging.store import JudgementStore
from mondaylab.labs.building.frozen import frozen_site, open_build
from mondaylab.labs.drawing.issuing import Issued, issue_forms, issued_release
from mondaylab.labs.quarterly.releases import Release, current_release, release_command, release_folder
from mondaylab.settings import Site


def open_lab_to(site: Site, cohort: Cohort, lab: str, release: str | None = None) -> Issued:
    """Issues forms, registers them with the judgement service, releases the assignment; again, it adds new learners.

    What a cohort was given never changes under it: its release, issued forms and assignment stay as they are.

    Args:
        site: The installation.
        cohort: An applied cohort.
        lab: One of its labs, released for its quarter.
        release: Which release; the one that it has already, or the lab's current one, if none is given.

    Raises:
        NotFound: The lab has no release, or the cohort is not applied.
        Refused: The lab is not one of the cohort's, the release is not for it, or a part refuses.
    """
    if lab not in cohort.labs:
        raise Refused(
            f"{lab} is not a lab of {cohort.cohort}", fix=f"add it to hub_config/cohorts/{cohort.cohort}.yaml"
        )
    has = issued_release(site, cohort.cohort, lab)
    if has is not None and release not in (None, has):
        raise Refused(f"{cohort.cohort} has release {has} of {lab}; a running cohort keeps it", where=release)
    named = has or release
    folder = _fitting(
        site,
        cohort,
        lab,
        current_release(site, lab, company=cohort.company) if named is None else release_folder(site, lab, named),
    )
    material = open_build(site, folder)
    record = issue_forms(site, material, cohort=cohort.cohort, learners=cohort.learners, release=folder.name)
    with JudgementStore(site.judgement_database) as store:
        for learner in cohort.learners:
            store.register(record.forms[learner], cohort.cohort, learner)
    if not is_released(site, cohort, lab):
        points = ScoringRules.of(frozen_site(site, folder)).role(lab).points()
        course = open_course(site, cohort.cohort)
        make_assignment(course, lab, folder, points)
        course.release_assignment(assignment_of(lab))
    return record


def is_released(site: Site, cohort: Cohort, lab: str) -> bool:
    """Whether learners of the cohort can fetch the lab."""
    return (site.exchange / cohort.cohort / "outbound" / assignment_of(lab)).is_dir()


def _fitting(site: Site, cohort: Cohort, lab: str, folder: Path) -> Path:
    record = Release.of(folder)
    if (record.company, record.quarter) != (cohort.company, cohort.quarter):
        raise Refused(
            f"release {record.release} of {lab} is for {record.company} {record.quarter}, "
            f"and {cohort.cohort} is for {cohort.company} {cohort.quarter}",
            fix=f"{release_command(lab, cohort.quarter, cohort.company)}, or name an older one with --release",
        )
    return folder
