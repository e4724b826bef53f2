"""nbgrader's exchange on plain folders, where a learner can be nobody but themselves.

    <root>/<cohort>/outbound/<assignment>/                          released, read by all of the cohort
    <root>/<cohort>/inbound/<learner>/<assignment>+<time>+<chance>/  handed in
    <root>/<cohort>/feedback/<learner>/<assignment>/<time>/          given back

In a learner's jail ``inbound`` and ``feedback`` *are* the learner's own folders (`personal`): who handed something in
is told by the folder it lies in, never by a name that the learner's side wrote.
"""

from __future__ import annotations

import secrets
import shutil
import time
from datetime import UTC
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.exchange import abc
from nbgrader.utils import parse_utc
from traitlets import Bool

from mondaylab.bounds import Bounds
from mondaylab.errors import MondaylabError, NotFound, Refused
from mondaylab.files import staged_folder, write_file
from mondaylab.hub.cohorts import applied
from mondaylab.hub.exchange_base import TIME_FORMAT, TIMESTAMP, Exchange, Submission, time_text
from mondaylab.hub.handin import copy_folder, copy_into
from mondaylab.judging.store import JudgementStore
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
_RELEASE_BOUNDS = Bounds(total_mb=500, file_mb=200, files=2000)


class ReleaseAssignment(Exchange, abc.ExchangeReleaseAssignment):
    """Puts a released assignment where the cohort's learners find it."""

    def copy_files(self) -> None:
        source = Path(self.coursedir.format_path(self.coursedir.release_directory, ".", self.assignment))
        if not source.is_dir():
            raise NotFound(f"{self.assignment} has no release", where=source, fix="nbgrader generate_assignment")
        destination = self.course / "outbound" / self.assignment
        if destination.exists() and not self.force:
            raise Refused(f"{self.assignment} is released already", where=destination, fix="add --force to replace it")
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
            raise Refused(f"there is a copy of {self.assignment} already", where=destination, fix="rename or remove it")
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
                f"{', '.join(missing)} is not in the folder", where=source, fix="give the notebook its name back"
            )
        stamp = time_text(time.time())
        destination = self.inbox(learner) / f"{self.assignment}+{stamp}+{secrets.token_hex(8)}"
        ignore = [*self.coursedir.ignore, *self.left_behind]
        copied = copy_folder(source, destination, bounds=Bounds(), ignore=ignore)
        write_file(destination / TIMESTAMP, stamp)
        if copied.left_out:
            self.log.warning("Left out, not plain files: %s", ", ".join(copied.left_out))
        self.log.info("Submitted: %s %s %s", course, self.assignment, stamp)


class Collect(Exchange, abc.ExchangeCollect):
    """Takes each learner's latest hand-in into the course; one that cannot be taken stops none of the others."""

    def copy_files(self) -> None:
        due = self._due()
        refused = []
        for learner in self.learners():
            try:
                self._collect(learner, due)
            except MondaylabError as error:
                refused.append(f"{learner}: {error.what}")
                self.log.warning("Not collected: %s %s: %s", learner, self.assignment, error)
        if refused:
            self.fail(f"collected all but {len(refused)}: {'; '.join(refused)}")

    def _due(self) -> float | None:
        if not self.before_duedate:
            return None
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            try:
                date = gradebook.find_assignment(self.assignment).duedate
            except MissingEntry:
                return None
        return date.replace(tzinfo=UTC).timestamp() if date is not None else None

    def _collect(self, learner: str, due: float | None) -> None:
        all_of_them = self.submissions(learner, self.assignment)
        in_time = [one for one in all_of_them if due is None or one.time <= due]
        if not all_of_them:
            return
        latest = (in_time or all_of_them)[-1]
        destination = Path(self.coursedir.format_path(self.coursedir.submitted_directory, learner, self.assignment))
        stamp = time_text(latest.time)
        if destination.is_dir() and not self._replaces(destination, stamp):
            self.log.info("Kept: %s %s", learner, self.assignment)
            return
        ignore = [*self.coursedir.ignore, *self.left_behind]
        with staged_folder(destination) as staged:
            copied = copy_into(latest.folder, staged, bounds=Bounds(), ignore=ignore)
            if not any(name.endswith(".ipynb") for name in copied.files):
                raise Refused("the submission holds no notebook", where=latest.folder.name)
            write_file(staged / TIMESTAMP, stamp)
        self.log.info("Collected: %s %s %s", learner, self.assignment, stamp)

    def _replaces(self, destination: Path, stamp: str) -> bool:
        have = self.coursedir.get_existing_timestamp(str(destination))
        new = parse_utc(stamp)
        return bool((self.update and (have is None or new > have)) or (self.before_duedate and have != new))


class ReleaseFeedback(Exchange, abc.ExchangeReleaseFeedback):
    """Gives feedback back: to the learner it is about, and to nobody else, once the lab is closed for all."""

    def copy_files(self) -> None:
        self._refuse_open_lab()
        for learner in self.learners():
            source = Path(self.coursedir.format_path(self.coursedir.feedback_directory, learner, self.assignment))
            if not source.is_dir():
                continue
            submitted = Path(self.coursedir.format_path(self.coursedir.submitted_directory, learner, self.assignment))
            stamp = self._stamp(source, submitted)
            copy_folder(
                source, self.given(learner) / self.assignment / stamp, bounds=_RELEASE_BOUNDS, ignore=self.left_behind
            )
            self.log.info("Feedback released: %s %s %s", learner, self.assignment, stamp)

    def _refuse_open_lab(self) -> None:
        """Feedback tells the truth about claims: one learner's would help another who still judges."""
        site = Site(Path("/"), Path(self.root).parent)
        cohort = applied(site).get(self.coursedir.course_id)
        lab = cohort.assignments().get(self.assignment) if cohort else None
        if not (cohort and lab):
            return
        with JudgementStore(site.judgement_database) as store:
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
        raise NotFound(f"{self.assignment} has no {TIMESTAMP}", where=folders[0], fix="collect it again")


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
            copy_folder(source / stamp, target / stamp, bounds=_RELEASE_BOUNDS)
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
        for learner in self.learners():
            by_assignment: dict[str, list[dict[str, Any]]] = {}
            for submission in self.submissions(learner, wanted):
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

    def _one(self, submission: Submission) -> dict[str, Any]:
        """One hand-in with what is known of its feedback."""
        stamp = time_text(submission.time)
        given = self.given(submission.learner) / submission.assignment / stamp
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


def _notebooks(folder: Path) -> list[dict[str, Any]]:
    return [{"notebook_id": path.stem, "path": str(path)} for path in sorted(folder.glob("*.ipynb"))]
