"""Written answers that a person marks: which of them must not count as empty, and what to look at instead.

nbgrader gives no points to a written answer that is as released, and asks nobody. That is right only where there is
nothing of the learner's that may be it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mondaylab.grader.handed_in.code_text import plain
from mondaylab.grader.handed_in.elsewhere import FOUND_NOTE, Elsewhere
from mondaylab.grader.handed_in.found import Found, found_markdown
from mondaylab.grader.handed_in.repair import adopted
from mondaylab.grader.handed_in.submission import ReleasedCell, Submission

COMMENT = (
    "Nothing stands in this cell, but what may be the answer stands in another place of what was handed in, or could "
    "not be read. A person looks at it."
)
"""What the gradebook says of such a cell; fixed, for the learner reads it with the feedback."""


@dataclass(frozen=True)
class ByHand:
    """What a person has to look at.

    Attributes:
        waits: Ids of written answers that are as released, or gone, and wait all the same.
        found: What may be their answers.
    """

    waits: frozenset[str] = frozenset()
    found: tuple[Found, ...] = ()

    def markdown(self) -> str:
        """For a cell at the top of the graded notebook; empty when nothing waits."""
        if not self.waits:
            return ""
        cells = ", ".join(sorted(self.waits))
        words = f"{FOUND_NOTE}\n\nNothing stands in {cells}. Give no zero before you have looked: "
        if not self.found:
            return f"{words}the cells are gone, or the notebook could not be read."
        return f"{words}what may be the answers stands here.\n\n{found_markdown(self.found)}"


def by_hand(submission: Submission, sources: Sequence[ReleasedCell], elsewhere: Elsewhere) -> ByHand:
    """Looks for written answers outside of their cells.

    Args:
        submission: The notebook as handed in.
        sources: Our cells as released.
        elsewhere: What else there is of the learner's.
    """
    whole = adopted(submission, sources)
    empty, gone = set(), set()
    for source in sources:
        if not (source.grade and source.solution):
            continue
        cells = [cell for cell in whole.cells if cell.grade_id == source.grade_id]
        if not cells:
            gone.add(source.grade_id)
        elif all(plain(cell.source) in ("", plain(source.source)) for cell in cells):
            empty.add(source.grade_id)
    if not empty | gone:
        return ByHand()
    found = elsewhere.texts([source.grade_id for source in sources if source.cell_type == "code"])
    return ByHand(frozenset(empty | gone if found else gone), found)
