"""Allowed words: all that a pasted text keeps where no exports tell who is somebody."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from mondaylab.datasets.dictionary import is_plain
from mondaylab.datasets.freetext import Scrubber
from mondaylab.datasets.gazetteer import Span
from mondaylab.datasets.known import Known
from mondaylab.datasets.policy import Policy
from mondaylab.labs.material import Material
from mondaylab.labs.sources.asking import Asking

WORD = "WORD"
"""Kind of what is taken out only because nothing says that it may stay."""
_TOKEN = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_OWNED = re.compile(r"['\u2019]s$")
_WITH_DIGITS = re.compile(
    r"\d{0,4}[QHW][1-4]|[CK]?W\d\d?|[QH][1-4]\d{4}|[FC]Y\d{2,4}|\d+(?:st|nd|rd|th|s|k|m|mn|bn|x|h|d|pp|kg)?|[a-z]?\d",
    re.IGNORECASE,
)
"""Figures, ordinals, quarters and weeks: ``2026Q4``, ``W43``, ``3rd``, ``12k``."""
_LONG = re.compile(r"(?<![\d.,])\d{5,}(?![.,]?\d)")
"""Five digits or more that nothing parts, as numbers of customers, orders and people are written."""
_MONEY_BEFORE = re.compile(r"(?:[€$£]|EUR|USD|GBP|CHF)\s?\Z")
_MONEY_BEHIND = re.compile(r"\s?(?:[%€$£]|EUR\b|USD\b|GBP\b|CHF\b)")


class Allowed:
    """Finds whatever is neither in what an author may read anyway nor a plain word, and what looks personal.

    It knows no export: nobody can find out by it who stands in one.
    """

    def __init__(self, readable: Iterable[str], *, year: int) -> None:
        """Notes the words of texts.

        Args:
            readable: Texts that the author may read anyway.
            year: Year of the data, see `Scrubber`.
        """
        self._words = frozenset(found[0].lower() for text in readable for found in _TOKEN.finditer(text))
        empty = Policy.model_construct(company="", steward="", tables={})
        self._patterns = Scrubber(Known(frozenset(), {}, {}), empty, lambda *_: "", year=year)

    @classmethod
    def of(cls, material: Material, asking: Asking) -> Allowed:
        """What the lab, its handbook and its tables say.

        Args:
            material: The lab on its snapshot.
            asking: What it asks for.
        """
        return cls(_readable(material, asking), year=material.quarter.year)

    def find(self, text: str) -> list[Span]:
        """Where something has to go: as `Scrubber.find`, and spans of the kinds `WORD` and ``NUMBER``.

        Args:
            text: Any.

        Returns:
            Spans in order; words beside each other are one, and none stands in another.
        """
        found = [*self._patterns.find(text), *self._long_numbers(text)]
        for token in _TOKEN.finditer(text):
            if not self._may_stay(token[0]):
                last = found[-1] if found else None
                if last is not None and last.kind == WORD and text[last.end : token.start()] in (" ", "-"):
                    found.pop()
                    found.append(Span(last.start, token.end(), WORD))
                else:
                    found.append(Span(*token.span(), WORD))
        return _apart(found)

    def _may_stay(self, word: str) -> bool:
        if {word.lower(), _OWNED.sub("", word.lower())} & self._words:
            return True
        if any(map(str.isdigit, word)):
            return _WITH_DIGITS.fullmatch(word) is not None
        return is_plain(word)

    def _long_numbers(self, text: str) -> Iterator[Span]:
        for found in _LONG.finditer(text):
            money = _MONEY_BEFORE.search(text[: found.start()]) or _MONEY_BEHIND.match(text, found.end())
            if not money and found[0] not in self._words:
                yield Span(*found.span(), "NUMBER")


def _readable(material: Material, asking: Asking) -> Iterator[str]:
    """All that an author of the lab reads."""
    yield json.dumps([material.declaration.model_dump(mode="json"), asking.model_dump(mode="json")], ensure_ascii=False)
    for name in material.snapshot.texts():
        yield material.snapshot.text(name)
    for entity in material.declaration.entities:
        frame = material.catalog.frame(entity)
        yield " ".join(map(str, frame.columns))
        for column in frame.select_dtypes(["object", "string", "category"]):
            yield " ".join(map(str, frame[column].dropna().unique()))


def _apart(spans: list[Span]) -> list[Span]:
    """What stands in something larger goes with it."""
    apart: list[Span] = []
    for one in sorted(spans, key=lambda span: (span.start, -span.end)):
        if apart and one.end <= apart[-1].end:
            continue
        apart.append(one)
    return apart
