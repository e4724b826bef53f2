"""Names, e-mail addresses, phone numbers, bank accounts and street addresses of people who do not exist.

Phone numbers come from the ranges that Germany's Bundesnetzagentur sets aside for films, mail domains end in the
reserved ``.example``, towns are invented, and no bank has the bank codes. Check digits are valid, so that detectors
have something to find.
"""

from __future__ import annotations

import unicodedata

import numpy as np

from mondaylab.datasets.demo_company.names import FIRST, LAST, POSTCODES, STREETS, TOWNS

_SPELLED = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "ł": "l", "æ": "ae"}

# area code, exchange, digits of the extension: Bundesnetzagentur, "Rufnummern für Medienproduktionen"
_FILM_NUMBERS = (
    ("30", "23125", 3),
    ("40", "66969", 3),
    ("69", "90009", 3),
    ("89", "99998", 3),
    ("221", "4710", 3),
    ("171", "39200", 2),
    ("176", "040690", 2),
)


def plain(text: str) -> str:
    """Lower-case ASCII letters and digits: how a name looks in a mail address."""
    spelled = "".join(_SPELLED.get(c, c) for c in text.lower())
    folded = unicodedata.normalize("NFKD", spelled)
    return "".join(c for c in folded if c.isascii() and c.isalnum())


def names(random: np.random.Generator, count: int) -> list[tuple[str, str]]:
    """`count` different (first, last) pairs."""
    picked = random.choice(len(FIRST) * len(LAST), size=count, replace=False)
    return [(FIRST[i // len(LAST)], LAST[i % len(LAST)]) for i in picked.tolist()]


def any_name(random: np.random.Generator) -> tuple[str, str]:
    """One (first, last) pair."""
    return FIRST[int(random.integers(len(FIRST)))], LAST[int(random.integers(len(LAST)))]


def phone_numbers(random: np.random.Generator, count: int) -> list[tuple[str, str, str]]:
    """`count` numbers as (area code, exchange, extension); no two are equal while the film ranges last."""
    pool = [(area, block, f"{n:0{digits}d}") for area, block, digits in _FILM_NUMBERS for n in range(10**digits)]
    picked = random.choice(len(pool), size=count, replace=count > len(pool))
    return [pool[i] for i in picked.tolist()]


def any_phone(random: np.random.Generator) -> tuple[str, str, str]:
    """One number as (area code, exchange, extension)."""
    area, block, digits = _FILM_NUMBERS[int(random.integers(len(_FILM_NUMBERS)))]
    return area, block, f"{int(random.integers(10**digits)):0{digits}d}"


def phone_text(number: tuple[str, str, str], style: int) -> str:
    """The number as one of nine people would write it; `style` is taken modulo 9."""
    area, block, extension = number
    local = f"{block}{extension}"
    return (
        f"+49 {area} {block} {extension}",
        f"0{area} {block}{extension}",
        f"0{area}/{block}-{extension}",
        f"(0{area}) {local}",
        f"+49 (0){area} {block}-{extension}",
        f"0049{area}{local}",
        f"+49{area}{local}",
        f"0{area}.{block}.{extension}",
        f"0{area} {local[:3]} {local[3:5]} {local[5:]}",
    )[style % 9]


def iban(random: np.random.Generator) -> str:
    """An account with valid check digits (ISO 13616, modulo 97) at a bank that does not exist."""
    country, digits = (("DE", 18), ("DE", 18), ("DE", 18), ("AT", 16))[int(random.integers(4))]
    number = "9" + "".join(str(d) for d in random.integers(0, 10, digits - 1))
    check = 98 - int(number + "".join(str(ord(c) - 55) for c in country) + "00") % 97
    return f"{country}{check:02d}{number}"


def iban_text(account: str, style: int) -> str:
    """The account in groups of four (even `style`) or as one word (odd)."""
    return account if style % 2 else " ".join(account[i : i + 4] for i in range(0, len(account), 4))


def address(random: np.random.Generator, region: str) -> tuple[str, str, str]:
    """Street with house number, postcode and town of a region."""
    street = STREETS[int(random.integers(len(STREETS)))]
    town = int(random.integers(len(TOWNS[region])))
    postcode = f"{POSTCODES[region]}{town}{int(random.integers(1000)):03d}"
    return (
        f"{street} {int(random.integers(1, 180))}{'abc'[town % 3] if random.random() < 0.1 else ''}",
        postcode,
        TOWNS[region][town],
    )


def name_text(name: tuple[str, str], style: int) -> str:
    """The name as one of eight people would write it in a hurry; `style` is taken modulo 8."""
    first, last = name
    return (
        f"{first} {last}",
        f"{first} {last}",
        f"{first[0]}. {last}",
        f"{last}, {first}",
        f"Ms {last}" if first.endswith(("a", "e")) else f"Mr {last}",
        f"{first} {last}".upper(),
        f"{first} {last}".lower(),
        first,
    )[style % 8]
