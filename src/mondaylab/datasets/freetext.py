"""Free text without personal data: patterns and the gazetteer find it, typed placeholders replace it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import accumulate

import pandas as pd

from mondaylab.datasets.gazetteer import Gazetteer, Span
from mondaylab.datasets.known import Known, birth_dates, fold
from mondaylab.datasets.letters import readable
from mondaylab.datasets.months import MONTHS
from mondaylab.datasets.numbers import Numbers
from mondaylab.datasets.policy import Policy

# a merged span is called after the first of these that it holds
_ORDER = ("EMAIL", "IBAN", "CARD", "ID", "BIRTH DATE", "PHONE", "ADDRESS", "COMPANY", "PERSON", "PLACE", "NUMBER")

_NAME = r"[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶĹĻĽŁŃŅŇŐŒŔŘŚŞŠŢŤŪŮŰŲŹŻŽ][^\W\d_]*(?:['\u2019\-][^\W\d_]+)*"
_FULL_NAME = rf"{_NAME}(?:[ \t]+(?:[A-Z]\.[ \t]*)?{_NAME}){{0,2}}"
_AMOUNT = r"(?:\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,]\d{1,2})?"
_DIGIT = re.compile(r"\d")
_MONTH = r"[^\W\d_]{3,12}"
# countries with IBANs (SWIFT IBAN registry), so that "KG 0221..." is a firm and its phone number
_IBAN_COUNTRY = (
    "(?:A[DELTZ]|B[AEGHRY]|C[HRYZ]|D[EKO]|E[EGS]|F[IOR]|G[BEILRT]|H[RU]|I[ELQST]|JO|K[WZ]|L[BCITUV]|M[CDEKRTU]|N[LO]"
    "|P[KLST]|QA|R[OS]|S[ACEIKMTV]|T[LNR]|UA|V[AG]|XK)"
)

# an address is read outwards from its sign: a pattern that begins with its name is quadratic in unbroken text
_AT = re.compile(r"\s?(?:@|\(at\)|\[at\])\s?", re.I)
_AFTER_AT = re.compile(r"[\w\-]+(?:(?:\.|\s?(?:\(dot\)|\[dot\])\s?)[\w\-]+)+", re.I)
_LONGEST_LOCAL_PART = 320
_PHONE = re.compile(r"(?<!\d)(?:\+|00)?\(?\d(?:[\s().\-/\u2013·]{0,3}\d){5,}(?:\s?(?:x|ext\.?|#)\s?\d{1,6})?")
_WITH_DIGITS: tuple[tuple[str, re.Pattern[str]], ...] = (
    # groups of four, or two letters and then digits with any separators
    (
        "IBAN",
        re.compile(
            rf"\b{_IBAN_COUNTRY} ?\d{{2}}(?:[ .\-]?[A-Z0-9]{{4}}){{2,7}}(?:[ .\-]?[A-Z0-9]{{1,3}})?(?!\w)", re.I
        ),
    ),
    ("IBAN", re.compile(rf"\b{_IBAN_COUNTRY}[ .\-]?\d{{2}}(?:[ .\-]{{0,2}}\d){{10,30}}", re.I)),
    (
        "ADDRESS",
        re.compile(rf"\b\d{{1,5}} (?:{_NAME} ){{1,3}}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Court|Square|Way)\b"),
    ),
)
# the end of a German street name with its house number; the word it ends is added afterwards
_STREET_END = re.compile(
    r"(?i)(?:stra(?:ß|ss)e|str\.?|weg|allee|gasse|platz|ring|ufer|damm)\s{1,2}\d{1,4}(?:\s?[a-z])?\b"
)
_WORD_BEFORE = re.compile(rf"(?:{_NAME}[ \-])?[^\W\d_]*\Z")
_NAMES: tuple[re.Pattern[str], ...] = (
    re.compile(
        rf"\b(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Herrn?|Frau|Mme|Madame|Monsieur)\b\.?[ \t]+)+(?P<name>{_FULL_NAME})"
    ),
    re.compile(rf"(?i:\b(?:my name is|i am called|c/o|attn\.?:?|mein name ist))[ \t]+(?P<name>{_FULL_NAME})"),
    re.compile(
        rf"(?i:\b(?:regards|thanks|best|cheers|yours|sincerely|greetings|wishes|grüße|gruß))"
        rf"(?:[,.!]?[ \t]*\n\s*|,[ \t]+)(?P<name>{_FULL_NAME})"
    ),
)
_PHONE_KEPT = (
    re.compile(rf"(?:EUR|USD|€|\$)\s?{_AMOUNT}(?!\d)"),
    re.compile(rf"(?<!\d)(?<!\d[.,]){_AMOUNT}\s?(?:EUR|USD|€|\$|%)"),
    # article numbers and other codes: one to three capitals, then digits
    re.compile(r"(?<!\w)(?!TEL|FON|FAX|MOB)[A-Z]{1,3}-?\d{3,}(?!\w)"),
)
_DATE = re.compile(
    rf"(?<!\d)(?:(?P<y1>\d{{4}})[\-./]\d{{1,2}}[\-./]\d{{1,2}}|\d{{1,2}}[./\-]\s?\d{{1,2}}[./\-]\s?(?P<y2>\d{{4}})"
    rf"|\d{{1,2}}\.?(?:st|nd|rd|th)?\s(?:de\s)?(?P<m1>{_MONTH})\.?,?(?:\sde)?\s(?P<y3>\d{{4}})"
    rf"|(?<!\w)(?P<m2>{_MONTH})\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s(?P<y4>\d{{4}}))(?!\d)",
    re.I,
)
# a year of two digits: a date of birth only if it is one that the tables know
_SHORT_DATE = re.compile(
    rf"(?<![\d.\-/])(?:(\d{{1,2}})[./\-]\s?(\d{{1,2}})[./\-]\s?(\d\d)(?![\d./\-]*\d)"
    rf"|(\d{{1,2}})\.?(?:st|nd|rd|th)?\s(?:de\s)?({_MONTH})\.?,?(?:\sde)?\s(\d\d)(?!\d))",
    re.I,
)
_BORN = re.compile(
    r"(?i)\b(?:born|birth|birthday|dob|geb\.?|geboren)\b[^\d]{0,20}(\d{1,4}[./\- ]\d{1,2}[./\- ]\d{1,4})"
)
_GAP = re.compile(
    r"[\s\-]{0,2}(?:[A-Z]\.?)?[\s\-]{0,2}"
    r"|[ ](?:(?:van|von|vom|der|den|dem|de|del|della|di|da|dos|du|la|le|ten|ter|zu|zum|zur|bin|al|el)[ ]){1,3}",
    re.I,
)
_CODE_AND_TOWN = re.compile(rf",?\s*(?:[A-Z]{{1,2}}-)?\d{{4,5}}\s+{_NAME}")


class Scrubber:
    """Replaces personal data in free text.

    It knows the company's own names, addresses and numbers (the gazetteer), and what e-mail addresses, phone numbers,
    accounts, cards, dates of birth, street addresses, forms of address and closing formulas look like. A stranger whose
    name stands in no table and in no such place is not found.
    """

    def __init__(
        self,
        known: Known,
        policy: Policy,
        identify: Callable[[str, str], str],
        *,
        year: int,
    ) -> None:
        """Builds the gazetteer.

        Args:
            known: What the company's tables know.
            policy: Names the domains whose identifiers may stand in text, and common words.
            identify: (domain, identifier) -> pseudonym.
            year: Year of the data: a full date more than ten years before is taken for a date of birth.
        """
        self._gazetteer = Gazetteer.of(known, policy.common_words)
        patterns = {name: domain.pattern for name, domain in policy.domains.items() if domain.pattern is not None}
        self._domains = {name: re.compile(pattern) for name, pattern in patterns.items()}
        either = "|".join(f"(?:{pattern})" for pattern in patterns.values())
        self._identifier = re.compile(rf"(?<!\w)(?:{either})(?!\w)" if patterns else r"(?!)")
        self._identify = identify
        self._born_before = year - 10
        self._births = birth_dates(known.of("birth_date"))
        self._numbers = Numbers(known)

    def scrub(self, text: str) -> tuple[str, Counter[str]]:
        """The text with placeholders, and how many of each kind."""
        text = readable(text)
        spans = self.find(text)
        pieces, position = [], 0
        for span in spans:
            pieces += [text[position : span.start], self._replacement(text, span)]
            position = span.end
        return "".join([*pieces, text[position:]]), Counter(span.kind for span in spans)

    def find(self, text: str) -> list[Span]:
        """Where personal data stand, in order, not overlapping. Invisible characters are not looked through here."""
        return _merged(text, self._found(text))

    def column(self, texts: pd.Series) -> tuple[pd.Series, Counter[str]]:
        """`scrub` for a column; every distinct text is worked on once."""
        cells = texts.tolist()
        done = {text: self.scrub(text) for text in dict.fromkeys(cells)}
        found: Counter[str] = Counter()
        for text in cells:
            if done[text][1]:
                found += done[text][1]
        return pd.Series([done[text][0] for text in cells], index=texts.index, dtype="str"), found

    def _replacement(self, text: str, span: Span) -> str:
        if span.kind == "ID":
            value = text[span.start : span.end]
            for name, pattern in self._domains.items():
                if pattern.fullmatch(value):
                    return self._identify(name, value)
        return f"[{span.kind}]"

    def _found(self, text: str) -> list[Span]:
        spans = self._gazetteer.find(text)
        spans += _addresses(text)
        for pattern in _NAMES:
            spans += [Span(*match.span("name"), "PERSON") for match in pattern.finditer(text)]
        if _DIGIT.search(text):
            spans += self._with_digits(text)
        return spans

    def _with_digits(self, text: str) -> list[Span]:
        """Identifiers, accounts, addresses, dates of birth, phone numbers: all that has digits in it."""
        spans = [Span(*match.span(), "ID") for match in self._identifier.finditer(text)]
        spans += [Span(*match.span(), kind) for kind, pattern in _WITH_DIGITS for match in pattern.finditer(text)]
        for match in _STREET_END.finditer(text):
            before = _WORD_BEFORE.search(text, max(match.start() - 60, 0), match.start())
            start = before.start() if before else match.start()
            if text[start].isupper():
                spans.append(Span(start, match.end(), "ADDRESS"))
        spans += [Span(*span, "NUMBER") for span in self._numbers.numbers(text)]
        spans += [Span(*span, "PLACE") for span in self._numbers.postcodes(text)]
        born, kept = self._dates(text)
        kept += [match.span() for pattern in _PHONE_KEPT for match in pattern.finditer(text)]
        kept.sort()
        starts = [start for start, _ in kept]
        furthest = list(accumulate((end for _, end in kept), max))
        for match in _PHONE.finditer(text):
            start, end = match.span()
            if match.group().count("(") > match.group().count(")") and text[start] == "(":
                start += 1  # the bracket belongs to the sentence
            at = bisect_right(starts, start)
            if not at or furthest[at - 1] < end:
                spans.append(Span(start, end, "CARD" if is_card(match.group()) else "PHONE"))
        return spans + born

    def _dates(self, text: str) -> tuple[list[Span], list[tuple[int, int]]]:
        """Dates of birth, and where the other dates are."""
        born = [Span(*match.span(1), "BIRTH DATE") for match in _BORN.finditer(text)]
        kept = []
        for match in _SHORT_DATE.finditer(text) if self._births else ():
            if self._is_known_birth(match):
                born.append(Span(*match.span(), "BIRTH DATE"))
        for match in _DATE.finditer(text):
            month = match["m1"] or match["m2"]
            if month and fold(month) not in MONTHS:
                continue
            year = next(int(y) for y in match.group("y1", "y2", "y3", "y4") if y)
            if year < self._born_before:
                born.append(Span(*match.span(), "BIRTH DATE"))
            else:
                kept.append(match.span())
        return born, kept

    def _is_known_birth(self, match: re.Match[str]) -> bool:
        """Whether a date with a year of two digits is a known date of birth, day or month first."""
        one, two, short, day, name, year = match.groups()
        month = MONTHS.get(fold(name), 0) if name else int(two)
        first, ending = int(day or one), int(year or short)
        readings = [(month, first)] if name else [(month, first), (first, month)]
        return any((century + ending, m, d) in self._births for century in (1900, 2000) for m, d in readings)


def _addresses(text: str) -> list[Span]:
    """E-mail addresses, also with ``(at)`` and ``[dot]``."""
    spans: list[Span] = []
    for match in _AT.finditer(text):
        start, furthest = match.start(), max(match.start() - _LONGEST_LOCAL_PART, 0)
        while start > furthest and (text[start - 1].isalnum() or text[start - 1] in "_.+-'"):
            start -= 1
        after = _AFTER_AT.match(text, match.end()) if start < match.start() else None
        if after:
            spans.append(Span(start, after.end(), "EMAIL"))
    return spans


def is_card(text: str) -> bool:
    """Whether the digits are a payment card number: 13 to 19 of them, Luhn's check digit right (ISO/IEC 7812)."""
    digits = [int(c) for c in text if c.isdigit()]
    if not 13 <= len(digits) <= 19 or text.lstrip("(").startswith(("+", "0")):  # a phone number with its country code
        return False
    doubled = [d if i % 2 == 0 else (2 * d - 9 if d > 4 else 2 * d) for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def placeholder_counts(found: Mapping[str, int]) -> str:
    """Counts in words, for a report: ``12 PERSON, 3 PHONE``."""
    return ", ".join(f"{count} {kind}" for kind, count in sorted(found.items())) or "nothing found"


def _merged(text: str, spans: Iterable[Span]) -> list[Span]:
    """Overlapping spans become one; neighbours of one kind too; an address takes in the postcode and town behind it."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and (span.start < merged[-1].end or _belong(text, merged[-1], span)):
            last = merged.pop()
            kind = min(last.kind, span.kind, key=_ORDER.index)
            merged.append(Span(last.start, max(last.end, span.end), kind))
        else:
            merged.append(span)
    for index, span in enumerate(merged):
        if span.kind == "ADDRESS":
            town = _CODE_AND_TOWN.match(text, span.end)
            limit = merged[index + 1].start if index + 1 < len(merged) else len(text)
            if town and town.end() <= limit:
                merged[index] = Span(span.start, town.end(), span.kind)
    return merged


def _belong(text: str, left: Span, right: Span) -> bool:
    kinds = {left.kind, right.kind}
    if kinds == {"PERSON"}:
        gap = text[left.end : right.start]
        return "\n" not in gap and _GAP.fullmatch(gap) is not None
    if kinds <= {"ADDRESS", "PLACE"} and "ADDRESS" in kinds:
        return text[left.end : right.start].strip(" ,") == "" and right.start - left.end <= 3
    return False
