"""A graded cell of another package: a note to a colleague, which earns by its length."""

import ast

from mondaylab.forms.cells import CellDeclaration
from mondaylab.grader.cells.cell import GradedCell, ScoringContext
from mondaylab.grader.cells.score import CellScore, not_graded, scored

ENOUGH = 12


def _score(context: ScoringContext) -> CellScore:
    source = context.answer.source
    if source is None:
        return not_graded("handover", context.points, code="no note", reason="No note was found.")
    note = ast.literal_eval(source.split("=", 1)[1].strip())
    words = len(note.split())
    return scored("handover", min(1.0, words / ENOUGH), context.points, reason=f"The note has {words} words.")


CELL = GradedCell(
    CellDeclaration(
        id="handover", label="The note to a colleague", scored_from="text", answer_cell="required", keeps_start=True
    ),
    _score,
)
