"""One lab of one cohort: where everything of it lies, and what is opened of it once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

from mondaylab.forms.keys import KeyStore
from mondaylab.grader.course.assignment import assignment_of
from mondaylab.judging.store import JudgementStore
from mondaylab.labs.quarterly.releases import released_folder
from mondaylab.settings import Site, plain_name


@dataclass(frozen=True)
class CohortLab:
    """One lab of one cohort. Plain data: what was opened does not go along to another process.

    Attributes:
        site: The installation.
        cohort: Cohort id.
        lab: Lab id, ``<role>/<lab>``.
    """

    site: Site
    cohort: str
    lab: str

    def __reduce__(self) -> tuple[object, ...]:
        """As another process gets it."""
        return CohortLab, (self.site, self.cohort, self.lab)

    @property
    def assignment(self) -> str:
        """nbgrader's name of it, and of its one notebook."""
        return assignment_of(self.lab)

    @property
    def course(self) -> Path:
        """The cohort's course folder."""
        return self.site.courses / plain_name(self.cohort)

    @property
    def gradebook(self) -> str:
        """SQLAlchemy URL of the cohort's gradebook."""
        return f"sqlite:///{self.course / 'gradebook.db'}"

    @property
    def given(self) -> Path:
        """What learners fetched: nbgrader's release of the assignment."""
        return self.course / "release" / self.assignment

    @cached_property
    def release(self) -> Path:
        """The release that the cohort has of the lab, held against its hashes once.

        Raises:
            NotFound: The lab was not opened to the cohort, or its release is gone.
            Refused: The release was altered.
        """
        return released_folder(self.site, self.cohort, self.lab)

    @cached_property
    def store(self) -> JudgementStore:
        """The judgement store."""
        return JudgementStore(self.site.judgement_database)

    @cached_property
    def keys(self) -> KeyStore:
        """The truth of forms."""
        return KeyStore(self.site)

    def latest_form(self, learner: str) -> str | None:
        """The id of a learner's newest form of it, if they have one."""
        return self.store.latest_form(self.cohort, self.lab, learner)

    def closed(self) -> bool:
        """Whether judging is over for the cohort."""
        return self.store.closed(self.cohort, self.lab)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close_store()

    def close_store(self) -> None:
        """Lets the store's connections go, if it was opened."""
        if "store" in self.__dict__:
            self.store.dispose()
