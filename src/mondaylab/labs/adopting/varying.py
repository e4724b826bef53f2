"""Varying: the words of a span that say the same of other slices, with words in braces for what changes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mondaylab.labs.adopting.answered import Answered, within
from mondaylab.labs.adopting.spans import Span
from mondaylab.labs.adopting.templates import Stated
from mondaylab.labs.binding.claims import MONEY
from mondaylab.labs.binding.marks import Mark
from mondaylab.labs.binding.unclear import spoilt
from mondaylab.labs.binding.words import CUES, LOOSE, MAYBE, any_of
from mondaylab.labs.claims.text_claim import TextClaim

COMPARATIVES = ("higher", "lower")
_VERBS = any_of(
    "increased rose grew climbed gained jumped surged",
    "decreased fell declined dropped dipped slipped shrank",
)
_NO_VERB = re.compile(
    r"\b(?:an?|the|its|their|this|has|have|had|be|been|being|was|were|is|are|of|with|saw|and|or|to)\s+(?:\w+ly\s+)?$",
    re.IGNORECASE,
)
"""Before a word that looks like a verb in the past and is none, or none alone: *had increased*, *increased sales*."""
_WAS_UP = re.compile(r"\b(?:was|were|went)\s+$")
SIZED = any_of(
    r"slight(?:ly)? significant(?:ly)? substantial(?:ly)? sharp(?:ly)? dramatic(?:ally)? marginal(?:ly)? modest(?:ly)?",
    "considerabl[ey] notabl[ey] marked(?:ly)? steep(?:ly)? large small huge big just only mere(?:ly)? strong(?:ly)?",
    r"even still weak\w* impressive\w* nearly almost about around approximately roughly some over under low high both",
    "again",
)
"""Words that fit the size of one figure, and not that of another."""
CONTRASTS = any_of(
    r"also too likewise similarly however but although despite nevertheless in_contrast offset\w* while whereas",
    "(?:un)?fortunately sadly positive negative good excellent loss(?:es)?",
)
"""Words that hold two figures together, or value one: they contradict what is said once a figure goes the other way."""
_GOES_ON = re.compile(
    r"\s*(?:$|[.,;:()!?'\u2019\u2013-]|(?:and|to|in|of|for|from|at|on|with|while|but|compared|against|than)\b)"
)
"""Behind a number that is told without what it counts, where its unit reads well."""
_LONE = re.compile(r"[{}]")
_WEEK = re.compile(r"[Ww]eek \d{1,2}")


class Fixed(Exception):
    """Words that fit only what they were said of.

    Attributes:
        what: Which, and why.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(what)


Swap = tuple[int, int, str]
"""Words of the answer, from where to where, and what stands in their place."""


def varied(answered: Answered, span: Span, what: Stated, marks: Sequence[Mark]) -> tuple[str, str]:
    """The words of a span with what changes in braces, and the word by which it says a direction.

    Args:
        answered: The answer.
        span: A claim's words.
        what: What the claim states.
        marks: Those of its sentence.

    Raises:
        Fixed: They fit no other slices.
    """
    claim = span.entry.claim
    if claim is None:
        raise Fixed("nothing is claimed")
    _said_as_fact(answered, span)
    found, word = within(marks, span.start, span.end), "direction"
    swaps: list[Swap] = []
    for mark in found:
        if mark.what in ("up", "down"):
            word, swap = _direction(answered, mark, span, claim, what)
            swaps.append(swap)
        elif mark.what == "number":
            swaps.append(_number(answered, mark, claim, what))
        elif mark.what == "elsewhen":
            raise Fixed(f"{_said(answered, mark)!r} is a time of its own")
        else:
            swaps += _named(answered, mark, exact=False)
    if what.says_direction and not any(one.what in ("up", "down") for one in found):
        raise Fixed("no word of it says which way it went")
    _nothing_else(answered, span.start, span.end, swaps, found)
    return swapped(answered.text, span.start, span.end, swaps), word


def _said_as_fact(answered: Answered, span: Span) -> None:
    """Holds that nothing in the words of a claim says that something is not so, or only may be."""
    said = answered.bound.sentences[span.entry.sentence]
    for _, _, doubt in spoilt(answered.plain, said.start, said.end):
        if span.start <= doubt.start < span.end:
            raise Fixed(f"{answered.shown(doubt.start, doubt.end)!r} makes it no plain fact")
    if (found := MAYBE.search(answered.plain, span.start, span.end)) is not None:
        raise Fixed(f"{found[0]!r} makes it no plain fact")


def connected(answered: Answered, start: int, end: int, marks: Sequence[Mark]) -> tuple[str, str | None]:
    """Words between claims with what changes in braces; and why they fit no other slices, if they do not.

    They must give the answer's own words again, so only what is spelled just so is replaced.
    """
    swaps: list[Swap] = []
    fixed = None
    found = within(marks, start, end)
    for mark in found:
        try:
            swaps += _named(answered, mark, exact=True)
        except Fixed as error:
            fixed = fixed or error.what
    try:
        _nothing_else(answered, start, end, swaps, found)
        if (told := next((one for one in found if _told(answered, one)), None)) is not None:
            raise Fixed(f"{_said(answered, told)!r} is said of these slices only")
    except Fixed as error:
        fixed = fixed or error.what
    return swapped(answered.text, start, end, swaps), fixed


def _told(answered: Answered, mark: Mark) -> bool:
    """Whether words between claims tell a time or a turn; *see above* tells none."""
    turn = mark.what in ("up", "down") and _said(answered, mark).lower() not in LOOSE
    return turn or mark.what == "elsewhen"


def swapped(text: str, start: int, end: int, swaps: Sequence[Swap]) -> str:
    """Part of a text with some words replaced, and braces that are meant as such."""
    made, at = "", start
    for first, last, by in sorted(swaps):
        made += braced(text[at:first]) + by
        at = last
    return made + braced(text[at:end])


def braced(words: str) -> str:
    """Words whose braces are meant."""
    return _LONE.sub(lambda found: found[0] * 2, words)


def _said(answered: Answered, mark: Mark) -> str:
    return answered.text[mark.start : mark.end]


def _named(answered: Answered, mark: Mark, *, exact: bool) -> Iterator[Swap]:
    """A slice or a week, by its slot."""
    said = _said(answered, mark)
    if mark.what == "member":
        slot = answered.slot_of(mark.field, mark.name)
        if slot is None or (exact and said != mark.name):
            raise Fixed(f"{said!r} is no slot, or spelled otherwise than in the data")
        yield mark.start, mark.end, f"{{{slot}}}"
    if mark.what == "week" and any(one.isdigit() for one in said):
        words = {
            monday: word for word, monday in (("week", answered.lexicon.week), ("week_before", answered.lexicon.before))
        }
        if not _WEEK.fullmatch(said) or mark.week not in words:
            raise Fixed(f"{said!r} is another week, or spelled otherwise")
        word = words[mark.week]
        yield mark.start, mark.end, f"{{{word.capitalize() if said[0].isupper() else word}}}"


def _direction(answered: Answered, mark: Mark, span: Span, claim: TextClaim, what: Stated) -> tuple[str, Swap]:
    """The word for more or less that the claim is about, as a word in braces."""
    said, text = _said(answered, mark).lower(), answered.text
    if not (claim.start <= mark.start and mark.end <= claim.end) or not what.says_direction:
        raise Fixed(f"{said!r} is said of these slices only")
    if what.kind == "more" and said in COMPARATIVES:
        return "comparison", (mark.start, mark.end, "{comparison}")
    before = text[span.start : mark.start]
    measures = [one for one in answered.marks[span.entry.sentence] if one.what == "measure"]
    ahead = any(span.start <= one.start < mark.start for one in measures)
    if not ahead and any(mark.end <= one.start < span.end for one in measures):
        raise Fixed(f"{said!r} is what something did to the figure")
    if _VERBS.fullmatch(said) and before.strip() and not _NO_VERB.search(before):
        return "direction", (mark.start, mark.end, "{direction}")
    if said in ("up", "down") and (found := _WAS_UP.search(before)) is not None:
        return "direction", (span.start + found.start(), mark.end, "{direction}")
    raise Fixed(f"{said!r} cannot be turned into 'rose' or 'fell'")


def _number(answered: Answered, mark: Mark, claim: TextClaim, what: Stated) -> Swap:
    """The claim's number with its unit."""
    if mark.number != claim.number:
        raise Fixed(f"{_said(answered, mark)!r} is no number of this claim")
    unit = what.display["unit"]
    if unit in ("%", "points", *MONEY):
        return mark.start, mark.end, "{value}"
    rest = answered.text[mark.end :]
    counted = re.match(rf"\s+{re.escape(unit)}\b", rest) or re.match(rf"\s+{re.escape(unit.removesuffix('s'))}\b", rest)
    if counted is not None:
        return mark.start, mark.end + counted.end(), "{value}"
    if _GOES_ON.match(rest):
        return mark.start, mark.end, "{value}"
    raise Fixed(f"behind {_said(answered, mark)!r} stands another word than {unit!r}")


def _nothing_else(answered: Answered, start: int, end: int, swaps: Sequence[Swap], marks: Sequence[Mark]) -> None:
    """Holds that no word is left that fits only these slices."""
    rest = "".join(
        " " if any(first <= place < last for first, last, _ in swaps) else answered.text[place]
        for place in range(start, end)
    )
    for pattern in (SIZED, CUES["same"]):
        if (found := pattern.search(rest)) is not None:
            raise Fixed(f"{found[0]!r} fits the size of this figure only")
    measures = [(one.start - start, one.end - start) for one in marks if one.what == "measure"]
    for member in answered.subject.slots.values():
        for spelling in {member, member.replace("_", " "), member.replace("_", "-")}:
            for found in re.finditer(rf"(?<!\w){re.escape(spelling)}(?!\w)", rest, re.IGNORECASE):
                if not any(first <= found.start() and found.end() <= last for first, last in measures):
                    raise Fixed(f"{found[0]!r} may be a name or a word")
    if any(one.isdigit() for one in rest):
        raise Fixed("a number is left in it")
