"""The binder: finds what a text claims, by its words; which value would fit is never looked at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mondaylab.labs.binding.claims import BoundSentence, BoundText, Doubt, Doubtful
from mondaylab.labs.binding.lexicon import Lexicon
from mondaylab.labs.binding.marks import Mark, marks
from mondaylab.labs.binding.places import Places
from mondaylab.labs.binding.reading import Carried, Reading, exact
from mondaylab.labs.binding.sentences import sentences
from mondaylab.labs.binding.unclear import MOST_MARKS, part, spoilt, unused
from mondaylab.labs.binding.words import CUES
from mondaylab.labs.claims.text_claim import TextClaim

_MARKUP = re.compile(r"[*`_#](?<!\w_(?=\w))")
"""Signs that make words bold or a heading; an underscore within a name is none."""


def plain_text(text: str) -> str:
    """A text without the signs that make words bold or a heading: a space for each, so that all places stay."""
    return _MARKUP.sub(" ", text)


def bind(text: str, lexicon: Lexicon) -> BoundText:
    """Finds what a text claims.

    Args:
        text: A model's whole text, as it came.
        lexicon: The words of the lab for texts about its subject.
    """
    bound: list[BoundSentence] = []
    carried, numbers = Carried(), 0
    plain = plain_text(text)
    for start, end in sentences(plain):
        found = marks(plain, start, end, lexicon, numbers)
        numbers += sum(mark.what == "number" for mark in found)
        if len(found) > MOST_MARKS:
            bound.append(BoundSentence(start=start, end=end, doubts=_doubts(found, "number")))
            carried = replace(carried, measure=None, cut={}, clouded=True)  # whom it told of still may be meant
            continue
        reading = Reading(Places(plain, (start, end), found), lexicon, carried)
        reading.read()
        carried = reading.left
        bound.append(_settled(plain, (start, end), found, reading))
    return BoundText(text=text, sentences=tuple(bound))


def _settled(text: str, span: tuple[int, int], found: Sequence[Mark], reading: Reading) -> BoundSentence:
    """What stays of a sentence's claims: none, where something in it says that they are no plain facts."""
    claims = tuple(exact(claim) for claim in reading.claims)
    doubts = [*reading.doubts, *_cued(text, *span, checkable=bool(found))]
    if claims or doubts:
        spoiling = spoilt(text, *span)
        kept, gone = _parted(claims, spoiling)
        doubts += gone
        parts = [part(text, *span, doubt.start) for doubt in reading.doubts]
        if (stray := unused(found, claims, parts)) is not None:
            why: Doubt = "when" if stray.what in ("week", "elsewhen") else "whose"
            doubts += [_doubt(claim, why) for claim in kept]
            doubts.append(Doubtful(start=stray.start, end=stray.end, why=why))
            kept = ()
        claims = kept
    elif any(mark.what == "measure" for mark in found):
        first = next(mark for mark in found if mark.what == "measure")
        doubts.append(Doubtful(start=first.start, end=first.end, why="unread"))
    doubts.sort(key=lambda doubt: doubt.start)
    return BoundSentence(start=span[0], end=span[1], claims=claims, doubts=tuple(doubts))


def _parted(
    claims: Sequence[TextClaim], spoiling: Sequence[tuple[int, int, Doubtful]]
) -> tuple[tuple[TextClaim, ...], list[Doubtful]]:
    """The claims that are said as facts; and the others, as doubts, with what makes them so."""
    kept: list[TextClaim] = []
    gone: list[Doubtful] = []
    for claim in claims:
        first = next((doubt for start, end, doubt in spoiling if start < claim.end <= end), None)
        if first is None:
            kept.append(claim)
        else:
            gone.append(_doubt(claim, first.why))
            gone += [first] if first not in gone else []
    return tuple(kept), gone


def _doubt(claim: TextClaim, why: Doubt) -> Doubtful:
    return Doubtful(start=claim.start, end=claim.end, why=why, number=claim.number)


def _doubts(marks_found: Sequence[Mark], why: Doubt) -> tuple[Doubtful, ...]:
    """A doubt for every number of a sentence."""
    numbers = (mark for mark in marks_found if mark.what == "number")
    return tuple(Doubtful(start=one.start, end=one.end, why=why, number=one.number) for one in numbers)


def _cued(text: str, start: int, end: int, *, checkable: bool) -> list[Doubtful]:
    """What a sentence says that no figure can be held against, and that is still not nothing.

    A rank or a sameness counts only where the sentence speaks of figures at all.
    """
    wanted = [name for name in CUES if checkable or name not in ("rank", "same")]
    return [
        Doubtful(start=found.start(), end=found.end(), why=name)
        for name in wanted
        for found in CUES[name].finditer(text, start, end)
    ]
