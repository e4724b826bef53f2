"""What we read from nbgrader's gradebook: released cells, given points, an instructor's words."""

from __future__ import annotations

import json
from dataclasses import dataclass

import sqlalchemy as sa
from nbgrader.api import BaseCell, Comment, Grade, Gradebook, MissingEntry

from mondaylab.errors import NotFound
from mondaylab.grader.handed_in.submission import ReleasedCell


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


def source_cells(db_url: str, notebook: str, assignment: str) -> tuple[ReleasedCell, ...]:
    """Our cells of a released notebook, in the order of the notebook.

    Raises:
        NotFound: The gradebook does not know the notebook.
    """
    with Gradebook(db_url) as gradebook:
        try:
            known = gradebook.find_notebook(notebook, assignment)
        except MissingEntry:
            raise NotFound(
                f"the gradebook has no notebook {assignment}/{notebook}", fix="mondaylab cohort open COHORT LAB"
            ) from None
        points = {cell.name: float(cell.max_score) for cell in known.grade_cells}
        solutions = {cell.name for cell in known.solution_cells}
        return tuple(
            ReleasedCell(
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


def kernelspec(db_url: str, notebook: str, assignment: str) -> dict[str, str] | None:
    """The kernelspec that a released notebook names."""
    with Gradebook(db_url) as gradebook:
        told = gradebook.find_notebook(notebook, assignment).kernelspec
        return None if told is None else dict(json.loads(told))


@dataclass(frozen=True)
class Marked:
    """What the gradebook knows of one submission.

    Attributes:
        marks: Grade id -> mark.
        comments: Grade id -> what the instructor (or, for an untouched cell, nbgrader) wrote; empty ones left out.
        penalty: Points taken off for being late.
    """

    marks: dict[str, Mark]
    comments: dict[str, str]
    penalty: float = 0.0


def read_marked(gradebook: Gradebook, notebook: str, assignment: str, student: str) -> Marked:
    """Reads one submission in three queries; empty when it was not graded."""
    try:
        submission = gradebook.find_submission_notebook(notebook, assignment, student)
    except MissingEntry:
        return Marked({}, {})
    columns = (BaseCell.name, Grade.score, Grade.max_score, Grade.needs_manual_grade, Grade.manual_score)
    grades = sa.select(*columns).join(BaseCell, BaseCell.id == Grade.cell_id).where(Grade.notebook_id == submission.id)
    said = sa.select(BaseCell.name, Comment.comment).join(BaseCell, BaseCell.id == Comment.cell_id)
    marks = {
        name: Mark(float(score or 0.0), float(most), bool(needs), manual is not None)
        for name, score, most, needs, manual in gradebook.db.execute(grades)
    }
    found = gradebook.db.execute(said.where(Comment.notebook_id == submission.id))
    comments = {name: comment for name, comment in found if comment}
    return Marked(marks, comments, float(submission.late_submission_penalty or 0.0))


def marks(db_url: str, notebook: str, assignment: str, student: str) -> dict[str, Mark]:
    """Grade id -> mark of one submission; empty when it was not graded."""
    with Gradebook(db_url) as gradebook:
        return read_marked(gradebook, notebook, assignment, student).marks
