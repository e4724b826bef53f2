"""Grading one submission: a task in plain data, an outcome in plain data, whatever executor carries them.

It does what nbgrader's Autograde with our plug-ins does, without its converter: the same submission is read and
repaired, the same scorer scores it, the same results are written. It touches nothing but a staged folder; who runs
the batch puts that in place and writes the gradebook (`mondaylab.grader.autograde.gradebook_writer`).
"""

from __future__ import annotations

import hashlib
import multiprocessing
import traceback
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook, Student
from nbgrader.converters import Autograde
from traitlets.config import Config

from mondaylab.errors import MondaylabError, Refused
from mondaylab.extensions import blaming
from mondaylab.files import file_hash
from mondaylab.grader.autograde.nbgrader_plugins import plug_in, read_submitted
from mondaylab.grader.cells.results import check_points, scores_of, write_results
from mondaylab.grader.cells.score import CellScore
from mondaylab.grader.course.cohort_lab import CohortLab
from mondaylab.grader.course.course import Course, open_course
from mondaylab.grader.course.gradebook import kernelspec, source_cells
from mondaylab.grader.course.plain_log import plain_log
from mondaylab.grader.handed_in.folders import copy_files, set_permissions, stage_folder
from mondaylab.grader.handed_in.repair import repair
from mondaylab.grader.handed_in.submission import Submission
from mondaylab.grader.handed_in.tidying import leave_out
from mondaylab.grader.sandbox.pool import SandboxPool
from mondaylab.grader.scorer import Judged, Scorer
from mondaylab.records import content_hash

SCORING = 4
"""Raise it when the same submission comes to another score than before: then all of them are graded again."""


_KEPT = "mondaylab_place"


@dataclass(frozen=True)
class Place:
    """What is graded, and in which run, with what that run has opened. Tasks carry it.

    What was opened does not go along to another process: that opens its own, with the first task that arrives.

    Attributes:
        cohort_lab: The lab and the cohort.
        run: Names the run: what was opened for one is not used for another.
    """

    cohort_lab: CohortLab
    run: str

    def __reduce__(self) -> tuple[object, ...]:
        """As another process gets it."""
        return _arrived, (self.cohort_lab, self.run)

    @cached_property
    def grader(self) -> Grader:
        """The grader of this run in this process, opened once; raises as `Grader`."""
        return Grader(self.cohort_lab)

    def open(self) -> None:
        """Opens the grader at once; raises as `Grader`."""
        _ = self.grader

    def close(self) -> None:
        """Closes the grader with its sandboxes, if it was opened; the next task would open another."""
        opened = self.__dict__.pop("grader", None)
        if opened is not None:
            opened.close()


def _arrived(cohort_lab: CohortLab, run: str) -> Place:
    """A place that came with a task: that of the task before it, if both are of one run.

    A worker has nothing of ours that outlives a task. So the process keeps it, as nbgrader's course directory keeps
    what its plug-ins share; a process that is forked is another one, and begins with nothing.
    """
    process = multiprocessing.current_process()
    kept: Place | None = getattr(process, _KEPT, None)
    if kept is None or kept.run != run:
        if kept is not None:
            kept.close()
        kept = Place(cohort_lab, run)
        setattr(process, _KEPT, kept)
    return kept


@dataclass(frozen=True)
class Known:
    """Hashes of what went into a grading and of the notebook that came out."""

    inputs: str
    output: str


@dataclass(frozen=True)
class Task:
    """One submission to grade.

    Attributes:
        place: Where.
        learner: Whose.
        lateness: What the gradebook knows that decides about lateness, as text.
        known: The last grading; if nothing has changed since, there is nothing to do.
    """

    place: Place
    learner: str
    lateness: str
    known: Known | None


@dataclass(frozen=True)
class Graded:
    """A submission that was graded, for the gradebook.

    Attributes:
        learner: Whose.
        scores: Of every graded code cell.
        untouched: Grade ids of answer cells that are as released.
        touched: Grade ids of the other answer cells.
        waits: Grade ids of written answers that are as released or gone, and wait for a person all the same.
        timestamp: When it was handed in, in UTC without a zone.
        staged: The finished folder.
        folder: Its place in ``autograded/``.
        known: Its hashes; none when the grader itself failed on a cell, so that it is tried again.
    """

    learner: str
    scores: tuple[CellScore, ...]
    untouched: frozenset[str]
    touched: frozenset[str]
    waits: frozenset[str]
    timestamp: datetime | None
    staged: Path
    folder: Path
    known: Known | None


@dataclass(frozen=True)
class Unchanged:
    """A submission that is as it was when last graded."""

    learner: str
    scores: tuple[CellScore, ...]


@dataclass(frozen=True)
class Failed:
    """A submission that could not be graded, with the cause."""

    learner: str
    error: MondaylabError

    def __reduce__(self) -> tuple[object, ...]:
        """Errors of ours do not pickle by themselves."""
        return _failed, (self.learner, self.error.as_dict())


Outcome = Graded | Unchanged | Failed


def _failed(learner: str, error: dict[str, str | None]) -> Failed:
    return Failed(learner, MondaylabError(str(error["what"]), where=error["where"], fix=error["fix"]))


def grade(task: Task) -> Outcome:
    """Grades one submission. Never raises: what goes wrong with one is no reason to stop the others."""
    try:
        with blaming():
            return task.place.grader.grade(task)
    except MondaylabError as error:
        return Failed(task.learner, error)
    except Exception as error:  # the true cause, whatever it is
        return Failed(task.learner, unexpected(error))


def unexpected(error: BaseException) -> MondaylabError:
    """An error that nobody foresaw, with the place it came from."""
    place = traceback.extract_tb(error.__traceback__)[-1:]
    where = f"{Path(place[0].filename).name}:{place[0].lineno}" if place else None
    said = plain_log(f"{type(error).__name__}: {error}")
    return MondaylabError(said, where=where, fix="report this with the submission")


class Grader:
    """All that the submissions of one run share: course, scorer, data, warm sandbox.

    Raises:
        MondaylabError: As `open_course` and `Scorer`, or the course cannot be graded in this way.
    """

    def __init__(self, cohort_lab: CohortLab) -> None:
        self.cohort_lab = cohort_lab
        self.course = open_course(self.cohort_lab.site, self.cohort_lab.cohort)
        self._converter = plain_autograde(self.course)
        self._sandboxes = SandboxPool()
        self.scorer = Scorer(self.cohort_lab, sandboxes=self._sandboxes)
        where = (self.course.database, self.cohort_lab.assignment, self.cohort_lab.assignment)
        self._sources = source_cells(*where)
        self._kernelspec = kernelspec(*where)
        self.gradebook = Gradebook(self.course.database)
        """To read only, and kept open: SQLAlchemy compiles queries once for each engine."""
        self._released = {cell.grade_id: cell.source for cell in self._sources}
        check_points(self._sources, self.scorer.role)

    def close(self) -> None:
        """Ends the sandbox and the connections."""
        self._sandboxes.close()
        self.gradebook.close()
        self.cohort_lab.close_store()

    def score(self, learner: str) -> dict[str, CellScore]:
        """Scores and writes nothing."""
        return self.scorer.score_submission(learner, self._read(learner), self._released)

    def grade(self, task: Task) -> Graded | Unchanged:
        """Grades; raises what makes it impossible."""
        learner, name = task.learner, self.cohort_lab.assignment
        folder = self._submitted(learner)
        self._check_person(learner)
        notebook = folder / f"{name}.ipynb"
        if not (notebook.is_symlink() or notebook.exists() or self._renamed(learner)):
            raise Refused(
                f"the submission holds no {notebook.name}",
                where=folder.relative_to(self.course.folder),
                fix="ask the learner to hand in again",
            )
        leave_out(assignment=name, student=learner, notebooks=[str(notebook)])
        submission = self._read(learner)
        found = self.scorer.find(learner)
        inputs = self._inputs(task, submission, found, folder)
        if task.known is not None and task.known.inputs == inputs:
            kept = self._kept(learner, task.known.output)
            if kept is not None:
                return Unchanged(learner, kept)
        timestamp = self._timestamp(folder)
        scores = self.scorer.score_found(found, submission, self._released)
        form_id = found.key.form_id if isinstance(found, Judged) else self.cohort_lab.latest_form(learner)
        repaired = repair(submission, self._sources)
        if self._kernelspec:
            repaired.notebook.metadata["kernelspec"] = self._kernelspec
        waits = self.scorer.by_hand(submission, self._sources)
        written = write_results(repaired.notebook, scores, repaired.repairs, form_id, waits)
        text = nbformat.v4.writes(repaired.notebook) + "\n"
        solutions = {
            cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.checksum == utils.compute_checksum(cell)
            for cell in repaired.notebook.cells
            if utils.is_solution(cell)
        }
        known = Known(inputs, hashlib.sha256(text.encode()).hexdigest())
        return Graded(
            learner=learner,
            scores=tuple(written.values()),
            untouched=frozenset(one for one, same in solutions.items() if same),
            touched=frozenset(one for one, same in solutions.items() if not same),
            waits=waits.waits,
            timestamp=timestamp,
            staged=self._staged(learner, folder, text),
            folder=self._autograded(learner),
            known=None if any(score.code == "grader" for score in written.values()) else known,
        )

    def _check_person(self, learner: str) -> None:
        """Grades nobody into the gradebook who is not of the cohort: anybody can copy a folder into ``submitted``."""
        known = self.cohort_lab.latest_form(learner) is not None or self.gradebook.db.get(Student, learner) is not None
        self.gradebook.db.remove()
        if not known:
            raise Refused(
                f"nobody in {self.cohort_lab.cohort} is called {learner}",
                where=self._submitted(learner).relative_to(self.course.folder),
                fix="remove that folder, or add the learner to the cohort's file and run: mondaylab cohort apply "
                f"{self.cohort_lab.cohort}",
            )

    def _renamed(self, learner: str) -> bool:
        """Whether there is work in the submission, though not in the notebook."""
        return bool(self.scorer.by_hand(self._read(learner), self._sources).found)

    def _autograded(self, learner: str) -> Path:
        return self._folder(self._converter.coursedir.autograded_directory, learner)

    def _submitted(self, learner: str) -> Path:
        return self._folder(self._converter.coursedir.submitted_directory, learner)

    def _folder(self, directory: str, learner: str) -> Path:
        return Path(self._converter.coursedir.format_path(directory, learner, self.cohort_lab.assignment))

    def _read(self, learner: str) -> Submission:
        return read_submitted(self._submitted(learner), self.cohort_lab.assignment)

    def _inputs(self, task: Task, submission: Submission, found: Judged | str, folder: Path) -> str:
        """Hash of everything that the outcome depends on."""
        own = folder / f"{self.cohort_lab.assignment}.ipynb"  # whatever it is: a pipe, or a link to anywhere
        files = {Path(one) for one in utils.find_all_files(str(folder), self._converter.coursedir.ignore)} - {own}
        judged: object = found
        if isinstance(found, Judged):
            judged = [found.key.canonical(), found.form.canonical(), found.answers.canonical(), found.earlier]
        return content_hash(
            {
                "scoring": SCORING,
                "submission": [submission.unreadable, [repr(one) for one in submission.cells]],
                "files": sorted([str(one.relative_to(folder)), file_hash(one)] for one in files),
                "judged": judged,
                "released": [self.cohort_lab.release.name, [repr(cell) for cell in self._sources], self._kernelspec],
                "lateness": task.lateness,
            }
        )

    def _kept(self, learner: str, output: str) -> tuple[CellScore, ...] | None:
        path = self._autograded(learner) / f"{self.cohort_lab.assignment}.ipynb"
        if not path.is_file() or file_hash(path) != output:
            return None
        return tuple(scores_of(read_own(path)).values())

    def _timestamp(self, folder: Path) -> datetime | None:
        try:
            found: datetime | None = self._converter.coursedir.get_existing_timestamp(str(folder))
        except Exception:  # what nbgrader raises here depends on its parser
            path = folder / "timestamp.txt"
            raise Refused(
                "holds no time",
                where=path.relative_to(self.course.folder),
                fix="write the time of hand-in there, or remove it",
            ) from None
        return found

    def _staged(self, learner: str, folder: Path, text: str) -> Path:
        staged = stage_folder(self._autograded(learner))
        ignore, name = self._converter.coursedir.ignore, self.cohort_lab.assignment
        if folder.is_dir():
            copy_files(folder, staged, ignore)
        source = Path(self._converter.coursedir.format_path(self._converter.coursedir.source_directory, ".", name))
        kept = [str(source / one) for one in self._converter.exclude_overwriting.get(name, [])]
        copy_files(source, staged, [*ignore, *kept])
        (staged / f"{name}.ipynb").write_text(text, "utf-8")
        set_permissions(staged, self._converter)
        return staged


def plain_autograde(course: Course) -> Autograde:
    """The course's Autograde, for its settings.

    Raises:
        Refused: It is set up to do more, or something else, than our plug-ins.
    """
    ours = Config()
    plug_in(ours)
    set_up = course.config.Autograde
    names = ("exporter_class", "pre_convert_hook", "sanitize_preprocessors", "autograde_preprocessors")
    if any(set_up.get(name) != ours.Autograde[name] for name in names) or set_up.get("post_convert_hook"):
        raise Refused(
            "the course grades with other preprocessors than mondaylab's",
            where=course.folder,
            fix=f"mondaylab cohort apply {course.folder.name}, or grade in formgrader, which runs them",
        )
    return Autograde(coursedir=course.api.coursedir, parent=course.api)


def read_own(path: Path) -> NotebookNode:
    """A notebook that our own autograde wrote: sound, so not validated again."""
    return nbformat.v4.reads(path.read_text("utf-8"))
