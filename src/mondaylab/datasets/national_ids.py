"""Numbers that states give to people, known by their shape and check digits (python-stdnum)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from stdnum.be import nn
from stdnum.br import cpf
from stdnum.ch import ssn as ahv
from stdnum.cz import rc
from stdnum.de import idnr
from stdnum.dk import cpr
from stdnum.es import dni, nie
from stdnum.fi import hetu
from stdnum.fr import nir
from stdnum.gr import amka
from stdnum.ie import pps
from stdnum.it import codicefiscale
from stdnum.nl import bsn
from stdnum.no import fodselsnummer
from stdnum.pl import pesel
from stdnum.ro import cnp
from stdnum.se import personnummer
from stdnum.tr import tckimlik
from stdnum.us import ssn


class _Scheme(NamedTuple):
    """One country's number.

    Attributes:
        shape: What such a number looks like, standing by itself.
        valid: Whether its check digits and dates are right.
        least: So many valid ones are needed: many where chance makes every tenth number valid.
    """

    shape: re.Pattern[str]
    valid: Callable[[str], bool]
    least: int


def _shape(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.,+\-]){pattern}(?![\w\-]|[.,]\d)", re.ASCII)


def _always(_: str) -> bool:
    return True


_NINO = r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
_SCHEMES = (
    _Scheme(_shape(r"[A-Za-z]{6}\d{2}[A-Za-z]\d{2}[A-Za-z]\d{3}[A-Za-z]"), codicefiscale.is_valid, 1),
    _Scheme(_shape(r"\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]"), hetu.is_valid, 1),
    _Scheme(_shape(r"\d{8}-?[A-Z]"), dni.is_valid, 2),
    _Scheme(_shape(r"[XYZ]-?\d{7}-?[A-Z]"), nie.is_valid, 1),
    _Scheme(_shape(r"\d{3}-\d{2}-\d{4}"), ssn.is_valid, 1),
    _Scheme(_shape(r"(?:\d{6}|\d{8})[-+]\d{4}"), personnummer.is_valid, 1),
    _Scheme(_shape(r"\d{6}-\d{4}"), cpr.is_valid, 1),
    _Scheme(_shape(rf"{_NINO} ?\d{{2}} \d{{2}} \d{{2}} ?[A-D]"), _always, 1),
    _Scheme(_shape(rf"{_NINO}\d{{6}}[A-D]"), _always, 3),
    _Scheme(_shape(r"[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}"), nir.is_valid, 1),
    _Scheme(_shape(r"\d{11}"), pesel.is_valid, 1),
    _Scheme(_shape(r"\d{2} ?\d{3} ?\d{3} ?\d{3}"), idnr.is_valid, 2),
    _Scheme(_shape(r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}"), nn.is_valid, 1),
    _Scheme(_shape(r"\d{3}\.\d{3}\.\d{3}-\d{2}"), cpf.is_valid, 1),
    _Scheme(_shape(r"756\.\d{4}\.\d{4}\.\d{2}"), ahv.is_valid, 1),
    _Scheme(_shape(r"\d{6}/\d{3,4}"), rc.is_valid, 2),
    _Scheme(_shape(r"\d{7}[A-W][A-IW]?"), pps.is_valid, 3),
    *(_Scheme(_shape(r"\d{11}"), valid, 3) for valid in (m.is_valid for m in (nn, cpf, fodselsnummer, tckimlik, amka))),
    _Scheme(_shape(r"[1-8]\d{12}"), cnp.is_valid, 3),
    _Scheme(_shape(r"\d{9}"), bsn.is_valid, 4),
    _Scheme(_shape(r"(?:\d{10}|\d{12})"), personnummer.is_valid, 4),
    _Scheme(_shape(r"\d{10}"), cpr.is_valid, 8),
)
_SHARE = 0.7


def national_ids_in(cells: Iterable[str]) -> set[str]:
    """The cells that hold such a number, where most numbers of that shape in the column are valid.

    Chance makes up to a tenth of a column of other numbers valid; in a column of people all are.
    """
    found: set[str] = set()
    distinct = [cell for cell in set(cells) if any(c.isdigit() for c in cell)]
    for scheme in _SCHEMES:
        shaped = {cell: scheme.shape.findall(cell) for cell in distinct}
        numbers = {number for matches in shaped.values() for number in matches}
        valid = {number for number in numbers if scheme.valid(number)}
        if len(valid) >= scheme.least and len(valid) >= _SHARE * len(numbers):
            found |= {cell for cell, matches in shaped.items() if valid.intersection(matches)}
    return found
