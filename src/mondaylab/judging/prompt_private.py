"""What does not belong into a prompt: personal data, identifiers, and what the company keeps to itself.

Small patterns of their own rather than `mondaylab.datasets.freetext`: that module looks for the values of raw exports,
and a learner's kernel should not load it. Here a false alarm costs a learner a rewrite, so a figure, a date or a week
number must not look like a phone number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

_SHOWN = 6
"""So many characters of a finding are quoted: enough to see which, not enough to repeat it."""

_MAIL = re.compile(r"[\w.+\-']{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w\-]{1,63}(?:\.[\w\-]{1,63})+")
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_AMOUNT = r"(?:[1-9]\d{0,2}(?:[.,' ]\d{3})+|\d+)(?:[.,]\d{1,2})?"
_NO_PHONE = re.compile(
    # days with or without a time; months and weeks with their year; years and spans of them
    r"(?<!\d)(?:20\d\d-\d\d?-\d\d?(?:[t ]\d\d?:\d\d(?::\d\d)?)?|\d\d?[./]\s?\d\d?[./]\s?(?:20)?\d\d"
    rf"|\d\d?\.?(?:st|nd|rd|th)? (?:{_MONTHS})[a-z]*\.?,? 20\d\d|\d\d?[/.\-]20\d\d"
    r"|20\d\d[/\-](?:20)?\d\d?|20\d\d)(?!\d)"
    # amounts of money, percentages, grouped thousands
    rf"|(?:eur|usd|gbp|chf|€|\$|£) ?{_AMOUNT}(?!\d)|(?<![\d+]){_AMOUNT} ?(?:eur|usd|gbp|chf|€|\$|£|%)"
    r"|(?<![\d+.,])(?<!\d[ \-/.])[1-9]\d{0,2}(?:[.,' ]\d{3})+(?:[.,]\d{1,2})?(?! ?\d)(?!-)"
)
_ABROAD = re.compile(r"(?:\+|\b00)\(?\d(?:[ ().\-/\u2013]{0,2}\d){6,16}")
_DIGITS = re.compile(r"\(?\d(?:[ ().\-/\u2013]{0,2}\d){5,30}")
_PHONE_BEFORE = re.compile(
    r"\b(?:phone|tel|telephone|call|mobile|cell|fax|whatsapp|number is)\b\W{0,3}(?:\w+\W{1,2})?\Z"
)
_IBAN = re.compile(r"\b[a-z]{2}\d{2}(?:[ \-]?[a-z0-9]){11,32}")
_STREET = re.compile(
    r"\b\d{1,4}[a-z]? (?!(?:the|a|our|in|on|at|of|or|and) )[^\W\d_]{3,}(?: [^\W\d_]{3,})? (?:street|road|avenue|lane)\b"
    r"|\b[^\W\d_]*(?:stra(?:ß|ss)e|gasse|allee|platz)\.? \d{1,4}\b|\b[^\W\d_]{2,}(?:str\.|weg) \d{1,4}\b"
)
_BORN = re.compile(r"\b(?:born|birth|birthday|dob|geboren)\b[^\d.!?]{0,20}\d{1,4}[./\- ]\d{1,2}[./\- ]\d{1,4}")
_SMALL = "the|a|an|and|or|of|in|on|at|to|for|from|is|are|was|who|that|if|by|with|as|then|per|not|no"
_ADDRESSED = re.compile(
    rf"(?<!\d )\b(?:mr|mrs|ms|mx|dr|prof|herrn?|frau|mme|madame|monsieur)\b\.? (?!(?:{_SMALL})\b)[^\W\d_]{{2,}}"
    rf"|\bmy name is (?!(?:{_SMALL})\b)[^\W\d_]{{2,}}"
)
_NAME = r"[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+(?:['-][A-ZÀ-ÖØ-Þ]?[a-zß-öø-ÿ]+)*"
_NAMED = re.compile(
    r"\b(?i:customer|client|applicant|candidate|colleague|employee|agent|for|from|by|about|reject|hire|promote|invite"
    rf"|named|called|that|why) (?P<first>{_NAME}) (?P<last>{_NAME})\b"
)
_NO_NAMES = frozenset(
    str.split("""
    a account an and april august board bullet central chief christmas company controller customer customers december
    department director east english february finance for friday general german head human i if in it january july june
    lab lead logistics management manager march may monday north november october of office officer on only operations
    or our purchasing quarter resources sales saturday section september service south sunday support team the these
    this thursday to tuesday we wednesday week west with you
    """)
)
_CODE = re.compile(r"(?=[a-z0-9]*[a-z][a-z0-9]*[a-z])(?=(?:[a-z]*\d){2})[a-z0-9]{10,40}")
_TOKEN = re.compile(r"[^\W_]+(?:[-_][^\W_]+)*")

_MONEY = r"\d(?:[\d.,]{3,}|\d{2,})"
_PAY = re.compile(
    rf"\b(?:salary|salaries|wages?|bonus)\b[^.!?]{{0,30}}?{_MONEY}"
    rf"|\bearns [^.!?]{{0,20}}?{_MONEY}[^.!?]{{0,10}} (?:a|per) (?:month|year)"
)
_COST_PRICE = re.compile(
    r"\b(?:unit[ _]costs?|cost prices?|purchase prices?|supplier(?:'s)? (?:price|cost)s?)\b[^.!?]{0,30}?\d"
)
_SECRET = re.compile(r"\b(?:password|passwort|pin code|api key|access token)s? ?(?::|=| is |\bis\b)")
_KEPT_IN = re.compile(
    r"\b(?:passwords?(?! (?:reset|policy|change))|passwort|api keys?|confidential|internal only|for internal use"
    r"|trade secrets?|not for distribution|non-disclosure|do not forward)\b"
)
_SPOKEN_OF = re.compile(
    r"\b(?:no|not|never|without|nothing|don't|avoid|exclude|remove|leave out|any|anything|forgot|forgotten|forget"
    r"|reset|resetting|lost|new)\b[^.!?;:]{0,40}\Z"
)


def find_private(text: str, *, words: Iterable[str], ids: Callable[[str], bool]) -> tuple[str, ...]:
    """What in `text` should not be sent, in words, each kind once, with the first characters of what was found.

    Only names without a form of address (``the customer Tom Becker``) are told by their capitals; everything else is
    found in any case. A name that stands alone is not found: the sanitized tables hold none to compare it with.

    Args:
        text: Any text. Runs of white space count as one space, invisible characters do not count.
        words: Words of the lab in lower case; they are nobody's name.
        ids: Whether a token is an identifier of the company's data, whatever its case.
    """
    seen = " ".join("".join(c for c in text if unicodedata.category(c) != "Cf").replace("\u2019", "'").split())
    folded = seen.casefold()
    found: dict[str, str] = {}
    for kind, what in _findings(seen, folded, frozenset(words), ids):
        found.setdefault(kind, what)
    return tuple(
        f"{kind} (“{what[:_SHOWN].strip()}{'…' if len(what) > _SHOWN else ''}”)" for kind, what in found.items()
    )


def _findings(seen: str, folded: str, words: frozenset[str], ids: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    for kind, pattern in (
        ("an e-mail address", _MAIL),
        ("a street address", _STREET),
        ("a date of birth", _BORN),
        ("a person's name", _ADDRESSED),
        ("a supplier's cost price", _COST_PRICE),
    ):
        yield from ((kind, match[0]) for match in pattern.finditer(folded))
    yield from (("a person's name", name) for name in _names(seen, words))
    yield from (("a bank account", match[0]) for match in _IBAN.finditer(folded) if _is_iban(match[0]))
    yield from _numbers(folded)
    yield from (("an identifier from the data", token) for token in _identifiers(folded, ids))
    yield from (("a salary", match[0]) for match in _PAY.finditer(folded) if not _negated(folded, match.start()))
    yield from (("a password or key", match[0]) for match in _SECRET.finditer(folded))
    yield from (
        ("something marked as confidential", match[0])
        for match in _KEPT_IN.finditer(folded)
        if not _negated(folded, match.start())
    )


def _negated(text: str, start: int) -> bool:
    """Whether the words before speak of leaving it out, or of the thing as a topic (a forgotten password)."""
    return _SPOKEN_OF.search(text, max(start - 60, 0), start) is not None


def _names(seen: str, words: frozenset[str]) -> Iterator[str]:
    tokens = re.findall(r"[^\W\d_]+", seen)
    if sum(token[0].isupper() for token in tokens) > 0.75 * len(tokens):
        return  # a text in capitals says nothing about names
    parts = {part for word in words for part in word.split()}
    for match in _NAMED.finditer(seen):
        first, last = match["first"].casefold(), match["last"].casefold()
        if not {first, last} & _NO_NAMES and first not in parts and last not in parts:
            yield f"{match['first']} {match['last']}"


def _identifiers(folded: str, ids: Callable[[str], bool]) -> Iterator[str]:
    for token in dict.fromkeys(_TOKEN.findall(folded)):
        for part in dict.fromkeys((token, *re.split(r"[-_]", token))):
            if len(part) > 3 and (ids(part) or _CODE.fullmatch(part)):
                yield part


def _numbers(folded: str) -> Iterator[tuple[str, str]]:
    """Phone numbers, cards, and long runs of digits; not dates, weeks, amounts or a row of figures."""
    for match in _ABROAD.finditer(folded):
        yield "a phone number", match[0]
    text = _NO_PHONE.sub(_blank, _ABROAD.sub(_blank, folded))
    for match in _DIGITS.finditer(text):
        raw, digits = match[0], re.sub(r"\D", "", match[0])
        spaced_only = re.fullmatch(r"[\d ]+", raw) is not None
        runs = [len(run) for run in raw.split()]
        if _PHONE_BEFORE.search(text, max(match.start() - 30, 0), match.start()):
            yield "a phone number", raw
        elif 13 <= len(digits) <= 19 and _luhn(digits):
            yield "a card number", raw
        elif max(runs) >= 7 and spaced_only:
            yield "a long number, perhaps a phone or account number", raw
        elif len(digits) >= 7 and (raw[0] in "0(" or not spaced_only):
            yield "a phone number", raw


def _blank(match: re.Match[str]) -> str:
    return "x" * len(match[0])


def _luhn(digits: str) -> bool:
    """Whether the check digit of a card number is right (ISO/IEC 7812)."""
    doubled = [int(d) * (1 + index % 2) for index, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _is_iban(text: str) -> bool:
    """Whether the text, or a beginning of it, has an IBAN's check digits (ISO 13616: remainder 1 by 97)."""
    plain = re.sub(r"[ \-]", "", text)
    return any(
        int("".join(str(int(c, 36)) for c in plain[4:size] + plain[:4])) % 97 == 1
        for size in range(15, min(len(plain), 34) + 1)
        if plain[:size].isascii()
    )
