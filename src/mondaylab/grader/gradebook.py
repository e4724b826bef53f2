"""What we read from nbgrader's gradebook: released cells, given points, an instructor's words."""

from __future__ import annotations

from dataclasses import dataclass

from nbgrader.api import Gradebook, MissingEntry

from mondaylab.errors import NotFound
from mondaylab.grader.submission import SourceCell


@dataclass(frozen=True)
class Mark:
    """One graded cell of one submission.

    Attributes:
        points: What it counts in the gradebook.
        max_points: What it is worth.
        needs_manual: Whether a person still has to look.
        by_hand: Whether a person gave the points.
    """

    points: float
    max_points: float
    needs_manual: bool
    by_hand: bool


def source_cells(db_url: str, notebook: str, assignment: str) -> tuple[SourceCell, ...]:
    """Our cells of a released notebook, in the order of the notebook.

    Raises:
        NotFound: The gradebook does not know the notebook.
    """
    with Gradebook(db_url) as gradebook:
        try:
            known = gradebook.find_notebook(notebook, assignment)
        except MissingEntry:
            raise NotFound(
                f"the gradebook has no notebook {assignment}/{notebook}", fix="release the lab to the cohort again"
            ) from None
        points = {cell.name: float(cell.max_score) for cell in known.grade_cells}
        solutions = {cell.name for cell in known.solution_cells}
        return tuple(
            SourceCell(
                grade_id=cell.name,
                cell_type=cell.cell_type,
                source=cell.source or "",
                locked=bool(cell.locked),
                checksum=cell.checksum or "",
                grade=cell.name in points,
                solution=cell.name in solutions,
                points=points.get(cell.name, 0.0),
            )
            for cell in known.source_cells
        )


def marks(db_url: str, notebook: str, assignment: str, student: str) -> dict[str, Mark]:
    """Grade id -> mark of one submission; empty when it was not graded."""
    with Gradebook(db_url) as gradebook:
        try:
            submission = gradebook.find_submission_notebook(notebook, assignment, student)
        except MissingEntry:
            return {}
        return {
            grade.name: Mark(
                points=float(grade.score or 0.0),
                max_points=float(grade.max_score),
                needs_manual=bool(grade.needs_manual_grade),
                by_hand=grade.manual_score is not None,
            )
            for grade in submission.grades
        }


def comments(db_url: str, notebook: str, assignment: str, student: str) -> dict[str, str]:
    """Grade id -> what the instructor (or, for an untouched cell, nbgrader) wrote; empty ones are left out."""
    with Gradebook(db_url) as gradebook:
        try:
            submission = gradebook.find_submission_notebook(notebook, assignment, student)
        except MissingEntry:
            return {}
        return {comment.name: comment.comment for comment in submission.comments if comment.comment}
