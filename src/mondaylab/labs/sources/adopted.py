"""Adopted answers: what an assistant really wrote, as a manuscript with the answer's own figures before its text.

Between two lines ``+++`` stands TOML: ``[answer]`` says who wrote it, when, asked what and about what, and holds its
claims as they were said; ``[[claims]]`` are templates for what the lab has no claim for. Below stands the answer, its
claims as links.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Self

from pydantic import Field, model_validator

from mondaylab.errors import Refused
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.text_claim import About, Says, TextClaim
from mondaylab.labs.claims.wording import Display
from mondaylab.labs.sources.toml_text import toml_data
from mondaylab.records import Record, content_hash

FENCE = "+++"
"""The line before and behind the figures of an adopted answer."""
_FENCED = re.compile(r"\A\+\+\+\r?\n(.*?)^\+\+\+[ \t]*\r?\n", re.DOTALL | re.MULTILINE)
CHAT = "chat"


class SaidClaim(Record):
    """One claim of an answer, as it was said; whether it is true is computed from the data, each time anew."""

    claim: str
    """Id of its template: one of the lab's, or of those beside it."""
    said: str = Field(min_length=1)
    """The words of its span in the answer."""
    says: Says
    about: About
    against: About | None = None
    stated: float | None = None
    """The number as it was said, in `unit`; a fall is negative."""
    unit: str = ""
    decimals: int = 0

    def read(self) -> TextClaim:
        """The claim as the binder has it, its place being its own words."""
        told = self.model_dump(exclude={"claim", "said"})
        return TextClaim(start=0, end=len(self.said), **told)


class AdoptedAnswer(Record):
    """An assistant's answer that became a version of a draft."""

    model: str = Field(min_length=1)
    """The model's name, or that the tool does not state it."""
    tool: str | None = None
    """The product that it came from, if it was no bare model."""
    answered: date
    prompt: str = Field(min_length=1)
    """What was asked, the subject's words in braces."""
    title: str = Field(min_length=1)
    """The draft's title, likewise."""
    format: str = CHAT
    layout: dict[str, str | tuple[str, ...]] = {}
    company: str
    quarter: str
    week: date
    """Monday of the reporting week."""
    subject: dict[str, str] = {}
    """Slot -> member: what the answer is about."""
    states: dict[str, tuple[str, ...]] = {}
    """What the draft must state -> the claims of the answer that state it. What does not stand here it leaves out."""
    given: tuple[About, ...] = ()
    """The figures that its writer was given: an error is named after what it was made from."""
    displays: dict[str, Display] = {}
    """Measure -> how its sheet showed figures of it."""
    claims: tuple[SaidClaim, ...] = Field(min_length=1)
    varies: bool = True
    """Whether its words fit other slices too. *A slight increase* fits only what it was said of: then it stands in a
    form as it came, or not at all, and the words of such a span are the answer's own."""
    sha256: str
    """Of its words as they came: an answer is never edited."""

    @model_validator(mode="after")
    def _said_once(self) -> Self:
        names = [one.claim for one in self.claims]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"claim {twice[0]!r} is said twice")
        stray = sorted({name for stated in self.states.values() for name in stated} - {*names})
        if stray:
            raise ValueError(f"{stray[0]!r} states something that is asked for, and is no claim of the answer")
        return self

    @property
    def slices(self) -> Slices:
        """What the whole answer is about."""
        return Slices(self.subject, self.week)

    def said(self) -> dict[str, SaidClaim]:
        """Claim -> how the answer said it."""
        return {one.claim: one for one in self.claims}

    def renamed(self, names: Mapping[str, str]) -> Self:
        """The same with other ids for its claims."""
        claims = tuple(one.model_copy(update={"claim": names.get(one.claim, one.claim)}) for one in self.claims)
        states = {item: tuple(names.get(name, name) for name in stated) for item, stated in self.states.items()}
        return self.model_copy(update={"claims": claims, "states": states})


class FrontMatter(Record):
    """What stands before the text."""

    answer: AdoptedAnswer
    claims: tuple[dict[str, Any], ...] = ()
    """As in ``lab.toml``, without their draft."""


def parted(text: str, where: str) -> tuple[dict[str, Any] | None, str, int]:
    """The figures before an adopted answer, its text, and how many lines stand before that.

    Args:
        text: A whole manuscript's.
        where: Named in errors.

    Raises:
        Refused: The figures are begun and do not end, or are no TOML.
    """
    if not text.startswith(FENCE):
        return None, text, 0
    found = _FENCED.match(text)
    if found is None:
        raise Refused(f"the figures of an answer end nowhere: no line {FENCE}", where=f"{where}:1")
    lines = text[: found.end()].count("\n")
    return toml_data(Path(where), "\n" + found[1]), text[found.end() :], lines


def words_hash(words: str) -> str:
    """SHA-256 of an answer's words, wherever its lines break."""
    return content_hash("".join(words.split()))
