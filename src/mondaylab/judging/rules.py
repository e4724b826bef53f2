"""What may be answered, changed and handed in: pure functions over a form and the answers so far."""

from __future__ import annotations

from collections.abc import Mapping

from mondaylab.errors import Refused
from mondaylab.forms.shown import ShownForm
from mondaylab.judging.answers import Answer, FormAnswers, Stage
from mondaylab.measures import (
    Aggregate,
    Growth,
    GrowthOver,
    Measure,
    Minus,
    Product,
    Rank,
    Rate,
    Ratio,
    Scaled,
    TopShare,
)

DOUBT = 50
"""From this probability on, the learner also says what is wrong and how bad it is."""
MEASURE_DEPTH = 6
"""Deepest nesting of a measure that the evidence builder may save."""


class Locked(Refused):
    """The stage is handed in, not open yet, or the lab is closed."""


class Conflict(Refused):
    """The event id was used before, with other content."""


class Incomplete(Refused):
    """A stage cannot be handed in yet.

    Attributes:
        missing: Ids of the rows that lack something, in reading order.
    """

    def __init__(self, missing: tuple[str, ...]) -> None:
        self.missing = missing
        super().__init__(f"{len(missing)} rows are not judged yet", fix="judge them, then hand in")


def check_answer(form: ShownForm, stage: Stage, claim_id: str, answer: Answer) -> None:
    """Refuses an answer that this form does not ask for.

    Raises:
        Refused: The claim or the kind is unknown, first look carries more than a probability, an action and a note, or
            a value is given for a row that has no number.
    """
    row = form.rows().get(claim_id)
    if row is None:
        raise Refused("this form has no such claim", where="claim_id")
    if stage == "first" and (answer.kind, answer.severity, answer.value) != (None, None, None):
        raise Refused("first look asks for a probability and an action only", where="answer")
    if answer.kind is not None and answer.kind not in {kind.id for group in form.groups for kind in group.kinds}:
        raise Refused("unknown kind of flaw", where="answer.kind")
    if answer.value is not None and row.unit is None:
        raise Refused("this row has no number to correct", where="answer.value")


def check_open(answers: FormAnswers, stage: Stage, *, closed: bool) -> None:
    """Refuses a change of a stage that is locked.

    Raises:
        Locked: The lab is closed, the stage is handed in, or it is not open before first look is.
    """
    if closed:
        raise Locked("this lab is closed", fix="ask your instructor; what you had answered by then counts")
    if answers.committed(stage) is not None:
        raise Locked(f"{_WORDS[stage]} is handed in and locked")
    if stage == "check" and answers.first_committed is None:
        raise Locked("first look is not handed in yet", fix="hand in first look, then check the claims")


def needs(stage: Stage, answer: Answer | None) -> tuple[str, ...]:
    """What a row still lacks: field names out of ``p, action, kind, severity``, in the order they are asked."""
    answer = answer or Answer()
    lacking = [name for name in ("p", "action") if getattr(answer, name) is None]
    if stage == "check" and answer.p is not None and answer.p >= DOUBT:
        lacking += [name for name in ("kind", "severity") if getattr(answer, name) is None]
    return tuple(lacking)


def missing(form: ShownForm, stage: Stage, answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """Ids of the rows that keep a stage from being handed in, in reading order."""
    return tuple(claim_id for claim_id in form.rows() if needs(stage, answers.get(claim_id)))


def check_measure(measure: Measure) -> None:
    """Refuses a measure nested deeper than anybody puts one together by hand.

    Raises:
        Refused: It is deeper than `MEASURE_DEPTH`.
    """
    if _depth(measure) > MEASURE_DEPTH:
        raise Refused("the measure is nested too deeply", where="measure")


def _depth(measure: Measure) -> int:
    match measure:
        case Aggregate():
            return 1
        case Minus() | Product():
            return 1 + max(_depth(measure.left), _depth(measure.right))
        case Ratio():
            return 1 + max(_depth(measure.top), _depth(measure.bottom))
        case Growth():
            return 1 + max(_depth(measure.now), _depth(measure.before))
        case Rank() | Scaled() | GrowthOver() | TopShare() | Rate():
            return 1 + _depth(measure.of)
    raise Refused("unknown kind of measure", where="measure")


_WORDS: dict[Stage, str] = {"first": "first look", "check": "the judgement after checking"}
