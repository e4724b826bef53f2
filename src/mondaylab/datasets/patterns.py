"""What is personal by its form, whoever it belongs to: searched for in everything that is about to be published."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from stdnum import ean, iban, luhn

from mondaylab.datasets.addresses import addresses_in
from mondaylab.datasets.name_list import people_in
from mondaylab.datasets.national_ids import national_ids_in
from mondaylab.datasets.policy import Form

_MAIL = re.compile(r"[\w.+%'\-]\s?@\s?(?:[\w\-]{1,63}\.){1,8}[^\W\d_]{2,24}(?!\w)")

# numbers of 13 to 19 digits, by issuer: Visa, Mastercard, American Express, Diners, Discover, JCB, UnionPay
_LONG_NUMBER = re.compile(r"(?<![\w.,\-])\d(?:[ \-]?\d){12,18}(?![\w\-]|[.,]\d)")
_ISSUER = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[689]\d)\d{11}|6(?:011|5\d\d|4[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}"
)
_IBAN = re.compile(r"(?<!\w)[A-Za-z]{2} ?\d{2}(?:[ \-]?[A-Za-z0-9]{4}){2,7}(?:[ \-]?[A-Za-z0-9]{1,3})?(?!\w)")

_PHONE = re.compile(
    r"(?<![\w.,+\-/])(?:(?:\+[1-9]|00[1-9]\d{0,2}[ ./()\-])(?:[ ./()\-\u2013]{0,3}\d){6,14}"  # international
    r"|\(\d{2,5}\)[ ./\-]{0,2}\d{3,}(?:[ ./\-]{1,3}\d{2,}){0,3}"  # area code in brackets
    r"|0[1-9]\d{1,4}[ ]?[ /\-][ ]?\d{3,}(?:[ \-]{1,3}\d{2,}){0,4}"  # national, with its zero
    r"|0[1-9](?:[ .]\d{2}){4}"
    r"|[2-9]\d\d[ .\-][2-9]\d\d[ .\-]\d{4})"  # North America
    r"(?![\w\-]|[.,]\d)"
)
# an unbroken or bare number is a phone only where the text says so, or where the whole column looks like it
_SAID_PHONE = re.compile(
    r"(?i)\b(?:phone|tel|telefon|telephone|mobile?|handy|cell|fax|whatsapp)\b"
    r"[^\w+(]{0,3}\+?\(?\d(?:[ ()./\-]{0,3}\d){5,14}"
)
_BARE_PHONE = re.compile(r"\+?(?:0[1-9]\d{7,11}|(?!0)\d{2,3}(?: \d{2,4}){2,4}|[1-9]\d{9,13}(?= ?(?:x|ext)))")
_ZIP_PLUS_4 = re.compile(r"\d{5}-\d{4}")
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")

_SECRET = re.compile(
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY|(?<!\w)eyJ[\w\-]{8,}\.eyJ[\w\-]{8,}\.|\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}"
    r"|\$argon2(?:id|i|d)\$|\$(?:1|5|6|y|7|apr1|pbkdf2-sha\d+|scrypt)\$[^\s$]|(?<!\w)(?:pbkdf2|scrypt)[_:][\w:]{2,30}\$"
    r"|\{(?:SSHA|SHA|SMD5|MD5|CRYPT)\d{0,3}\}\S{8}|(?<!\w)(?:AKIA|ASIA)[0-9A-Z]{16}(?!\w)|(?<!\w)gh[pousr]_\w{30}"
    r"|(?<!\w)github_pat_\w{20}|(?<!\w)glpat-[\w\-]{20}|(?<!\w)xox[abeprs]-[\w\-]{10}|(?<!\w)[sr]k_(?:live|test)_\w{16}"
    r"|(?<!\w)sk-[\w\-]{20}|(?<!\w)AIza[\w\-]{35}|(?<!\w)npm_\w{36}|(?<!\w)hf_\w{30}|(?<!\w)SG\.[\w\-]{22}\.[\w\-]{20}"
)
_DIGEST = re.compile(r"(?:0x)?(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})", re.I)
_UNDASHED_GUID = re.compile(r"[0-9a-f]{12}[1-8][0-9a-f]{3}[89ab][0-9a-f]{15}", re.I)
_RANDOM = re.compile(r"[A-Za-z0-9+/_\-]{24,}={0,2}")
_BORN = re.compile(
    r"(?i)\b(?:born|birthdate|birthday|dob|geb|geboren|nacida?o?|naissance|urodz\w{0,4})\b[^\d\n]{0,20}"
    r"\d{1,4}[./\- ]{1,2}\d{1,2}[./\- ]{1,2}\d{2,4}"
)
_DATE = re.compile(r"(?:(\d{4})[-./]?(\d\d)[-./]?(\d\d)|(\d{1,2})[./\-](\d{1,2})[./\-](\d{4}))(?:[ T]00:00(?::00)?)?")
_MOST = 0.6
_COLUMN = 3
_SPREAD_YEARS = 8

_COLUMN_NAMES: Mapping[Form, re.Pattern[str]] = {
    "phone": re.compile(r"(?i)(?:^|_)(?:tele)?(?:phone|fax|mobile|handy|telefon|cell)(?:_|$|no|num)"),
    "secret": re.compile(
        r"(?i)(?:^|_)(?:passw(?:or)?d|pwd|passwort|passphrase|secret|api_?key|(?:access|auth)_?token)"
    ),
}


def forms_in(cells: Iterable[str], *, year: int, name: str = "", names_allowed: bool = False) -> dict[Form, set[str]]:
    """What in a column is personal by its form.

    A single e-mail address, account or key is enough; numbers that chance makes valid count by their share among the
    numbers of that shape, names by their share in the column.

    Args:
        cells: The column as it would be published: text, or numbers and dates as text.
        year: Year of the data, to tell dates of birth by age.
        name: The column's name: a plain number is a phone if the column says so.
        names_allowed: Whether the policy lets people stand in it.

    Returns:
        Form -> the cells that have it; forms that do not occur are left out.
    """
    distinct = {cell for cell in cells if cell}
    found: dict[Form, set[str]] = {
        "email": {c for c in distinct if "@" in c and _MAIL.search(c)},
        "secret": {c for c in distinct if _SECRET.search(c)} | _random_codes(distinct),
        "birth_date": {c for c in distinct if _BORN.search(c)} | _births(distinct, year),
        "name": set() if names_allowed else set(people_in(distinct)),
        "address": addresses_in(distinct, name),
    }
    digits = {c for c in distinct if sum(map(str.isdigit, c)) >= 6}
    found["card"] = _checked(digits, _LONG_NUMBER, _is_card)
    found["iban"] = _checked(digits, _IBAN, iban.is_valid)
    found["national_id"] = national_ids_in(digits)
    found["phone"] = _phones(digits, whole=len(distinct)) - found["national_id"] - found["birth_date"]
    for form, pattern in _COLUMN_NAMES.items():
        if pattern.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)) and not found[form]:
            found[form] = _as_named(form, distinct)
    return {form: hits for form, hits in found.items() if hits}


def _checked(cells: set[str], shape: re.Pattern[str], valid: Callable[[str], bool]) -> set[str]:
    """Cells with a valid number, unless most numbers of this shape are not valid: then these are so by chance."""
    shaped = {cell: numbers for cell in cells if (numbers := shape.findall(cell))}
    good = {number for numbers in shaped.values() for number in numbers if valid(number)}
    total = len({number for numbers in shaped.values() for number in numbers})
    if len(good) < 0.3 * total:
        return set()
    return {cell for cell, numbers in shaped.items() if good.intersection(numbers)}


def _is_card(number: str) -> bool:
    plain = re.sub(r"\D", "", number)
    if not _ISSUER.fullmatch(plain) or len(set(plain)) < 2 or not luhn.is_valid(plain):
        return False
    return len(plain) not in (13, 14) or not ean.is_valid(plain)


def _phones(cells: set[str], whole: int) -> set[str]:
    sure = {c for c in cells if _SAID_PHONE.search(c) or any(_is_phone(m.group()) for m in _PHONE.finditer(c))}
    sure -= _codes(sure, cells)
    bare = {c for c in cells if _BARE_PHONE.fullmatch(c.strip()) and 8 <= _length(c) <= 14 and not _is_article(c)}
    if len(bare) >= 5 and len(bare | sure) >= _MOST * whole:
        return sure | bare
    return sure


def _codes(hits: set[str], cells: set[str]) -> set[str]:
    """Hits that are whole cells of one shape, where most cells of that shape are no phones: article numbers."""
    shapes = Counter(_shape(c) for c in cells)
    phones = Counter(_shape(c) for c in hits)
    return {
        c for c in hits if c[0].isdigit() and shapes[_shape(c)] >= 5 and phones[_shape(c)] < _MOST * shapes[_shape(c)]
    }


def _shape(cell: str) -> str:
    return re.sub(r"\d", "9", cell)


def _is_phone(text: str) -> bool:
    if _ISO_DATE.search(text) or _ZIP_PLUS_4.fullmatch(text):
        return False
    return (10 if text.startswith("00") else 7) <= _length(text) <= 15


def _is_article(text: str) -> bool:
    plain = re.sub(r"\D", "", text)
    return len(plain) in (8, 12, 13, 14) and bool(ean.is_valid(plain))


def _length(text: str) -> int:
    return sum(map(str.isdigit, text))


def _random_codes(cells: set[str]) -> set[str]:
    """Digests and tokens: whole cells of hexadecimal or base64 that no person wrote, where most of the column is so."""
    digests = {c for c in cells if _DIGEST.fullmatch(c) and not c.isdigit()}
    if digests and all(_UNDASHED_GUID.fullmatch(c) for c in digests):
        digests = set()
    tokens = {c for c in cells - digests if _RANDOM.fullmatch(c) and _looks_random(c)}
    found = digests | tokens
    return found if len(found) >= min(_COLUMN, len(cells)) and len(found) >= _MOST * len(cells) else set()


def _looks_random(text: str) -> bool:
    counts = Counter(text)
    entropy = -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())
    kinds = any(map(str.isdigit, text)) + any(map(str.islower, text)) + any(map(str.isupper, text))
    return kinds == 3 and entropy > 3.8 and re.search(r"[A-Za-z]{9,}", text) is None


def _births(cells: set[str], year: int) -> set[str]:
    """A column of dates most of which lie as long ago as people are old, over more years than a company's orders do."""
    years = {cell: made.year for cell in cells if (made := _as_date(cell))}
    old = sorted(y for y in years.values() if 16 <= year - y <= 100)
    if len(years) < _COLUMN or len(years) < 0.8 * len(cells) or len(old) < 0.8 * len(years):
        return set()
    if old[-1 - len(old) // 10] - old[len(old) // 10] < _SPREAD_YEARS:
        return set()
    return {cell for cell, y in years.items() if 16 <= year - y <= 100}


def _as_date(cell: str) -> date | None:
    match = _DATE.fullmatch(cell.strip())
    if not match:
        return None
    y, m, d = (int(part) for part in (match.groups()[:3] if match[1] else match.groups()[:2:-1]))
    try:
        return date(y, m, d) if m <= 12 else date(y, d, m)
    except ValueError:
        return None


def _as_named(form: Form, cells: set[str]) -> set[str]:
    """Cells that are what the column's name says, where their own form does not tell."""
    if form == "phone":
        return {c for c in cells if 7 <= _length(c) <= 15 and not re.search(r"[^\d\s()+./\-]", c)}
    return {c for c in cells if len(c) >= 6}
