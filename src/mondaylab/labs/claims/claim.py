"""A claim: a span of a draft, the sentence that is judged of it, and its truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mondaylab.forms.shown import Severity
from mondaylab.labs.claims.slots import Slices

StatedValue = float | str | bool
Statement = Mapping[str, StatedValue]
"""What a sentence states, as typed values by name: the predicate of its kind judges these, never the text."""


@dataclass(frozen=True)
class Numbers:
    """The value that a claim states beside the true one, both in displayed units.

    Attributes:
        tolerance: Half a displayed step.
    """

    stated: float
    truth: float
    unit: str
    tolerance: float


@dataclass(frozen=True)
class Claim:
    """What a draft says in one place, with its truth.

    Attributes:
        template: The claim template's id.
        text: The words in the draft.
        judged_as: The sentence that is judged.
        slices: What it is about.
        words: The words in it, for code that wants them apart (validator task).
        statement: What it states, typed.
        flawed: Whether it is wrong, by evaluation.
        operator: What seeded the flaw.
        why: Plain words for feedback.
        query: What proves the truth.
        fact: Hash of what must be known to judge it: claims with the same fact betray each other.
        numbers: Stated and true value; none for a claim without a number to correct.
        severity: Of the flaw.
        foil: True, but looks wrong.
    """

    template: str
    text: str
    judged_as: str
    slices: Slices
    words: Mapping[str, str]
    statement: Statement
    flawed: bool
    operator: str | None
    why: str
    query: str
    fact: str
    numbers: Numbers | None = None
    severity: Severity | None = None
    foil: bool = False
