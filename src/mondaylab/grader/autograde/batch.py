"""Grading the collected submissions of one lab: several at a time, one writer, and one bad submission stops nothing."""

from __future__ import annotations

import fcntl
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, Self, TypeVar
from uuid import uuid4

from mondaylab.errors import MondaylabError, Refused
from mondaylab.grader.autograde import feedback_pages, grading
from mondaylab.grader.autograde.gradebook_writer import GradebookWriter
from mondaylab.grader.autograde.grading import Failed, Graded, Outcome, Place, Task, Unchanged
from mondaylab.grader.autograde.parallel import Parallel, cores, pool
from mondaylab.grader.cells.score import CellScore
from mondaylab.grader.course.cohort_lab import CohortLab
from mondaylab.grader.course.course import Course, open_course
from mondaylab.grader.course.place import lab_of
from mondaylab.grader.handed_in.folders import put_folder, sweep
from mondaylab.grader.scorer import check_closed
from mondaylab.people import person_folder
from mondaylab.settings import Site, plain_name

Result = TypeVar("Result")
State = Literal["graded", "needs a person", "unchanged", "failed"]

_TOGETHER = 25  # submissions in one transaction
_LOCK_SECONDS = 5.0


@dataclass(frozen=True)
class Done:
    """What became of one submission.

    Attributes:
        learner: Whose.
        state: ``needs a person`` when a cell of ours could not be scored.
        scores: Grade id -> score; empty when it failed.
        error: Why it failed.
    """

    learner: str
    state: State
    scores: dict[str, CellScore]
    error: MondaylabError | None = None


class Batch:
    """One lab's submissions in one cohort's course."""

    def __init__(self, course: Course, place: Place) -> None:
        self.lab = place.cohort_lab.lab
        self._course = course
        self._place = place

    @classmethod
    def open(cls, site: Site, cohort: str, lab: str) -> Self:
        """Opens a batch; `lab` may be given with or without its role.

        Raises:
            NotFound: The cohort has no course.
            Refused: There is no such lab, or several.
        """
        course = open_course(site, cohort)
        assignment = plain_name(lab.rpartition("/")[2])
        found = lab if "/" in lab else lab_of(site, cohort, assignment)
        return cls(course, Place(CohortLab(site, cohort, found), uuid4().hex))

    def learners(self) -> list[str]:
        """Who has a submission in ``submitted/``, by name; hidden folders and links are none."""
        found = (self._course.folder / "submitted").glob(f"*/{self._place.cohort_lab.assignment}")
        return sorted(path.parent.name for path in found if path.is_dir() and not path.parent.is_symlink())

    def score(self, learner: str) -> dict[str, CellScore]:
        """Scores without writing anything; raises as `Scorer.score_submission`, or when the lab was not released."""
        return grading.grader(self._place).score(person_folder(learner))

    def grade(self, learner: str) -> dict[str, CellScore]:
        """Grades one submission, changed or not, and returns what was written.

        Raises:
            MondaylabError: It could not be graded, or the course is not set up to grade with mondaylab.
        """
        (done,) = self.run([learner], jobs=1, force=True)
        if done.error is not None:
            raise done.error
        return done.scores

    def run(
        self,
        learners: Iterable[str],
        *,
        jobs: int | None = None,
        force: bool = False,
        executor: Executor | None = None,
    ) -> Iterator[Done]:
        """Grades submissions and writes them into the gradebook; yields each once it is there.

        What was graded before and has not changed since is left as it is. A run that is killed leaves each submission
        graded or not, and the next run does the rest.

        Args:
            learners: Whose.
            jobs: How many at a time; one a processor if not given.
            force: Grade what has not changed, too.
            executor: Where the tasks run; a pool of processes of this machine if not given.

        Raises:
            NotFound: The lab was not released.
            Refused: Another run is at work on it, or the course is not set up to grade with mondaylab.
        """
        names = list(learners)
        with self._alone(), GradebookWriter(self._course, self._place.cohort_lab.assignment) as writer:
            grading.grader(self._place)  # what is wrong with all of them is said once
            sweep(self._course.folder / "autograded", self._place.cohort_lab.assignment)
            known, lateness = ({} if force else writer.known()), writer.lateness()
            tasks = []
            for name in names:
                try:
                    tasks.append(
                        Task(self._place, person_folder(name), lateness.get(name, lateness[""]), known.get(name))
                    )
                except Refused as error:  # a folder that no learner's account made; the others go on
                    yield Done(name, "failed", {}, error)
            waiting: list[Graded] = []
            outcomes: Iterator[Outcome] = spread(grading.grade, tasks, jobs, executor)
            for outcome in outcomes:
                if isinstance(outcome, Graded):
                    waiting.append(outcome)
                else:
                    yield _told(outcome)
                if len(waiting) >= _TOGETHER:
                    yield from self._write(writer, waiting)
                    waiting = []
            yield from self._write(writer, waiting)

    def check_closed(self) -> None:
        """Raises `Refused` while the lab is open for the cohort: feedback tells the truth."""
        with self._place.cohort_lab as cohort_lab:
            check_closed(cohort_lab)

    def feedback(
        self, learners: Iterable[str], *, jobs: int | None = None, executor: Executor | None = None
    ) -> Iterator[tuple[str, MondaylabError | None]]:
        """Writes feedback pages, as formgrader's Generate Feedback does; yields each learner, with the error if one.

        Args:
            learners: Whose; they have to be graded.
            jobs: How many at a time; one a processor if not given.
            executor: As for `run`.

        Raises:
            Refused: The lab is still open for the cohort, or another run is at work on it.
        """
        self.check_closed()
        with self._alone():
            sweep(self._course.folder / "feedback", self._place.cohort_lab.assignment)
            tasks = [Task(self._place, person_folder(name), "", None) for name in learners]
            for outcome in spread(feedback_pages.write, tasks, jobs, executor):
                yield outcome.learner, outcome.error if isinstance(outcome, Failed) else None

    def _write(self, writer: GradebookWriter, graded: Sequence[Graded]) -> list[Done]:
        """Puts folders in place and writes the rows; when that fails for all of them, then for each alone."""
        if not graded:
            return []
        try:
            for one in graded:
                if one.staged.exists():
                    put_folder(one.staged, one.folder)
            writer.write(graded)
        except Exception as error:
            if len(graded) > 1:
                return [done for one in graded for done in self._write(writer, [one])]
            shutil.rmtree(graded[0].staged, ignore_errors=True)
            cause = error if isinstance(error, MondaylabError) else grading.unexpected(error)
            return [Done(graded[0].learner, "failed", {}, cause)]
        return [_told(one) for one in graded]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One run on an assignment at a time; a killed one lets go with its last process."""
        path = self._course.folder / f".grading-{self._place.cohort_lab.assignment}.lock"
        with path.open("w") as lock:
            deadline = time.monotonic() + _LOCK_SECONDS
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        what = f"another run is grading {self._place.cohort_lab.assignment}"
                        raise Refused(what, where=path, fix="wait until it is done") from None
                    time.sleep(0.1)
            try:
                yield
            finally:
                grading.close()


def spread(
    function: Callable[[Task], Result | Failed], tasks: Sequence[Task], jobs: int | None, executor: Executor | None
) -> Iterator[Result | Failed]:
    """Outcomes of grading tasks, as they come."""
    many = jobs or cores()

    def make() -> Executor:
        return pool(many, grading.forget) if executor is None else executor

    yield from Parallel(function, _unfinished, make, many, ours=executor is None).outcomes(tasks)


def _unfinished(task: Task, error: Exception | None) -> Failed:
    if error is None:
        return Failed(task.learner, MondaylabError("the grading process died on it", fix="look for lack of memory"))
    return Failed(task.learner, grading.unexpected(error))


def _told(outcome: Outcome) -> Done:
    if isinstance(outcome, Failed):
        return Done(outcome.learner, "failed", {}, outcome.error)
    scores = {score.grade_id: score for score in outcome.scores}
    if isinstance(outcome, Unchanged):
        return Done(outcome.learner, "unchanged", scores)
    whole = all(score.state == "scored" for score in scores.values())
    return Done(outcome.learner, "graded" if whole else "needs a person", scores)
