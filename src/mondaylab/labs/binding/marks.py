"""Marks: the words and numbers of a sentence that count for what it claims, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Literal

from mondaylab.labs.binding.lexicon import Lexicon
from mondaylab.labs.binding.words import (
    A_COMPANY,
    DOWN,
    FROM,
    LAST_WEEK,
    LITTLE,
    NO_TURN,
    OTHER_TIME,
    THAN,
    THIS_QUARTER,
    THIS_WEEK,
    UP,
    WEEK_BEFORE,
    WHOLE,
)
from mondaylab.labs.claims.figures import WEEK

What = Literal["number", "measure", "member", "whole", "week", "elsewhen", "up", "down", "than", "from"]

_MOST_DIGITS = 15
_AMOUNT = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_UNITS = (
    *("%", r"percentage[ -]points?\b", r"percent[ -]points?\b", r"per ?cent\b", r"pp\b", r"points?\b", r"EUR\b"),
    *(r"euros?\b", r"dollars?\b", "€", r"[kK]\b", r"million\b", r"thousand\b", r"USD\b", r"GBP\b", r"CHF\b"),
)
_SIGN = r"(?P<plus>\+\s?|(?<=\()[-\u2212]\s?)?(?P<minus>(?<![\w.,%)-] )(?<![\w.,%)-])[-\u2212])?"
_NUMBER = re.compile(
    rf"{_SIGN}(?P<money>[€$£]\s?|\b(?:EUR|USD|GBP|CHF)\s?)?(?P<amount>{_AMOUNT})(?P<unit>\s?(?:{'|'.join(_UNITS)})|)"
)
_WEEK = re.compile(
    r"\bweeks? (?P<week>\d{1,2})(?:\s*(?P<joined>and|to|-|–)\s*(?P<other>\d{1,2})\b)?(?!\s?%|[.,]\d)", re.IGNORECASE
)
_SINGLE = re.compile(r"\bweek \d{1,2}", re.IGNORECASE)
_COUNT_IN = re.compile(r"(?<!\w)\d[\d,.]*\s+(?:[A-Za-z][\w-]*\s+){1,10}$")
"""Before *week 49 and 26*: a figure, and words up to the week."""
_FROM = re.compile(r"\bfrom\s+$", re.IGNORECASE)
_COUNTED = re.compile(
    r"\s+(?:in|during)\s+(?:week\s\d|the\s(?:previous|prior|preceding|last)\sweek|the\sweek\sbefore)", re.IGNORECASE
)
"""Behind a number, it is that of another week: *41 orders in week 49 and 26 in week 48*."""


@dataclass(frozen=True)
class Mark:
    """Something that counts.

    Attributes:
        what: Which kind.
        start: Its first character in the text.
        end: Behind its last.
        value: Of a number, below zero with a minus before it.
        signed: Of a number: whether a plus stands before it, or a bracket and a minus: it is a change.
        odd: Of a number: whether it is none that can be read, such as a range or a date.
        unit: Of a number: ``%``, ``points``, a currency, or nothing.
        decimals: Of a number: how many it is told with, below zero if the last digits say a thousand.
        name: Of a member: itself.
        names: Of a measure: which; several, where their units tell which.
        field: Of a member: which field's.
        week: Of a week: its Monday.
        relative: Of a week: whether it is told by another one, such as *the week before*.
        number: Of a number: which of the text's.
    """

    what: What
    start: int
    end: int
    value: float = 0.0
    signed: bool = False
    odd: bool = False
    unit: str = ""
    decimals: int = 0
    name: str = ""
    names: tuple[str, ...] = ()
    field: str = ""
    week: date | None = None
    relative: bool = False
    number: int = -1


_CURRENCIES = {"€": "EUR", "$": "USD", "£": "GBP", "EUR": "EUR", "USD": "USD", "GBP": "GBP", "CHF": "CHF"}


def marks(text: str, start: int, end: int, lexicon: Lexicon, numbers: int) -> list[Mark]:
    """The marks of a sentence, none over another; where several could stand, the one that begins first, the longest.

    Args:
        text: The whole text.
        start: Where the sentence begins.
        end: Where it ends.
        lexicon: What is called how.
        numbers: How many numbers the text had before.
    """
    found = sorted(_longest(_all(text, start, end, lexicon)), key=lambda mark: (mark.start, -mark.end))
    kept: list[Mark] = []
    for mark in found:
        if not kept or mark.start >= kept[-1].end:
            kept.append(replace(mark, number=numbers) if mark.what == "number" else mark)
            numbers += mark.what == "number"
    return [_settled(kept, place, text) for place in range(len(kept))]


def exactness(value: float, decimals: int) -> int:
    """The decimals that a number is told with: 88,700 says hundreds, not single euros.

    Args:
        value: The number.
        decimals: Those that are spelled.
    """
    if decimals != 0 or abs(value) < 1000 or value != int(value):
        return decimals
    digits = str(int(abs(value)))
    zeros = len(digits) - len(digits.rstrip("0"))
    return -zeros if zeros >= 2 else decimals


def numbers_of(text: str) -> list[Mark]:
    """Every number of a text as it is spelled, in reading order."""
    return [_number(found) for found in _NUMBER.finditer(text)]


def _longest(found: Iterable[Mark]) -> list[Mark]:
    """The marks without measures whose names lie over a longer one's: *number of returns settled with vouchers*."""
    every = [*found]
    names = [mark for mark in every if mark.what == "measure"]

    def covered(mark: Mark) -> bool:
        over = (one for one in names if one.start < mark.end and mark.start < one.end)
        return any(one.end - one.start > mark.end - mark.start for one in over)

    return [mark for mark in every if mark.what != "measure" or not covered(mark)]


def _settled(kept: list[Mark], place: int, text: str) -> Mark:
    """*Last week* is the week before where something is held against it, and else no clear time."""
    mark = kept[place]
    if mark.what != "week" or LAST_WEEK.fullmatch(text, mark.start, mark.end) is None:
        return mark
    first = place - 2 if place > 1 and kept[place - 1].what == "number" else place - 1  # compared to 29.1% last week
    chain = kept[max(first, 0) : place + 1]
    little = all(LITTLE.fullmatch(text, one.end, two.start) for one, two in pairwise(chain))
    return mark if chain[0].what in ("than", "from") and little else replace(mark, what="elsewhen")


def _all(text: str, start: int, end: int, lexicon: Lexicon) -> Iterator[Mark]:
    yield from _times(text, start, end, lexicon)
    plain: list[tuple[What, re.Pattern[str]]] = [
        ("elsewhen", OTHER_TIME),
        ("whole", WHOLE),
        ("than", THAN),
        ("from", FROM),
    ]
    if lexicon.week is not None:  # in a text about a week, the quarter is another time
        plain.append(("elsewhen", THIS_QUARTER))
    for what, pattern in plain:
        yield from (Mark(what, *found.span()) for found in pattern.finditer(text, start, end))
    yield from (Mark("member", *found.span()) for found in A_COMPANY.finditer(text, start, end))
    spoilt = [found.span() for found in NO_TURN.finditer(text, start, end)]
    turns: tuple[tuple[What, re.Pattern[str]], ...] = (("up", UP), ("down", DOWN))
    for what, pattern in turns:
        for found in pattern.finditer(text, start, end):
            if not any(first <= found.start() < last for first, last in spoilt):
                yield Mark(what, *found.span())
    yield from _named(text, start, end, lexicon)
    for found in _NUMBER.finditer(text, start, end):
        if not _part_of_word(text, found):
            yield Mark("number", *found.span(), odd=True) if _odd(text, found) else _number(found)


def _times(text: str, start: int, end: int, lexicon: Lexicon) -> Iterator[Mark]:
    for found in WEEK_BEFORE.finditer(text, start, end):
        before = lexicon.before
        yield (
            Mark("elsewhen", *found.span())
            if before is None
            else Mark("week", *found.span(), week=before, relative=True)
        )
    for found in THIS_WEEK.finditer(text, start, end):
        yield (
            Mark("elsewhen", *found.span()) if lexicon.week is None else Mark("week", *found.span(), week=lexicon.week)
        )
    for found in _WEEK.finditer(text, start, end):
        yield from _weeks(text, start, found, lexicon)


def _weeks(text: str, start: int, found: re.Match[str], lexicon: Lexicon) -> Iterator[Mark]:
    """One week, or the two of *from week 48 to 49*; several others are no clear time."""
    monday, other = (lexicon.weeks.get(int(found[one] or 0)) for one in ("week", "other"))
    single = _SINGLE.match(text, found.start())
    if found["other"] is None or (single is not None and _other_figure(text, start, found, lexicon)):
        end = found.end() if single is None or found["other"] is None else single.end()
        yield Mark("elsewhen", found.start(), end) if monday is None else Mark("week", found.start(), end, week=monday)
        return
    follows = monday is not None and other is not None and (other - monday).days == WEEK
    if single is None or not follows or found["joined"].lower() != "to" or not _FROM.search(text, start, found.start()):
        yield Mark("elsewhen", *found.span())
        return
    yield Mark("week", found.start(), single.end(), week=monday)
    yield Mark("week", *found.span("other"), week=other)


def _other_figure(text: str, start: int, found: re.Match[str], lexicon: Lexicon) -> bool:
    """Whether what looks like a further week is a figure: *41 orders in week 49 and 26 orders in week 48*."""
    if found["joined"].lower() != "and" or not _COUNT_IN.search(text, start, found.start()):
        return False
    named = (_whole(name).match(text, found.end() + 1) for name in lexicon.measures)
    may_be_week = int(found["other"]) in lexicon.weeks
    return _COUNTED.match(text, found.end()) is not None or (not may_be_week and any(one is not None for one in named))


def _named(text: str, start: int, end: int, lexicon: Lexicon) -> Iterator[Mark]:
    for name, measures in lexicon.measures.items():
        for found in _whole(name).finditer(text, start, end):
            yield Mark("measure", *found.span(), names=measures)
    for name, (field, member) in lexicon.members.items():
        for found in _whole(name).finditer(text, start, end):
            if _is_member(text, found, member) or _before_measure(text, found, member, lexicon):
                longer = _LONGER.match(text, found.end())
                strange = longer is not None and longer[1].lower() not in lexicon.firsts
                yield Mark("member", *found.span(), name="" if strange else member, field="" if strange else field)


def _before_measure(text: str, found: re.Match[str], member: str, lexicon: Lexicon) -> bool:
    """Whether a name in small letters stands right before a measure: *packaging sales*."""
    following = re.compile(r" (\w+)").match(text, found.end())
    heads = {name.split()[0] for name in lexicon.measures}
    return not member.isupper() and following is not None and following[1].lower() in heads


@cache
def _whole(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)


_LONGER = re.compile(r" ([A-Z][a-z]+)")
"""A further word in capitals: *North American* is not North."""
_QUOTED = re.compile(r"(?:[\"'“‘]|\breason(?:s|ed)?:? [\"'“‘]?)$")


def _is_member(text: str, found: re.Match[str], member: str) -> bool:
    """Whether a word names a slice, and is not only an everyday word: *late*, *it*, *tools*."""
    said = found[0]
    if member.isupper():
        return said == member
    single = "_" not in member and " " not in member
    if member[:1].isupper():
        return said[:1].isupper() or not single
    return not single or _QUOTED.search(text[: found.start()]) is not None


def _part_of_word(text: str, found: re.Match[str]) -> bool:
    """Whether digits are part of a name or a code, such as R-1044."""
    at = found.start("amount")
    return found["money"] is None and re.match(r"\w", text[at - 1 : at]) is not None


_GOES_ON = re.compile(
    r"[A-Za-z]|[.,:]\d|\s?[-–/]\s?[€$£]?\d|\s\d|\s(?:prior|previous|past|last|preceding)\s(?:weeks|days|months|years)\b|\s(?:times|weeks?|days?|months?|hours?|years?|mn|bn|billion|[A-Z]{3})\b"
)
_GOES_BEFORE = re.compile(r"(?:[\d%€]\s?[-–/]\s?|\d[.,: ]|[A-Za-z]-)$")


def _odd(text: str, found: re.Match[str]) -> bool:
    """Whether digits are no plain number: a range, an ordinal, a date, another unit, or more than a figure has."""
    before = text[max(0, found.start() - 4) : found.start()]
    many = len(found["amount"]) > _MOST_DIGITS
    return many or bool(_GOES_ON.match(text, found.end())) or bool(_GOES_BEFORE.search(before))


def _number(found: re.Match[str]) -> Mark:
    amount, unit = found["amount"].replace(",", ""), found["unit"].strip()
    value, decimals = float(amount), len(amount.partition(".")[2])
    money = _CURRENCIES.get((found["money"] or "").strip())
    if unit.lower() in ("k", "thousand"):
        value, decimals, unit = value * 1e3, decimals - 3, ""
    elif unit.lower() == "million":
        value, decimals, unit = value * 1e6, decimals - 6, ""
    sign = (found["plus"] or found["minus"] or "+").strip()
    return Mark(
        "number",
        *found.span(),
        value=value if sign == "+" else -value,
        signed=found["plus"] is not None,
        unit=money or _unit(unit),
        decimals=decimals,
    )


def _unit(said: str) -> str:
    plain = said.lower()
    if plain in ("%", "percent", "per cent"):
        return "%"
    if "point" in plain or plain == "pp":
        return "points"
    if plain.startswith("dollar"):
        return "USD"
    if plain in ("eur", "€") or plain.startswith("euro"):
        return "EUR"
    return said.upper() if plain in ("usd", "gbp", "chf") else plain
