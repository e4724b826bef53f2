"""Evidence: the figure asked for, computed again on the lab's own data and on redrawn data.

A pasted number is right once. So is, now and then, another measure; on three redrawn datasets it is not.
"""

from __future__ import annotations

import math

from mondaylab.errors import Refused
from mondaylab.grader.cells import CellScore, not_graded, scored
from mondaylab.grader.replay import Replay
from mondaylab.grader.sandbox import Returned, Sandbox, Status
from mondaylab.grader.submission import Answer
from mondaylab.labs.forms.keys import EvidenceKey
from mondaylab.labs.measures import Measure, Scaled

GRADE_ID = "evidence"
FUNCTION = "evidence"

WORDS: dict[Status | str, str] = {
    "timeout": "The function did not come back in time.",
    "raised": "The cell or the function stopped with an error. Each cell has to stand alone.",
    "wrong_type": "The function did not return one finite number.",
    "not_defined": "The cell does not define a function called evidence.",
    "memory": "The function used more memory than it may.",
    "died": "The function ended the process it ran in.",
    "syntax": "The cell is not plain Python.",
    "unchanged": "No evidence was handed in: the cell is as released, and no measure was built.",
    "missing": "The answer cell is gone from the notebook, and no measure was built.",
    "ambiguous": "The notebook holds several different versions of the answer cell.",
    "unreadable": "The notebook could not be read.",
}


def score_evidence(
    key: EvidenceKey,
    answer: Answer,
    built: Measure | None,
    replay: Replay,
    sandbox: Sandbox,
    *,
    max_points: float,
    redraws: int,
) -> CellScore:
    """Scores the evidence cell; a changed function wins over a built measure.

    Args:
        key: The figure asked for.
        answer: The learner's function, if there is one.
        built: The measure from the evidence builder, if one was saved.
        replay: Data to replay on.
        sandbox: A started sandbox; used only for a function.
        max_points: What the cell is worth.
        redraws: Redrawn datasets beside the lab's own.
    """
    if answer.source is None and built is None:
        if answer.code == "unchanged":
            return scored(GRADE_ID, 0.0, max_points, code=answer.code, reason=WORDS[answer.code])
        return not_graded(GRADE_ID, max_points, code=answer.code, reason=WORDS[answer.code])
    ran = [] if answer.source is None else _ran(answer.source, replay, sandbox, redraws + 1)
    right: list[bool] = []
    values: list[float] = []
    for number in range(redraws + 1):
        dataset = replay.dataset(number)
        expected = dataset.catalog.evaluate(key.measure) * key.scale
        returned = ran[number] if answer.source is not None else _built(built, replay, number, key.scale)
        if returned.value is None:
            if number == 0 or returned.status in ("timeout", "memory"):
                # what fails on the data it was written for is not tried further; neither is what costs the batch time
                return _broken(returned.status, sum(right), redraws, max_points)
            right.append(False)
        else:
            values.append(returned.value)
            right.append(agrees(returned.value, expected, key.tolerance))
    answered = len(values)
    what = "function" if answer.source is not None else "built measure"
    same = len(right) > 1 and answered == len(right) and max(values) - min(values) <= key.tolerance
    return _result(right, what, max_points, constant=same)


def agrees(value: float, expected: float, tolerance: float) -> bool:
    """Whether a figure lies within the tolerance of the true one, both in the asked unit."""
    return math.isfinite(value) and abs(value - expected) <= tolerance + 1e-9 * max(1.0, abs(expected))


def _ran(source: str, replay: Replay, sandbox: Sandbox, count: int) -> list[Returned]:
    """What the function returned on each dataset, up to the point from which on it is not tried any further."""
    ran: list[Returned] = []
    while len(ran) < count:
        # all in one fork; once that was ended by one of them, each of the others in its own
        numbers = [len(ran)] if ran else range(count)
        ran += sandbox.call_each(source, FUNCTION, [replay.dataset(number).packed() for number in numbers])
        if ran[0].value is None or ran[-1].status in ("timeout", "memory"):
            break
    return ran


def _built(built: Measure | None, replay: Replay, number: int, scale: float) -> Returned:
    """A built measure knows no display unit, so the asked unit's scale is applied, unless the learner did it."""
    if built is None:
        return Returned(status="not_defined")
    try:
        value = replay.dataset(number).catalog.evaluate(built)
    except (Refused, TypeError, ValueError, OverflowError):
        # the builder lets people put together what has no number, such as the mean of a region's name
        return Returned(status="wrong_type")
    value = value if isinstance(built, Scaled) else value * scale
    return Returned(status="ok", value=value) if math.isfinite(value) else Returned(status="wrong_type")


def _broken(status: Status, right: int, redraws: int, max_points: float) -> CellScore:
    share = right / (redraws + 1)
    details = (f"Right on {right} of {redraws + 1} datasets before that.",) if right else ()
    return scored(GRADE_ID, share, max_points, code=status, reason=WORDS[status], details=details)


def _result(right: list[bool], what: str, max_points: float, *, constant: bool) -> CellScore:
    share = sum(right) / len(right)
    own = "right" if right[0] else "not right"
    details = (
        f"On the lab's own data: {own}.",
        f"On {len(right) - 1} redrawn datasets: right on {sum(right[1:])}.",
    )
    if all(right):
        return scored(
            GRADE_ID, 1.0, max_points, reason=f"Your {what} gives the true figure on every dataset.", details=details
        )
    if not any(right):
        reason = f"Your {what} does not give the true figure."
        return scored(GRADE_ID, 0.0, max_points, code="wrong", reason=reason, details=details)
    # a pasted number may meet a redrawn figure by chance; one value whatever the data is no computation
    if constant or (right[0] and not any(right[1:])):
        reason = "The figure fits this quarter's data only; on other data it is wrong."
        # one number out of many right by construction proves nothing, so a pasted one earns nothing
        return scored(GRADE_ID, 0.0, max_points, code="own data only", reason=reason, details=details)
    reason = f"Your {what} gives the true figure on {sum(right)} of {len(right)} datasets."
    return scored(GRADE_ID, share, max_points, code="partly", reason=reason, details=details)
