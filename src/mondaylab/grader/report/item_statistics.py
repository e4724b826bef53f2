"""Item statistics: what a cohort's answers say about the items of a lab, for the next build to retire or reweight."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from mondaylab.forms.items import MIN_ANSWERS, ItemStatistic, ItemStatistics, LabItems
from mondaylab.forms.keys import ClaimKey
from mondaylab.grader.course.cohort_lab import CohortLab
from mondaylab.judging.answers import Answer
from mondaylab.judging.rules import DOUBT
from mondaylab.settings import Site


@dataclass(frozen=True)
class JudgedForm:
    """One learner's form after checking: its truth, and what they said."""

    claims: Sequence[ClaimKey]
    answers: Mapping[str, Answer]
    first: Mapping[str, Answer] = field(default_factory=dict)
    """What they had said at first look."""
    learner: str = ""


def state(claim: ClaimKey) -> str:
    """The flaw state of a claim: its operator, or ``foil`` or ``sound``."""
    return claim.operator or ("foil" if claim.foil else "sound")


def judged_forms(cohort_lab: CohortLab) -> list[JudgedForm]:
    """The newest form of everybody in a cohort who handed in the judgement after checking.

    Raises:
        NotFound: A form has no key.
    """
    found = {}
    for progress in cohort_lab.store.progress(cohort_lab.cohort, cohort_lab.lab):  # the newest attempt comes last
        if progress.check_committed is not None:
            said, key = (
                cohort_lab.store.answers(progress.form_id),
                cohort_lab.keys.get(cohort_lab.cohort, progress.form_id),
            )
            found[progress.learner] = JudgedForm(key.claims, said.check, said.first, progress.learner)
    return list(found.values())


def item_statistics(lab: str, forms: Iterable[JudgedForm]) -> LabItems:
    """Difficulty and discrimination of every item, counted as claim template x flaw state.

    A row is right when its probability is on the true side of 50. Learners have different forms, so an item's
    discrimination is the correlation, over those who had it, of being right on it with their share of right rows among
    the others of their form: the item-rest correlation (S. Henrysson, "Correction of item-total correlations in item
    analysis", Psychometrika 28 (1963), 211-218). Rows without a probability count nowhere.

    Args:
        lab: ``<role>/<lab>``.
        forms: One a learner.
    """
    seen: dict[str, list[tuple[bool, float]]] = defaultdict(list)
    for form in forms:
        right = {claim.claim_id: _right(claim, form.answers.get(claim.claim_id)) for claim in form.claims}
        answered = [known for known in right.values() if known is not None]
        for claim in form.claims:
            known = right[claim.claim_id]
            if known is not None and len(answered) > 1:
                rest = (sum(answered) - known) / (len(answered) - 1)
                seen[f"{claim.template}|{state(claim)}"].append((known, rest))
    return LabItems(lab=lab, items=tuple(_statistic(item, pairs) for item, pairs in sorted(seen.items())))


def statistics_of(site: Site, cohorts: Iterable[tuple[str, Iterable[str]]]) -> ItemStatistics:
    """Item statistics over several cohorts, those who worked on one lab taken together.

    Args:
        site: The installation.
        cohorts: Cohort id and its labs.
    """
    forms: dict[str, list[JudgedForm]] = defaultdict(list)
    for cohort, labs in cohorts:
        for lab in labs:
            with CohortLab(site, cohort, lab) as cohort_lab:
                forms[lab] += judged_forms(cohort_lab)
    return ItemStatistics(labs=tuple(item_statistics(lab, found) for lab, found in sorted(forms.items()) if found))


def _right(claim: ClaimKey, answer: Answer | None) -> bool | None:
    p = None if answer is None else answer.p
    return None if p is None else (p >= DOUBT) == claim.flawed


def _statistic(item: str, pairs: Sequence[tuple[bool, float]]) -> ItemStatistic:
    right = np.array([known for known, _ in pairs], dtype=np.float64)
    rest = np.array([share for _, share in pairs], dtype=np.float64)
    correlation = None
    if len(pairs) >= MIN_ANSWERS and np.ptp(right) > 0 and np.ptp(rest) > 0:
        correlation = round(float(np.clip(np.corrcoef(right, rest)[0, 1], -1, 1)), 4)
    return ItemStatistic(item=item, n=len(pairs), difficulty=round(float(right.mean()), 4), discrimination=correlation)
