"""Sentences of a draft: which pieces of its elements stand in one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mondaylab.forms.shown import DraftPart, Tag

PIECE, ENDED = "\ue000", "\ue001"
"""Stand for what is no text while sentences are told apart; the second, where that ends one. No text may hold them."""
NEST: frozenset[Tag] = frozenset({"ul", "ol", "blockquote", "table", "thead", "tbody"})
"""Elements that hold others, and no sentences of their own."""
_ENDS = re.compile(r"[.!?][\"'”\u2019)]*$")
_SENTENCE = re.compile(rf".+?[.!?{ENDED}][\"'”\u2019)]*\s+|.+", re.DOTALL)
_PIECES = re.compile(rf"({PIECE}{ENDED}?)")


def is_text(part: DraftPart) -> bool:
    """Whether a piece is words between claims."""
    return part.text is not None and part.claim_id is None


def sentences(parts: Sequence[DraftPart]) -> list[list[DraftPart]]:
    """The pieces of a text, sentence by sentence; the space behind a sentence belongs to it.

    Args:
        parts: What stands in one element; a claim among them may carry its words as `text`.
    """
    line = "".join(
        one.text or "" if is_text(one) else f"{PIECE}{ENDED if _ENDS.search(one.text or '') else ''}" for one in parts
    )
    others = iter([one for one in parts if not is_text(one)])
    return [
        [next(others) if text[0] == PIECE else DraftPart(text=text) for text in _PIECES.split(sentence) if text]
        for sentence in _SENTENCE.findall(line)
    ]


def holds_blocks(part: DraftPart) -> bool:
    """Whether an element has others in it, and not one text."""
    return part.tag in NEST or any(one.tag in NEST or one.tag in ("p", "li", "tr", "td", "th") for one in part.parts)


def said_together(part: DraftPart) -> list[list[DraftPart]]:
    """The pieces within an element that belong together: a sentence, a heading, or a row of a table."""
    if part.tag == "tr":
        return [[part]]
    if holds_blocks(part):
        return [group for one in part.parts for group in said_together(one)]
    return [[part]] if part.tag is None else sentences(part.parts)
