"""The binder: finds what a text claims, by its words; which value would fit is never looked at."""

from __future__ import annotations

import re

from mondaylab.labs.binding.claims import BoundSentence, BoundText, Doubtful
from mondaylab.labs.binding.lexicon import Lexicon
from mondaylab.labs.binding.marks import marks
from mondaylab.labs.binding.places import Places
from mondaylab.labs.binding.reading import Carried, Reading, exact
from mondaylab.labs.binding.sentences import sentences
from mondaylab.labs.binding.words import CUES

_MARKUP = re.compile(r"[*`_#](?<!\w_(?=\w))")
"""Signs that make words bold or a heading; an underscore within a name is none."""


def bind(text: str, lexicon: Lexicon) -> BoundText:
    """Finds what a text claims.

    Args:
        text: A model's whole text, as it came.
        lexicon: The words of the lab for texts about its subject.
    """
    bound: list[BoundSentence] = []
    carried, numbers = Carried(), 0
    plain = _MARKUP.sub(" ", text)  # as long as the text, so that all places stay
    for start, end in sentences(plain):
        found = marks(plain, start, end, lexicon, numbers)
        numbers += sum(mark.what == "number" for mark in found)
        reading = Reading(Places(plain, (start, end), found), lexicon, carried)
        reading.read()
        carried = reading.left
        doubts = [*reading.doubts, *_cued(plain, start, end, checkable=bool(found))]
        claims = tuple(exact(claim) for claim in reading.claims)
        doubts.sort(key=lambda doubt: doubt.start)
        bound.append(BoundSentence(start=start, end=end, claims=claims, doubts=tuple(doubts)))
    return BoundText(text=text, sentences=tuple(bound))


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
