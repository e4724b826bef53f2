"""Reading a recorded sentence: the one value that it states, or why it cannot be judged."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Literal, NoReturn

from mondaylab.errors import Refused
from mondaylab.labs.claims.number import NumberTemplate
from mondaylab.labs.claims.slots import Slices, slot_of, slot_words
from mondaylab.labs.claims.wording import Display, check_numbers, spelled
from mondaylab.labs.recorded.asked import LONGEST, NEUTRAL, AskedFact, telling_words
from mondaylab.labs.writer import ClaimWriter

Code = Literal[
    "cut_off", "filtered", "model_refused", "not_json", "wrong_shape", "unknown_claim", "duplicate", "empty",
    "too_long", "markup", "slice_missing",
    "loose_number", "no_value", "value_mismatch", "ambiguous_number", "too_precise",
    "wrong_unit", "no_direction", "says_more", "says_less", "undecidable", "not_said",
]  # fmt: skip
CODES: dict[Code, str] = {
    "cut_off": "the answer was cut off at its longest",
    "filtered": "the endpoint's content filter held the answer back",
    "model_refused": "the model refused to answer",
    "not_json": "the answer is not JSON",
    "wrong_shape": "the answer does not have the form that was asked for",
    "unknown_claim": "it names a claim that was not asked for",
    "duplicate": "a second sentence for the same claim",
    "empty": "the sentence is empty",
    "too_long": f"the sentence is longer than {LONGEST} characters",
    "markup": "the sentence holds markup, a link or a control character",
    "slice_missing": "the sentence does not name everything that its figure is about",
    "loose_number": "the sentence holds a number that is not its stated value",
    "no_value": "the sentence does not say its value once",
    "value_mismatch": "the stated value is not the number in the sentence",
    "ambiguous_number": "the number can be read in two ways",
    "too_precise": "the number is more exact than the figure is shown",
    "wrong_unit": "the number stands without the figure's unit",
    "no_direction": "a change needs exactly one of rose and fell, right before its value",
    "says_more": "the sentence says something that no figure can be held against",
    "says_less": "the sentence does not say what was measured",
    "undecidable": "the value is neither the true one nor clearly another",
    "not_said": "the model wrote no sentence for this claim",
}
"""Why a sentence, or a whole answer, is not used."""
_MARKUP = re.compile(r"[<>\[\]{}`*#\\|]|https?:|www\.|[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_PLAIN = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_WORD = re.compile(r"[^\W\d_]+")
_SIGN = re.compile(r"[^\w\s\x00\x01]")
_STOPS = frozenset(".,;:'\u2019()")
_GAP = "\x00"
_VALUE = "\x01"
_BENDING = frozenset(
    _WORD.findall("over under above below about around nearly almost than least most up beyond from between near only")
)
"""Words that, right before a value, make it another statement."""


class Unusable(Exception):
    """A sentence that cannot be judged.

    Attributes:
        code: Why.
    """

    def __init__(self, code: Code) -> None:
        self.code = code
        super().__init__(CODES[code])


def _stop(code: Code) -> NoReturn:
    raise Unusable(code)


def stated_value(
    writer: ClaimWriter, template: NumberTemplate, fact: AskedFact, slices: Slices, text: str, value: float
) -> tuple[float, str]:
    """The value that a sentence states, and the sentence with it in the lab's spelling."""
    if not text:
        _stop("empty")
    if len(text) > LONGEST:
        _stop("too_long")
    if _MARKUP.search(text):
        _stop("markup")
    if not all(_find(word, text) for word in fact.about):
        _stop("slice_missing")
    masked = _masked(text, own_words(writer, template, slices))
    numbers = _NUMBER.findall(masked)
    if not numbers:
        _stop("no_value")
    size = _read_number(numbers[0])
    spelling = spelled(size, template.display)
    if any(_read_number(number) != abs(value) for number in numbers):
        _stop("value_mismatch" if len(numbers) == 1 else "loose_number")
    if len(numbers) > 1:
        _stop("no_value")
    if not math.isclose(round(size, template.display.decimals), size, rel_tol=1e-12, abs_tol=1e-9):
        _stop("too_precise")
    start, end = _span(masked, template.display)
    rest = masked[:start] + _VALUE + masked[end:]
    _check_words(template, rest)
    sign = _direction(rest) if template.changes else 1
    if value < 0 and sign > 0:
        _stop("value_mismatch")
    if template.changes and size == 0:
        _stop("no_direction")
    plain = f"{text[:start]}{spelling}{text[end:]}"
    try:
        check_numbers(plain, [spelling, *own_words(writer, template, slices)], where=f"claim {template.id}")
    except Refused:
        _stop("loose_number")
    return sign * size + 0.0, plain


def own_words(writer: ClaimWriter, template: NumberTemplate, slices: Slices) -> set[str]:
    """The slot words of a template's own cut: only these may a sentence name, or it would be about something else."""
    slots, words = writer.lab.slots, slices.words()
    names = {"week"} if "period" in template.by else set[str]()
    for field, word in template.by.items():
        if field != "period":
            base = slot_of(word, slots)
            names |= {word} | slot_words({base: slots[base]})
    return {words[name] for name in names if name in words}


def _masked(text: str, words: Iterable[str]) -> str:
    """The text with slot words blanked out, as long as it was: longest first, so that no part of one stays."""
    for word in sorted({*words}, key=len, reverse=True):
        text = re.sub(_whole(word), lambda found: _GAP * len(found[0]), text, flags=re.IGNORECASE)
    return text


def _find(word: str, text: str) -> bool:
    return re.search(_whole(word), text, flags=re.IGNORECASE) is not None


def _whole(word: str) -> str:
    return rf"(?<!\w){re.escape(word)}(?!\w)"


def _read_number(number: str) -> float:
    """A number without doubt: 1,243.5 or 1243.5. A decimal comma could be a thousands comma."""
    if not _PLAIN.fullmatch(number):
        _stop("ambiguous_number")
    return float(number.replace(",", ""))


def _span(masked: str, display: Display) -> tuple[int, int]:
    """Where the number stands with its unit."""
    number = _NUMBER.pattern
    match display.unit:
        case "EUR":
            pattern = rf"€\s?{number}|(?<![€\w.,]){number}\s?(?:EUR|euros?)(?!\w)"
        case "%":
            pattern = rf"{number}\s?(?:%|percent(?!\w)|per cent(?!\w))"
        case "points":
            pattern = rf"{number}\s(?:percentage\s)?points?(?!\w)"
        case unit:
            pattern = rf"{number}\s{re.escape(unit.removesuffix('s'))}s?(?!\w)"
    found = re.search(pattern, masked, flags=re.IGNORECASE)
    if found is None:
        _stop("wrong_unit")
    # a minus sign, or a dash that could be one
    if masked[: found.start()].rstrip().endswith(("-", "\u2212", "\u2013")):
        _stop("ambiguous_number")
    return found.start(), found.end()


def _direction(rest: str) -> int:
    """1 for rose, -1 for fell: the one such word, with nothing but ``by`` between it and the value, or at its front."""
    words = [word for word in _WORD.findall(rest.lower()) if word in ("rose", "fell")]
    before = rest[: rest.index(_VALUE)].lower().split()
    if len(words) != 1 or not before or before[-1] not in ("by", "rose", "fell"):
        _stop("no_direction")
    return 1 if words == ["rose"] else -1


def _check_words(template: NumberTemplate, rest: str) -> None:
    """Nothing but the lab's own words for this figure and words that say nothing, and all that must be said."""
    own = set(telling_words(template.judged_as))
    said = set(_WORD.findall(rest.lower()))
    ways = {"rose", "fell"} if template.changes else set()
    if said - own - NEUTRAL - ways:
        _stop("says_more")
    if set(_SIGN.findall(rest)) - set(template.judged_as) - _STOPS:
        _stop("says_more")
    before = _WORD.findall(rest[: rest.index(_VALUE)].lower().split(_GAP)[-1])
    lead = _WORD.findall(template.judged_as.lower().partition("{value}")[0])[-1:]
    if before and before[-1] in _BENDING - {*lead}:
        _stop("says_more")
    if not own <= said:
        _stop("says_less")
