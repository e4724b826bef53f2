"""What crosses the wire when a learner hands in: which folder it is, and the line that is noted of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from mondaylab.records import Record

Witness = Literal["service", "collect"]
_Name = Annotated[str, Field(min_length=1, max_length=150, pattern=r"^[A-Za-z0-9_-][A-Za-z0-9_.-]*$")]


class HandIn(Record):
    """What Submit tells."""

    cohort: _Name
    assignment: _Name
    """nbgrader's assignment id."""
    folder: Annotated[str, Field(min_length=1, max_length=250, pattern=r"^[A-Za-z0-9_.:+ -]+$")]
    """Name of the hand-in's folder."""
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """SHA-256 over the names and contents of its files."""


class Noted(Record):
    """One line of the ledger."""

    learner: str
    hand_in: HandIn
    at: datetime
    """When it was handed in, by the clock of who noted it."""
    witness: Witness
    """Who noted it: the service at hand-in, or Collect when it first saw the folder."""
    late: bool
    """Whether feedback on the assignment was out by then."""
