"""The one kind of error a person is meant to read: what happened, where, and what to do next."""

from __future__ import annotations


class MondaylabError(Exception):
    """Something was refused or failed for a reason that a person can act on.

    Attributes:
        what: What is wrong, one plain sentence without a full stop.
        where: The file, table, lab, claim or address it concerns, if one is known.
        fix: What to do next, if we know it.
    """

    def __init__(self, what: str, *, where: object = None, fix: str | None = None) -> None:
        self.what = what
        self.where = None if where is None else str(where)
        self.fix = fix
        super().__init__(self.__str__())

    def __str__(self) -> str:
        text = self.what if self.where is None else f"{self.where}: {self.what}"
        return text if self.fix is None else f"{text}. Next: {self.fix}"

    def as_dict(self) -> dict[str, str | None]:
        """The error as plain data, for ``--json`` output and service answers."""
        return {"what": self.what, "where": self.where, "fix": self.fix}


class Refused(MondaylabError):
    """A check failed closed: nothing was changed."""


class NotFound(MondaylabError):
    """A named thing (company, lab, cohort, learner, snapshot) does not exist."""
