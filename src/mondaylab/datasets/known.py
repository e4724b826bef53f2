"""What a company's own tables know about people: the values that must not come through anywhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from mondaylab.datasets.letters import romanised
from mondaylab.datasets.policy import Drop, Holds, Policy, Pseudonym

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "đ": "d", "œ": "oe", "þ": "th", "ð": "d", "\u0131": "i"}
)
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "đ": "dj"})
_SHORT = str.maketrans({"æ": "a", "œ": "o"})
_EXPORTED_DATE = re.compile(r"(?:(\d{4})[-./]?(\d\d)[-./]?(\d\d)|(\d{1,2})[./\-](\d{1,2})[./\-](\d{4}))(?!\d)")
_SPELLED_OUT = re.compile(r"(?<=[bcdfghjklmnpqrstvwxz])([aou])e(?=[bcdfghjklmnpqrstvwxz])")
_IN_NAMES = re.compile(r"['\u2019]")
WORD = re.compile(r"[^\W_]+")
"""A token: letters and digits."""


def fold(text: str) -> str:
    """Lower case without accents: ``Müller`` and ``MULLER`` become ``muller``."""
    text = text.lower()
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).translate(_LETTERS)


def spellings(text: str) -> set[str]:
    """The folded text, and as people write it without the letters: ``mueller``, ``muller``, ``krivenchenko``."""
    plain = fold(text)
    found = {plain, fold(unicodedata.normalize("NFC", text.lower()).translate(_SPELLED))}
    if not text.isascii():
        return found | {romanised(plain), fold(romanised(text.lower())), fold(text.lower().translate(_SHORT))}
    if len(plain) > 5:
        found.add(_SPELLED_OUT.sub(r"\1", plain))
    return found


@dataclass(frozen=True)
class Known:
    """Distinct raw values by what they are, as written in the exports, stripped of surrounding spaces.

    Attributes:
        people: (first names, last name) pairs.
        values: Every other kind, by what its column holds.
        identifiers: Raw identifiers by domain.
    """

    people: frozenset[tuple[str, str]]
    values: Mapping[Holds, frozenset[str]]
    identifiers: Mapping[str, frozenset[str]]
    places: frozenset[str] = field(default=frozenset())
    """Postcode and city in one, as in an address."""

    def of(self, holds: Holds) -> frozenset[str]:
        """Values of one kind."""
        return self.values.get(holds, frozenset())

    def rare(self, holds: Holds, *, least: int) -> frozenset[str]:
        """Values of one kind, if there are so many different ones that they are no categories."""
        values = self.of(holds)
        return values if len(values) >= least else frozenset()


def known_values(tables: Mapping[str, pd.DataFrame], policy: Policy) -> Known:
    """Gathers the values of every dropped or pseudonymised column, whatever table it is in."""
    people: set[tuple[str, str]] = set()
    values: dict[Holds, set[str]] = {}
    identifiers: dict[str, set[str]] = {}
    places: set[str] = set()
    for table, rules in policy.tables.items():
        frame = tables[table]
        holding: dict[Holds, list[str]] = {}
        for column, action in rules.columns.items():
            if isinstance(action, Drop):
                holding.setdefault(action.holds, []).append(column)
                values.setdefault(action.holds, set()).update(_distinct(frame[column]))
            elif isinstance(action, Pseudonym):
                for domain in action.all_domains():
                    pattern = policy.domains[domain].pattern
                    cells = _distinct(frame[column])
                    identifiers.setdefault(domain, set()).update(
                        cells if pattern is None else (c for c in cells if re.fullmatch(pattern, c))
                    )
        people |= _pairs(frame, holding.get("first_name", []), holding.get("last_name", []))
        places |= _pairs_joined(frame, policy, table)
    people |= {split_name(name) for name in values.get("person", set())}
    return Known(
        frozenset(people),
        {kind: frozenset(found) for kind, found in values.items()},
        {domain: frozenset(found) for domain, found in identifiers.items()},
        frozenset(places),
    )


def birth_dates(values: Iterable[str]) -> frozenset[tuple[int, int, int]]:
    """(year, month, day) of dates of birth as exports write them: the year first, or the day first."""
    found = set()
    for value in values:
        if match := _EXPORTED_DATE.match(value):
            parts = [int(part) for part in match.groups() if part]
            found.add((parts[0], parts[1], parts[2]) if match[1] else (parts[2], parts[1], parts[0]))
            if not match[1]:
                found.add((parts[2], parts[0], parts[1]))
    return frozenset((y, m, d) for y, m, d in found if 1 <= m <= 12 and 1 <= d <= 31)


def split_name(name: str) -> tuple[str, str]:
    """(first names, last name) of ``Anna Maria Baker`` or ``Baker, Anna Maria``; a single word is a last name."""
    last, comma, first = name.partition(",")
    if comma and first.strip():
        return first.strip(), last.strip()
    first, _, last = name.strip().rpartition(" ")
    return first.strip(), last.strip(" ,")


def _distinct(column: pd.Series) -> set[str]:
    return {text for value in column.unique() if (text := str(value).strip())}


def _pairs(frame: pd.DataFrame, first: list[str], last: list[str]) -> set[tuple[str, str]]:
    """Pairs of the first `first` with the first `last` column, and so on; a table may hold two people a row."""
    pairs: set[tuple[str, str]] = set()
    for one, two in zip(first, last, strict=False):
        pairs |= {(str(a).strip(), str(b).strip()) for a, b in zip(frame[one], frame[two], strict=True)}
    return {(a, b) for a, b in pairs if a or b}


def _pairs_joined(frame: pd.DataFrame, policy: Policy, table: str) -> set[str]:
    """``<postcode> <city>`` of tables that have a city which does not come through, and a column of postcodes."""
    columns = policy.tables[table].columns
    cities = [name for name, action in columns.items() if isinstance(action, Drop) and action.holds == "city"]
    codes = [
        name
        for name, action in columns.items()
        if action.do == "prefix" or (isinstance(action, Drop) and action.holds == "postcode")
    ]
    return {
        f"{str(code).strip()} {str(city).strip()}"
        for one, two in zip(codes, cities, strict=False)
        for code, city in zip(frame[one], frame[two], strict=True)
        if str(code).strip() and str(city).strip()
    }


def words_of(names: Iterable[str]) -> set[str]:
    """Every word of at least two letters in some names, as written; ``O'Brien`` also as ``OBrien``."""
    written = [form for name in names for form in {name, _IN_NAMES.sub("", name)}]
    return {word for name in written for word in WORD.findall(name) if len(word) > 1 and word.isalpha()}
