"""The last check before a snapshot is published: no known personal value stands in any text of it.

It shares no search code with `freetext` and `gazetteer`, so that a mistake there does not blind it too; what both know
of letters, spellings and case endings is in `known`, `letters` and `name_forms`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mondaylab.datasets.common_words import COMMON_WORDS, NO_NAME_FORMS
from mondaylab.datasets.known import Known, birth_dates, fold, spellings
from mondaylab.datasets.letters import look_alikes, readable, unmarked
from mondaylab.datasets.months import MONTHS
from mondaylab.datasets.name_forms import ENDINGS, LONGEST_ENDING, may_be_inflected, stems
from mondaylab.datasets.numbers import RARE, telling_numbers, telling_postcodes

_TOKENS = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_CAPITAL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")
_CUT = re.compile(r"(?<!\w)[^\W\d_]{2,40}(?:-\s{0,4}|\r?\n[ \t]{0,4})[^\W\d_]{2,40}(?!\w)")
_SINGLE = re.compile(r"(?<!\w)[^\W\d_](?:[ .\-_*]{1,3}[^\W\d_](?!\w)){3,60}")
_APOSTROPHE = re.compile(r"['\u2019]")
_MAIL = re.compile(r"[^\s@<>()\[\],;:\"]+@[^\s@<>()\[\],;:\"]+")
_DIGITS = re.compile(r"\d(?:[^\w]{0,4}\d)+")
_LONGEST_PHRASE = 8
_LONGEST_TOKEN = 120
_JOINED = 10
"""So many letters of a full name run together are looked for across all gaps: fewer occur by chance."""
_THOUSANDS = re.compile(r"(?<=\d)[.,'\u2019\s](?=\d{3}(?!\d))")
_LONG_NUMBER = re.compile(r"\d{5,18}(?!\d)")
_CURRENCIES = frozenset(["eur", "usd", "gbp", "chf", "pln", "czk", "sek", "nok", "dkk", "huf"])
_MONEY_SIGNS = frozenset("€$£%")


@dataclass
class LeakSearch:
    """Everything that must not occur, prepared for search.

    Attributes:
        phrases: Folded word sequences (names, streets, companies), by what they are.
        openings: First word of a phrase -> lengths of the phrases that begin with it.
        everyday: Folded common words.
        names: Folded single names that are no common words.
        mails: Lower-case addresses.
        numbers: Digits of phones and accounts: the last eight or more.
        whole_numbers: The same in full, without leading zeros.
        births: (year, month, day) of dates of birth.
        identifiers: Raw identifiers that cannot be mistaken for an ordinary number or word, as tuples of their tokens.
        roots: What stands before the ending of an inflected name -> the name.
        joined: First letters of full names run together -> these names.
        amounts: Digits of dropped numbers before the decimal sign.
        postcodes: Dropped postcodes in lower case, in one piece.
    """

    phrases: dict[tuple[str, ...], str] = field(default_factory=dict)
    openings: dict[str, set[int]] = field(default_factory=dict)
    everyday: frozenset[str] = COMMON_WORDS
    names: set[str] = field(default_factory=set)
    mails: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    whole_numbers: set[str] = field(default_factory=set)
    births: frozenset[tuple[int, int, int]] = frozenset()
    identifiers: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)
    roots: dict[str, str] = field(default_factory=dict)
    joined: dict[str, set[str]] = field(default_factory=dict)
    amounts: frozenset[str] = frozenset()
    postcodes: frozenset[str] = frozenset()

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
        for value in known.of("city"):
            search._place(value)
        for value in known.places:
            search._phrase(value, "street")
        for value in known.rare("other", least=RARE):
            search._phrase(value, "dropped value", longest=3)
        for first, last in known.people:
            search._person(first, last)
        for value in known.of("first_name") | known.of("last_name") | {p for pair in known.people for p in pair}:
            search._name(value)
        search.mails = {value.lower() for value in known.of("email")}
        for value in known.of("phone") | known.of("iban"):
            digits = re.sub(r"\D", "", value)
            if len(digits) >= 6:
                search.numbers.add(digits[-min(len(digits), 8) :])
                search.whole_numbers.add(digits.lstrip("0"))
        search.births = birth_dates(known.of("birth_date"))
        search.amounts, search.postcodes = telling_numbers(known), telling_postcodes(known)
        for domain, values in known.identifiers.items():
            for value in values:
                if len(value) > 3 if domain in patterned else _is_unusual(value):
                    tokens = tuple(_TOKENS.findall(value))
                    search.identifiers.setdefault(tokens[0], set()).add(tokens)
        return search

    def _person(self, first: str, last: str) -> None:
        self._phrase(f"{first} {last}", "person")
        self._phrase(f"{last} {first}", "person")
        given = first.split(maxsplit=1)[0] if first.strip() else ""
        for one, two in ((given, last), (last, given)):
            run = "".join(_LETTERS.findall(fold(f"{one}{two}")))
            if given and len(run) >= _JOINED:
                self.joined.setdefault(run[:_JOINED], set()).add(run)
        family = "".join(_LETTERS.findall(fold(last)))
        if given and len(family) > 5:
            self.names |= {fold(given[0]) + family, family + fold(given[0])} - self.everyday

    def _name(self, value: str) -> None:
        for spelling in {form for text in (value, _APOSTROPHE.sub("", value)) for form in spellings(text)}:
            words = _words(spelling)
            for word in words:
                if len(word) < (3 if len(words) == 1 else 5) or word in self.everyday or not word.isalpha():
                    continue
                self.names.add(word)
                for root in stems(word) if len(word) > 3 else ():
                    self.roots[root] = min(self.roots.get(root, word), word)

    def _place(self, city: str) -> None:
        words = _words(city)
        if len(words) == 1 and len(words[0]) > 4 and words[0] not in self.everyday:
            self.phrases.setdefault(words, "place")
            self.openings.setdefault(words[0], set()).add(1)
        self._phrase(city, "place")

    def _phrase(self, text: str, kind: str, longest: int = _LONGEST_PHRASE) -> None:
        words = _words(text)
        if 1 < len(words) <= longest:
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
            text = unicodedata.normalize("NFKC", readable(text))  # full-width digits and letters
        words = _words(text)
        if not names_allowed:
            bare = unmarked(text)
            hidden = () if bare == text else _TOKENS.findall(bare)
            tokens = {*_TOKENS.findall(text), *_pulled_together(text), *hidden}
            if not self.names.isdisjoint((*words, *map(fold, hidden))) or any(map(self._is_hidden_name, tokens)):
                found.add("name")
            found |= self._phrases_in(text, words)
            if self.joined and self._is_run_together("".join(_LETTERS.findall(fold(text)))):
                found.add("person")
        if "@" in text and any(mail.strip(".'").lower() in self.mails for mail in _MAIL.findall(text)):
            found.add("email")
        for match in _DIGITS.finditer(text):
            digits = re.sub(r"\D", "", match.group())
            if any(digits[i : i + size] in self.numbers for size in (6, 7, 8) for i in range(len(digits) - size + 1)):
                found.add("phone or account")
        if self.births and not self.births.isdisjoint(_dates_in(text)):
            found.add("date of birth")
        if self.identifiers and self._holds_identifier(_TOKENS.findall(text)):
            found.add("identifier")
        if self.amounts and any(map(self._holds_amount, {text, _THOUSANDS.sub("", text)})):
            found.add("dropped number")
        if self.postcodes and self._holds_postcode(text):
            found.add("postcode")
        return found

    def _holds_amount(self, text: str) -> bool:
        """Whether a dropped number stands in a text by itself: not in a code, not behind a decimal sign."""
        for match in _LONG_NUMBER.finditer(text):
            before, after = text[max(match.start() - 3, 0) : match.start()], text[match.end() : match.end() + 3]
            glued = any(
                side.isalnum() and near.lower() not in _CURRENCIES
                for side, near in ((before[-1:], before), (after[:1], after))
            )
            decimals = before[-2:-1].isdigit() and before[-1] in ".,'\u2019"
            if glued or (decimals and not text[max(match.start() - 6, 0) : match.start() - 1].isdigit()):
                continue
            if match.group().lstrip("0") in self.amounts:
                return True
        return False

    def _holds_postcode(self, text: str) -> bool:
        """Whether a dropped postcode stands in a text, also parted by a blank or hyphen, and is no amount of money."""
        tokens = list(_TOKENS.finditer(text))
        for at, token in enumerate(tokens):
            code = ""
            for length, part in enumerate(tokens[at : at + 3]):
                if length and text[tokens[at + length - 1].end() : part.start()] not in (" ", "-"):
                    break
                code += part.group().lower()
                if code in self.postcodes:
                    before, after = text[max(token.start() - 4, 0) : token.start()], text[part.end() : part.end() + 4]
                    if not _is_money(before.rstrip()[-3:], after.lstrip()[:3]):
                        return True
        return False

    def _is_hidden_name(self, token: str) -> bool:
        """Whether a token is a known single name in other letters, with digits, run together or with an ending."""
        if len(token) > _LONGEST_TOKEN:
            return False
        for part in {token, *_LETTERS.findall(token), *_CAPITAL.split(token)}:
            folded = fold(part)
            if len(folded) < 4 or folded in NO_NAME_FORMS or folded in self.everyday:
                continue
            for form in (folded, *look_alikes(folded)):
                if form in self.names or self._is_inflected(part, form):
                    return True
        return False

    def _is_inflected(self, written: str, folded: str) -> bool:
        for length in range(min(LONGEST_ENDING, len(folded) - 3) + 1):
            at = len(folded) - length
            name = self.roots.get(folded[:at])
            if name and (at == len(folded) or folded[at:] in ENDINGS) and may_be_inflected(name, written):
                return True
        return False

    def _is_run_together(self, letters: str) -> bool:
        """Whether a known full name stands in a text of which only the letters are left."""
        return any(
            letters.startswith(run, at)
            for at in range(len(letters) - _JOINED + 1)
            for run in self.joined.get(letters[at : at + _JOINED], ())
        )

    def _holds_identifier(self, tokens: list[str]) -> bool:
        return any(
            tuple(tokens[at : at + len(wanted)]) == wanted
            for at, token in enumerate(tokens)
            for wanted in self.identifiers.get(token, ())
        )


def leaks(
    search: LeakSearch, texts: Mapping[str, Iterable[str]], names_allowed: Iterable[str] = ()
) -> dict[str, dict[str, set[str]]]:
    """Searches all texts; each distinct one once.

    Args:
        search: What must not occur.
        texts: Place (``table.column`` or file) -> texts there.
        names_allowed: Places where the policy declares names public.

    Returns:
        Place -> kind of value -> the distinct texts that hold one. Empty if there is no leak.
    """
    allowed = set(names_allowed)
    result: dict[str, dict[str, set[str]]] = {}
    for place, cells in texts.items():
        for cell in set(cells):
            for kind in search.kinds_in(cell, names_allowed=place in allowed):
                result.setdefault(place, {}).setdefault(kind, set()).add(cell)
    return result


def _words(text: str) -> tuple[str, ...]:
    return tuple(_TOKENS.findall(fold(text)))


def _pulled_together(text: str) -> list[str]:
    """Words that are cut by a hyphen or at a line's end, and words in single letters, in one piece."""
    cut = ["".join(_LETTERS.findall(match)) for match in _CUT.findall(text)]
    return cut + ["".join(_LETTERS.findall(match)) for match in _SINGLE.findall(text)]


def _is_money(before: str, after: str) -> bool:
    """Whether the three characters on a side of a number say that it is an amount or a share."""
    return (
        not _CURRENCIES.isdisjoint((before.lower(), after.lower()))
        or before[-1:] in _MONEY_SIGNS
        or after[:1] in _MONEY_SIGNS
    )


def _is_unusual(value: str) -> bool:
    """Whether an identifier without a pattern cannot be taken for an everyday word or number."""
    letters, digits = sum(map(str.isalpha, value)), sum(map(str.isdigit, value))
    return (len(value) >= 6 and digits >= 3 and letters > 0) or digits >= 8


_NUMERIC_DATE = re.compile(r"(?<!\d)(\d{1,4})[ ]?[./\-][ ]?(\d{1,2})[ ]?[./\-][ ]?(\d{1,4})(?!\d)")
_RUN_DATE = re.compile(r"(?<!\d)(\d{4})(\d\d)(\d\d)(?!\d)")


def _dates_in(text: str) -> set[tuple[int, int, int]]:
    """Every (year, month, day) that can be read in a text, day or month first, the year in two digits or four."""
    found: set[tuple[int, int, int]] = set()
    for one, two, three in [*_NUMERIC_DATE.findall(text), *_RUN_DATE.findall(text)]:
        a, b, c = int(one), int(two), int(three)
        found |= {(a, b, c)} if len(one) == 4 else {(y, m, d) for y in _years(three) for m, d in ((a, b), (b, a))}
    words = _words(text)
    for at, word in enumerate(words):
        month = MONTHS.get(word)
        if month is None:
            continue
        around = [*words[max(at - 2, 0) : at], *words[at + 1 : at + 4]]
        numbers = [w for x in around if (w := re.sub(r"(?:st|nd|rd|th)$", "", x)).isdecimal() and len(w) < 5]
        found |= {(y, month, int(day)) for day in numbers if len(day) < 3 for year in numbers for y in _years(year)}
    return found


def _years(digits: str) -> tuple[int, ...]:
    return (int(digits),) if len(digits) == 4 else (1900 + int(digits), 2000 + int(digits)) if len(digits) == 2 else ()
