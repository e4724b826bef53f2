"""Finds a company's own known names in free text: token-aligned, folded, in many spellings, 20,000 texts a second."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import ahocorasick_rs

from mondaylab.datasets.common_words import COMMON_WORDS
from mondaylab.datasets.known import WORD, Known, fold, spellings, words_of
from mondaylab.datasets.policy import Holds

# token boundaries are part of the text that is searched, so that no match starts or ends inside a word
_OPEN, _CLOSE, _BREAK = "\x01", "\x02", "\x03"
_SENTENCE_END = re.compile(r"[.!?\n]")
_BREAKING = re.compile(r'[()\[\]{}<>;:!?|\t"]')
_BESIDE = (" ", "-", "'", "\u2019")
_TITLE_WORDS = "mr mrs ms miss mx dr prof herr herrn frau sir madam madame monsieur"
_FORM_WORDS = "gmbh kg ag ohg ug ek gbr se eg mbh ltd inc llc plc bv nv sa sas sarl spa srl oy ab as aps"
_TITLES = frozenset(_TITLE_WORDS.split())
_LEGAL_FORMS = frozenset(_FORM_WORDS.split())


class Span(NamedTuple):
    """A found piece of text, half open, and what it is."""

    start: int
    end: int
    kind: str


class Gazetteer:
    """Phrases are found in any case; single names too, unless they are also common words."""

    def __init__(self, phrases: Mapping[str, str], names: Iterable[str], common: Iterable[str] = ()) -> None:
        """Builds the automaton.

        Args:
            phrases: Text -> kind; found wherever its words stand in this order.
            names: Single first and last names, found as ``PERSON``.
            common: Words besides the built-in ones that are a name only when the context says so.
        """
        self._common = COMMON_WORDS | {fold(word) for word in common}
        self._names = {spelling for name in names for spelling in spellings(name)}
        found: dict[str, tuple[str, bool]] = {}
        for text, kind in phrases.items():
            for spelling in spellings(text):
                found.setdefault(_key(spelling), (kind, False))
        for spelling in self._names:
            found.setdefault(_key(spelling), ("PERSON", True))
        found.pop("", None)
        self._keys = list(found)
        self._meanings = [found[key] for key in self._keys]
        self._automaton = ahocorasick_rs.AhoCorasick(self._keys, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)

    @classmethod
    def of(cls, known: Known, common: Iterable[str] = ()) -> Gazetteer:
        """The gazetteer of everything a company knows, with the spellings people use."""
        phrases: dict[str, str] = {}
        labels: dict[Holds, str] = {"email": "EMAIL", "iban": "IBAN", "phone": "PHONE"}
        for kind, label in labels.items():
            phrases |= dict.fromkeys(known.of(kind), label)
        for value in known.of("street"):
            phrases |= dict.fromkeys(street_variants(value), "ADDRESS")
        phrases |= dict.fromkeys(known.places, "ADDRESS")
        for value in known.of("city"):
            phrases.setdefault(value, "PLACE")
        for value in known.of("company"):
            phrases |= dict.fromkeys(company_variants(value), "COMPANY")
        for first, last in known.people:
            phrases |= dict.fromkeys(person_variants(first, last), "PERSON")
        singles = words_of(known.of("first_name") | known.of("last_name") | known.of("person"))
        return cls(phrases, singles, common)

    def find(self, text: str) -> list[Span]:
        """Spans of known values in `text`, in order, not overlapping."""
        tokens = list(WORD.finditer(text))
        stream, starts, ends = _stream(text, tokens)
        spans = []
        for index, start, end in self._automaton.find_matches_as_indexes(stream):
            first, last = starts[start], ends[end]
            kind, single = self._meanings[index]
            if kind == "PERSON" and not single and not self._is_written_as_a_name(tokens[first : last + 1]):
                continue
            if single:
                if not self._is_a_name_here(text, tokens, first):
                    continue
                first, last = self._with_neighbours(text, tokens, first)
            spans.append(Span(tokens[first].start(), tokens[last].end(), kind))
        return spans

    def _is_written_as_a_name(self, tokens: list[re.Match[str]]) -> bool:
        """Whether a found full name is more than common words in a row: "price may rise" is not May Price."""
        words = [token.group() for token in tokens]
        return any(fold(word) not in self._common for word in words) or all(word[0].isupper() for word in words)

    def _is_a_name_here(self, text: str, tokens: list[re.Match[str]], at: int) -> bool:
        """Whether a single known name means a person: rare words always, common words after a title or by a name."""
        word = tokens[at].group()
        if fold(word) not in self._common:
            return len(word) > 2 or word[0].isupper()
        if at and fold(tokens[at - 1].group()) in _TITLES:
            return True
        return word[0].isupper() and (
            self._is_proper(text, tokens, at, at + 1)
            or self._is_known_name(text, tokens, at, at - 1)
            or _is_inside_sentence(text, tokens, at)
        )

    def _is_proper(self, text: str, tokens: list[re.Match[str]], at: int, other: int) -> bool:
        """Whether token `other`, right beside token `at`, is capitalised and no common word."""
        if not 0 <= other < len(tokens):
            return False
        word = tokens[other].group()
        beside = _between(text, tokens, at, other) in _BESIDE
        if tokens[at].group().isupper() and word.isupper():
            return False  # shouted text: capitals say nothing
        return beside and word[0].isupper() and len(word) > 1 and fold(word) not in self._common

    def _is_known_name(self, text: str, tokens: list[re.Match[str]], at: int, other: int) -> bool:
        """Whether token `other`, beside token `at`, is a capitalised known name; across a comma only a common word.

        A known name that is no common word is found by itself: "Anna, Paul" are two people, "Short, Anna" is one.
        """
        if not 0 <= other < len(tokens):
            return False
        word = tokens[other].group()
        gap = _between(text, tokens, at, other)
        if gap != ", " and gap not in _BESIDE:
            return False
        if gap == ", " and fold(word) not in self._common:
            return False
        return word[0].isupper() and fold(word) in self._names

    def _with_neighbours(self, text: str, tokens: list[re.Match[str]], at: int) -> tuple[int, int]:
        """Takes in the other half of a name: an initial, a known name, or a capitalised word inside a sentence."""
        first = last = at
        if not tokens[at].group()[0].isupper():
            return first, last
        while last < at + 2 and (
            self._is_proper(text, tokens, last, last + 1) or self._is_known_name(text, tokens, last, last + 1)
        ):
            last += 1
        if at and self._is_known_name(text, tokens, at, at - 1):
            first = at - 1
        elif last == at and at >= 2 and self._is_proper(text, tokens, at, at - 1):
            inside = _between(text, tokens, at - 1, at - 2) == " "
            if inside and fold(tokens[at - 1].group()) not in _TITLES:
                first = at - 1
        while first and _is_initial(text, tokens, first):
            first -= 1
        return first, last


def _is_inside_sentence(text: str, tokens: list[re.Match[str]], at: int) -> bool:
    """Whether a capitalised word has a word before it: "ask for May", not "May we" at a start or a shouted "MAY"."""
    if not at or tokens[at].group().isupper() or not tokens[at - 1].group().isalpha():
        return False
    return _SENTENCE_END.search(_between(text, tokens, at, at - 1)) is None


def _is_initial(text: str, tokens: list[re.Match[str]], at: int) -> bool:
    """Whether a single capital stands before token `at`: ``J. Baker``, ``O'Brien``."""
    before = tokens[at - 1].group()
    return len(before) == 1 and before.isupper() and _between(text, tokens, at, at - 1) in (*_BESIDE, ". ", ".")


def _between(text: str, tokens: list[re.Match[str]], one: int, two: int) -> str:
    """What stands between two neighbouring tokens."""
    left, right = sorted((one, two))
    return text[tokens[left].end() : tokens[right].start()]


def person_variants(first: str, last: str) -> set[str]:
    """How a person is written: both orders, with initials, run together as in a login."""
    if not first or not last:
        return set()
    given = first.split(maxsplit=1)[0]
    forms = {
        f"{first} {last}",
        f"{last} {first}",
        f"{given} {last}",
        f"{last} {given}",
        f"{given[0]} {last}",
        f"{last} {given[0]}",
    }
    return forms | {
        form
        for a in spellings(given)
        for b in spellings(last)
        for form in (f"{a}{b}", f"{a[0]}{b}", f"{b}{a[0]}", f"{b}{a}")
    }


def street_variants(street: str) -> set[str]:
    """A street with its number, also with ``straße`` cut to ``str``."""
    short = re.sub(r"(?i)stra(ß|ss)e\b", "str", street)
    return {street, short, re.sub(r"(?i)stra(ß|ss)e\b", "str.", street)}


def company_variants(name: str) -> set[str]:
    """A company's name, also without its legal form if enough is left to know it by."""
    words = name.split()
    while words and fold(words[-1]).replace(".", "") in _LEGAL_FORMS:
        words.pop()
    short = " ".join(words)
    return {name, short} if len(words) > 1 or len(short) > 5 else {name}


def _key(folded: str) -> str:
    return "".join(f"{_OPEN}{word}{_CLOSE}" for word in WORD.findall(folded))


def _stream(text: str, tokens: list[re.Match[str]]) -> tuple[str, dict[int, int], dict[int, int]]:
    """The text as the automaton reads it, and where in it each token starts and ends."""
    pieces: list[str] = []
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    position = 0
    for index, token in enumerate(tokens):
        if index and _BREAKING.search(text, tokens[index - 1].end(), token.start()):
            pieces.append(_BREAK)
            position += 1
        piece = f"{_OPEN}{fold(token.group())}{_CLOSE}"
        starts[position] = index
        position += len(piece)
        ends[position] = index
        pieces.append(piece)
    return "".join(pieces), starts, ends
