"""Rows of a table as text and as HTML for reading: numbers to the right, days in words, everything escaped."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from mondaylab.judging.panel import bundle
from mondaylab.judging.selection import kind_of

STYLE = f"<style>{bundle('rows.css')}</style>"
"""Goes before the HTML once per output; ``class="mdl-rows"`` around it."""
NONE = "\u2013"
"""What an empty cell shows."""
_LONG = 48
"""A text of more characters is wrapped."""
_DECIMALS = 4
_YEARS = (1900, 2100)


def spoken(name: str) -> str:
    """A table's or column's name as people say it: ``order_id`` is *order id*."""
    return str(name).replace("_", " ")


def shown(values: pd.Series) -> list[str]:
    """A column's cells as text.

    Numbers get one number of decimals, as many as the most exact of them needs, at most four; whole numbers that are
    all years get no thousands comma.
    """
    match kind_of(values):
        case "date":
            timed = bool((values.dropna() != values.dropna().dt.normalize()).any())
            return [_moment(value, timed) for value in values]
        case "number":
            decimals = _decimals(values)
            known = values.dropna()
            years = decimals == 0 and len(known) > 0 and bool(known.between(*_YEARS).all())
            return [_number(value, decimals, grouped=not years) for value in values]
        case "text":
            return [NONE if pd.isna(value) or not str(value).strip() else str(value) for value in values]


def number(value: float) -> str:
    """One number, to two decimals at most; to four if it is below 1."""
    return _number(value, min(_decimals(pd.Series([value])), 2 if abs(value) >= 1 else _DECIMALS))


def rows_html(frame: pd.DataFrame, caption: str, *, sort: str | None = None, descending: bool = False) -> str:
    """A table with a header that stays while the rows scroll; the keyboard can scroll it.

    Args:
        frame: The rows; its first column names each row.
        caption: What the table holds, for people who hear it.
        sort: Column that it is sorted by.
        descending: Whether from large to small.
    """
    heads, columns = [], []
    for position, name in enumerate(frame.columns):
        values = frame.iloc[:, position]
        kind = ' class="num"' if kind_of(values) == "number" else ""
        order = f' aria-sort="{"descending" if descending else "ascending"}"' if name == sort else ""
        mark = f' <span aria-hidden="true">{"↓" if descending else "↑"}</span>' if name == sort else ""
        heads.append(f'<th scope="col"{kind}{order}>{escape(spoken(name))}{mark}</th>')
        columns.append([_cell(text, kind, first=position == 0) for text in shown(values)])
    body = "".join(f"<tr>{''.join(cells)}</tr>" for cells in zip(*columns, strict=True))
    return (
        f'<div class="box" role="region" tabindex="0" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{''.join(heads)}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def record_html(row: pd.DataFrame, caption: str) -> str:
    """One row, turned: a line for each column.

    Args:
        row: A frame of one row.
        caption: What it is.
    """
    lines = "".join(
        f'<tr><th scope="row">{escape(spoken(name))}</th>{_cell(shown(row.iloc[:, position])[0], "")}</tr>'
        for position, name in enumerate(row.columns)
    )
    return (
        f'<div class="box whole" role="region" tabindex="0" aria-label="{escape(caption)}"><table class="record">'
        f"<caption>{escape(caption)}</caption><tbody>{lines}</tbody></table></div>"
    )


def rows_text(frame: pd.DataFrame) -> str:
    """Rows as plain text in columns; one row is turned."""
    if len(frame) == 1:
        width = max((len(spoken(name)) for name in frame.columns), default=0)
        cells = [shown(frame.iloc[:, position])[0] for position in range(len(frame.columns))]
        return "\n".join(f"{spoken(name):{width}}  {cell}" for name, cell in zip(frame.columns, cells, strict=True))
    columns = [
        [spoken(name), *(" ".join(cell.split()) for cell in shown(frame.iloc[:, position]))]
        for position, name in enumerate(frame.columns)
    ]
    widths = [max(len(cell) for cell in column) for column in columns]
    right = [kind_of(frame.iloc[:, position]) == "number" for position in range(len(columns))]
    lines = zip(*columns, strict=True)
    return "\n".join(
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in lines
    )


def _cell(text: str, kind: str, *, first: bool = False) -> str:
    if text == NONE:
        return f'<td{kind or " class=none"} aria-label="empty">{NONE}</td>'
    if not kind and (len(text) > _LONG or "\n" in text):
        kind = ' class="long"'
    return f'<th scope="row"{kind}>{escape(text)}</th>' if first else f"<td{kind}>{escape(text)}</td>"


def _moment(value: Any, timed: bool) -> str:
    if pd.isna(value):
        return NONE
    return f"{value.day} {value:%b %Y %H:%M}" if timed else f"{value.day} {value:%b %Y}"


def _decimals(values: pd.Series) -> int:
    known = values.dropna().astype(float)
    return next((d for d in range(_DECIMALS) if (known.round(d) == known).all()), _DECIMALS)


def _number(value: Any, decimals: int, *, grouped: bool = True) -> str:
    if pd.isna(value):
        return NONE
    plain = round(value, decimals) + 0  # no minus before a zero
    return (f"{plain:,.{decimals}f}" if grouped else f"{plain:.{decimals}f}").replace("-", "\u2212")
