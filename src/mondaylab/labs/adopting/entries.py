"""Entries: what an answer claims and what in it is doubtful, numbered in reading order."""

from __future__ import annotations

from mondaylab.labs.binding.claims import BoundText, Doubt
from mondaylab.labs.claims.text_claim import TextClaim
from mondaylab.records import Record


class Entry(Record):
    """One claim, or one doubtful place, by the number under which its author decides on it."""

    number: int
    sentence: int
    """Which sentence of the text it stands in, from 0."""
    start: int
    end: int
    claim: TextClaim | None = None
    """What is said there, if it is understood."""
    why: Doubt | None = None
    """Why it was not, for a doubtful place."""
    dismissed: bool = False
    """Whether it is no claim."""

    @property
    def open(self) -> bool:
        """Whether somebody has to decide on it."""
        return self.claim is None and not self.dismissed


def entries(bound: BoundText) -> tuple[Entry, ...]:
    """All that a person may have to look at; the same text gives the same numbers."""
    found: list[Entry] = []
    for place, one in enumerate(bound.sentences):
        here = [Entry(number=0, sentence=place, start=claim.start, end=claim.end, claim=claim) for claim in one.claims]
        here += [Entry(number=0, sentence=place, start=said.start, end=said.end, why=said.why) for said in one.doubts]
        found += sorted(here, key=lambda entry: (entry.start, entry.claim is None, entry.end))
    return tuple(entry.model_copy(update={"number": number}) for number, entry in enumerate(found, start=1))
