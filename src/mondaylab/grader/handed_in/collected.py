"""Which hand-in a submission in the course is: a note beside it, written by Collect."""

from __future__ import annotations

from pathlib import Path

from mondaylab.errors import MondaylabError
from mondaylab.records import Record

COLLECTED = ".hand_in.json"
"""Hidden, so that nobody can hand one in."""


class Collected(Record):
    """One submission's hand-in."""

    folder: str
    """Its folder's name in the exchange."""
    confirmed: bool
    """Whether the judgement service noted its time when it was handed in."""


def read_collected(submission: Path) -> Collected | None:
    """The note of a submission in the course; none if it came there in another way."""
    try:
        return Collected.read_json(submission / COLLECTED)
    except (MondaylabError, OSError):
        return None
