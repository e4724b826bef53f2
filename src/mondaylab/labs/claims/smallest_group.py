"""The smallest group that may be told of: no figure about fewer people, nor one from which such a figure can be had."""

from __future__ import annotations

from pydantic import Field

from mondaylab.records import Record

MOST_PEOPLE = 1_000_000
"""The largest number below which a rule may forbid figures."""


class SmallestGroup(Record):
    """A rule of the handbook: no figure about fewer people."""

    people: str
    """Measure that counts whom the figure is about."""
    section: str
    """Handbook section that states the least number of people."""
    least: int = Field(ge=1, le=MOST_PEOPLE)
    unit: str = "people"
    """Whom the section counts, in its own word."""
    part: str | None = None
    """Measure that counts whom a share's part is about: that part and what it leaves over are groups of their own."""

    def measure_names(self) -> tuple[str, ...]:
        """The measures that count people."""
        return (self.people,) if self.part is None else (self.people, self.part)

    def allows(self, everybody: float, part: float | None) -> bool:
        """Whether a figure about so many people may be given.

        Args:
            everybody: Whom it is taken over.
            part: Whom a share's part is about; none for a figure that is no share.
        """
        rest = everybody if part is None else min(part, everybody - part)
        return min(everybody, rest) >= self.least

    def leaves_over(self, larger: float, smaller: float) -> bool:
        """Whether a group less one inside it is too few people: anybody can take one figure from the other."""
        return 0 < larger - smaller < self.least
