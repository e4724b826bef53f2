"""In figures: a learner's judgement as a few rates, each with the count and the interval, or plainly none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mondaylab.forms.keys import ClaimKey
from mondaylab.grader.metrics import Estimate, Proportion, Reason, auc, brier_skill, reliance, signal_detection
from mondaylab.grader.verdicts import verdicts
from mondaylab.judging.answers import Answer, FormAnswers
from mondaylab.judging.rules import DOUBT

_WHY: dict[Reason, str] = {
    "too few": "too few for a figure",
    "one class": "a figure needs wrong and sound ones",
    "all equal": "you gave all of them the same number",
    "missing values": "some have no number",
}


@dataclass(frozen=True)
class FigureView:
    """One figure.

    Attributes:
        label: What it is, in plain words.
        value: The figure, or "not enough data".
        range: Its interval and its n, or the n and why there is no figure.
        meaning: How to read it.
        enough: Whether there is a figure.
    """

    label: str
    value: str
    range: str
    meaning: str
    enough: bool


def in_figures(claims: Sequence[ClaimKey], answers: FormAnswers) -> tuple[FigureView, ...]:
    """The figures of one form, after checking; a row without a probability counts as 50, and no flaw in it as caught.

    Args:
        claims: The form's truth.
        answers: Both looks.
    """
    came_to = verdicts(claims, answers.check)
    flawed = [claim.flawed for claim in claims]
    flagged = [came_to[claim.claim_id] in ("caught", "doubted") for claim in claims]
    said = [_probability(answers.check.get(claim.claim_id)) for claim in claims]
    rates = signal_detection(flawed, flagged)
    found = [
        _share("Flaws caught", rates.hit_rate, "flaw", "Of all flaws, those that you doubted and did not use."),
        _share(
            "False alarms", rates.false_alarm_rate, "sound statement", "Of all sound statements, those you doubted."
        ),
        _estimate(
            "Telling them apart",
            auc(flawed, said),
            "How often a flaw got a higher number than a sound statement. By a coin: 0.50; always: 1.",
        ),
        _estimate(
            "Worth of your numbers",
            brier_skill(flawed, said),
            "What the judgement points follow. One number for all: 0 or less; always sure and right: 1.",
        ),
    ]
    both = [claim for claim in claims if _answered(answers.first.get(claim.claim_id))]
    if both:
        found += _changed(both, answers)
    return tuple(found)


def _changed(claims: Sequence[ClaimKey], answers: FormAnswers) -> list[FigureView]:
    """Between the looks: rows that have a first one."""
    first, last = (
        [(_probability(look.get(claim.claim_id)) * 100 >= DOUBT) == claim.flawed for claim in claims]
        for look in (answers.first, answers.check)
    )
    rates = reliance(first, [not claim.flawed for claim in claims], last)
    return [
        _share("Doubts kept", rates.rsr, "flaw", "Of the flaws you doubted at first look, those you still doubted."),
        _share(
            "Doubts cleared",
            rates.rair,
            "sound statement",
            "Of the sound ones you doubted at first, those you cleared.",
        ),
    ]


def _answered(answer: Answer | None) -> bool:
    return answer is not None and answer.p is not None


def _probability(answer: Answer | None) -> float:
    """In [0, 1]; what was not said counts as one half, as in the points."""
    return 0.5 if answer is None or answer.p is None else answer.p / 100


def _share(label: str, rate: Proportion, one: str, meaning: str) -> FigureView:
    counted = f"{rate.count} of {_counted(rate.n, one)}"
    if rate.low is None or rate.high is None:
        return _none(label, counted, rate, meaning)
    return FigureView(
        label, f"{rate.value:.0%}", f"{counted}, range {rate.low:.0%} to {rate.high:.0%}", meaning, enough=True
    )


def _estimate(label: str, found: Estimate, meaning: str) -> FigureView:
    if found.low is None or found.high is None:
        return _none(label, _counted(found.n, "statement"), found, meaning)
    counted = _counted(found.n, "statement")
    return FigureView(
        label, f"{found.value:.2f}", f"{counted}, range {found.low:.2f} to {found.high:.2f}", meaning, enough=True
    )


def _none(label: str, counted: str, found: Estimate, meaning: str) -> FigureView:
    why = "too few for a figure" if found.reason is None else _WHY[found.reason]
    return FigureView(label, "Not enough data", f"{counted}: {why}", meaning, enough=False)


def _counted(n: int, one: str) -> str:
    return f"{n} {one}" if n == 1 else f"{n} {one}s"
