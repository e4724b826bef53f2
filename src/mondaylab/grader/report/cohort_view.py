"""How far a cohort is with each of its labs: fetched, judged, handed in, graded, and what waits for a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

from mondaylab.errors import MondaylabError
from mondaylab.forms.cells import declared_cells
from mondaylab.grader.cells.score import figure
from mondaylab.grader.course.place import lab_of
from mondaylab.grader.handed_in.collected import read_collected
from mondaylab.judging.answers import Progress
from mondaylab.judging.store import JudgementStore
from mondaylab.settings import Site, plain_name


@dataclass(frozen=True)
class LearnerView:
    """One learner's line.

    Attributes:
        learner: Name.
        fetched: Whether the notebook lies in their home.
        first: First look: ``committed``, or how many rows have an answer.
        check: After checking, likewise.
        handed_in: When, if it was collected.
        late: When something was handed in after feedback was out, which changes nothing.
        graded: Points so far, if it was autograded.
        waiting: Cells that wait for a person.
        not_found: Those of them that a program scores, and whose answer it did not find or could not read.
    """

    learner: str
    fetched: bool
    first: str
    check: str
    handed_in: str | None
    graded: str | None
    waiting: int
    not_found: tuple[str, ...] = ()
    late: str | None = None


@dataclass(frozen=True)
class LabView:
    """One lab of the cohort.

    Attributes:
        lab: Lab id.
        assignment: nbgrader assignment id.
        closed: Whether it is closed for the cohort.
        learners: By name.
    """

    lab: str
    assignment: str
    closed: bool
    learners: tuple[LearnerView, ...]

    @property
    def to_autograde(self) -> int:
        """Learners whose hand-in was collected and not autograded."""
        return sum(one.handed_in is not None and one.graded is None for one in self.learners)

    @property
    def not_committed(self) -> int:
        """Learners who have not handed in their judgement after checking."""
        return sum(one.check != "committed" for one in self.learners)

    @property
    def waiting(self) -> tuple[LearnerView, ...]:
        """Learners with cells that wait for a person, most first."""
        return tuple(sorted((one for one in self.learners if one.waiting), key=lambda one: -one.waiting))


def labs(site: Site, cohort: str) -> tuple[LabView, ...]:
    """All labs that the cohort's gradebook knows, by name; assignments that are no labs of ours are left out."""
    database = site.courses / plain_name(cohort) / "gradebook.db"
    if not database.is_file():
        return ()
    store = JudgementStore(site.judgement_database)
    views = []
    try:
        with Gradebook(f"sqlite:///{database}", cohort) as gradebook:
            students = [str(student.id) for student in gradebook.students]
            for assignment in sorted(str(one.name) for one in gradebook.assignments):
                try:
                    lab = lab_of(site, cohort, assignment)
                except MondaylabError:
                    continue  # an instructor's own nbgrader assignment
                progress = {one.learner: one for one in store.progress(cohort, lab)}  # the newest attempt comes last
                late = {one.learner: one.at for one in store.hand_ins(cohort, assignment) if one.late}
                lines = [
                    _learner(site, cohort, gradebook, assignment, name, progress.get(name), late.get(name))
                    for name in sorted({*students, *progress})
                ]
                views.append(LabView(lab, assignment, store.closed(cohort, lab), tuple(lines)))
    finally:
        store.dispose()
    return tuple(views)


def _learner(
    site: Site,
    cohort: str,
    gradebook: Gradebook,
    assignment: str,
    name: str,
    progress: Progress | None,
    late: datetime | None,
) -> LearnerView:
    course, home = site.courses / cohort, site.homes / name
    fetched = any((place / assignment).is_dir() for place in (home, home / cohort))
    handed_in = _stamp(course / "submitted" / name / assignment)
    open_yet, points = list[str](), None
    try:
        submission = gradebook.find_submission(assignment, name)
    except MissingEntry:
        submission = None
    if submission is not None and (course / "autograded" / name / assignment).is_dir():
        points = f"{figure(submission.score)} of {figure(submission.max_score)}"
        grades = [grade for one in submission.notebooks for grade in one.grades]
        open_yet = [str(grade.name) for grade in grades if grade.needs_manual_grade]
    return LearnerView(
        learner=name,
        fetched=fetched,
        first=_stage(progress, "first"),
        check=_stage(progress, "check"),
        handed_in=handed_in,
        graded=points,
        waiting=len(open_yet),
        not_found=tuple(name for name in declared_cells() if name in open_yet),
        late=late.isoformat(" ", "minutes")[:16] if late else None,
    )


def _stage(progress: Progress | None, stage: str) -> str:
    if progress is None:
        return "no form"
    committed = progress.first_committed if stage == "first" else progress.check_committed
    if committed is not None:
        return "committed"
    done = progress.first_answered if stage == "first" else progress.check_answered
    return f"{done} of {progress.rows}" if done else "not begun"


def _stamp(folder: Path) -> str | None:
    if not folder.is_dir():
        return None
    path = folder / "timestamp.txt"
    if path.is_file() and not path.is_symlink():
        collected = read_collected(folder)
        sure = "" if collected is None or collected.confirmed else " (time not confirmed)"
        return " ".join(path.read_text("utf-8", errors="replace")[:16].split()) + sure
    return datetime.fromtimestamp(folder.stat().st_mtime).isoformat(" ", "minutes")


def find(views: Iterable[LabView], lab: str) -> LabView | None:
    """The lab of that id, if the cohort has it."""
    return next((view for view in views if view.lab == lab), None)
