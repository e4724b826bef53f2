"""A dictionary's words that are nobody's name: what may be read whoever the text is about."""

from __future__ import annotations

from functools import cache

from hunspell import Hunspell

from mondaylab.datasets.known import fold
from mondaylab.datasets.months import MONTHS
from mondaylab.datasets.name_list import is_first, is_last, listed

_LETTERS_OF_A_CODE = 3
"""``KPI``, ``EUR``, ``YoY``: so many at most."""
_DAYS = frozenset(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "christmas", "easter"])
_BRITISH = {
    **{"isation": "ization", "ise": "ize", "ised": "ized", "ising": "izing", "our": "or", "oured": "ored"},
    **{"ouring": "oring", "lled": "led", "lling": "ling", "tre": "ter", "ogue": "og"},
}
"""Endings as the dictionary lacks them, and has them."""


@cache
def _dictionary() -> Hunspell:
    # words only: proper names stand in it with a capital, and are not found in lower case
    return Hunspell("en_US")


@cache
def is_plain(word: str) -> bool:
    """Whether a word says nothing of who or what is meant: an English one, a code's letters, a month or a day.

    A listed first or last name is none with a capital, unless `common_words` has it (*Baker*, *Young*); in lower case
    it is one if the dictionary says so (*per*, *seven*).

    Args:
        word: Of letters, with any apostrophes.
    """
    said = word.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    lower = said.lower()
    owner = lower.removesuffix("'s")
    stem = fold(owner)
    if stem in MONTHS or stem in _DAYS:
        return True
    names = listed()
    if not word.islower() and (is_first(stem, names) or is_last(stem, names)):
        return False
    code = said.removesuffix("s")
    if len(said) == 1 or (len(code) <= _LETTERS_OF_A_CODE and sum(map(str.isupper, code)) > 1):
        return True
    return any(_spelled(one) for one in {lower, owner, *_american(owner)})


def _spelled(word: str) -> bool:
    try:
        return bool(_dictionary().spell(word))
    except UnicodeEncodeError:  # letters that no English word has
        return False


def _american(word: str) -> set[str]:
    stem, tail = (word[:-1], "s") if word.endswith("s") else (word, "")
    return {
        stem.removesuffix(british) + american + tail for british, american in _BRITISH.items() if stem.endswith(british)
    }
