"""Finds a company's own known names in free text: token-aligned, folded, in many spellings, 20,000 texts a second."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import ahocorasick_rs

from mondaylab.datasets.common_words import COMMON_WORDS, NO_NAME_FORMS
from mondaylab.datasets.headings import Headings
from mondaylab.datasets.known import WORD, Known, fold, spellings, words_of
from mondaylab.datasets.letters import MARKUP, look_alikes, unmarked
from mondaylab.datasets.name_forms import ENDINGS, LONGEST_ENDING, may_be_inflected, stems
from mondaylab.datasets.policy import Holds

# token boundaries are part of the text that is searched, so that no match starts or ends inside a word
_OPEN, _CLOSE, _BREAK = "\x01", "\x02", "\x03"
_SENTENCE_END = re.compile(r"[.!?\n]")
_BREAKING = re.compile(r'[()\[\]{}<>;:!?|\t"]')
_BESIDE = (" ", "-", "'", "\u2019")
_PART = re.compile(r"[^\W\d_a-zß-öø-ÿ]?[a-zß-öø-ÿ\u0100-\u02af\u0370-\u052f]+|[^\W\d_]+")
_CUT = re.compile(r"(?<![^\W\d_])[^\W\d_]{2,40}(?:-[ \t]{0,4}\r?\n?|\r?\n)[ \t]{0,4}[^\W\d_]{2,40}(?![^\W\d_])")
_SPACED = re.compile(r"(?<!\w)[^\W\d_](?:[ .\-_*]{1,3}[^\W\d_]){3,60}(?!\w)")
_MARKED = re.compile(rf"(?:[^\W\d_]{{1,40}}|{MARKUP}|&(?:#\d{{1,6}}|#[xX][\da-fA-F]{{1,5}}|[A-Za-z]{{2,8}}\d?);)+")
_MARKS = frozenset("<&*~`[")
_LONGEST_TOKEN = 120
_LONGEST_RUN = 1_000
_REMEMBERED = 200_000
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
                # the login of Sven Price is an everyday word: a name only if it is also somebody's by itself
                if kind != "PERSON" or spelling not in self._common:
                    found.setdefault(_key(spelling), (kind, False))
        for spelling in self._names:
            found.setdefault(_key(spelling), ("PERSON", True))
        found.pop("", None)
        self._vocabulary = {word for key in found for word in key[1:-1].split(_CLOSE + _OPEN)}
        self._stems: dict[str, str] = {}
        for name in sorted(self._names - self._common):
            if len(name) > 3 and name.isalpha():
                for stem in stems(name):
                    self._stems.setdefault(stem, name)
        self._read: dict[str, str] = {}
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
        stream, starts, ends = self._stream(text, tokens)
        spans = self._broken(text)
        headings, doubtful = Headings(text), list[tuple[str, Span]]()
        for index, start, end in self._automaton.find_matches_as_indexes(stream):
            first, last = starts[start], ends[end]
            kind, single = self._meanings[index]
            if kind == "PERSON" and not single and not self._is_written_as_a_name(tokens[first : last + 1]):
                continue
            if single:
                if not self._is_a_name_here(text, tokens, first):
                    continue
                at = first
                first, last = self._with_neighbours(text, tokens, at)
                if self._may_be_a_word(text, tokens, at, headings):
                    word = self._as_known(tokens[at].group())
                    doubtful.append((word, Span(tokens[first].start(), tokens[last].end(), kind)))
                    continue
            spans.append(Span(tokens[first].start(), tokens[last].end(), kind))
        return spans + _as_elsewhere(text, doubtful, spans)

    def _is_written_as_a_name(self, tokens: list[re.Match[str]]) -> bool:
        """Whether a found full name is more than common words in a row: "price may rise" is not May Price."""
        words = [token.group() for token in tokens]
        return any(fold(word) not in self._common for word in words) or all(word[0].isupper() for word in words)

    def _is_a_name_here(self, text: str, tokens: list[re.Match[str]], at: int) -> bool:
        """Whether a single known name means a person: rare words always, common words after a title or by a name."""
        word = tokens[at].group()
        if self._as_known(word) not in self._common:
            return len(word) > 2 or word[0].isupper()
        if at and fold(tokens[at - 1].group()) in _TITLES:
            return True
        return word[0].isupper() and (
            self._is_proper(text, tokens, at, at + 1)
            or self._is_known_name(text, tokens, at, at - 1)
            or _is_inside_sentence(text, tokens, at)
        )

    def _may_be_a_word(self, text: str, tokens: list[re.Match[str]], at: int, headings: Headings) -> bool:
        """Whether a common word stands in a heading, by no name or title, in a text that uses it as a word too."""
        word = tokens[at].group()
        if not headings.hold(tokens[at].start()) or self._as_known(word) not in self._common:
            return False
        if at and fold(tokens[at - 1].group()) in _TITLES:
            return False
        beside = [other for other in (at - 1, at + 1) if self._is_proper(text, tokens, at, other)]
        if any(self._is_known_name(text, tokens, at, other) for other in (at - 1, at + 1)):
            return False
        return headings.is_word([word, *(tokens[other].group() for other in beside)])

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
        return word[0].isupper() and self._as_known(word) in self._names

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

    def _stream(self, text: str, tokens: list[re.Match[str]]) -> tuple[str, dict[int, int], dict[int, int]]:
        """The text as the automaton reads it, and where in it each token starts and ends."""
        pieces: list[str] = []
        starts: dict[int, int] = {}
        ends: dict[int, int] = {}
        position = 0
        for index, token in enumerate(tokens):
            if index and _BREAKING.search(text, tokens[index - 1].end(), token.start()):
                pieces.append(_BREAK)
                position += 1
            piece = f"{_OPEN}{self._as_known(token.group())}{_CLOSE}"
            starts[position] = index
            position += len(piece)
            ends[position] = index
            pieces.append(piece)
        return "".join(pieces), starts, ends

    def _as_known(self, token: str) -> str:
        """The known word that a token stands for: itself, in other letters, inflected or run together; or as it is."""
        read = self._read.get(token)
        if read is None:
            if len(self._read) >= _REMEMBERED:
                self._read.clear()
            read = self._read[token] = self._recognised(token)
        return read

    def _recognised(self, token: str) -> str:
        folded = fold(token)
        if folded in self._vocabulary or len(token) > _LONGEST_TOKEN:
            return folded
        for form in look_alikes(folded):
            if form in self._vocabulary:
                return form
            if name := self._uninflected(token, form):
                return name
        return self._uninflected(token, folded) or self._joined(token) or folded

    def _uninflected(self, token: str, folded: str) -> str | None:
        """The known name of which a token is a case form."""
        if len(folded) < 4 or folded in NO_NAME_FORMS or folded in self._common:
            return None
        for length in range(min(LONGEST_ENDING, len(folded) - 3), -1, -1):
            name = self._stems.get(folded[: len(folded) - length])
            if name and (not length or folded[-length:] in ENDINGS) and may_be_inflected(name, token):
                return name
        return None

    def _joined(self, token: str) -> str | None:
        """A known name in a token that is several words run together: ``AnnaKowalska``, ``kowalska82``."""
        parts = _PART.findall(token)
        if len(parts) == 1 and parts[0] == token:
            halves = fold(token)
            for at in range(4, len(halves) - 3):
                one, two = halves[:at], halves[at:]
                if one in self._names and two in self._names and not self._common.issuperset((one, two)):
                    return one if one not in self._common else two
            return None
        letters = fold("".join(parts))
        if letters in self._vocabulary and len(letters) > 4 and letters not in self._common:
            return letters
        for part in parts:
            known = fold(part)
            if len(known) > 3 and known in self._names and known not in self._common:
                return known
            if name := len(known) > 3 and self._uninflected(part, known):
                return name
        return None

    def _broken(self, text: str) -> list[Span]:
        """Known names that are cut at a line's end or by a hyphen, and those in s p a c e d letters."""
        spans = []
        for pattern in (_CUT, _SPACED):
            for match in pattern.finditer(text):
                if match.end() - match.start() > _LONGEST_TOKEN:
                    continue
                word = "".join(c for c in match.group() if c.isalpha())
                folded = fold(word)
                known = folded if folded in self._vocabulary else self._uninflected(word, folded)
                if known and known not in self._common and len(known) > 3:
                    spans.append(Span(*match.span(), "PERSON"))
        return spans if _MARKS.isdisjoint(text) else spans + self._marked(text)

    def _marked(self, text: str) -> list[Span]:
        """Known names with markup or character references inside; the whole run counts."""
        spans = []
        for match in _MARKED.finditer(text):
            run = match.group()
            if _MARKS.isdisjoint(run) or len(run) > _LONGEST_RUN:
                continue
            for word in WORD.findall(unmarked(run)):
                if len(word) < 3 or word in run:
                    continue
                known = self._as_known(word)
                if known in self._names and known not in self._common:
                    spans.append(Span(*match.span(), "PERSON"))
                    break
        return spans


def _as_elsewhere(text: str, doubtful: list[tuple[str, Span]], spans: list[Span]) -> list[Span]:
    """Of the spans in headings that may be words, those whose word is a name elsewhere in the text."""
    if not doubtful:
        return []
    names = {fold(word) for span in spans for word in WORD.findall(text[span.start : span.end])}
    return [span for word, span in doubtful if word in names]


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
