"""The last check before a snapshot is published: no known personal value stands in any text of it.

It shares no search code with `freetext` and `gazetteer`, so that a mistake there does not blind it too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mondaylab.datasets.common_words import COMMON_WORDS
from mondaylab.datasets.known import Known, fold

_TOKENS = re.compile(r"[^\W_]+")
_MAIL = re.compile(r"[^\s@<>()\[\],;:\"]+@[^\s@<>()\[\],;:\"]+")
_DIGITS = re.compile(r"\d(?:[^\w]{0,4}\d)+")
_LONGEST_PHRASE = 8


@dataclass
class LeakSearch:
    """Everything that must not occur, prepared for search.

    Attributes:
        phrases: Folded word sequences (names, streets, companies), by what they are.
        openings: First word of a phrase -> lengths of the phrases that begin with it.
        everyday: Folded common words.
        names: Folded single names that are no common words.
        mails: Lower-case addresses.
        numbers: Digits of phones, accounts and dates of birth: the last eight or more.
        identifiers: Raw identifiers that cannot be mistaken for an ordinary number.
    """

    phrases: dict[tuple[str, ...], str] = field(default_factory=dict)
    openings: dict[str, set[int]] = field(default_factory=dict)
    everyday: frozenset[str] = COMMON_WORDS
    names: set[str] = field(default_factory=set)
    mails: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    identifiers: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, known: Known, patterned: Iterable[str], common: Iterable[str] = ()) -> LeakSearch:
        """Prepares the search.

        Args:
            known: The raw values.
            patterned: Domains whose identifiers have a pattern, so that they are recognisable in text.
            common: The policy's common words: not searched for as single names.
        """
        everyday = COMMON_WORDS | {fold(word) for word in common}
        search = cls(everyday=everyday)
        for kind in ("person", "street", "company"):
            for value in known.of(kind):
                search._phrase(value, kind)
        for first, last in known.people:
            search._phrase(f"{first} {last}", "person")
            search._phrase(f"{last} {first}", "person")
        for value in known.of("first_name") | known.of("last_name") | {p for pair in known.people for p in pair}:
            words = _words(value)
            if len(words) == 1 and len(words[0]) > 2 and words[0] not in everyday and words[0].isalpha():
                search.names.add(words[0])
        search.mails = {value.lower() for value in known.of("email")}
        for value in known.of("phone") | known.of("iban"):
            digits = re.sub(r"\D", "", value)
            if len(digits) >= 6:
                search.numbers.add(digits[-min(len(digits), 8) :])
        for value in known.of("birth_date"):
            digits = re.sub(r"\D", "", value[:10])
            if re.fullmatch(r"\d{4}-\d\d-\d\d", value[:10]):
                search.numbers |= {digits, digits[6:] + digits[4:6] + digits[:4]}
        for domain in patterned:
            search.identifiers |= {value for value in known.identifiers.get(domain, ()) if len(value) > 3}
        return search

    def _phrase(self, text: str, kind: str) -> None:
        words = _words(text)
        if 1 < len(words) <= _LONGEST_PHRASE:
            self.phrases.setdefault(words, kind)
            self.openings.setdefault(words[0], set()).add(len(words))

    def _phrases_in(self, text: str, words: tuple[str, ...]) -> set[str]:
        found: set[str] = set()
        for start, word in enumerate(words):
            for length in self.openings.get(word, ()):
                phrase = words[start : start + length]
                kind = self.phrases.get(phrase)
                if kind is None:
                    continue
                # "price may rise" is not May Price: a name of common words alone counts if it is written as one
                if self.everyday.issuperset(phrase):
                    written = _TOKENS.findall(text)[start : start + length]
                    if any(token[0].islower() for token in written):
                        continue
                found.add(kind)
        return found

    def kinds_in(self, text: str, *, names_allowed: bool = False) -> set[str]:
        """What kinds of known values stand in a text; names are left out where they are allowed."""
        found: set[str] = set()
        if not text.isascii():
            text = unicodedata.normalize("NFKC", text)  # full-width digits and letters
        words = _words(text)
        if not names_allowed:
            if not self.names.isdisjoint(words):
                found.add("name")
            found |= self._phrases_in(text, words)
        if "@" in text and any(mail.strip(".'").lower() in self.mails for mail in _MAIL.findall(text)):
            found.add("email")
        for match in _DIGITS.finditer(text):
            digits = re.sub(r"\D", "", match.group())
            if any(digits[i : i + size] in self.numbers for size in (6, 7, 8) for i in range(len(digits) - size + 1)):
                found.add("phone or account")
        if self.identifiers and not self.identifiers.isdisjoint(_TOKENS.findall(text)):
            found.add("identifier")
        return found


def leaks(
    search: LeakSearch, texts: Mapping[str, Iterable[str]], names_allowed: Iterable[str] = ()
) -> dict[str, dict[str, int]]:
    """Searches all texts; each distinct one once.

    Args:
        search: What must not occur.
        texts: Place (``table.column`` or file) -> texts there.
        names_allowed: Places where the policy declares names public.

    Returns:
        Place -> kind of value -> number of distinct texts that hold one. Empty if there is no leak.
    """
    allowed = set(names_allowed)
    result: dict[str, dict[str, int]] = {}
    for place, cells in texts.items():
        for cell in set(cells):
            for kind in search.kinds_in(cell, names_allowed=place in allowed):
                counts = result.setdefault(place, {})
                counts[kind] = counts.get(kind, 0) + 1
    return result


def _words(text: str) -> tuple[str, ...]:
    return tuple(_TOKENS.findall(fold(text)))
