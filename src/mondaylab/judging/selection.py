"""Selecting rows of one table: filters, order, the figures below, and which rows elsewhere belong to a row.

Nothing here knows a screen. The look-up puts a `Query` together from its menus and shows the `View`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import pandas as pd
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype
from pydantic import Field

from mondaylab.errors import NotFound, Refused
from mondaylab.judging.groups import GROUPS, crossed, grouped
from mondaylab.records import Record

ROWS = 50
"""So many rows are shown at most; counts and sums are of all that match."""
FILTERS = 3

Tables = Mapping[str, pd.DataFrame]
Kind = Literal["number", "date", "text"]
How = Literal["is", "contains", "at least", "at most", "is empty"]
HOWS: dict[Kind, tuple[How, ...]] = {
    "text": ("is", "contains", "is empty"),
    "number": ("is", "at least", "at most", "is empty"),
    "date": ("is", "at least", "at most", "is empty"),
}
"""What can be asked of a column."""


class Filter(Record):
    """A condition on one column. A blank value filters nothing, unless the question is whether the cell is empty."""

    column: str
    how: How = "is"
    value: str = ""
    """As typed. Text is compared without regard to case and spaces; *is* and *at most* a day mean the whole day."""


class Query(Record):
    """What is looked up."""

    table: str
    filters: tuple[Filter, ...] = Field((), max_length=FILTERS)
    sort: str | None = None
    """Column to sort by; none: as stored. Rows without a value come last."""
    descending: bool = False
    summarise: str | None = None
    """Column of numbers to add up."""
    distinct: str | None = None
    """Column whose different values are counted."""
    group: str | None = None
    """Column that puts the rows into groups."""
    across: str | None = None
    """Column whose values stand side by side, one column each; only beside a group."""


class Summary(Record):
    """A column of numbers over all rows that match."""

    column: str
    n: int
    """Rows that have a value; the figures are of these."""
    sum: float | None = None
    mean: float | None = None
    min: float | None = None
    max: float | None = None


@dataclass(frozen=True)
class View:
    """What a query finds.

    Attributes:
        query: The query.
        rows: The first rows that match, in order, with the table's columns and its index.
        matches: How many rows match.
        total: How many rows the table has.
        summary: Of the column asked for; none if none was.
        distinct: How many different values the column asked for has; none if none was.
        groups: A row a group; none if nothing was to be grouped.
    """

    query: Query
    rows: pd.DataFrame
    matches: int
    total: int
    summary: Summary | None
    distinct: int | None = None
    groups: pd.DataFrame | None = None


@dataclass(frozen=True)
class Related:
    """Rows that share a key with a row.

    Attributes:
        table: Where they are.
        column: The key, of one name in both tables.
        value: Its value.
        count: How many rows there are, at least 1.
    """

    table: str
    column: str
    value: str
    count: int


def kind_of(values: pd.Series) -> Kind:
    """What a column holds."""
    if is_datetime64_any_dtype(values):
        return "date"
    return "number" if is_numeric_dtype(values) and not is_bool_dtype(values) else "text"


def select(tables: Tables, query: Query, limit: int = ROWS) -> View:
    """Filters, sorts and adds up.

    Args:
        tables: The lab's tables.
        query: What to look up.
        limit: How many rows to show.

    Raises:
        NotFound: There is no such table or column.
        Refused: A value cannot be read as the column's kind, or a condition does not fit it.
    """
    frame = _table(tables, query.table)
    found = frame[_matching(frame, query)]
    summary = None
    if query.summarise is not None:
        summary = _summary(query.summarise, _column(found, query.summarise, query.table))
    if query.sort is not None:
        _column(frame, query.sort, query.table)
        found = found.sort_values(query.sort, ascending=not query.descending, kind="stable", na_position="last")
    distinct = None if query.distinct is None else int(_column(found, query.distinct, query.table).nunique())
    return View(query, found.head(limit), len(found), len(frame), summary, distinct, _groups(found, query))


def _groups(found: pd.DataFrame, query: Query) -> pd.DataFrame | None:
    if query.group is None:
        return None
    for name in (query.group, query.across):
        many = 0 if name is None else _column(found, name, query.table).nunique()
        if many > GROUPS:
            raise Refused(f"{name} has {many:,} different values here", fix=f"filter first: {GROUPS} groups are shown")
    if query.across is not None and query.across != query.group:
        return crossed(found, query.group, query.across, summarise=query.summarise)
    return grouped(found, query.group, summarise=query.summarise, distinct=query.distinct)


def related(tables: Tables, table: str, row: pd.Series) -> tuple[Related, ...]:
    """Where the keys of a row occur: in other tables, and in its own if other rows share them.

    A key is a column that two tables have by the same name and that is called an id, or is the first column of one of
    them and names each of its rows.

    Args:
        tables: The lab's tables.
        table: Where the row is from.
        row: One row, by column.
    """
    found = []
    for column in shared_keys(tables, table):
        if pd.isna(row[column]):
            continue
        for other, frame in tables.items():
            if column in frame.columns:
                count = int((frame[column] == row[column]).sum())
                if count > (other == table):
                    found.append(Related(other, column, str(row[column]), count))
    return tuple(found)


def shared_keys(tables: Tables, table: str) -> list[str]:
    """Columns of a table that lead to other tables, in the table's order."""
    return [
        column
        for column in _table(tables, table).columns
        if sum(column in frame.columns for frame in tables.values()) > 1 and _is_key(tables, column)
    ]


def _is_key(tables: Tables, column: str) -> bool:
    frames = [frame for frame in tables.values() if column in frame.columns]
    if any(kind_of(frame[column]) == "date" or frame[column].dtype.kind == "f" for frame in frames):
        return False
    if column.casefold().endswith("id"):
        return True
    first = [frame[column] for frame in frames if frame.columns[0] == column]
    return any(kind_of(values) == "text" and values.is_unique for values in first)


def _table(tables: Tables, name: str) -> pd.DataFrame:
    if name not in tables:
        raise NotFound(f"there is no table {name!r} here", fix=f"choose one of {', '.join(tables)}")
    return tables[name]


def _column(frame: pd.DataFrame, name: str, table: str) -> pd.Series:
    if name not in frame.columns:
        raise NotFound(f"table {table!r} has no column {name!r}", fix=f"choose one of {', '.join(frame.columns)}")
    return frame[name]


def _summary(name: str, values: pd.Series) -> Summary:
    if kind_of(values) != "number":
        raise Refused(f"{name} holds no numbers, so there is nothing to add up", fix="choose a column of numbers")
    values = values.dropna()
    if values.empty:
        return Summary(column=name, n=0)
    return Summary(
        column=name,
        n=len(values),
        sum=float(values.sum()),
        mean=float(values.mean()),
        min=float(values.min()),
        max=float(values.max()),
    )


def _matching(frame: pd.DataFrame, query: Query) -> pd.Series:
    mask = pd.Series(True, index=frame.index)
    for one in query.filters:
        mask &= _mask(_column(frame, one.column, query.table), one)
    return mask


def _mask(values: pd.Series, one: Filter) -> pd.Series:
    kind = kind_of(values)
    if one.how not in HOWS[kind]:
        raise Refused(f"“{one.how}” does not fit {one.column}", fix=f"choose one of: {', '.join(HOWS[kind])}")
    if one.how == "is empty":
        return values.isna() if kind != "text" else values.isna() | (values.astype("str").str.strip() == "")
    if not one.value.strip():
        return pd.Series(True, index=values.index)
    match kind:
        case "number":
            return _compared(values, one.how, parse_number(one.value, one.column))
        case "date":
            return _compared(values.dt.normalize(), one.how, pd.Timestamp(parse_day(one.value, one.column)))
        case "text":
            wanted = _plain(one.value)
            cells = values.astype(object)
            if one.how == "is":
                return cells.map(lambda cell: isinstance(cell, str | bool) and _plain(str(cell)) == wanted).astype(bool)
            return cells.map(lambda cell: isinstance(cell, str) and wanted in _plain(cell)).astype(bool)


def _compared(values: pd.Series, how: How, wanted: float | pd.Timestamp) -> pd.Series:
    match how:
        case "at least":
            return values >= wanted
        case "at most":
            return values <= wanted
        case _:
            return values == wanted


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def parse_number(text: str, column: str) -> float:
    """Reads a number as people type it: ``1,234.50``, ``EUR 250``, ``12,5``; *yes* and *no* are 1 and 0.

    Raises:
        Refused: It is none.
    """
    plain = re.sub(r"\s|€|eur", "", text.casefold().replace("\u2212", "-"))
    if plain in {"yes", "no"}:
        return float(plain == "yes")
    if re.fullmatch(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain):
        plain = plain.replace(",", "")
    elif re.fullmatch(r"[+-]?\d+,\d+", plain):
        plain = plain.replace(",", ".")
    if re.fullmatch(r"[+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})", plain, re.ASCII) is None:
        raise Refused(f"“{text.strip()}” is no number, which {column} holds", fix="type it as 1234.5; a share as 0.125")
    return float(plain)


_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y")


def parse_day(text: str, column: str) -> date:
    """Reads a day: ``2026-11-12``, ``12 Nov 2026``, ``12.11.2026``. ``11/12/2026`` could be two days, so it is refused.

    Raises:
        Refused: It is none.
    """
    plain = " ".join(text.replace(",", " ").split())
    for form in _DAYS:
        try:
            return datetime.strptime(plain, form).date()
        except ValueError:
            continue
    raise Refused(f"“{text.strip()}” is no day, which {column} holds", fix="type it as 12 Nov 2026 or 2026-11-12")
