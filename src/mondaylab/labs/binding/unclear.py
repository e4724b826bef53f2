"""Sentences that are not read as facts: denied, conditional, wished for, asked, about others, or too long."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mondaylab.labs.binding.claims import Doubt, Doubtful
from mondaylab.labs.binding.marks import Mark
from mondaylab.labs.binding.words import any_of
from mondaylab.labs.claims.text_claim import TextClaim

MOST_MARKS = 40
"""A sentence with more of them is a list that was cut up nowhere; to read it takes longer than to look at it."""
_WEEKDAY = "mondays? tuesdays? wednesdays? thursdays? fridays? saturdays? sundays?"
SPOILT: dict[Doubt, re.Pattern[str]] = {
    "maybe": any_of(
        r"wrong_that to_reach to_achieve to_hit must",
        r"ha(?:ve|s|d)_to goals? targets? aim\w* budget\w* expect\w* plan(?:s|ned)? forecast\w* need\w*",
        r"recommend\w* please",
        r"suggest_that hop(?:e|ing) for_example for_instance had_(?:\w+_)?(?:risen|fallen|been) could may might",
        "should(?!_(?:note|be_noted)) possibly potentially perhaps likely",
    ),
    "whose": any_of(
        "(?:the_)?rest elsewhere everywhere all_other others other(?!_hand) company[-_]level group(?:['’]s)?"
    ),
    "no_partner": any_of(
        r"above below under exceed\w* surpass\w* outperform\w* beat\w* more_slowly less_than more_than_in",
        r"slow(?:s|ed|ing)?",
        r"eas(?:es|ed|ing) smaller_than_in outpac\w*",
    ),
    "when": any_of(
        rf"since between_week {_WEEKDAY} (?:first|second)_half half_of_(?:the_)?week so_far to_date in_a_row"
    ),
    "number": any_of(
        r"per each doubl\w+ halv\w+ tripl\w+ quadrupl\w+ twice half thirds? quarters?_of plung\w+ soar\w+ narrow\w+",
        r"widen\w+ times tenfold \w+-fold out_of short_of one_in",
    ),
}
"""Words that make it unclear, wherever they stand in a sentence, what its figures say."""
_NOT = any_of(r"no not nobody none never neither nor hardly without \w+n['’]t")
"""Words that deny what stands in their own part of a sentence."""
_ALL = any_of(
    r"except excluding exclud\w+ apart_from unlike other_than respectively in_that_order (?<=,_)not",
    "assuming assumes? if unless would when whenever provided_that",
)
"""Words that hold for a whole sentence: who is left out, in which order, on what condition."""
_OPENING = re.compile(r"(?:reduce|increase|improve|raise|lower|cut|keep|let)(?!\w)(?! (?:in|of)\b)", re.IGNORECASE)
"""Words that at its beginning make a sentence a request."""
_COMMA = re.compile(r"[,;:]\s|\s(?:and|but|while|whereas)\s")
_SIGNS = re.compile(r"[½⅓¼¾→⇒]|->|=>|\d\s+of\s+(?:the\s+)?\d|\?")


def spoilt(text: str, start: int, end: int) -> list[tuple[int, int, Doubtful]]:
    """The words and signs for which what stands around them is not taken as a fact.

    Args:
        text: The whole text.
        start: Where the sentence begins.
        end: Where it ends.

    Returns:
        Each with where it begins and ends to hold: in its own part of the sentence, and most in all behind it.
    """
    found = [Doubtful(start=one.start(), end=one.end(), why=why) for why, one in _found(text, start, end)]
    held = [(*_holds(text, start, end, one), one) for one in found]
    denied = (one for one in _NOT.finditer(text, start, end))
    held += [
        (*part(text, start, end, one.start()), Doubtful(start=one.start(), end=one.end(), why="maybe"))
        for one in denied
    ]
    return sorted(held, key=lambda one: one[2].start)


def _found(text: str, start: int, end: int) -> Iterator[tuple[Doubt, re.Match[str]]]:
    for why, words in SPOILT.items():
        yield from ((why, one) for one in words.finditer(text, start, end))
    yield from (("whose", one) for one in _ALL.finditer(text, start, end))
    if (opening := _OPENING.match(text, start, end)) is not None:
        yield "maybe", opening
    yield from (("number", one) for one in _SIGNS.finditer(text, start, end))


def _holds(text: str, start: int, end: int, doubt: Doubtful) -> tuple[int, int]:
    """What a doubt is about: who is meant, and when, is said for all of a sentence."""
    if doubt.why == "when" or text[doubt.start : doubt.end] == "?" or _ALL.match(text, doubt.start):
        return start, end
    return part(text, start, end, doubt.start)[0], end


def part(text: str, start: int, end: int, place: int) -> tuple[int, int]:
    """Where the part of a sentence between commas begins and ends that a place lies in."""
    begins = [one.end() for one in _COMMA.finditer(text, start, place)]
    after = _COMMA.search(text, place, end)
    return begins[-1] if begins else start, end if after is None else after.start()


def unused(marks: Sequence[Mark], claims: Sequence[TextClaim], doubtful: Sequence[tuple[int, int]]) -> Mark | None:
    """The first week or slice that a sentence names and that nothing in it is about; none where all are used.

    Args:
        marks: Those of the sentence.
        claims: What is bound in it.
        doubtful: Parts of it that are doubtful anyway.
    """
    abouts = [one for claim in claims for one in (claim.about, claim.against) if one is not None]
    for mark in marks:
        if any(start <= mark.start < end for start, end in doubtful):
            continue
        match mark.what:
            case "member":
                used = any(one.cut.get(mark.field) == mark.name for one in abouts)
            case "whole":
                used = any(not one.cut for one in abouts)
            case "week":
                used = any(one.week == mark.week for one in abouts)
            case "elsewhen":
                used = False
            case _:
                used = True
        if not used:
            return mark
    return None
