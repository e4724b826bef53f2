"""One lab of one cohort as a report: figures, the words for items and kinds, the standing, items for the next build."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mondaylab.errors import NotFound, Refused
from mondaylab.forms.flaws import FlawTable
from mondaylab.forms.items import ItemStatistics, LabItems
from mondaylab.forms.scoring import ScoringRules
from mondaylab.grader.course.cohort_lab import CohortLab
from mondaylab.grader.report import cohort_view
from mondaylab.grader.report.cohort_view import LabView
from mondaylab.grader.report.figures import Figures, figures
from mondaylab.grader.report.groups import MIN_GROUP
from mondaylab.grader.report.item_statistics import item_statistics, judged_forms
from mondaylab.grader.report.progress import Marking, Step, marking, steps
from mondaylab.grader.report.rows import rows_of
from mondaylab.grader.report.signs import SAID_BY_ALL, Sign, signs
from mondaylab.labs.building.frozen import frozen_site
from mondaylab.labs.quarterly.checks import passed_check
from mondaylab.labs.quarterly.releases import Release
from mondaylab.labs.sources.declaration import LabDeclaration
from mondaylab.records import Record
from mondaylab.settings import Site, plain_name


class Wording(Record):
    """What an item is called on a page."""

    item: str
    says: str
    """The statement with its slots named, or the template's id where it is not declared."""
    draft: str
    """Title of the draft that it belongs to."""
    flaw: str
    """What is wrong with it, or that it is sound."""


class LabReport(Record):
    """One lab of one cohort."""

    cohort: str
    lab: str
    title: str
    release: str
    closed: bool
    learners: int
    steps: tuple[Step, ...]
    marking: Marking
    figures: Figures
    kinds: dict[str, str]
    """Kind of flaw -> its label."""
    wording: dict[str, Wording]
    """Shown item -> words."""
    signs: dict[str, Sign]
    """Shown item -> what its figures say of it."""
    statistics: LabItems
    """Of the shown items, as the next build reads them."""
    baseline: str | None = None
    """What a model earned at the release's check that saw the words alone; none where none was asked."""

    @property
    def enough(self) -> bool:
        """Whether enough people handed in for any figure."""
        return self.figures.learners >= MIN_GROUP


@dataclass(frozen=True)
class Words:
    """What the release that a cohort has says of its lab."""

    declaration: LabDeclaration
    flaws: FlawTable
    rules: ScoringRules

    @classmethod
    def of(cls, cohort_lab: CohortLab) -> Words:
        """Reads the frozen sources of its release; raises what reading them raises."""
        then = frozen_site(cohort_lab.site, cohort_lab.release)
        return cls(
            LabDeclaration.of(then.lab(cohort_lab.lab), frozen=True), FlawTable.of(then.grader), ScoringRules.of(then)
        )

    def kinds(self) -> dict[str, str]:
        """Kind -> label."""
        return {kind.id: kind.label for group in self.flaws.groups for kind in group.kinds}

    def wording(self, item: str) -> Wording:
        """Words for an item."""
        template, _, state = item.partition("|")
        draft_id = template.removesuffix(SAID_BY_ALL)
        claim = next((one for one in self.declaration.claims if one.id == template), None)
        says, draft_id = (template, draft_id) if claim is None else (claim.judged_as, claim.draft)
        title = next((one.title for one in self.declaration.drafts if one.id == draft_id), draft_id)
        if template.endswith(SAID_BY_ALL):
            says = f"Nothing material is missing from: {title}"
        flaw = {"sound": "sound", "foil": "sound, though it looks wrong"}.get(state)
        if flaw is None:
            flaw = self.flaws.operators[state].says if state in self.flaws.operators else state
        return Wording(item=item, says=says, draft=title, flaw=flaw)

    def by_hand(self, lab: str) -> dict[str, str]:
        """Grade id -> words of the cells that a person marks."""
        return {one.grade_id: one.label for one in self.rules.role(lab).oversight}


def open_labs(site: Site, cohort: str, lab: str | None = None) -> tuple[LabView, ...]:
    """The labs that a cohort has; one of them, if `lab` names it with or without its role.

    Raises:
        NotFound: The cohort has no course, or the lab is not open to it.
    """
    folder = site.courses / plain_name(cohort)
    if not (folder / "gradebook.db").is_file():
        raise NotFound(f"no such cohort is applied: {cohort}", where=folder, fix="mondaylab cohort list")
    views = cohort_view.labs(site, cohort)
    if lab is None:
        return views
    found = [view for view in views if lab in (view.lab, view.assignment)]
    if not found:
        known = ", ".join(view.lab for view in views) or "none yet"
        raise NotFound(
            f"{lab} is not open to {cohort}; its labs: {known}", where=lab, fix=f"mondaylab cohort open {cohort} LAB"
        )
    return tuple(found)


def lab_report(site: Site, cohort: str, view: LabView) -> LabReport:
    """The report of one lab.

    Raises:
        NotFound: Its release is gone, or a form has no key.
        Refused: The release was altered, or a key could be read by others.
    """
    with CohortLab(site, cohort, view.lab) as cohort_lab:
        words, forms = Words.of(cohort_lab), judged_forms(cohort_lab)
    found = figures(rows_of(forms), learners=len(forms))
    shown = {one.item for one in found.items}
    everything = item_statistics(view.lab, forms)
    statistics = LabItems(lab=view.lab, items=tuple(one for one in everything.items if one.item in shown))
    return LabReport(
        cohort=cohort,
        lab=view.lab,
        title=words.declaration.title,
        release=cohort_lab.release.name,
        closed=view.closed,
        learners=len(view.learners),
        steps=steps(view),
        marking=marking(cohort_lab, view, words.by_hand(view.lab)),
        figures=found,
        kinds=words.kinds(),
        wording={item: words.wording(item) for item in sorted(shown)},
        signs=signs(found.items, statistics),
        baseline=baseline_of(cohort_lab.release),
        statistics=statistics,
    )


def item_statistics_of(reports: tuple[LabReport, ...]) -> ItemStatistics:
    """``items.json``: what `mondaylab labs build --items` reads."""
    return ItemStatistics(labs=tuple(one.statistics for one in reports if one.statistics.items))


def baseline_of(release: Path) -> str | None:
    """What the passed check of exactly this release says that a model earned by the words alone; none without one."""
    try:
        return passed_check(release, Release.of(release).made_from).baseline
    except Refused:  # it went out unchecked: what lies there may be the check of another build
        return None
