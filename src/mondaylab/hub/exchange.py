"""nbgrader's exchange on plain folders, where a learner can be nobody but themselves.

    <root>/<cohort>/outbound/<assignment>/                          released, read by all of the cohort
    <root>/<cohort>/inbound/<learner>/<assignment>+<time>+<chance>/  handed in
    <root>/<cohort>/feedback/<learner>/<assignment>/<time>/          given back

When something was handed in is noted by the judgement service (`mondaylab.judging.hand_ins`), outside of these folders.

In a learner's jail ``inbound`` and ``feedback`` *are* the learner's own folders (`personal`): who handed something in
is told by the folder it lies in, never by a name that the learner's side wrote.
"""

from __future__ import annotations

import secrets
import shutil
import time
from pathlib import Path
from typing import Any

from nbgrader.exchange import abc
from nbgrader.utils import parse_utc
from traitlets import Bool

from mondaylab.bounds import Bounds
from mondaylab.errors import MondaylabError, NotFound, Refused
from mondaylab.files import write_file
from mondaylab.grader.handed_in.collected import read_collected
from mondaylab.hub import copies
from mondaylab.hub.cohorts import applied
from mondaylab.hub.collecting import Collect
from mondaylab.hub.exchange_base import TIME_FORMAT, TIMESTAMP, Exchange, Submission, time_text
from mondaylab.hub.handin import Copied, copy_folder, digest
from mondaylab.hub.receipt import RECEIPT, Receipt
from mondaylab.judging.client import JudgementClient
from mondaylab.judging.handed_in import HandIn, Noted
from mondaylab.settings import Site, plain_name

__all__ = [
    "Collect",
    "Exchange",
    "FetchAssignment",
    "FetchFeedback",
    "List",
    "ReleaseAssignment",
    "ReleaseFeedback",
    "Submit",
]
HAND_IN = "hand_in.txt"
"""Beside given feedback: the name of the hand-in that it is about."""
LATE = (
    "Feedback on this lab is out. This hand-in is kept and marked as late; it does not change your result. "
    "Talk to your instructor if it should."
)
_RELEASE_BOUNDS = Bounds(total_mb=500, file_mb=200, files=2000)


class ReleaseAssignment(Exchange, abc.ExchangeReleaseAssignment):
    """Puts a released assignment where the cohort's learners find it."""

    def copy_files(self) -> None:
        source = Path(self.coursedir.format_path(self.coursedir.release_directory, ".", self.assignment))
        if not source.is_dir():
            raise NotFound(
                f"{self.assignment} has no release", fix=f"mondaylab cohort open {self.coursedir.course_id} LAB"
            )
        destination = self.course / "outbound" / self.assignment
        if destination.exists() and not self.force:
            raise Refused(f"{self.assignment} is released already", fix="add --force to replace it")
        copy_folder(source, destination, bounds=_RELEASE_BOUNDS, ignore=self.coursedir.ignore)
        self.log.info("Released: %s %s", self.coursedir.course_id, self.assignment)


class FetchAssignment(Exchange, abc.ExchangeFetchAssignment):
    """Gives a learner a copy to work in."""

    def copy_files(self) -> None:
        source = self.course / "outbound" / self.assignment
        destination = self.local(self.coursedir.course_id, self.assignment)
        if not destination.exists():
            copy_folder(source, destination, bounds=_RELEASE_BOUNDS)
        elif self.replace_missing_files:
            self._add_missing(source, destination)
        else:
            raise Refused(f"there is a copy of {self.assignment} already", fix="rename or remove it")
        self.log.info("Fetched: %s %s", self.coursedir.course_id, self.assignment)

    def _add_missing(self, source: Path, destination: Path) -> None:
        for path in sorted(source.rglob("*")):
            copy = destination / path.relative_to(source)
            if path.is_file() and not copy.exists():
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)


class Submit(Exchange, abc.ExchangeSubmit):
    """Hands a learner's copy in, as a new folder each time."""

    strict = Bool(True, help="Refuse when a released notebook is missing, as after a rename.").tag(config=True)

    def copy_files(self) -> None:
        course, learner = self.coursedir.course_id, str(self.coursedir.student_id)
        released = {path.name for path in (self.course / "outbound" / self.assignment).glob("*.ipynb")}
        if not released:
            raise NotFound(f"{self.assignment} is not released", where=course)
        source = self.local(course, self.assignment)
        missing = sorted(name for name in released if not (source / name).is_file() or (source / name).is_symlink())
        if missing and (self.strict or len(missing) == len(released)):
            raise Refused(
                f"{', '.join(missing)} is not in the folder",
                where=self.assignment,
                fix="give the notebook its name back",
            )
        stamp = time_text(time.time())
        destination = self.inbox(learner) / f"{self.assignment}+{stamp}+{secrets.token_hex(8)}"
        ignore = [*self.coursedir.ignore, *self.left_behind]
        copied = copy_folder(source, destination, bounds=Bounds(), ignore=ignore)
        write_file(destination / TIMESTAMP, stamp)
        noted = self._note(destination, copied)
        receipt = Receipt(
            time=stamp,
            files=len(copied.files),
            left_out=copied.left_out,
            noted=noted is not None,
            warnings=(
                *self._late(noted, learner),
                *copies.warnings(destination, self.course / "outbound" / self.assignment, copied.files),
            ),
        )
        write_file(destination / RECEIPT, receipt.canonical())
        if receipt.left_out or receipt.warnings:
            self.log.warning("%s", receipt.words())
        self.log.info("Submitted: %s %s %s", course, self.assignment, receipt.line())

    def _note(self, folder: Path, copied: Copied) -> Noted | None:
        """Has the service note the time; a service that is away stops no hand-in."""
        client = JudgementClient.from_environment()
        if client is None:
            return None
        about = {"cohort": self.course.name, "assignment": self.assignment, "folder": folder.name}
        try:
            told = HandIn.parse({**about, "digest": digest(folder, copied.files)}, where=self.assignment)
            return client.note_hand_in(told)
        except MondaylabError as error:
            self.log.warning("The time of this hand-in could not be noted: %s", error.what)
            return None

    def _late(self, noted: Noted | None, learner: str) -> list[str]:
        out = noted.late if noted is not None else any((self.given(learner) / self.assignment).glob("[!.]*"))
        return [LATE] if out else []


class ReleaseFeedback(Exchange, abc.ExchangeReleaseFeedback):
    """Gives feedback back: to the learner it is about, and to nobody else, once the lab is closed for all."""

    def copy_files(self) -> None:
        self._refuse_open_lab()
        released = []
        for learner in self.learners():
            source = Path(self.coursedir.format_path(self.coursedir.feedback_directory, learner, self.assignment))
            if not source.is_dir():
                continue
            submitted = Path(self.coursedir.format_path(self.coursedir.submitted_directory, learner, self.assignment))
            stamp = self._stamp(source, submitted)
            given = self.given(learner) / self.assignment / stamp
            copy_folder(source, given, bounds=_RELEASE_BOUNDS, ignore=self.left_behind)
            collected = read_collected(submitted)
            if collected is not None:
                write_file(given / HAND_IN, collected.folder)
            released.append(learner)
            self.log.info("Feedback released: %s %s %s", learner, self.assignment, stamp)
        if released:
            with self.store() as store:
                store.release_feedback(self.course.name, self.assignment)

    def _refuse_open_lab(self) -> None:
        """Feedback tells the truth about claims: one learner's would help another who still judges."""
        site = Site(Path("/"), Path(self.root).parent)
        cohort = applied(site).get(self.coursedir.course_id)
        lab = cohort.assignments().get(self.assignment) if cohort else None
        if not (cohort and lab):
            return
        with self.store() as store:
            closed = store.closed(cohort.cohort, lab)
        if not closed:
            raise Refused(
                f"{lab} is still open", where=cohort.cohort, fix=f"mondaylab cohort close {cohort.cohort} {lab}"
            )

    def _stamp(self, *folders: Path) -> str:
        for folder in folders:
            if (folder / TIMESTAMP).is_file():
                when = parse_utc((folder / TIMESTAMP).read_text("utf-8").strip())
                return str(when.strftime(TIME_FORMAT))
        raise NotFound(f"{self.assignment} has no {TIMESTAMP}", fix="collect it again")


class FetchFeedback(Exchange, abc.ExchangeFetchFeedback):
    """Copies a learner's own feedback beside their work: ``<assignment>/feedback/<time>/``."""

    def copy_files(self) -> None:
        learner = str(self.coursedir.student_id)
        source = self.given(learner) / self.assignment
        given = sorted(path.name for path in source.glob("*") if path.is_dir() and not path.name.startswith("."))
        if not given:
            raise NotFound(f"no feedback on {self.assignment} yet")
        target = self.local(self.coursedir.course_id, self.assignment) / "feedback"
        for stamp in given:
            copy_folder(source / stamp, target / stamp, bounds=_RELEASE_BOUNDS, ignore=[HAND_IN])
            self.log.info("Feedback fetched: %s", target / stamp)


class List(Exchange, abc.ExchangeList):
    """What is released, or handed in; the entries are those that nbgrader's labextension and formgrader read."""

    def init_src(self) -> None:
        if self.coursedir.course_id:
            plain_name(self.coursedir.course_id)

    def init_dest(self) -> None:
        if self.coursedir.assignment_id:
            plain_name(self.coursedir.assignment_id)

    def copy_files(self) -> None:
        pass

    def list_files(self) -> list[dict[str, Any]]:
        entries = []
        wanted = str(self.coursedir.course_id)
        for course in sorted(path.name for path in Path(self.root).glob("*") if path.is_dir()):
            if wanted in ("", "*", course):
                self.coursedir.course_id = course
                entries += self._submitted() if self._hand_ins else self._released()
        self.coursedir.course_id = wanted
        for entry in entries:
            self.log.info("%s %s %s", entry["course_id"], entry["assignment_id"], entry["status"])
        return entries

    def remove_files(self) -> list[dict[str, Any]]:
        if self._hand_ins or self.personal:
            raise Refused("submissions are never removed")
        entries = self._released()
        for entry in entries:
            shutil.rmtree(self.course / "outbound" / entry["assignment_id"])
            self.log.info("No longer released: %s %s", entry["course_id"], entry["assignment_id"])
        return entries

    @property
    def _hand_ins(self) -> bool:
        """Whether hand-ins are asked for: a learner's cache of them is the inbound folder itself."""
        return bool(self.inbound or self.cached)

    def _released(self) -> list[dict[str, Any]]:
        entries = []
        for folder in sorted(path for path in (self.course / "outbound").glob("*") if path.is_dir()):
            if folder.name.startswith(".") or self.assignment not in ("", "*", folder.name):
                continue
            local = self.local(self.course.name, folder.name)
            fetched = self.personal and local.is_dir()
            entries.append(
                {
                    "course_id": self.course.name,
                    "assignment_id": folder.name,
                    "status": "removed" if self.remove else "fetched" if fetched else "released",
                    "path": str(local if fetched else folder),
                    "notebooks": _notebooks(local if fetched else folder),
                }
            )
        return entries

    def _submitted(self) -> list[dict[str, Any]]:
        entries = []
        wanted = "" if self.assignment == "*" else self.assignment
        noted = self._noted(wanted)
        for learner in self.learners():
            by_assignment: dict[str, list[dict[str, Any]]] = {}
            for submission in self.submissions(learner, wanted, noted):
                by_assignment.setdefault(submission.assignment, []).append(self._one(submission))
            entries += [
                {
                    "course_id": self.course.name,
                    "student_id": learner,
                    "assignment_id": assignment,
                    "status": "submitted",
                    "submissions": submissions,
                }
                for assignment, submissions in sorted(by_assignment.items())
            ]
        return entries

    def _noted(self, assignment: str) -> list[Noted]:
        """The ledger, where it can be read; in a jail the hand-ins' own names have to do."""
        if self.personal or not assignment:
            return []
        with self.store() as store:
            return store.hand_ins(self.course.name, assignment)

    def _one(self, submission: Submission) -> dict[str, Any]:
        """One hand-in with what is known of its feedback."""
        given = self._feedback_on(submission)
        stamp = given.name
        local = self.local(self.course.name, submission.assignment) / "feedback" / stamp
        notebooks = []
        for notebook in _notebooks(submission.folder):
            page, fetched = given / f"{notebook['notebook_id']}.html", local / f"{notebook['notebook_id']}.html"
            has, have = page.is_file(), fetched.is_file()
            state = {"has_exchange_feedback": has, "has_local_feedback": have}
            state["feedback_updated"] = has and have and page.read_bytes() != fetched.read_bytes()
            notebooks.append({**notebook, **state, "local_feedback_path": str(fetched) if have else None})
        have_all = bool(notebooks) and all(notebook["has_local_feedback"] for notebook in notebooks)
        return {
            "course_id": self.course.name,
            "student_id": submission.learner,
            "assignment_id": submission.assignment,
            "timestamp": submission.timestamp,
            "status": "submitted",
            "path": str(submission.folder),
            "notebooks": notebooks,
            "has_local_feedback": have_all,
            "has_exchange_feedback": bool(notebooks) and all(n["has_exchange_feedback"] for n in notebooks),
            "feedback_updated": any(notebook["feedback_updated"] for notebook in notebooks),
            "local_feedback_path": str(local) if have_all else None,
        }

    def _feedback_on(self, submission: Submission) -> Path:
        """The folder of its feedback, there or not: by the hand-in's own name, which no copy or restore changes."""
        place = self.given(submission.learner) / submission.assignment
        for mark in sorted(place.glob(f"*/{HAND_IN}")):
            if mark.read_text("utf-8", errors="replace").strip() == submission.folder.name:
                return mark.parent
        by_time = place / time_text(submission.time)
        return by_time if by_time.is_dir() else place / submission.timestamp


def _notebooks(folder: Path) -> list[dict[str, Any]]:
    return [{"notebook_id": path.stem, "path": str(path)} for path in sorted(folder.glob("*.ipynb"))]
