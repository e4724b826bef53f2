"""Common first and last names of many countries, and which columns are lists of people."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from mondaylab.datasets.common_words import COMMON_WORDS
from mondaylab.datasets.known import fold
from mondaylab.datasets.months import MONTHS

# where names are written in letters with capitals: without them a name cannot be told from a word
_COUNTRIES = (
    "bg_BG cs_CZ da_DK de_AT de_CH de_DE el_GR en_GB en_IE en_IN en_NZ en_US es_AR es_CA es_ES es_MX et_EE fi_FI fr_BE "
    "fr_CH fr_FR ga_IE hr_HR hu_HU id_ID it_IT lt_LT lv_LV nl_BE nl_NL no_NO pl_PL pt_BR pt_PT ro_RO ru_RU sk_SK sl_SI "
    "sv_SE tr_TR uk_UA vi_VN"
)
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019\-][^\W\d_]+)*")
_PARTICLES = frozenset(
    [
        "van",
        "von",
        "der",
        "den",
        "de",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "du",
        "la",
        "le",
        "ten",
        "ter",
        "zu",
        "bin",
        "al",
        "el",
        "y",
        "dr",
        "prof",
        "mr",
        "mrs",
        "ms",
    ]
)
_OF_PLACES = frozenset(
    [
        "san",
        "santa",
        "santo",
        "sao",
        "saint",
        "st",
        "los",
        "las",
        "new",
        "fort",
        "mount",
        "port",
        "bad",
        "sankt",
        "el",
        "la",
        "argentina",
        "austria",
        "chad",
        "china",
        "cuba",
        "cyprus",
        "france",
        "georgia",
        "germany",
        "holland",
        "iceland",
        "india",
        "iran",
        "ireland",
        "israel",
        "italia",
        "italy",
        "jordan",
        "kenya",
        "malta",
        "morocco",
        "norway",
        "peru",
        "poland",
        "spain",
        "sweden",
    ]
)
_LONGEST = 60
_FEW, _MANY = 0.2, 0.5
_ENOUGH = 6


class Names(NamedTuple):
    """Folded first and last names, without common English words.

    Attributes:
        first: First names.
        last: Last names.
        any_last: Last names that are common words too, such as Smith: behind a first name they are none.
    """

    first: frozenset[str]
    last: frozenset[str]
    any_last: frozenset[str]


@cache
def listed() -> Names:
    """The names of Faker's lists (MIT). Half a second the first time."""
    first: set[str] = set()
    last: set[str] = set()
    for country in _COUNTRIES.split():
        provider = importlib.import_module(f"faker.providers.person.{country}").Provider
        for name, value in vars(provider).items():
            if name.startswith(("first_name", "last_name")) and isinstance(value, tuple | list | dict):
                names = {fold(str(entry)) for entry in value}
                (first if name.startswith("first_name") else last).update(names)
    no_names = COMMON_WORDS | MONTHS.keys() | _OF_PLACES
    return Names(frozenset(first - no_names), frozenset(last - no_names), frozenset(last - _OF_PLACES))


def people_in(cells: Iterable[str]) -> list[str]:
    """The cells that are people, if there are so many among distinct cells that the column is one of people.

    A cell is a full name if it is two to four capitalised words of which one is a listed first name and another may be
    a last name. Single words count only where most of the column are listed names: a product may be called Rose.

    Returns:
        Such cells, as they are; none if they are too few beside the others.
    """
    distinct = {cell.strip() for cell in cells} - {""}
    if not distinct:
        return []
    full = [cell for cell in distinct if _is_full_name(cell)]
    sure = [cell for cell in full if _is_listed_in_full(cell)]
    if (len(sure) >= 2 and len(sure) / len(distinct) >= _FEW) or (
        len(full) >= 3 and len(full) / len(distinct) >= _MANY
    ):
        return full
    single = [cell for cell in distinct if _is_single_name(cell)]
    if len(single) >= _ENOUGH and len(single) / len(distinct) >= _MANY:
        return single
    return []


def _is_full_name(cell: str) -> bool:
    words = _words_of_a_name(cell)
    return len(words) > 1 and any(
        is_first(one, listed()) and (is_last(two, listed()) or (two not in COMMON_WORDS and len(words) == 2))
        for one, two in ((words[0], words[-1]), (words[-1], words[0]))
    )


def _is_listed_in_full(cell: str) -> bool:
    words = _words_of_a_name(cell)
    pairs = (words[0], words[-1]), (words[-1], words[0])
    return any(is_first(one, listed()) and is_last(two, listed()) for one, two in pairs)


def _words_of_a_name(cell: str) -> list[str]:
    """The folded words, without titles and particles, of a cell that is written as two to four words of a name."""
    if len(cell) > _LONGEST or any(c.isdigit() for c in cell) or _WORD.sub("", cell).strip(" .,"):
        return []
    words = [word for word in _WORD.findall(cell) if fold(word) not in _PARTICLES]
    if not 2 <= len(words) <= 4 or fold(words[0]) in _OF_PLACES or not all(word[0].isupper() for word in words):
        return []
    return [fold(word) for word in words]


def is_first(word: str, names: Names) -> bool:
    """Whether a folded word is a listed first name, or has one for a part."""
    return any(part in names.first for part in re.split(r"['\u2019\-]", word)) or word in names.first


def is_last(word: str, names: Names) -> bool:
    """Whether a folded word is a listed last name, or has one for a part."""
    return any(part in names.last for part in [word, *re.split(r"['\u2019\-]", word)])


def _is_single_name(cell: str) -> bool:
    if len(cell) > _LONGEST or not _WORD.fullmatch(cell) or not cell[0].isupper():
        return False
    names, word = listed(), fold(cell)
    return is_first(word, names) or is_last(word, names)
