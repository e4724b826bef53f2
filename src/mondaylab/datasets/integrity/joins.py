"""Identifiers: whether they are any, and whether what they point at is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, pairwise

from mondaylab.datasets.integrity.cells import Cells
from mondaylab.datasets.integrity.findings import Finding, where
from mondaylab.datasets.integrity.keys import Keys, names_of
from mondaylab.datasets.known import fold
from mondaylab.datasets.policy import Drop, Policy, Pseudonym
from mondaylab.plural import counted

_NULL = re.compile(
    r"null|nil|none|nan|nat|na|n/a|n\.a\.?|n/d|undefined|unknown|missing|tbd|tba|void|empty|blank|-1|\\n|k\.\s?a\.?"
    r"|#(?:n/a|na|null!|ref!|value!|name\?|div/0!|num!)|[<(\[{](?:na|n/a|null|none|nil|empty|blank|unknown)[>)\]}]"
    r"|unbekannt|leer|ohne|keiner?|ninguno|inconnu|brak|nieznany|nema|okand|[?\-\u2013\u2014._*/]{1,5}"
)
_ZERO = re.compile(r"[+-]?0+(\.0*)?")
_AS_NUMBER = re.compile(r"[+-]?\d+\.0+|[+-]?\d+([.,]\d+)?[eE][+]?\d+|\d{1,3}(,\d{3})+")
_ELSEWHERE = 0.9  # of the values of a table that names its own people may be none of the table they point at
_FEW = 20  # rows of the table pointed at; fewer say nothing
_SILENT = 0.2  # of the rows pointed at, at the end, have none that points at them
_COVERED = 0.8  # of the rows before them have one
_OVERLAP = 0.5  # of the values of the smaller column: two domains that share so many are one


def null_like(policy: Policy, cells: Cells, keys: Keys) -> Iterator[Finding]:
    """Words for nothing in columns of identifiers, and identifiers that a spreadsheet made numbers of.

    Where a domain has a pattern, what is no identifier refuses by it.
    """
    homes = keys.homes()
    for table, column, action in policy.actions():
        if not isinstance(action, Pseudonym) or any(policy.domains[d].pattern for d in action.all_domains()):
            continue
        values, distinct = cells.of(table, column), cells.distinct(table, column)
        nulls = {value for value in distinct if _NULL.fullmatch(fold(value))}
        zeros = {value for value in distinct if _ZERO.fullmatch(value)}
        if zeros and not _is_entity(zeros, cells, homes.get(str(action.domain), [])):
            nulls |= zeros
        numbers = {value for value in distinct - nulls if _AS_NUMBER.fullmatch(value)}
        if nulls:
            rows = where(value in nulls for value in values)
            what = (
                counted(len(rows), "identifier is a word", "identifiers are words")
                + " for nothing (such as NULL, n/a, - or 0): export it as a blank"
            )
            yield Finding("null_like_ids", table, column, what, rows, len(rows) / len(values))
        if numbers:
            rows = where(value in numbers for value in values)
            what = (
                counted(len(rows), "identifier is written as a decimal", "identifiers are written as decimals")
                + " or rounded (such as 12.0 or 1.2E+9): export the column as text"
            )
            yield Finding("ids_as_numbers", table, column, what, rows, len(rows) / len(values))


def _is_entity(zeros: set[str], cells: Cells, homes: list[tuple[str, str]]) -> bool:
    """Whether exactly one row is called 0, as where counting starts there."""
    return len(zeros) == 1 and sum(value in zeros for home in homes for value in cells.of(*home)) == 1


def orphans(policy: Policy, cells: Cells, keys: Keys) -> Iterator[Finding]:
    """Values that should be a key of another table and are not."""
    for join in keys.joins():
        values = cells.of(join.table, join.column)
        pattern = policy.domains[join.domain].pattern if join.domain else None
        gone = cells.distinct(join.table, join.column).difference(*(cells.distinct(*home) for home in join.homes))
        if pattern is not None:
            gone = frozenset(value for value in gone if re.fullmatch(pattern, value))
        if gone:
            rows = where(value in gone for value in values)
            filled = sum(map(bool, values))
            if _ELSEWHERE <= len(rows) / filled < 1 and _names_people(policy, join.table):
                continue  # such as applicants, of whom a few are staff: the table itself says who they are
            places = " or ".join(f"{table}.{column}" for table, column in join.homes)
            what = f"{len(rows):,} of {filled:,} values {'is' if len(rows) == 1 else 'are'} not in {places}"
            yield Finding("orphans", join.table, join.column, what, rows, len(rows) / filled)


def _names_people(policy: Policy, table: str) -> bool:
    holds = {action.holds for action in policy.tables[table].columns.values() if isinstance(action, Drop)}
    return not holds.isdisjoint(("person", "first_name", "last_name"))


def cut_short(policy: Policy, cells: Cells, keys: Keys) -> Iterator[Finding]:
    """Tables that follow another one row by row, and stop while it goes on: a cut file."""
    for join in keys.joins():
        for home in join.homes:
            known = {value: place for place, value in enumerate(cells.of(*home), 1)}
            places = [known.get(value, 0) for value in cells.of(join.table, join.column)]
            if len(known) < _FEW or not places or not all(a <= b for a, b in pairwise(places)):
                continue
            reached, covered = places[-1], len(set(places) - {0})
            silent = len(known) - reached
            if places[0] and silent >= _SILENT * len(known) and covered >= _COVERED * reached:
                what = (
                    f"rows for {covered:,} of the first {reached:,} rows of {home[0]}, and none for the {silent:,}"
                    " after these; was the file cut?"
                )
                yield Finding("ends_early", join.table, join.column, what, share=silent / len(known))


def domains_apart(policy: Policy, cells: Cells, keys: Keys) -> Iterator[Finding]:
    """Columns of two domains that hold the same identifiers: their pseudonyms would no longer join."""
    places = [
        (table, column, action.domain)
        for table, column, action in policy.actions()
        if isinstance(action, Pseudonym) and action.domain is not None
    ]
    values = {(table, column): cells.distinct(table, column) for table, column, _ in places}
    union: dict[str, set[str]] = {}
    for table, column, domain in places:
        union.setdefault(str(domain), set()).update(values[table, column])
    meeting = {pair for pair in combinations(union, 2) if not union[pair[0]].isdisjoint(union[pair[1]])}
    for (one, left, first), (two, right, second) in combinations(places, 2):
        if (first, second) not in meeting and (second, first) not in meeting:
            continue
        a, b = values[one, left], values[two, right]
        shared = a & b
        if not shared or len(shared) < _OVERLAP * min(len(a), len(b)):
            continue
        # equal numbers are counted from one everywhere: these need names that say the same, too
        lettered = sum(not value.isdigit() for value in shared) >= max(3, _OVERLAP * len(shared))
        if lettered or not names_of(one, left).isdisjoint(names_of(two, right)):
            what = (
                f"{len(shared):,} of its identifiers also"
                f" {'stands' if len(shared) == 1 else 'stand'} in {one}.{left}, which is of domain {first!r}: name one"
                " domain for both, or they no longer join"
            )
            yield Finding("domains_apart", two, right, what, share=len(shared) / max(1, len(b)))
