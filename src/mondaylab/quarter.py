"""Calendar quarters, such as 2026Q4: the rhythm at which labs are rebuilt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from mondaylab.errors import Refused

_FORM = re.compile(r"(20\d\d)Q([1-4])")


@dataclass(frozen=True, order=True)
class Quarter:
    """A calendar quarter.

    Attributes:
        year: Four-digit year.
        number: 1 to 4.
    """

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Reads ``2026Q4``.

        Raises:
            Refused: The text has another form.
        """
        match = _FORM.fullmatch(text)
        if match is None:
            raise Refused(f"{text!r} is not a quarter", fix="write it as 2026Q4")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def start(self) -> date:
        """First day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def end(self) -> date:
        """Last day."""
        return self.next.start - timedelta(days=1)

    @property
    def previous(self) -> Quarter:
        """The quarter before."""
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    @property
    def next(self) -> Quarter:
        """The quarter after."""
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)

    def full_weeks(self) -> list[date]:
        """The Mondays of the ISO weeks that lie wholly inside the quarter, in order."""
        first = self.start + timedelta(days=-self.start.weekday() % 7)
        weeks = []
        while first + timedelta(days=6) <= self.end:
            weeks.append(first)
            first += timedelta(days=7)
        return weeks
