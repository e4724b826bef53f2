"""Collecting hand-ins into a course: each learner's latest in time, by the ledger's clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.exchange import abc
from nbgrader.utils import parse_utc

from mondaylab.bounds import Bounds
from mondaylab.errors import MondaylabError, Refused
from mondaylab.files import staged_folder, write_file
from mondaylab.grader.handed_in.collected import COLLECTED, Collected
from mondaylab.hub.cohorts import applied
from mondaylab.hub.exchange_base import TIMESTAMP, Exchange, Submission, time_text
from mondaylab.hub.handin import changed_at, copy_into, digest, leave_behind
from mondaylab.judging.handed_in import HandIn, Noted
from mondaylab.judging.store import JudgementStore
from mondaylab.people import person_folder
from mondaylab.settings import Site


class _Changed(Refused):
    """A folder holds something else than when it was noted."""


@dataclass(frozen=True)
class _Round:
    """What one run of Collect goes by, in seconds since the epoch."""

    due: float | None
    released: float | None
    noted: Sequence[Noted]


class Collect(Exchange, abc.ExchangeCollect):
    """Takes each learner's latest hand-in into the course; one that cannot be taken stops none of the others."""

    def copy_files(self) -> None:
        refused = []
        known = self._known()
        with self.store() as store:
            self._note_all(store, known)
            out = store.feedback_released(self.course.name, self.assignment)
            this = _Round(
                due=self._due(),
                released=out.timestamp() if out else None,
                noted=store.hand_ins(self.course.name, self.assignment),
            )
        for learner in self.learners():
            try:
                if known is not None and learner not in known:
                    raise Refused("is no learner of this cohort", fix="add the name to the cohort's file, or remove it")
                self._collect(learner, this)
            except MondaylabError as error:
                refused.append(f"{learner}: {error.what}")
                self.log.warning("Not collected: %s %s: %s", ascii(learner)[1:-1], self.assignment, error)
            except OSError as error:
                refused.append(f"{learner}: cannot be read ({error.strerror or type(error).__name__})")
        if refused:
            self.fail(f"collected all but {len(refused)}: {'; '.join(refused)}")

    def _known(self) -> frozenset[str] | None:
        """The cohort's learners; none in a course that was not applied."""
        cohort = applied(Site(Path("/"), Path(self.root).parent)).get(self.course.name)
        return frozenset(cohort.learners) if cohort else None

    def _due(self) -> float | None:
        if not self.before_duedate:
            return None
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            try:
                date = gradebook.find_assignment(self.assignment).duedate
            except MissingEntry:
                return None
        return date.replace(tzinfo=UTC).timestamp() if date is not None else None

    def _note_all(self, store: JudgementStore, known: frozenset[str] | None) -> None:
        """Notes what nobody noted at hand-in, while the file system still knows its time: a restored copy would not."""
        noted = store.hand_ins(self.course.name, self.assignment)
        have = {(one.learner, one.hand_in.folder) for one in noted}
        for learner in self.learners():
            if known is not None and learner not in known:
                continue
            try:
                person_folder(learner)
                for one in self.submissions(learner, self.assignment):
                    if (learner, one.folder.name) not in have:
                        store.note_seen(learner, self._hand_in(one), one.time)
            except (MondaylabError, OSError) as error:
                self.log.warning("Not noted: %s: %s", ascii(learner)[1:-1], type(error).__name__)

    def _hand_in(self, one: Submission) -> HandIn:
        with TemporaryDirectory() as folder:
            copied = copy_into(one.folder, Path(folder), bounds=Bounds(), ignore=self.left_behind)
            content = digest(Path(folder), copied.files)
        return HandIn.parse(
            {
                "cohort": self.course.name,
                "assignment": self.assignment,
                "folder": one.folder.name,
                "digest": content,
            },
            where=self.assignment,
        )

    def _collect(self, learner: str, this: _Round) -> None:
        found = self.submissions(person_folder(learner), self.assignment, this.noted)
        for _ in range(len(found) + 1):
            latest = self._latest(found, this)
            if latest is None:
                return
            try:
                self._take(latest, this)
            except _Changed:
                # what lies there now was handed in when it was changed, whatever was noted of the folder before
                since = max(latest.time, changed_at(latest.folder))
                again = latest.model_copy(update={"time": since, "digest": None})
                found = sorted([again if one is latest else one for one in found], key=lambda one: one.time)
            else:
                return

    def _latest(self, found: Sequence[Submission], this: _Round) -> Submission | None:
        before = [one for one in found if this.released is None or one.time <= this.released]
        if found and not before:
            self.log.warning(
                "Late, not collected: %s %s: handed in after feedback was out", found[-1].learner, self.assignment
            )
        in_time = [one for one in before if this.due is None or one.time <= this.due]
        return (in_time or before)[-1] if before else None

    def _take(self, one: Submission, this: _Round) -> None:
        destination = Path(self.coursedir.format_path(self.coursedir.submitted_directory, one.learner, self.assignment))
        stamp = time_text(one.time)
        if destination.is_dir() and not self._replaces(destination, stamp):
            self.log.info("Kept: %s %s", one.learner, self.assignment)
            return
        confirmed = any(
            line.witness == "service" and (line.learner, line.hand_in.folder) == (one.learner, one.folder.name)
            for line in this.noted
        )
        with staged_folder(destination) as staged:
            copied = copy_into(one.folder, staged, bounds=Bounds(), ignore=self.left_behind)
            if one.digest is not None and digest(staged, copied.files) != one.digest:
                raise _Changed("was changed after it was handed in", where=one.folder.name)
            stay = leave_behind(staged, copied.files, self.coursedir.ignore)
            if not any(name.endswith(".ipynb") for name in stay):
                raise Refused("the submission holds no notebook", where=one.folder.name)
            write_file(staged / TIMESTAMP, stamp)
            mark = Collected(folder=one.folder.name, confirmed=confirmed and one.digest is not None)
            write_file(staged / COLLECTED, mark.canonical())
        self.log.info(
            "Collected: %s %s %s%s", one.learner, self.assignment, stamp, "" if mark.confirmed else " (not confirmed)"
        )

    def _replaces(self, destination: Path, stamp: str) -> bool:
        have = self.coursedir.get_existing_timestamp(str(destination))
        new = parse_utc(stamp)
        return bool((self.update and (have is None or new > have)) or (self.before_duedate and have != new))
