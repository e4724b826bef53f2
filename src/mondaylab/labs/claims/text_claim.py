"""A claim of a text in figures: which figure it means, and what it says of it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from mondaylab.records import Record

Says = Literal["value", "change", "more", "less"]
"""A figure; by how much it changed; that it is more, or less, than another."""


class About(Record):
    """Which figure: a measure, cut to slices, in a week or over the quarter."""

    measure: str
    cut: dict[str, str] = {}
    """Field -> member; none: the whole company."""
    week: date | None = None
    """Its Monday; none: the whole quarter."""


class TextClaim(Record):
    """Something checkable that a text says, and understood without doubt."""

    start: int
    end: int
    """Where it stands in the text: from the first to behind the last character."""
    says: Says
    about: About
    against: About | None = None
    """What a change or a comparison is held against."""
    stated: float | None = None
    """The number as stated, in the unit; a fall is negative."""
    unit: str = ""
    """``%``, ``points``, a currency, a counted thing, or nothing, as the text has it."""
    decimals: int = 0
    """How exact the number is."""
    number: int | None = None
    """Which of the text's numbers it is, from 0 in reading order."""
