"""Spans: a sentence cut between its claims, so that whatever it says is said by one of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from mondaylab.labs.adopting.answered import Answered, within
from mondaylab.labs.adopting.entries import Entry
from mondaylab.labs.adopting.need import CannotAdopt
from mondaylab.labs.binding.marks import Mark
from mondaylab.labs.claims.text_claim import TextClaim

_CUTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"[,;]\s*(?:and|but|while|whereas|although|with|where|which)\s+",
        r"\s+(?:while|whereas|but|although)\s+",
        r"\s*\(\s*|(?<=\))\s+",
        r"[;,:]\s+",
        r"\s+and\s+",
        r"\s+(?:compared\s+(?:to|with)|versus|vs\.?|against|than)\s+",
        r"\s+(?:from|to|at|of|with|by|in)\s+",
        r"\s+",
    )
)
"""Where a sentence is cut between two claims, the best kind of place first; the words there stay outside both."""
_LEAD = re.compile(
    r"(?:(?:However|Additionally|Also|Meanwhile|Overall|In contrast|On the other hand|Similarly|Moreover|Furthermore"
    r"|In addition|Specifically|In comparison),?\s+)?(?:(?:In|During|For)\s+(?:the\s+)?week\s\d{1,2},\s+)?"
)
"""Words before the first claim that connect and say only what all of the sentence is about."""
_EDGE = re.compile(r"[\s.,;:!?]+$")
_TAIL = re.compile(r"\s*[,;:]\s|\s+[\u2013\u2014-]\s|\s*\u2014|\s*\(")
"""Behind all that a claim says, where something else begins."""
_MARKUP = re.compile(r"[*`#|]|(?<!\w)_|_(?!\w)|^[ \t]*>", re.MULTILINE)
"""Signs of Markdown: a link lies within or around what they set off, never across."""
_MEANT = ("number", "measure", "member", "whole", "week", "elsewhen", "up", "down")
"""Marks that are not cut in two."""


@dataclass(frozen=True)
class Span:
    """The words of one claim, from the first character to behind the last."""

    entry: Entry
    start: int
    end: int


def cut(answered: Answered, sentence: int, claims: Sequence[Entry]) -> list[Span]:
    """The spans of a sentence's claims, in reading order.

    Args:
        answered: The answer.
        sentence: Which sentence.
        claims: What it claims.

    Raises:
        CannotAdopt: Two of them share their words, or a sign of Markdown stands within one.
    """
    ordered = sorted(claims, key=lambda one: (one.start, one.end))
    if not ordered:
        return []
    text, said = answered.text, answered.bound.sentences[sentence]
    edges = [_first(text, said.start, ordered[0].start)]
    for left, right in pairwise(ordered):
        if right.start < left.end:
            raise CannotAdopt(f"claims {left.number} and {right.number} are said with the same words")
        edges += _between(text, left.end, right.start, answered.marks[sentence])
    edges.append(said.end)
    spans = []
    for place, one in enumerate(ordered):
        start, end = edges[2 * place], edges[2 * place + 1]
        end = _without_tail(text, start, end, one, answered.marks[sentence])
        spans.append(Span(one, *_trimmed(text, start, end, one)))
    return spans


def _without_tail(text: str, start: int, end: int, entry: Entry, marks: Sequence[Mark]) -> int:
    """Where a claim has said all that it says: what follows a comma then is said beside it."""
    said, told = set[str](), entry.end
    for mark in within(marks, start, end):
        key = key_of(mark, entry.claim)
        if key is not None and key not in said:
            said.add(key)
            told = max(told, mark.end)
    found = _TAIL.search(text, told, end)
    return end if found is None else found.start()


def key_of(mark: Mark, claim: TextClaim | None) -> str | None:
    """What of a claim a mark says: its measure, a slice, a week; none of a mark that says nothing of it."""
    abouts = [] if claim is None else [one for one in (claim.about, claim.against) if one is not None]
    match mark.what:
        case "measure" if any(one.measure in mark.names for one in abouts):
            return "measure"
        case "member" if any(one.cut.get(mark.field) == mark.name for one in abouts):
            return f"{mark.field}={mark.name}"
        case "week" if any(one.week == mark.week for one in abouts):
            return str(mark.week)
        case "whole" if any(not one.cut for one in abouts):
            return "whole"
    return None


def _first(text: str, start: int, core: int) -> int:
    """Where the first span begins: behind words that only connect."""
    found = _LEAD.match(text, start, core)
    return start if found is None else found.end()


def _between(text: str, start: int, end: int, marks: Sequence[Mark]) -> tuple[int, int]:
    """Where the left of two spans ends and the right begins."""
    kept = [one for one in marks if one.what in _MEANT]
    for pattern in _CUTS:
        # the last one: what follows a number says more of it than what stands before the next does
        for found in reversed([*pattern.finditer(text, start, end)]):
            if not any(one.start < found.end() and found.start() < one.end for one in kept):
                return found.span()
    raise CannotAdopt(f"{text[start:end]!r} does not part what stands before and behind it")


def _trimmed(text: str, start: int, end: int, entry: Entry) -> tuple[int, int]:
    """Without space, final signs, half a pair of brackets, and the signs of Markdown around it."""
    if _MARKUP.search(text, entry.start, entry.end):
        raise CannotAdopt("a sign of Markdown stands between the words of one claim")
    before = [found.end() for found in _MARKUP.finditer(text, start, entry.start)]
    behind = _MARKUP.search(text, entry.end, end)
    start, end = before[-1] if before else start, end if behind is None else behind.start()
    start += len(text[start:end]) - len(text[start:end].lstrip())
    end = start + len(_EDGE.sub("", text[start:end]))
    opened, closed = text[start:end].count("("), text[start:end].count(")")
    if closed > opened and text[end - 1] == ")":
        end -= 1
    elif opened > closed and text[end : end + 1] == ")":
        end += 1
    return start, max(end, entry.end)
