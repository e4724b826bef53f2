"""Sentences of a plain text: where each begins and ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LINE = re.compile(r"[^\n]+")
_BULLET = re.compile(r"\s*(?:[-*•–]|\d{1,2}[.)])\s+")
_END = re.compile(r"[.!?][\"'”’)\]]*(?=\s+[\"'“‘(\[]*[A-Z0-9€$£])")
_SHORT = re.compile(r"(?:\b(?:e\.g|i\.e|vs|approx|no|nos|incl|excl|ca|mr|ms|mrs|dr|st)\.)$", re.IGNORECASE)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence of a text begins and ends, without the space and the bullets around it.

    Args:
        text: Plain text; a line ends a sentence.
    """
    for line in _LINE.finditer(text):
        bullet = _BULLET.match(text, line.start(), line.end())
        start = line.start() if bullet is None else bullet.end()
        for end in [*_ends(text, start, line.end()), line.end()]:
            said = text[start:end]
            if said.strip():
                yield start + len(said) - len(said.lstrip()), start + len(said.rstrip())
            start = end


def _ends(text: str, start: int, end: int) -> Iterator[int]:
    for found in _END.finditer(text, start, end):
        if not _SHORT.search(text, start, found.start() + 1):
            yield found.end()
