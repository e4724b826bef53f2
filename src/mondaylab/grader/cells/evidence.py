"""Evidence: the figure asked for, computed again on the lab's own data and on redrawn data.

A pasted number is right once. So is, now and then, another measure; the redrawn datasets are chosen so that on one of
them it is not (`mondaylab.labs.drawing.separation`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from mondaylab.errors import Refused
from mondaylab.forms.cells import OURS
from mondaylab.forms.keys import EvidenceKey
from mondaylab.grader.cells.cell import GradedCell, ScoringContext
from mondaylab.grader.cells.dataset import Dataset
from mondaylab.grader.cells.replay import Replay
from mondaylab.grader.cells.score import CellScore, ScoreTable, not_graded, scored
from mondaylab.grader.handed_in.answer import CellAnswer
from mondaylab.grader.sandbox.sandbox import Returned, Sandbox, Status
from mondaylab.judging.answers import FormAnswers
from mondaylab.labs.drawing.separation import Separation, agrees, value_of
from mondaylab.measures import Measure, Scaled

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
    "no answer": "The answer cell was changed, but defines no function called evidence, and no measure was built: "
    "a person looks at it.",
    "elsewhere": "The answer cell is as released, and no measure was built. What may be the answer stands in another "
    "place: a person looks at it.",
    "lacks": "The cell uses what another cell of the notebook makes and could not be run without it: a person looks at "
    "it. Each cell has to stand alone.",
    "missing": "The answer cell is gone from the notebook, and no measure was built.",
    "ambiguous": "The notebook holds several different versions of the answer cell.",
    "unreadable": "The notebook could not be read.",
}


def score_evidence(
    key: EvidenceKey,
    answer: CellAnswer,
    built: Measure | None,
    replay: Replay,
    sandbox: Sandbox,
    *,
    max_points: float,
    redraws: int,
) -> CellScore:
    """Scores the evidence cell.

    A function that returns figures wins over a built measure; one that does not is no answer where there is a measure.

    Args:
        key: The figure asked for.
        answer: The learner's function, if there is one.
        built: The measure from the evidence builder, if one was saved.
        replay: Data to replay on.
        sandbox: A started sandbox; used only for a function.
        max_points: What the cell is worth.
        redraws: Redrawn datasets beside the lab's own, at the least.
    """
    if answer.source is None and built is None:
        if answer.code == "unchanged":
            return scored(GRADE_ID, 0.0, max_points, code=answer.code, reason=WORDS[answer.code])
        return not_graded(GRADE_ID, max_points, code=answer.code, reason=WORDS[answer.code], found=answer.found)
    separation = replay.separation(key, redraws)
    returned = [] if answer.source is None else _ran(answer.source, separation.datasets, sandbox)
    by_function = bool(returned) and (built is None or returned[0].value is not None)
    if not by_function:
        returned = [_built(built, dataset, key.scale) for dataset in separation.datasets]
    if by_function and answer.lacks and returned[0].status == "raised":
        return not_graded(GRADE_ID, max_points, code="lacks", reason=WORDS["lacks"], found=answer.found)
    right = [
        one.value is not None and agrees(one.value, expected, key.tolerance)
        for one, expected in zip(returned, separation.expected, strict=False)
    ]
    for number, one in enumerate(returned):
        if one.value is None and (number == 0 or one.status in ("timeout", "memory")):
            # what fails on the data it was written for is not tried further; neither is what costs the batch time
            return _broken(one.status, sum(right[:number]), len(separation.datasets), max_points)
    return _Tried(key, separation, returned, right, built=not by_function).score(max_points)


def _ran(source: str, datasets: Sequence[Dataset], sandbox: Sandbox) -> list[Returned]:
    """What the function returned on each dataset, up to the point from which on it is not tried any further."""
    ran: list[Returned] = []
    while len(ran) < len(datasets):
        # all in one fork; once that was ended by one of them, each of the others in its own
        wanted = datasets[len(ran) : len(ran) + 1] if ran else datasets
        ran += sandbox.call_each(source, FUNCTION, [one.packed() for one in wanted])
        if ran[0].value is None or ran[-1].status in ("timeout", "memory"):
            break
    return ran


def _built(built: Measure | None, dataset: Dataset, scale: float) -> Returned:
    """A built measure knows no display unit, so the asked unit's scale is applied, unless the learner did it."""
    if built is None:
        return Returned(status="not_defined")
    try:
        value = dataset.catalog.evaluate(built)
    except (Refused, TypeError, ValueError, OverflowError):
        # the builder lets people put together what has no number, such as the mean of a region's name
        return Returned(status="wrong_type")
    value = value if isinstance(built, Scaled) else value * scale
    return Returned(status="ok", value=value) if math.isfinite(value) else Returned(status="wrong_type")


def _broken(status: Status, right: int, datasets: int, max_points: float) -> CellScore:
    details = (f"Right on {right} of {datasets} datasets before that.",) if right else ()
    return scored(GRADE_ID, right / datasets, max_points, code=status, reason=WORDS[status], details=details)


@dataclass(frozen=True)
class _Tried:
    """What came back from every dataset."""

    key: EvidenceKey
    separation: Separation[Dataset]
    returned: list[Returned]
    right: list[bool]
    built: bool

    def score(self, max_points: float) -> CellScore:
        share, code, reason = self._verdict()
        tables = (self._table(),)
        return scored(GRADE_ID, share, max_points, code=code, reason=reason, details=self._details(), tables=tables)

    def _verdict(self) -> tuple[float, str, str]:
        """Share of the points, code and reason."""
        what = "built measure" if self.built else "function"
        right, count = sum(self.right), len(self.right)
        if right == count:
            return 1.0, "ok", f"Your {what} gives the true figure on every dataset."
        if not right:
            return 0.0, "wrong", f"Your {what} does not give the true figure."
        # a pasted number may meet a redrawn figure by chance; one value whatever the data is no computation, and one
        # number out of many right by construction proves nothing
        if self._constant() or (self.right[0] and right == 1):
            return 0.0, "own data only", "The figure fits this quarter's data only; on other data it is wrong."
        return right / count, "partly", f"Your {what} gives the true figure on {right} of {count} datasets."

    def _constant(self) -> bool:
        values = [one.value for one in self.returned if one.value is not None]
        return len(values) == len(self.right) and max(values) - min(values) <= self.key.tolerance

    def _details(self) -> tuple[str, ...]:
        own = "right" if self.right[0] else "not right"
        lines = [
            f"On the lab's own data: {own}.",
            f"On {len(self.right) - 1} redrawn datasets: right on {sum(self.right[1:])}.",
        ]
        if self.right[0] and not all(self.right):
            places = zip(self.separation.datasets, self.right, strict=True)
            broken = dict.fromkeys(dataset.short for dataset, right in places if not right)
            lines.append(f"Right on your data, wrong where {', and where '.join(broken)}.")
        if not all(self.right) and (rivals := self._met()):
            lines.append(f"Your figure {' or '.join(rivals)}. It is so on all {len(self.right)} datasets.")
        return tuple(lines)

    def _met(self) -> list[str]:
        """In words, the wrong measures whose values came back from every dataset; hardly ever more than one."""
        found = [one.words for one in self.separation.rivals if self._is(one.measure)]
        return list(dict.fromkeys(found))[:2]

    def _is(self, measure: Measure) -> bool:
        for one, dataset in zip(self.returned, self.separation.datasets, strict=True):
            value = value_of(self.key, measure, dataset)
            if value is None or one.value is None:
                if value is not None or one.status != "wrong_type":
                    return False
            elif not agrees(one.value, value, self.key.tolerance):
                return False
        return True

    def _table(self) -> ScoreTable:
        rows = []
        for dataset, one, right in zip(self.separation.datasets, self.returned, self.right, strict=True):
            came = "right" if right else "no figure" if one.value is None else "not right"
            rows.append((f"{dataset.words[0].upper()}{dataset.words[1:]}", came))
        return ScoreTable(title="Where it is right", header=("Data", "Your figure"), rows=tuple(rows))


def _score(context: ScoringContext) -> CellScore:
    key = context.key.evidence
    if key is None:
        raise Refused("the form has no evidence task")
    return score_evidence(
        key,
        context.answer,
        context.answers.evidence,
        context.replay(),
        context.sandbox,
        max_points=context.points,
        redraws=context.rules.evidence.redraws,
    )


def _saved(answers: FormAnswers) -> bool:
    return answers.evidence is not None


CELL = GradedCell(OURS["evidence"], _score, saved=_saved)
