"""The graded cells of a lab's notebook: what each is called, and what its score is read from.

How a cell is scored is said in `mondaylab.grader.cells`, in one file a cell; this much of it is known to whoever
builds, hands out or reports.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pydantic import Field

from mondaylab.extensions import extensions
from mondaylab.records import Record

GROUP = "mondaylab.cells"
"""The entry points by which a package adds cells; each is a `mondaylab.grader.cells.cell.GradedCell`."""
OVERSIGHT = "oversight_"
"""Prefix of Markdown cells that the instructor grades, one a rubric criterion."""
UNGRADED = ("friday",)
"""Markdown cells that the learner writes and nobody grades."""


class CellDeclaration(Record):
    """One graded cell, as far as everybody has to know it."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    """nbgrader's id of the locked cell with the score; its ``task`` in ``lab.py``, and its key in ``scoring.yaml``."""
    label: str
    """What it grades, in words for learners."""
    scored_from: Literal["judgement", "text", "function"]
    """What the judgement service recorded, a text in an answer cell, or a function there that the sandbox runs."""
    answer_cell: Literal["required", "optional"] | None = None
    """Whether a lab has to have the answer cell; none: there is no such cell."""
    keeps_start: bool = False
    """Whether the answer cell is handed out as the author wrote it, and not emptied."""

    @property
    def answer(self) -> str | None:
        """nbgrader's id of the code cell that the learner writes, if there is one."""
        return None if self.answer_cell is None else f"{self.id}_answer"


@dataclass(frozen=True)
class Declared:
    """What is offered in `GROUP`, as far as it matters here.

    Attributes:
        declaration: The cell.
    """

    declaration: CellDeclaration


_LISTED = (
    CellDeclaration(id="judgement", label="Probabilities after checking", scored_from="judgement"),
    CellDeclaration(id="diagnosis", label="Kind, severity and value of flaws", scored_from="judgement"),
    CellDeclaration(id="decision", label="What you would do with each statement", scored_from="judgement"),
    CellDeclaration(
        id="prompt",
        label="The request to the assistant",
        scored_from="text",
        answer_cell="required",
        keeps_start=True,
    ),
    CellDeclaration(id="evidence", label="The figure on redrawn data", scored_from="function", answer_cell="optional"),
    CellDeclaration(id="validator", label="The checker on new claims", scored_from="function", answer_cell="required"),
)
OURS = {one.id: one for one in _LISTED}
"""Our own cells by their id, in the order they are shown."""


@cache
def declared_cells() -> Mapping[str, CellDeclaration]:
    """Every graded cell by its id: ours, in the order they are shown, then those of installed packages.

    Raises:
        Refused: A package's cell is none, or is named otherwise than its entry point or like another.
    """
    added = extensions(GROUP, _wrong_cell, taken=OURS)
    return OURS | {name: cell.declaration for name, cell in added.items()}


def _wrong_cell(name: str, cell: object) -> str | None:
    if not isinstance(cell, Declared):
        return "no graded cell"
    return None if cell.declaration.id == name else f"a cell that calls itself {cell.declaration.id!r}"


def answer_cells() -> dict[str, CellDeclaration]:
    """The code cells that learners write: their id -> the graded cell that is scored by them."""
    return {one.answer: one for one in declared_cells().values() if one.answer is not None}
