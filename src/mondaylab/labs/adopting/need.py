"""What still needs a person before an answer can be adopted."""

from __future__ import annotations

from mondaylab.records import Record


class Need(Record):
    """One thing that only a person can decide, or that nobody can."""

    what: str
    """What is in the way, one plain sentence without a full stop."""
    number: int | None = None
    """Of which claim or doubt of the list."""
    words: str = ""
    """The words of the answer that it is about."""
    decide: str | None = None
    """Which option decides it; none: nothing does, and the answer cannot be adopted as it is."""


class CannotAdopt(Exception):
    """Something about one claim or place of an answer that has no way into a manuscript.

    Attributes:
        what: As in `Need`.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(what)
