"""Dropped numbers and postcodes that are telling by themselves: which these are, and where they stand in free text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mondaylab.datasets.known import WORD, Known

RARE = 20
"""A column with fewer different values is one of categories: its values are everybody's."""
_LEAST_DIGITS = 5
_LEAST_TELLING = 4
_LEAST_POSTCODE = 5
_BLANK = " \u00a0\u2009\u202f"
_CURRENCY = "EUR|USD|GBP|CHF|PLN|CZK|SEK|NOK|DKK|HUF"
# the digits before the decimal sign, with or without signs between thousands
_NUMBER = re.compile(
    rf"(?:(?<![^\W_])|(?<={_CURRENCY}))(?:(?<!\d[.,'\u2019])|(?<=\d{{5}},))"
    rf"(?P<whole>\d{{1,3}}(?:[.,'\u2019{_BLANK}]\d{{3}})+|\d{{5,18}})(?:[.,]\d{{1,2}})?(?=[\W_]|$|{_CURRENCY})"
)
_MONEY_BEFORE = re.compile(rf"(?:{_CURRENCY}|[€$£])[{_BLANK}]?\Z")
_MONEY_AFTER = re.compile(rf"[{_BLANK}]?(?:{_CURRENCY}|[€$£%])")
_INSIDE = frozenset({"", "-", *_BLANK})


def telling_numbers(known: Known) -> frozenset[str]:
    """Digits before the decimal sign of dropped numbers: five or more, four or more but for the zeros at their end.

    Rounder and shorter numbers stand in every text by chance; so do those of a column of categories.
    """
    found = set()
    for value in known.rare("number", least=RARE):
        match = _NUMBER.fullmatch(value.lstrip("+-"))
        digits = _digits(match["whole"]) if match else ""
        if len(digits) >= _LEAST_DIGITS and len(digits.rstrip("0")) >= _LEAST_TELLING:
            found.add(digits)
    return frozenset(found)


def telling_postcodes(known: Known) -> frozenset[str]:
    """Dropped postcodes in lower case without blanks and hyphens: of five characters or more, digits among them."""
    codes = {"".join(WORD.findall(value.lower())) for value in known.of("postcode")}
    return frozenset(code for code in codes if len(code) >= _LEAST_POSTCODE and any(map(str.isdigit, code)))


class Numbers:
    """Finds telling numbers and postcodes as whole tokens of a text."""

    def __init__(self, known: Known) -> None:
        self._numbers = telling_numbers(known)
        self._postcodes = telling_postcodes(known)

    def numbers(self, text: str) -> Iterable[tuple[int, int]]:
        """Where known numbers stand, also as ``52,340``, ``52.340``, ``52'340``, ``52 340``, also with decimals."""
        if not self._numbers:
            return
        for match in _NUMBER.finditer(text):
            if _digits(match["whole"]) in self._numbers:
                yield match.span()

    def postcodes(self, text: str) -> Iterable[tuple[int, int]]:
        """Where known postcodes stand, with a blank or hyphen inside or without; an amount of money is none."""
        if not self._postcodes:
            return
        tokens = list(WORD.finditer(text))
        for at, token in enumerate(tokens):
            code, end = "", token.start()
            for part in tokens[at : at + 3]:
                if code and text[end : part.start()] not in _INSIDE:
                    break
                code, end = code + part.group().lower(), part.end()
                if code in self._postcodes and not _is_money(text, token.start(), end):
                    yield token.start(), end
                    break


def _is_money(text: str, start: int, end: int) -> bool:
    before = _MONEY_BEFORE.search(text, max(start - 4, 0), start)
    return before is not None or _MONEY_AFTER.match(text, end) is not None


def _digits(written: str) -> str:
    return "".join(str(int(c)) for c in written if c.isdecimal()).lstrip("0")
