"""Rows that are none, are there twice, or are missing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from math import gcd

from mondaylab.datasets.integrity.cells import Cells
from mondaylab.datasets.integrity.findings import Finding, where
from mondaylab.datasets.integrity.keys import Keys
from mondaylab.datasets.known import fold
from mondaylab.datasets.policy import Policy
from mondaylab.plural import counted

_TOTAL = re.compile(
    r"(?:grand |sub|sum )?totals?(?: sums?| general)?|sums?|overall|all rows|(?:zwischen|gesamt)?summe|gesamt|insgesamt"
    r"|totaal|totale|totaux|totais|somme|suma|razem|ogolem|lacznie|celkem|spolu|osszesen|yhteensa|totalt|i alt"
    r"|sammanlagt|toplam|\u0438\u0442\u043e\u0433\u043e|\u0432\u0441\u0435\u0433\u043e"
)
_LAST = 3  # rows at the end that may be totals
_ADDENDS = 3  # a figure that is the sum of fewer others may be so by accident
_VARIED = 8  # different rows of a table without a key; of so many, each is there twice only if the file is


def lost(policy: Policy, cells: Cells, before: Mapping[str, int]) -> Iterator[Finding]:
    """Tables with far fewer rows than in the snapshot of the quarter before.

    Args:
        policy: Says how many rows may be fewer.
        cells: The export.
        before: Table -> rows in the quarter before; empty if there is no snapshot of it.
    """
    for table, rules in policy.tables.items():
        rows, was = cells.rows(table), before.get(table, 0)
        if was and rows < was * (1 - rules.most_lost):
            share = 1 - rows / was
            what = f"{counted(rows, 'row', 'rows')}, {share:.0%} fewer than in the quarter before; was the file cut?"
            yield Finding("fewer_rows", table, None, what, share=share)


def too_few(policy: Policy, cells: Cells) -> list[str]:
    """Tables with fewer rows than the policy says that they have at least."""
    return [
        f"table {table}: {_few(rows, rules.least_rows)}"
        f" (export it again, or set 'least_rows: {rows}' under 'tables: {table}:')"
        for table, rules in policy.tables.items()
        if (rows := cells.rows(table)) < rules.least_rows
    ]


def _few(rows: int, least: int) -> str:
    return f"{counted(rows, 'row', 'rows')}, fewer than {least:,}" if rows else "no rows below the header"


def blank(policy: Policy, cells: Cells) -> Iterator[Finding]:
    """Blank rows, and columns in which no row has anything."""
    for table, rules in policy.tables.items():
        count = cells.rows(table)
        if not count:
            continue
        first, *others = rules.columns
        rows = where(not cell for cell in cells.of(table, first)) if "" in cells.of(table, first) else ()
        rows = tuple(row for row in rows if not any(cells.of(table, column)[row - 1] for column in others))
        if rows:
            yield Finding(
                "blank_rows", table, None, counted(len(rows), "row is blank", "rows are blank"), rows, len(rows) / count
            )
        for column in rules.columns:
            if len(rows) < count and not cells.distinct(table, column):
                yield Finding("blank_column", table, column, f"blank in all {counted(count, 'row', 'rows')}")


def twice(policy: Policy, cells: Cells, keys: Keys) -> Iterator[Finding]:
    """Whole rows that are there twice, and keys that stand in several rows or in none."""
    for table in policy.tables:
        count, key = cells.rows(table), keys.of.get(table)
        again = _repeated(policy, table, cells, key)
        if again and (key is not None or _doubled(policy, table, cells)):
            what = f"{len(again):,} of {count:,} rows {'is' if len(again) == 1 else 'are'} there twice"
            yield Finding("rows_twice", table, None, what, again, len(again) / count)
            continue
        if key is not None and not _unique(table, key, cells):
            yield from _key_findings(table, key, cells)


def _repeated(policy: Policy, table: str, cells: Cells, key: tuple[str, ...] | None) -> tuple[int, ...]:
    """Rows that are equal to an earlier row in every column; blank rows are told apart from these."""
    if key is not None and _unique(table, key, cells):
        return ()
    seen: set[tuple[str, ...]] = set()
    rows = []
    columns = [cells.of(table, column) for column in policy.tables[table].columns]
    for number, row in enumerate(zip(*columns, strict=True), 1):
        if row in seen and any(row):
            rows.append(number)
        seen.add(row)
    return tuple(rows)


def _doubled(policy: Policy, table: str, cells: Cells) -> bool:
    """Whether each row of a table is there equally often, or a multiple of it: rows without a key may repeat."""
    rows = list(zip(*(cells.of(table, column) for column in policy.tables[table].columns), strict=True))
    half = len(rows) // 2
    times = Counter(rows)
    if gcd(*times.values()) < 2:
        return False
    return len(times) >= _VARIED or rows[:half] == rows[half:] or rows[0::2] == rows[1::2]


def _unique(table: str, key: tuple[str, ...], cells: Cells) -> bool:
    if len(key) == 1:
        return len(cells.distinct(table, key[0])) == cells.rows(table)
    return len(set(_values(table, key, cells))) == cells.rows(table)


def _values(table: str, key: tuple[str, ...], cells: Cells) -> list[tuple[str, ...]]:
    return list(zip(*(cells.of(table, column) for column in key), strict=True))


def _key_findings(table: str, key: tuple[str, ...], cells: Cells) -> Iterator[Finding]:
    values = _values(table, key, cells)
    column, name = key[0] if len(key) == 1 else None, " and ".join(key)
    rows = where(not any(value) for value in values)
    if rows:
        yield Finding(
            "blank_key",
            table,
            column,
            f"the table's key ({name}) is blank in {counted(len(rows), 'row', 'rows')}",
            rows,
            len(rows) / len(values),
        )
    times = Counter(value for value in values if any(value))
    rows = where(times[value] > 1 for value in values)
    if rows:
        shared = counted(sum(n > 1 for n in times.values()), "value stands", "values stand")
        what = (
            f"the table's key ({name}) does not tell its rows apart: {shared}"
            f" in several rows; if that is right, name another 'key' under 'tables: {table}:', or 'key: []'"
        )
        yield Finding("key_twice", table, column, what, rows, len(rows) / len(values))


def totals(policy: Policy, cells: Cells) -> Iterator[Finding]:
    """A row at the end that is called a total, or holds the sum of the others; and a header line among the rows."""
    for table, rules in policy.tables.items():
        count = cells.rows(table)
        columns = {column: cells.of(table, column) for column in rules.columns}
        rows = {
            number + 1
            for number in range(max(0, count - _LAST), count)
            if count > 1 and _called_total([column[number] for column in columns.values()])
        }
        last = [column for column, action in rules.columns.items() if _is_sum(columns[column])]
        if last and not rows:
            rows = {count}
        if all(name in cells.distinct(table, name) for name in columns):
            rows |= {n for n in range(1, count + 1) if all(column[n - 1] == name for name, column in columns.items())}
        if rows:
            what = counted(len(rows), "row is a total or a heading", "rows are totals or headings") + ", not data"
            yield Finding("total_row", table, None, what, tuple(sorted(rows)), len(rows) / count)


def _called_total(row: list[str]) -> bool:
    """A total's row names itself and leaves other cells blank."""
    return "" in row and any(_TOTAL.fullmatch(fold(cell).strip(" :.=*")) for cell in row)


def _is_sum(column: list[str]) -> bool:
    *others, last = column or [""]
    if len(others) < _ADDENDS:
        return False
    try:
        figure = float(last)
        if not figure or (figure == int(figure) and abs(figure) < 100):
            return False
        figures = [float(cell) for cell in others if cell]
    except (ValueError, OverflowError):
        return False
    added = [value for value in figures if value]
    return len(added) >= _ADDENDS and max(added) < abs(figure) and abs(sum(added) - figure) <= 1e-6 * abs(figure)
