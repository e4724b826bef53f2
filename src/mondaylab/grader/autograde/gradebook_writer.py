"""The one writer of a batch: graded submissions into nbgrader's gradebook, many in one transaction.

It leaves the rows that nbgrader's Autograde with our plug-ins leaves: student, submission with its timestamp, scores
(an instructor's own scores and comments are never touched), automatic comments, late penalties. Beside them, in the
same transaction, a table of ours keeps the hashes of what each grading came from, so that a run that was killed knows
what is done.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self

import sqlalchemy as sa
from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.exc import SAWarning
from sqlalchemy.orm import selectinload

from mondaylab.errors import NotFound, Refused
from mondaylab.grader.autograde.grading import Graded, Known
from mondaylab.grader.course.course import Course
from mondaylab.grader.handed_in.by_hand import COMMENT

_TABLES = sa.MetaData()
_GRADED = sa.Table(
    "mondaylab_graded",
    _TABLES,
    sa.Column("assignment_id", sa.String(32), primary_key=True),
    sa.Column("student_id", sa.String(128), primary_key=True),
    sa.Column("inputs", sa.String(64), nullable=False),
    sa.Column("output", sa.String(64), nullable=False),
)


class GradebookWriter:
    """Writes one assignment's gradings.

    Args:
        course: The cohort's course.
        assignment: nbgrader's name of it, and of its one notebook.

    Raises:
        NotFound: The gradebook does not know the assignment.
        Refused: It has cells that only nbgrader's own autograde can grade.
    """

    def __init__(self, course: Course, assignment: str) -> None:
        self._gradebook = Gradebook(course.database, course.api.coursedir.course_id)
        _TABLES.create_all(self._gradebook.engine)
        self._penalties = AssignLatePenalties(parent=course.api)
        self._penalties.init_plugin()
        try:
            known = self._gradebook.find_notebook(assignment, assignment)
        except MissingEntry:
            self._gradebook.close()
            fix = f"mondaylab cohort open {course.folder.name} LAB"
            raise NotFound(f"the gradebook has no notebook {assignment}/{assignment}", fix=fix) from None
        others = [one.name for one in known.assignment.notebooks if one.name != assignment]
        if others or known.task_cells:
            self._gradebook.close()
            what = f"{assignment} has more than one notebook, or task cells"
            raise Refused(what, where=course.folder, fix="grade it in formgrader")
        self._assignment_id, self._notebook_id = known.assignment.id, known.id
        self._due = known.assignment.duedate
        self._grades = {cell.name: cell.id for cell in known.grade_cells}
        self._comments = {cell.name: cell.id for cell in known.solution_cells}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self._gradebook.close()

    def known(self) -> dict[str, Known]:
        """Learner -> the last grading of everybody who has one in the gradebook."""
        own = sa.and_(
            _GRADED.c.assignment_id == self._assignment_id, SubmittedAssignment.student_id == _GRADED.c.student_id
        )
        query = sa.select(_GRADED.c.student_id, _GRADED.c.inputs, _GRADED.c.output).join(SubmittedAssignment, own)
        rows = self._gradebook.db.execute(query.where(SubmittedAssignment.assignment_id == self._assignment_id)).all()
        self._gradebook.db.rollback()
        return {student: Known(inputs, output) for student, inputs, output in rows}

    def lateness(self) -> dict[str, str]:
        """Learner -> what decides about lateness beside the time of hand-in; "" stands for everybody else."""
        of_this = SubmittedAssignment.assignment_id == self._assignment_id
        query = sa.select(SubmittedAssignment.student_id, SubmittedAssignment.extension).where(of_this)
        plugin = self._penalties.plugin_inst
        rule = f"{self._due} {type(plugin).__name__} {plugin.trait_values(config=True)}"
        rows = self._gradebook.db.execute(query).all()
        self._gradebook.db.rollback()
        return {"": rule} | {student: f"{rule} {extension or ''}".rstrip() for student, extension in rows}

    def write(self, graded: Sequence[Graded]) -> None:
        """Writes these gradings in one transaction: all of them or none.

        Raises:
            Refused: One of them does not fit the gradebook.
            SQLAlchemyError: The database refuses.
        """
        with self._transaction() as db:
            submissions = self._submissions(db, [one.learner for one in graded])
            for one in graded:
                submission = submissions.get(one.learner) or self._new_submission(db, one.learner)
                if one.timestamp:
                    submission.timestamp = one.timestamp
                self._fill(submission.notebooks[0], one)
                self._penalize(db, submission)
                own = sa.and_(_GRADED.c.assignment_id == self._assignment_id, _GRADED.c.student_id == one.learner)
                db.execute(sa.delete(_GRADED).where(own))
                if one.known is not None:
                    row = {"inputs": one.known.inputs, "output": one.known.output}
                    row |= {"assignment_id": self._assignment_id, "student_id": one.learner}
                    db.execute(sa.insert(_GRADED).values(**row))

    @contextmanager
    def _transaction(self) -> Iterator[Any]:
        db = self._gradebook.db
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SAWarning)  # nbgrader's own models, harmless
                yield db
                db.commit()
        except BaseException:
            db.rollback()
            raise
        finally:
            db.remove()

    def _submissions(self, db: Any, learners: Sequence[str]) -> dict[str, SubmittedAssignment]:
        notebooks = selectinload(SubmittedAssignment.notebooks)
        query = (
            sa.select(SubmittedAssignment)
            .where(SubmittedAssignment.assignment_id == self._assignment_id)
            .where(SubmittedAssignment.student_id.in_(learners))
            .options(
                notebooks.selectinload(SubmittedNotebook.grades), notebooks.selectinload(SubmittedNotebook.comments)
            )
        )
        return {one.student_id: one for one in db.scalars(query)}

    def _new_submission(self, db: Any, learner: str) -> SubmittedAssignment:
        student = db.get(Student, learner)
        if student is None:
            student = Student(id=learner)
            db.add(student)
        submission = SubmittedAssignment(assignment=db.get(Assignment, self._assignment_id), student=student)
        notebook = SubmittedNotebook(notebook=db.get(Notebook, self._notebook_id), assignment=submission)
        for cell_id in self._grades.values():
            Grade(cell_id=cell_id, notebook=notebook)
        for cell_id in self._comments.values():
            Comment(cell_id=cell_id, notebook=notebook)
        db.add(submission)
        return submission

    def _fill(self, notebook: SubmittedNotebook, graded: Graded) -> None:
        grades = {grade.cell_id: grade for grade in notebook.grades}
        comments = {comment.cell_id: comment for comment in notebook.comments}
        autos: dict[str, float | None] = {
            score.grade_id: score.points if score.state == "scored" else None for score in graded.scores
        }
        # answers that are graded by hand: nothing written is nothing earned, as nbgrader has it
        autos |= {one: 0.0 for one in graded.untouched if one in self._grades}
        autos |= {one: None for one in graded.touched | graded.waits if one in self._grades}
        try:
            for grade_id, points in autos.items():
                grade = grades[self._grades[grade_id]]
                grade.auto_score = points
                grade.needs_manual_grade = points is None or grade.manual_score is not None
            for grade_id in (*graded.untouched, *graded.touched):
                words = "No response." if grade_id in graded.untouched else None
                comments[self._comments[grade_id]].auto_comment = COMMENT if grade_id in graded.waits else words
        except KeyError as error:
            raise Refused(
                f"the gradebook has no row for cell {error} of {graded.learner}",
                fix="remove this submission in formgrader, then grade again",
            ) from None

    def _penalize(self, db: Any, submission: SubmittedAssignment) -> None:
        """As nbgrader's AssignLatePenalties does it."""
        notebook, late = submission.notebooks[0], submission.total_seconds_late
        notebook.late_submission_penalty = None
        if late <= 0:
            return
        db.flush()
        db.refresh(notebook, ["score"])
        student = submission.student_id or submission.student.id
        penalty = self._penalties.plugin_inst.late_submission_penalty(student, notebook.score, late)
        if penalty is not None:
            notebook.late_submission_penalty = self._penalties._check_late_penalty(notebook, penalty)
