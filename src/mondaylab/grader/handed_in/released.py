"""What learners were given of a lab: the cells of its notebook and the files beside it."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from pathlib import Path

from mondaylab.grader.handed_in.elsewhere import Elsewhere
from mondaylab.grader.handed_in.submission import Submission


class ReleasedLab:
    """A lab as it was released to a cohort; read when it is first asked for, and once.

    Args:
        given: The course's release folder of the assignment: what learners fetched.
        release: The release's folder, which holds the executed lab.
    """

    def __init__(self, given: Path, release: Path) -> None:
        self._given = given
        self._notebooks = (given / f"{given.name}.ipynb", release / "lab.ipynb")

    def elsewhere(self, submission: Submission, known: Collection[str]) -> Elsewhere:
        """The submission, to be searched for what was not given; `known` are texts of released cells, too."""
        return Elsewhere(submission, lambda: (*known, *self.cells), self._given)

    @cached_property
    def cells(self) -> tuple[str, ...]:
        """The texts of all cells."""
        read = [Submission.read(path) for path in self._notebooks]
        return tuple(cell.source for one in read for cell in one.cells)
