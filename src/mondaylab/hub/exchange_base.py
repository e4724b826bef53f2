"""What all operations of the exchange share: its folders, and what counts as a hand-in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.exchange import abc
from traitlets import Bool, Unicode
from traitlets import List as ListOf

from mondaylab.errors import MondaylabError, Refused
from mondaylab.hub.handin import submission_time
from mondaylab.judging.handed_in import Noted
from mondaylab.judging.store import JudgementStore
from mondaylab.people import person_folder
from mondaylab.records import Record
from mondaylab.settings import Site, plain_name

TIMESTAMP = "timestamp.txt"
TIME_FORMAT = "%Y-%m-%d %H:%M:%S.%f UTC"


class Submission(Record):
    """One hand-in."""

    learner: str
    assignment: str
    timestamp: str
    """As in its folder's name."""
    folder: Path
    time: float
    """When it was handed in, seconds since the epoch."""
    digest: str | None = None
    """What its content was when the time was noted; none if nobody noted it, and the time is the file system's."""


OPERATIONS = (
    "Exchange",
    "List",
    "FetchAssignment",
    "FetchFeedback",
    "Submit",
    "Collect",
    "ReleaseAssignment",
    "ReleaseFeedback",
)
"""The classes of `mondaylab.hub.exchange`; each is the trait of nbgrader's ExchangeFactory of its name."""


def plug_in(c: Any) -> None:
    """Has nbgrader use our exchange; called from an ``nbgrader_config.py``."""
    for operation in OPERATIONS:
        trait = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", operation).lower()
        setattr(c.ExchangeFactory, trait, f"mondaylab.hub.exchange.{operation}")


class Exchange(abc.Exchange):
    """What all seven operations share: the folders."""

    root = Unicode("", help="Folder of the exchange.").tag(config=True)
    personal = Bool(False, help="Whether inbound and feedback are one learner's own, as in a jail.").tag(config=True)
    path_includes_course = Bool(False, help="Whether a learner's copy lies in a folder of the course's name.").tag(
        config=True
    )
    left_behind = ListOf(Unicode(), [TIMESTAMP, "submission_secret.txt", ".*"], help="Never handed in.").tag(
        config=True
    )

    def start(self) -> Any:
        try:
            return super().start()
        except MondaylabError as error:
            self.fail(str(error))
        except OSError as error:
            self.fail(f"a file or folder cannot be read or written ({error.strerror or type(error).__name__})")

    def init_src(self) -> None:
        if not self.coursedir.course_id:
            raise Refused("no course was named", fix="add --course=COHORT")
        plain_name(self.coursedir.course_id)

    def init_dest(self) -> None:
        plain_name(self.coursedir.assignment_id)

    # -- the folders
    @property
    def course(self) -> Path:
        """The cohort's part of the exchange."""
        return Path(self.root) / str(self.coursedir.course_id)

    @property
    def assignment(self) -> str:
        """nbgrader's assignment id."""
        return str(self.coursedir.assignment_id)

    def learners(self) -> list[str]:
        """Whose hand-ins can be seen from here; `--student` narrows it."""
        if self.personal:
            return [str(self.coursedir.student_id)]
        there = sorted(
            path.name for path in (self.course / "inbound").glob("*") if path.is_dir() and not path.is_symlink()
        )
        wanted, without = str(self.coursedir.student_id), str(self.coursedir.student_id_exclude).split(",")
        return [name for name in there if wanted in ("*", "", name) and name not in without]

    def inbox(self, learner: str) -> Path:
        """Where a learner's hand-ins lie."""
        return self.course / "inbound" if self.personal else self.course / "inbound" / person_folder(learner)

    def given(self, learner: str) -> Path:
        """Where a learner's feedback lies."""
        return self.course / "feedback" if self.personal else self.course / "feedback" / person_folder(learner)

    def local(self, course: str, assignment: str) -> Path:
        """A learner's working copy."""
        base = Path(self.assignment_dir).absolute()
        return base / course / assignment if self.path_includes_course else base / assignment

    def store(self) -> JudgementStore:
        """The judgement store, which keeps the ledger of hand-ins; never in a learner's jail."""
        return JudgementStore(Site(Path("/"), Path(self.root).parent).judgement_database)

    def submissions(self, learner: str, assignment: str = "", noted: Iterable[Noted] = ()) -> list[Submission]:
        """A learner's hand-ins, oldest first; whatever else lies in the folder is not one.

        Args:
            learner: Whose.
            assignment: Of one assignment only.
            noted: The ledger's lines, which say when each was handed in.
        """
        lines = {one.hand_in.folder: one for one in noted if one.learner == learner}
        found = []
        for folder in self.inbox(learner).glob("*+*+*"):
            name, stamp, _ = folder.name.split("+", 2)
            if folder.is_symlink() or not folder.is_dir() or (assignment and name != assignment):
                continue
            try:
                claimed = datetime.strptime(stamp, TIME_FORMAT).replace(tzinfo=UTC).timestamp()
            except ValueError:
                continue
            line = lines.get(folder.name)
            found.append(
                Submission(
                    learner=learner,
                    assignment=name,
                    timestamp=stamp,
                    folder=folder,
                    time=line.at.timestamp() if line else submission_time(folder, claimed),
                    digest=line.hand_in.digest if line else None,
                )
            )
        return sorted(found, key=lambda submission: submission.time)


def time_text(seconds: float) -> str:
    """A time as nbgrader writes it, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime(TIME_FORMAT)
