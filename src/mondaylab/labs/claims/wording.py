"""Numbers in words: how a claim shows its value, and the check that a draft says no number that no claim states."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping

from pydantic import Field

from mondaylab.errors import Refused
from mondaylab.records import Record

PLACES = ("highest", "second-highest", "third-highest", "fourth-highest", "fifth-highest", "sixth-highest")
MONEY = "money"
"""A display's unit where a lab means the company's currency."""
_BRACES = "write a word as {word}, and a brace that is meant as {{ or }}"
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WEEK = re.compile(r"\b[Ww]eek \d+")


class Display(Record):
    """How a value is shown, and so how exact a claim is."""

    unit: str
    """``money`` (the company's currency), ``%``, ``points``, ``place``, or a counted thing such as ``orders``."""
    scale: float = 1.0
    """Displayed = value x scale (100 for percent)."""
    decimals: int = Field(0, ge=-6, le=6)
    """Decimals shown; -2 rounds to hundreds."""

    @property
    def step(self) -> float:
        """The displayed step; half of it is the tolerance of a claim."""
        return float(10.0**-self.decimals)

    def shown(self, value: float) -> float:
        """The value in displayed units, rounded as displayed."""
        return round(value * self.scale, self.decimals) + 0.0


def spelled(value: float, display: Display) -> str:
    """A displayed value with its unit; the sign is left to words such as *rose* and *fell*."""
    number = f"{abs(value):,.{max(display.decimals, 0)}f}"
    match display.unit:
        case "EUR":
            return f"€{number}"
        case "%":
            return f"{number} %"
        case "place":
            return place(value)
        case unit:
            one = number == "1" and unit.endswith("s")
            return f"{number} {unit[:-1] if one else unit}"


def place(rank: float) -> str:
    """A rank in words: 1 is *highest*.

    Raises:
        Refused: It is beyond the places that have a word.
    """
    if not 1 <= rank <= len(PLACES):
        raise Refused(f"rank {rank:g} has no word", fix="rank over fewer members")
    return PLACES[int(rank) - 1]


def phrase(template: str, words: Mapping[str, str], *, where: str) -> str:
    """Fills a text; every placeholder needs a word.

    Raises:
        Refused: A placeholder has none, or is more than a word; or a brace stands alone.
    """
    try:
        parts = [part for part in _parsed(template) if part[1] is not None]
    except ValueError:
        raise Refused(f"a brace stands alone in {template!r}", where=where, fix=_BRACES) from None
    missing = sorted({name or "{}" for _, name, _, _ in parts if name not in words})
    if missing:
        there = ", ".join(sorted(words, key=str.lower)) or "none"
        raise Refused(f"no word for {', '.join(missing)}: {template!r}", where=where, fix=f"words there are: {there}")
    if any(spec or conversion for _, _, spec, conversion in parts):
        raise Refused(f"more than a word stands between braces in {template!r}", where=where, fix=_BRACES)
    return "".join(text + ("" if name is None else words[name]) for text, name, _, _ in _parsed(template))


def words_of(template: str) -> tuple[str, ...]:
    """The words in braces of a text, as they stand there; none of a text whose braces do not match."""
    try:
        return tuple(name for _, name, _, _ in _parsed(template) if name is not None)
    except ValueError:
        return ()


def _parsed(template: str) -> list[tuple[str, str | None, str | None, str | None]]:
    return list(string.Formatter().parse(template))


def numbers_in(text: str) -> list[str]:
    """Every number written with digits, as spelled."""
    return _NUMBER.findall(text)


def says_number(text: str, value: float) -> bool:
    """Whether one of the sentence's numbers, other than a reporting week's, is the value, whatever its sign."""
    found = (number for number in numbers_in(_WEEK.sub("", text)) if number.count(".") < 2)
    return abs(value) in {float(number.replace(",", "")) for number in found}


def check_numbers(text: str, stated: Iterable[str], *, where: str) -> None:
    """Refuses a text with a number that no claim states.

    Args:
        text: The sentence, or the words between claims.
        stated: Spelled values (and slot words such as ``week 41``) whose numbers may occur.
        where: Named in the error: lab, draft and claim.

    Raises:
        Refused: A number in the text belongs to none of them; drafts with loose numbers could not be judged.
    """
    allowed = {number for words in stated for number in numbers_in(words)}
    loose = [number for number in numbers_in(text) if number not in allowed]
    if loose:
        raise Refused(
            f"the text holds {', '.join(loose)}, which no claim states: {text!r}",
            where=where,
            fix="make the number a claim's value, or take it out",
        )
