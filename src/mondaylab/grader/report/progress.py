"""Where a cohort stands with a lab, in numbers: who is how far, and what waits to be marked by hand."""

from __future__ import annotations

from collections import Counter, defaultdict

import sqlalchemy as sa
from nbgrader.api import Assignment, BaseCell, Grade, Gradebook, Student, SubmittedAssignment, SubmittedNotebook

from mondaylab.grader.course.cohort_lab import CohortLab
from mondaylab.grader.report.cohort_view import LabView, LearnerView
from mondaylab.records import Record

STEPS = (
    ("handed_in", "handed in"),
    ("checked", "checking done, not handed in"),
    ("first_locked", "first look locked"),
    ("under_way", "first look under way"),
    ("not_started", "not started"),
)
"""Id and words of each step, the last one first."""


class Step(Record):
    """How many learners are at one step, and no further."""

    step: str
    words: str
    learners: int


class MarkingCell(Record):
    """One cell that a person marks."""

    grade_id: str
    label: str
    marked: int
    waiting: int


class Marking(Record):
    """The queue of what waits for a person, without names."""

    cells: tuple[MarkingCell, ...]
    submissions: int
    """Submissions with a cell that waits."""
    oldest: str | None
    """When the one that waits longest was handed in."""
    to_autograde: int
    """Hand-ins that were collected and not graded yet."""

    @property
    def waiting(self) -> int:
        """Cells that wait."""
        return sum(cell.waiting for cell in self.cells)

    @property
    def marked(self) -> int:
        """Cells that a person marked."""
        return sum(cell.marked for cell in self.cells)


def steps(view: LabView) -> tuple[Step, ...]:
    """Every step with its number of learners."""
    found = Counter(_step(one) for one in view.learners)
    return tuple(Step(step=step, words=words, learners=found[step]) for step, words in STEPS)


def _step(one: LearnerView) -> str:
    if one.handed_in is not None:
        return "handed_in"
    if one.check == "committed":
        return "checked"
    if one.first == "committed":
        return "first_locked"
    return "under_way" if one.first not in ("no form", "not begun") else "not_started"


def marking(cohort_lab: CohortLab, view: LabView, labels: dict[str, str]) -> Marking:
    """The lab's queue, from nbgrader's gradebook.

    Args:
        cohort_lab: The lab and the cohort.
        view: How far its learners are.
        labels: Grade id -> words of the cells that are always marked by hand; they are listed also when none waits.
    """
    cells = (
        sa.select(BaseCell.name, Student.id, Grade.needs_manual_grade, Grade.manual_score)
        .select_from(Grade)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(Student, Student.id == SubmittedAssignment.student_id)
        .where(Assignment.name == cohort_lab.assignment)
    )
    with Gradebook(cohort_lab.gradebook, cohort_lab.cohort) as gradebook:
        found = gradebook.db.execute(cells).all()
    waits, marked = defaultdict(set), Counter[str]()
    for name, learner, needs, score in found:
        if needs and score is None:
            waits[name].add(learner)
        marked[name] += score is not None
    names = [*labels, *sorted({*waits, *(name for name, many in marked.items() if many)} - set(labels))]
    whose = set().union(*waits.values())
    stamps = sorted(one.handed_in for one in view.learners if one.learner in whose and one.handed_in)
    return Marking(
        cells=tuple(
            MarkingCell(grade_id=name, label=labels.get(name, name), marked=marked[name], waiting=len(waits[name]))
            for name in names
        ),
        submissions=len(whose),
        oldest=stamps[0] if stamps else None,
        to_autograde=view.to_autograde,
    )
