"""Days: whether the rows are of the quarter that the export is for, up to its end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from mondaylab.datasets.integrity.cells import Cells
from mondaylab.datasets.integrity.findings import Finding, where
from mondaylab.datasets.policy import Coarsen, Keep, Policy
from mondaylab.plural import counted
from mondaylab.quarter import Quarter

_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_HISTORY = 400  # days: a table whose rows span more is a history, not one quarter's
_FEW = 5  # days: fewer different ones say nothing
_MOST_INSIDE = 0.5
_AFTER = timedelta(days=14)  # what was ordered in the quarter may be sent a little after it
_SILENT = 28  # days at the end without a row that make a table end early, while others go on
_MANY = 100  # rows: fewer may stop by chance
_DENSE = 0.5  # of the days up to the last have a row


@dataclass(frozen=True)
class _Days:
    """The days of a table's rows.

    Attributes:
        column: The date that says when a row happened.
        ordered: Whether the policy sorts by it, so that it surely is that.
        cells: The day of each row, "" if it has none.
    """

    table: str
    column: str
    ordered: bool
    cells: list[str]

    @property
    def distinct(self) -> list[str]:
        return sorted(set(self.cells) - {""})


def days(policy: Policy, cells: Cells, quarter: Quarter) -> Iterator[Finding]:
    """Rows of another quarter, and tables that stop long before the quarter's end while others go on."""
    tables = [found for table in policy.tables if (found := _days_of(policy, cells, table)) is not None]
    for table in tables:
        yield from _outside(table, quarter)
    yield from _ending_early(tables, quarter)


def _days_of(policy: Policy, cells: Cells, table: str) -> _Days | None:
    """The days by the date that the table is ordered by, or else by its first date."""
    rules = policy.tables[table]
    dated = [name for name, action in rules.columns.items() if _is_date(action)]
    ordered = [name for name in rules.order_by if name in dated]
    if not dated:
        return None
    column = (ordered or dated)[0]
    known = {cell: cell[:10] for cell in cells.distinct(table, column) if _ISO.match(cell) and _real(cell[:10])}
    found = [known.get(cell, "") for cell in cells.of(table, column)]
    return _Days(table, column, bool(ordered), found) if known else None


def _is_date(action: object) -> bool:
    return (isinstance(action, Keep) and action.type in ("date", "datetime")) or isinstance(action, Coarsen)


def _real(day: str) -> bool:
    return "01" <= day[5:7] <= "12" and "01" <= day[8:] <= "31"


def _outside(table: _Days, quarter: Quarter) -> Iterator[Finding]:
    start, end = quarter.start.isoformat(), quarter.end.isoformat()
    dated = [day for day in table.cells if day]
    inside = sum(start <= day <= end for day in dated) / len(dated)
    odd: tuple[int, ...] = ()
    if inside == 0:
        if _one_period(table):
            odd = where(bool(day) for day in table.cells)
    elif inside >= _MOST_INSIDE and table.ordered:
        grace = (quarter.end + _AFTER).isoformat()
        odd = where(day != "" and not start <= day <= grace for day in table.cells)
    else:
        odd = _apart(table, quarter)
    if odd:
        share = len(odd) / len(dated)
        what = f"{len(odd):,} of {len(dated):,} rows {'is' if len(odd) == 1 else 'are'} not of {quarter}"
        yield Finding("outside_quarter", table.table, table.column, what, odd, share)


def _one_period(table: _Days) -> bool:
    """Whether rows that all lie outside span so little that they are another quarter's or year's, not a history."""
    days = table.distinct
    span = (_day(days[-1]) - _day(days[0])).days
    return span <= _HISTORY and (table.ordered or (len(days) >= _FEW and span <= 100))


def _apart(table: _Days, quarter: Quarter) -> tuple[int, ...]:
    """Rows before the quarter that do not lead up to it, or far behind it: nothing lies in the quarter between."""
    start, end = quarter.start.isoformat(), quarter.end.isoformat()
    before, after = quarter.previous.start.isoformat(), quarter.next.end.isoformat()
    leading = any(before <= day < start for day in table.cells)
    trailing = any(end < day <= after for day in table.cells)
    return where(
        day != "" and ((day < before and not leading) or (day > after and not trailing)) for day in table.cells
    )


def _ending_early(tables: list[_Days], quarter: Quarter) -> Iterator[Finding]:
    start, end = quarter.start.isoformat(), quarter.end.isoformat()
    last = {table.table: max((day for day in table.cells if start <= day <= end), default="") for table in tables}
    for table in tables:
        until = last[table.table]
        others = max((day for name, day in last.items() if name != table.table), default="")
        if not until or not others or (_day(others) - _day(until)).days < _SILENT:
            continue
        covered = (_day(until) - quarter.start).days + 1
        active = sum(start <= day <= until for day in table.distinct)
        if len(table.cells) >= _MANY and active >= _DENSE * covered:
            silent = (quarter.end - _day(until)).days
            what = (
                f"no row in the last {counted(silent, 'day', 'days')} of {quarter}, while other tables go on;"
                " was the file cut?"
            )
            yield Finding("ends_early", table.table, table.column, what, share=silent / 92)


def _day(text: str) -> date:
    year, month, day = int(text[:4]), int(text[5:7]), int(text[8:])
    return date(max(year, 1), month, 1) + timedelta(days=day - 1)
