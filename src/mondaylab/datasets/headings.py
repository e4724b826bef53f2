"""Headings of a text, in which capitals say nothing: only the rest of the text tells a word from a name."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property

from mondaylab.datasets.known import WORD, fold

_HEADING = re.compile(r"^#{1,6}[ \t].*$", re.MULTILINE)


class Headings:
    """The headings of one Markdown text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._spans = [match.span() for match in _HEADING.finditer(text)] if "#" in text else []

    def hold(self, position: int) -> bool:
        """Whether a heading stands there."""
        at = bisect_right(self._spans, (position, len(self._text)))
        return at > 0 and position < self._spans[at - 1][1]

    def is_word(self, words: Sequence[str]) -> bool:
        """Whether the text writes each of these words in lower case too, in the singular or with an s."""
        return all(
            not {(one := fold(word)), f"{one}s", one.removesuffix("s")}.isdisjoint(self._lower) for word in words
        )

    @cached_property
    def _lower(self) -> frozenset[str]:
        return frozenset(fold(word) for word in WORD.findall(self._text) if word.islower())
