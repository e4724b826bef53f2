"""What crosses the wire while a learner judges: answers, the events that carry them, and receipts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, field_validator

from mondaylab.forms.shown import Action, Severity
from mondaylab.measures import Measure
from mondaylab.records import Record

Stage = Literal["first", "check"]
STAGES: tuple[Stage, ...] = ("first", "check")

NOTE_LENGTH = 500
"""Longest note a learner can add to an answer, in characters."""

PROMPT_LENGTH = 5_000
"""Longest prompt that is checked and kept, in characters: some 800 words."""

Probability = Annotated[int, Field(strict=True, ge=0, le=100)]
"""A whole percentage; ``true``, ``50.5`` and ``"50"`` are refused, never converted."""


class Answer(Record):
    """What a learner says about one row. Every part may still be unset: an unset probability is never 50."""

    p: Probability | None = None
    """How likely the row is wrong, in percent."""
    action: Action | None = None
    """What the learner would do with it at work."""
    kind: str | None = Field(default=None, max_length=80)
    """Id of the flaw kind; asked after checking, when `p` is 50 or more."""
    severity: Severity | None = None
    """How bad it would be if it went out; asked with `kind`."""
    value: Annotated[float, Field(strict=True)] | None = None
    """The correct value, finite, in the claim's unit; optional."""
    note: str | None = Field(default=None, max_length=NOTE_LENGTH)
    """Free words; shown escaped wherever it is shown."""

    @field_validator("note", "kind")
    @classmethod
    def _storable(cls, text: str | None) -> str | None:
        return text if text is None else _storable(text)


def _storable(text: str) -> str:
    if "\x00" in text or any(0xD800 <= ord(letter) <= 0xDFFF for letter in text):
        raise ValueError("text that cannot be stored")
    return text


class AnswerEvent(Record):
    """A learner set or changed one answer."""

    event_id: UUID
    """Made by the sender; the same event sent twice counts once."""
    stage: Stage
    claim_id: str = Field(max_length=200)
    answer: Answer


class CommitEvent(Record):
    """A learner hands in a stage; it is locked from then on."""

    event_id: UUID
    stage: Stage


class EvidenceEvent(Record):
    """A learner saved the measure put together in the evidence builder, or took it back (``null``)."""

    event_id: UUID
    measure: Measure | None


class PromptEvent(Record):
    """A learner had a prompt checked: what the check read is what is scored, however the notebook came to it."""

    event_id: UUID
    prompt: Annotated[str, Field(strict=True, min_length=1, max_length=PROMPT_LENGTH), AfterValidator(_storable)]


Event = AnswerEvent | CommitEvent | EvidenceEvent | PromptEvent


class Receipt(Record):
    """Proof that the service has an event on disk."""

    receipt: str
    """20 hex digits over the event and its time."""
    seq: int
    """Place in the store's order of events."""
    event_id: UUID
    received_at: datetime
    """The service's clock, UTC."""


class Saved(Record):
    """Which event an answer in force came with."""

    event_id: UUID
    received_at: datetime


class FormAnswers(Record):
    """Everything in force for one form: the latest answer to each row, a stage at a time."""

    first: dict[str, Answer] = {}
    """Claim id -> answer at first look."""
    check: dict[str, Answer] = {}
    """Claim id -> answer after checking."""
    first_committed: datetime | None = None
    check_committed: datetime | None = None
    evidence: Measure | None = None
    """The measure from the evidence builder, if one was saved."""
    prompt: str | None = None
    """The prompt that was checked last, if one was."""
    saved: dict[Stage, dict[str, Saved]] = {}
    """Stage -> claim id -> the event the answer came with."""

    def stage(self, stage: Stage) -> dict[str, Answer]:
        """The answers of one stage by claim id."""
        return self.first if stage == "first" else self.check

    def committed(self, stage: Stage) -> datetime | None:
        """When the stage was handed in, if it was."""
        return self.first_committed if stage == "first" else self.check_committed


class FormState(Record):
    """One line of a learner's list of forms."""

    form_id: str
    cohort: str
    lab: str
    title: str
    attempt: int
    first_committed: datetime | None
    check_committed: datetime | None
    closed: bool


class Progress(Record):
    """How far one learner is with one form; counts only, no answers."""

    learner: str
    form_id: str
    attempt: int
    rows: int
    """Rows of the form."""
    first_answered: int
    """Rows with everything the first look asks for."""
    check_answered: int
    """Rows with everything that is asked after checking."""
    first_committed: datetime | None
    check_committed: datetime | None
    evidence: bool
    """Whether a measure from the evidence builder is saved."""
