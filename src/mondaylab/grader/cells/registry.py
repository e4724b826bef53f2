"""The graded cells that there are: ours, and those of installed packages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from mondaylab.extensions import extensions
from mondaylab.forms.cells import GROUP
from mondaylab.grader.cells import decision, diagnosis, evidence, judgement, prompt, validator
from mondaylab.grader.cells.cell import GradedCell

_OURS = (judgement.CELL, diagnosis.CELL, decision.CELL, prompt.CELL, evidence.CELL, validator.CELL)


@cache
def graded_cells() -> Mapping[str, GradedCell]:
    """Every graded cell by its id; raises what `extensions` raises."""
    ours = {cell.declaration.id: cell for cell in _OURS}
    return ours | extensions(GROUP, _wrong_cell, taken=ours)


def _wrong_cell(_: str, cell: object) -> str | None:
    return None if isinstance(cell, GradedCell) else "no graded cell with a scorer"
