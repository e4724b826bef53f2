"""Diagnosis: of the flaws a learner caught, was it the right kind, the right severity, the right value."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Literal

from mondaylab.errors import Refused
from mondaylab.forms.cells import OURS
from mondaylab.forms.keys import ClaimKey, FormKey
from mondaylab.forms.scoring import DiagnosisRules
from mondaylab.forms.shown import ShownForm
from mondaylab.grader.cells.cell import GradedCell, ScoringContext
from mondaylab.grader.cells.score import CellScore, scored
from mondaylab.grader.verdicts import Verdict, verdict
from mondaylab.judging.answers import Answer, FormAnswers
from mondaylab.plural import plural
from mondaylab.records import Record

KindResult = Literal["right", "same group", "wrong", "not given"]
PartResult = Literal["right", "wrong", "not given", "not asked"]


class RowDiagnosis(Record):
    """One flawed row."""

    claim_id: str
    verdict: Verdict
    kind: KindResult
    severity: PartResult
    value: PartResult
    """``not asked`` where the row states no number."""
    share: float
    """What this row earns of its weight, in [0, 1]; 0 unless caught."""
    weight: float
    """By true severity."""


class Diagnosis(Record):
    """A whole form."""

    rows: tuple[RowDiagnosis, ...]
    sound: int
    false_alarms: int
    share: float
    """Share of the diagnosis points, in [0, 1]."""


def diagnose(
    claims: Iterable[ClaimKey],
    answers: Mapping[str, Answer],
    rules: DiagnosisRules,
    groups: Mapping[str, str],
) -> Diagnosis:
    """Scores the diagnosis after checking.

    Only caught flaws earn. The weighted mean over **all** flaws is multiplied by the share of sound rows that were not
    doubted: each false alarm costs, and who doubts everything earns nothing, whatever the guessed kinds.

    Args:
        claims: The form's truth.
        answers: Claim id -> answer after checking.
        rules: Weights.
        groups: Flaw kind -> its group.

    Raises:
        Refused: The form has no flawed or no sound row.
    """
    flawed, alarms, sound = [], 0, 0
    for claim in claims:
        if claim.flawed:
            flawed.append(diagnose_row(claim, answers.get(claim.claim_id), rules, groups))
        else:
            sound += 1
            alarms += verdict(False, answers.get(claim.claim_id)) == "doubted"
    total = math.fsum(row.weight for row in flawed)
    if not flawed or not sound:
        raise Refused(
            "a form with nothing flawed, or everything, cannot be scored",
            fix="see what its gates say: mondaylab labs check LAB --quarter QUARTER",
        )
    earned = math.fsum(row.share * row.weight for row in flawed) / total
    return Diagnosis(rows=tuple(flawed), sound=sound, false_alarms=alarms, share=earned * (1.0 - alarms / sound))


def diagnose_row(
    claim: ClaimKey, answer: Answer | None, rules: DiagnosisRules, groups: Mapping[str, str]
) -> RowDiagnosis:
    """One flawed row; see `diagnose`."""
    came_to = verdict(True, answer)
    given = answer or Answer()
    kind = kind_result(claim, given.kind, groups)
    severity: PartResult = "not given" if given.severity is None else _part(given.severity == claim.severity)
    value = value_result(claim, given.value)
    parts = [(rules.kind, {"right": 1.0, "same group": rules.same_group}.get(kind, 0.0))]
    parts.append((rules.severity, float(severity == "right")))
    if value != "not asked":
        parts.append((rules.value, float(value == "right")))
    weights = math.fsum(weight for weight, _ in parts)
    share = math.fsum(weight * part for weight, part in parts) / weights if came_to == "caught" else 0.0
    return RowDiagnosis(
        claim_id=claim.claim_id,
        verdict=came_to,
        kind=kind,
        severity=severity,
        value=value,
        share=share,
        weight=rules.severity_weights[claim.severity or "material"],
    )


def kind_result(claim: ClaimKey, said: str | None, groups: Mapping[str, str]) -> KindResult:
    """Whether a flaw was called by a fair name, or at least by one of the same group."""
    if said is None:
        return "not given"
    if said in claim.kinds:
        return "right"
    return "same group" if claim.group is not None and groups.get(said) == claim.group else "wrong"


def value_result(claim: ClaimKey, said: float | None) -> PartResult:
    """Whether the corrected value lies within the claim's tolerance of the truth, in the claim's displayed unit."""
    if claim.truth is None or claim.unit is None:
        return "not asked"
    if said is None or not math.isfinite(said):
        return "not given"
    slack = 1e-9 * max(1.0, abs(claim.truth))  # a value typed exactly at the edge is inside
    return _part(abs(said - claim.truth) <= claim.tolerance + slack)


def _part(right: bool) -> PartResult:
    return "right" if right else "wrong"


def score_diagnosis(
    key: FormKey, answers: FormAnswers, form: ShownForm, rules: DiagnosisRules, max_points: float
) -> CellScore:
    """Scores kind, severity and corrected value of the flaws that were caught.

    Raises:
        Refused: The form is degenerate.
    """
    result = diagnose(key.claims, answers.check, rules, kind_groups(form))
    caught = [row for row in result.rows if row.verdict == "caught"]
    if not caught:
        reason = "No flaw was caught, so there is none to diagnose."
        return scored("diagnosis", 0.0, max_points, code="none caught", reason=reason)
    reason = f"Of {plural(len(result.rows), 'flaw')}, {len(caught)} caught and diagnosed."
    return scored("diagnosis", result.share, max_points, reason=reason, details=_diagnosis_details(result))


def _diagnosis_details(result: Diagnosis) -> tuple[str, ...]:
    caught = [row for row in result.rows if row.verdict == "caught"]
    numbers = [row for row in caught if row.value != "not asked"]
    near = sum(row.kind == "same group" for row in caught)
    kinds = f"Kind right: {sum(row.kind == 'right' for row in caught)} of {len(caught)}"
    details = [
        f"{kinds}, {near} of the same group." if near else f"{kinds}.",
        f"Severity right: {sum(row.severity == 'right' for row in caught)} of {len(caught)}.",
    ]
    if numbers:
        details.append(f"Corrected value right: {sum(row.value == 'right' for row in numbers)} of {len(numbers)}.")
    if result.false_alarms:
        left = result.sound - result.false_alarms
        details.append(f"Then times {left} of {result.sound}: the sound statements that were not doubted.")
    return tuple(details)


def kind_groups(form: ShownForm) -> dict[str, str]:
    """Flaw kind -> the group it is shown in."""
    return {kind.id: group.id for group in form.groups for kind in group.kinds}


def _score(context: ScoringContext) -> CellScore:
    return score_diagnosis(context.key, context.answers, context.form, context.rules.diagnosis, context.points)


CELL = GradedCell(OURS["diagnosis"], _score)
