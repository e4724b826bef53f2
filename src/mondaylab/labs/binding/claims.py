"""What a text claims, as data: figures, changes and comparisons, each with its place in the text."""

from __future__ import annotations

from typing import Literal

from mondaylab.labs.claims.text_claim import TextClaim
from mondaylab.records import Record

MONEY = ("EUR", "USD", "GBP", "CHF")
"""Currencies that a text may name."""
Doubt = Literal[
    "no_measure", "unit", "whose", "when", "no_partner", "maybe",
    "cause", "rule", "rank", "same", "number", "placeholder", "unread",
]  # fmt: skip
DOUBTS: dict[Doubt, str] = {
    "no_measure": "it does not say which measure this is",
    "unit": "the unit is none of the measure that it names",
    "whose": "it does not say whose figure this is",
    "when": "it names a time that the lab has no figures of, or does not say clearly when",
    "no_partner": "it does not say what it compares with",
    "maybe": "it says only what may be",
    "cause": "it gives a reason",
    "rule": "it speaks of a rule or a source",
    "rank": "it ranks, and does not say among what",
    "same": "it says that something stayed as it was, and no limit says what that is",
    "number": "this number belongs to nothing that was understood",
    "placeholder": "something was to be filled in here",
    "unread": "it speaks of a figure, and what it says of it was not understood",
}
"""Why a checkable statement is not bound: it is put to a person, and never guessed."""


class Doubtful(Record):
    """Something checkable that was not understood."""

    start: int
    end: int
    why: Doubt
    number: int | None = None
    """As in `TextClaim`."""


class BoundSentence(Record):
    """One sentence with what it claims; without either it says nothing that could be checked."""

    start: int
    end: int
    claims: tuple[TextClaim, ...] = ()
    doubts: tuple[Doubtful, ...] = ()


class BoundText(Record):
    """A whole text, sentence by sentence."""

    text: str
    sentences: tuple[BoundSentence, ...]

    @property
    def claims(self) -> tuple[TextClaim, ...]:
        """All that is bound, in reading order."""
        return tuple(claim for one in self.sentences for claim in one.claims)

    @property
    def doubts(self) -> tuple[Doubtful, ...]:
        """All that a person must look at."""
        return tuple(doubt for one in self.sentences for doubt in one.doubts)
