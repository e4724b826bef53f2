"""The words of the feedback page: what a learner said about each row, and how it fits the truth. All fixed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mondaylab.forms.keys import ClaimKey
from mondaylab.forms.scoring import DecisionRules
from mondaylab.grader.cells.decision import costs_of
from mondaylab.grader.cells.diagnosis import RowDiagnosis
from mondaylab.grader.cells.score import figure
from mondaylab.grader.feedback.charts import CURVE_FROM, Band
from mondaylab.grader.verdicts import Counts, Verdict
from mondaylab.judging.answers import Answer
from mondaylab.plural import plural

VERDICT_WORDS: dict[Verdict, str] = {
    "caught": "Caught",
    "missed": "Missed",
    "doubted": "False alarm",
    "trusted": "Rightly trusted",
    "unanswered": "Not judged",
}
_ACTIONS = {"use": "Use", "verify": "Verify", "fix": "Fix", "escalate": "Escalate"}


def calibration_finding(found: Sequence[Band], rows: int) -> str:
    """What the three bands say, and no more than they can."""
    enough = [band for band in found if band.enough]
    off = [band for band in enough if not band.fits]
    if not enough:
        says = "Too few statements in every band to compare what you said with what was so."
    elif not off:
        says = "Where there are enough statements to tell, what you said fits what was so."
    else:
        parts = [
            f"Where you said {band.label.lower()}, {band.flawed} of {band.n} were wrong; "
            f"you said {band.said:.0%} on average"
            for band in off
        ]
        says = "; ".join(parts) + "."
    if rows < CURVE_FROM:
        says += f" With {plural(rows, 'statement')} there is no curve to draw yet; one needs {CURVE_FROM}."
    return says


def note(counts: Counts, answered: int, drafts: int) -> str:
    """How the counts under the title are meant."""
    words = (
        f"{plural(counts.rows, 'statement')} in {plural(drafts, 'AI output')}. Caught means you put a flawed one at 50 "
        "or more after checking and did not choose Use; a false alarm is a sound one at 50 or more."
    )
    left = counts.rows - answered
    if left:
        words += (
            f" {plural(left, 'statement')} without a probability: each counts as 50 in the points, "
            "and a flaw among them as missed."
        )
    return words


def about_you(
    claim: ClaimKey, answer: Answer | None, came_to: Verdict, detail: RowDiagnosis | None, labels: Mapping[str, str]
) -> str:
    """What the learner said and how it fits, in fixed words."""
    if answer is None or answer.p is None:
        known = _truth_about(claim, labels)
        return f"You did not judge it. {known}".strip()
    chose = f" and chose {_ACTIONS[answer.action]}" if answer.action else ""
    match came_to:
        case "caught" if detail is not None:
            return _diagnosed(claim, answer, detail, labels)
        case "missed":
            sent = " It would have gone out." if answer.action == "use" else ""
            return f"You gave it {answer.p}{chose}.{sent} {_truth_about(claim, labels)}"
        case "doubted":
            return f"You gave it {answer.p}{chose}. It stands."
        case _:
            return ""


def about_action(claim: ClaimKey, answer: Answer | None, came_to: Verdict, costs: DecisionRules | None) -> str:
    """What a dearer action than need be cost on a flaw or a false alarm; empty otherwise."""
    if costs is None or answer is None or answer.action is None or came_to not in ("caught", "missed", "doubted"):
        return ""
    row = costs_of(claim, costs)
    if row.regret(answer.action) <= 0:
        return ""
    best, said = _ACTIONS[row.best], _ACTIONS[answer.action]
    least = figure(row.of(row.best)) if row.of(row.best) else "nothing"
    return f"{said} cost {figure(row.of(answer.action))} here; {best} would have cost {least}."


def _truth_about(claim: ClaimKey, labels: Mapping[str, str]) -> str:
    if not claim.flawed or not claim.kinds:
        return ""
    return f"Kind: {labels.get(claim.kinds[0], claim.kinds[0])}. Severity: {claim.severity or 'material'}."


def _diagnosed(claim: ClaimKey, answer: Answer, detail: RowDiagnosis, labels: Mapping[str, str]) -> str:
    main = labels.get(claim.kinds[0], claim.kinds[0]) if claim.kinds else ""
    said = labels.get(answer.kind or "", answer.kind or "")
    kind = {
        "right": f"Kind right ({said}).",
        "same group": f"Kind nearly right: you said {said}, it is {main}.",
        "wrong": f"Kind: you said {said}, it is {main}.",
        "not given": f"Kind: you named none, it is {main}.",
    }[detail.kind]
    severity = {
        "right": f"Severity right ({claim.severity}).",
        "wrong": f"Severity: you said {answer.severity}, it is {claim.severity}.",
        "not given": f"Severity: you named none, it is {claim.severity}.",
        "not asked": "",
    }[detail.severity]
    unit = f" {claim.unit}" if claim.unit else ""
    value = {
        "right": f"Corrected value right ({_number(answer.value)}{unit}).",
        "wrong": f"Corrected value: you said {_number(answer.value)}{unit}, it is {_number(claim.truth)}{unit}.",
        "not given": f"You gave no corrected value; it is {_number(claim.truth)}{unit}.",
        "not asked": "",
    }[detail.value]
    return " ".join(part for part in (kind, severity, value) if part)


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:,.4f}".rstrip("0").rstrip(".")
