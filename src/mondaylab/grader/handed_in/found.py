"""One thing that was found where it does not belong: where it stands, and how it begins, as plain text for a person."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Self

from mondaylab.records import Record

LONGEST = 2_000
"""Characters of one thing that are shown."""
_MOST_SHOWN = 6
_NAME = 120


class Found(Record):
    """Work of a learner's in another place; both parts are theirs, so they are escaped wherever they are shown."""

    place: str
    """A cell, a file or a cell of a file."""
    text: str
    """How it begins; empty for a file that is no text."""

    @classmethod
    def of(cls, place: str, text: str) -> Self:
        """Cuts both parts to a size, and takes out what is no plain letter of a text."""
        plain = place.encode("utf-8", "backslashreplace").decode()
        return cls(place="".join(one if one.isprintable() else "?" for one in plain)[:_NAME], text=cut(text))


def cut(text: str) -> str:
    """The text's beginning, without control characters."""
    text = "".join(one if one.isprintable() or one in "\n\t" else "?" for one in text[: LONGEST + 1])
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def cell_place(index: int) -> str:
    """A cell in words, counted from the top as people do."""
    return f"cell {index + 1}"


def found_markdown(found: Sequence[Found]) -> str:
    """What was found as Markdown whose learners' parts are inert: no mark-up, link, picture or formula is in them."""
    parts = []
    for one in found[:_MOST_SHOWN]:
        parts.append(f"<p><code>{html.escape(one.place)}</code></p>\n")
        if one.text.strip():
            lines = [html.escape(line) for line in one.text.splitlines()]
            parts.append("<pre>" + "\n".join(lines) + "</pre>\n")
    if len(found) > _MOST_SHOWN:
        parts.append(f"and {len(found) - _MOST_SHOWN} more places.\n")
    return "\n".join(parts)
