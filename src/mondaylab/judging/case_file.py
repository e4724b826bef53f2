"""The case file: all that the lab's tables hold about one record, and about what that record names."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import pandas as pd
from pandas.api.types import is_bool_dtype

from mondaylab.judging.page import Page
from mondaylab.judging.rows import STYLE, record_html, rows_html, rows_text, spoken
from mondaylab.judging.selection import ROWS, Tables, kind_of, shared_keys


@dataclass(frozen=True)
class CasePart:
    """Rows of one table that belong to a case.

    Attributes:
        table: Where they are from.
        rows: At most `ROWS` of them.
        count: How many there are.
        through: The column and id that lead here from the record itself; none where the rows carry the case's id.
    """

    table: str
    rows: pd.DataFrame
    count: int
    through: tuple[str, str] | None = None

    @property
    def title(self) -> str:
        """The part in words."""
        shown = f", the first {len(self.rows)} shown" if self.count > len(self.rows) else ""
        rows = f"{self.count:,} {'row' if self.count == 1 else 'rows'}{shown}"
        named = f", by {spoken(self.through[0])} {self.through[1]}" if self.through else ""
        return f"{spoken(self.table)} ({rows}{named})"


def find_case(tables: Tables, record_id: str) -> tuple[CasePart, ...]:
    """The rows that carry an id in any column, and the rows of other tables that a record names by key.

    A return so comes with its order and order line, its ticket, its customer and its product.

    Args:
        tables: The lab's tables.
        record_id: An id; spaces around it and case do not count.
    """
    wanted = record_id.strip().casefold()
    carrying = {}
    for name, frame in tables.items():
        mask = _carries(frame, wanted)
        if mask.any():
            carrying[name] = frame[mask]
    parts = [CasePart(name, rows.head(ROWS), len(rows)) for name, rows in carrying.items()]
    for name, rows in carrying.items():
        if len(rows) == 1:
            parts += _named(tables, name, rows.iloc[0], {part.table for part in parts})
    return tuple(parts)


def case_page(tables: Tables, record_id: object) -> Page:
    """The case file as a notebook shows it; an id that is nowhere is told, with where to look."""
    wanted = str(record_id).strip()
    parts = find_case(tables, wanted) if wanted else ()
    if not parts:
        words = f"No row carries “{wanted}”. Copy an id from lab.look_up(), such as {_example(tables)}."
        return Page(words, f'{STYLE}<div class="mdl-rows"><p class="told">{escape(words)}</p></div>')
    html = "".join(
        f"<h4>{escape(part.title)}</h4>"
        + (record_html(part.rows, part.title) if len(part.rows) == 1 else rows_html(part.rows, part.title))
        for part in parts
    )
    text = "\n\n".join(f"{part.title}\n{rows_text(part.rows)}" for part in parts)
    return Page(text, f'{STYLE}<div class="mdl-rows">{html}</div>')


def _carries(frame: pd.DataFrame, wanted: str) -> pd.Series:
    mask = pd.Series(False, index=frame.index)
    for name in frame.columns:
        values = frame[name]
        if is_bool_dtype(values):
            continue
        if kind_of(values) == "text":
            mask |= (values.str.casefold() == wanted).fillna(False).astype(bool)
        elif str(name).casefold().endswith("id") and wanted.isascii() and wanted.isdigit():
            mask |= values == int(wanted)
    return mask


def _named(tables: Tables, table: str, row: pd.Series, seen: set[str]) -> list[CasePart]:
    """One row each of other tables where a key of this row names rows: its order, not a customer's only ticket."""
    parts = []
    for column in shared_keys(tables, table):
        if pd.isna(row[column]):
            continue
        for other, frame in tables.items():
            if other in seen or column not in frame.columns:
                continue
            rows = frame[frame[column] == row[column]]
            if len(rows) == 1 and frame[column].dropna().is_unique:
                parts.append(CasePart(other, rows, 1, (column, str(row[column]))))
                seen.add(other)
    return parts


def _example(tables: Tables) -> str:
    """An id of these tables, to show what one looks like."""
    for frame in tables.values():
        first = frame.columns[0] if len(frame.columns) and len(frame) else None
        if first is not None and str(first).casefold().endswith("id"):
            return str(frame[first].iloc[0])
    return "the first column of a row"
