"""Optional cells: who leaves one as it was handed out is graded on the rest, as if it went like the rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from mondaylab.grader.cells.score import CellScore, not_graded, scored

UNTOUCHED = "unchanged"
"""The code of a score of 0 for a cell in which nothing was written."""
LEFT_OUT = "left out"
"""The code of such a cell where it is optional."""


def with_left_out(scores: Mapping[str, CellScore], optional: Collection[str]) -> dict[str, CellScore]:
    """The scores, with optional cells that nobody wrote in counted as the others were.

    An optional cell that was left alone earns that share of its points which the cells that are not optional earned of
    theirs: trying it can raise a grade or lower it, and not trying does neither. Something in it, however wrong, is
    scored as it is. As long as a person has to score one of the others, it waits with them.

    Args:
        scores: Grade id -> score, of every cell scored by program.
        optional: Ids of the role's optional cells.
    """
    rest = [score for name, score in scores.items() if name not in optional]
    left = {name for name in optional if name in scores and _untouched(scores[name])}
    return {name: _like(score, rest) if name in left else score for name, score in scores.items()}


def _untouched(score: CellScore) -> bool:
    return score.code == UNTOUCHED and score.state == "scored" and score.points == 0


def _like(score: CellScore, rest: list[CellScore]) -> CellScore:
    if any(one.state != "scored" for one in rest):
        reason = "It is optional and was left out, so it counts as the other answers do: a person scores one of them."
        return not_graded(score.grade_id, score.max_points, code=LEFT_OUT, reason=reason)
    share = sum(one.points for one in rest) / sum(one.max_points for one in rest)
    reason = f"It is optional and was left out, so it counts as the other answers did: {share:.0%} of its points."
    return scored(score.grade_id, share, score.max_points, code=LEFT_OUT, reason=reason.replace("%", " %"))
