"""What became of every row: caught, missed, wrongly doubted, rightly trusted. Counts come before points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from mondaylab.forms.keys import ClaimKey
from mondaylab.judging.answers import Answer
from mondaylab.judging.rules import DOUBT
from mondaylab.records import Record

Verdict = Literal["caught", "missed", "doubted", "trusted", "unanswered"]
VERDICTS: tuple[Verdict, ...] = ("caught", "missed", "doubted", "trusted", "unanswered")


def verdict(flawed: bool, answer: Answer | None) -> Verdict:
    """What one answer after checking amounts to.

    A flaw is **caught** when it got 50 or more and the action was not *use*, **missed** otherwise. A sound row is
    **doubted** from 50 on, **trusted** below. A sound row without a probability is **unanswered**; a flaw without one
    is missed.
    """
    p = None if answer is None else answer.p
    if flawed:
        acted = answer is not None and answer.action is not None and answer.action != "use"
        return "caught" if p is not None and p >= DOUBT and acted else "missed"
    if p is None:
        return "unanswered"
    return "doubted" if p >= DOUBT else "trusted"


class Counts(Record):
    """How many rows came to each verdict."""

    caught: int = 0
    missed: int = 0
    doubted: int = 0
    trusted: int = 0
    unanswered: int = 0
    """Sound rows without an answer."""

    @classmethod
    def of(cls, verdicts: Iterable[Verdict]) -> Counts:
        """Counts verdicts."""
        tally = dict.fromkeys(VERDICTS, 0)
        for one in verdicts:
            tally[one] += 1
        return cls(**tally)

    @property
    def flawed(self) -> int:
        """Rows that were flawed."""
        return self.caught + self.missed

    @property
    def sound(self) -> int:
        """Rows that were sound."""
        return self.doubted + self.trusted + self.unanswered

    @property
    def rows(self) -> int:
        """All rows."""
        return self.flawed + self.sound


def verdicts(claims: Iterable[ClaimKey], answers: Mapping[str, Answer]) -> dict[str, Verdict]:
    """Claim id -> verdict, in the key's order."""
    return {claim.claim_id: verdict(claim.flawed, answers.get(claim.claim_id)) for claim in claims}
