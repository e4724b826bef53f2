"""Opening a built lab to a cohort: forms into the judgement store, the assignment into the course and the exchange."""

from __future__ import annotations

from mondaylab.errors import Refused
from mondaylab.grader.assignment import assignment_of, make_assignment
from mondaylab.grader.course import open_course
from mondaylab.grader.rules import ScoringRules
from mondaylab.hub.cohorts import Cohort
from mondaylab.judging.store import JudgementStore
from mondaylab.labs.building.build import built
from mondaylab.labs.forms.issuing import Issued, issue_forms
from mondaylab.labs.material import Material
from mondaylab.settings import Site


def open_lab_to(site: Site, cohort: Cohort, lab: str, material: Material | None = None) -> Issued:
    """Issues forms, registers them with the judgement service, releases the assignment; again, it adds new learners.

    What a cohort was given never changes under it: issued forms and a released assignment stay as they are.

    Args:
        site: The installation.
        cohort: An applied cohort.
        lab: One of its labs, built for its quarter.
        material: The opened lab, if the caller has it.

    Raises:
        NotFound: The lab is not built, or the cohort is not applied.
        Refused: The lab is not one of the cohort's, or a part refuses.
    """
    if lab not in cohort.labs:
        raise Refused(
            f"{lab} is not a lab of {cohort.cohort}", fix=f"add it to hub_config/cohorts/{cohort.cohort}.yaml"
        )
    built(site, lab, cohort.quarter)
    material = material or Material.open(site, lab, company=cohort.company, quarter=cohort.quarter)
    record = issue_forms(site, material, cohort=cohort.cohort, learners=cohort.learners)
    with JudgementStore(site.judgement_database) as store:
        for learner in cohort.learners:
            store.register(record.forms[learner], cohort.cohort, learner)
    if not is_released(site, cohort, lab):
        points = ScoringRules.of(site).role(lab).points()
        make_assignment(site, cohort.cohort, lab, cohort.quarter, points)
        open_course(site, cohort.cohort).release_assignment(assignment_of(lab))
    return record


def is_released(site: Site, cohort: Cohort, lab: str) -> bool:
    """Whether learners of the cohort can fetch the lab."""
    return (site.exchange / cohort.cohort / "outbound" / assignment_of(lab)).is_dir()
