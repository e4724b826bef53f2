"""Rows put into groups: how many there are in each, what part of all, and the figures of a column beside them."""

from __future__ import annotations

from typing import Any

import pandas as pd

ROWS = "rows"
SHARE = "% of rows"
GROUPS = 60
"""So many groups are shown at most, and so many columns of a second grouping."""
_DIGITS = 6
"""Decimals of a sum: beyond them is what adding in binary leaves."""
_NO_VALUE = "(empty)"


def grouped(found: pd.DataFrame, by: str, *, summarise: str | None, distinct: str | None) -> pd.DataFrame:
    """A row a group, largest first; groups of days and numbers in their own order, so that weeks stand side by side.

    Args:
        found: The rows that match.
        by: Column that makes the groups.
        summarise: Column of numbers to add up in each.
        distinct: Column whose different values are counted in each.
    """
    parts = found.groupby(by, dropna=False, observed=True, sort=True)
    result = parts.size().rename(ROWS).to_frame()
    result[SHARE] = _percent(result[ROWS], len(found))
    ranked = ROWS
    if distinct is not None:
        result[f"different {distinct}"] = parts[distinct].nunique()
    if summarise is not None and summarise != by:
        result[ranked := f"sum of {summarise}"] = parts[summarise].sum(min_count=1).round(_DIGITS)
        result[f"mean of {summarise}"] = parts[summarise].mean()
    if not _runs_on(found[by]):
        result = result.sort_values(ranked, ascending=False, kind="stable", na_position="last")
    return _named(result, by)


def crossed(found: pd.DataFrame, by: str, across: str, *, summarise: str | None) -> pd.DataFrame:
    """A row a group and a column for each value of `across`: rows with their share of the group, or the sum in each."""
    if summarise is not None and summarise not in (by, across):
        sums = found.pivot_table(index=by, columns=across, values=summarise, aggfunc="sum", dropna=False, observed=True)
        return _named(sums.round(_DIGITS).rename(columns=_name), by)
    counts = found.groupby([by, across], dropna=False, observed=True).size().unstack(fill_value=0)
    whole = counts.sum(axis=1)
    shares = counts.div(whole, axis=0)
    told = pd.DataFrame(
        {_name(one): [f"{n:,} ({s:.1%})" for n, s in zip(counts[one], shares[one], strict=True)] for one in counts},
        index=counts.index,
    )
    told[ROWS] = whole
    return _named(told, by)


def _runs_on(values: pd.Series) -> bool:
    return values.dtype.kind in "iufM"


def _percent(counts: pd.Series, whole: int) -> pd.Series:
    return (100 * counts / max(whole, 1)).round(1)


def _name(value: Any) -> str:
    if pd.isna(value):
        return _NO_VALUE
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)


def _named(result: pd.DataFrame, by: str) -> pd.DataFrame:
    names = pd.Index([_name(value) for value in result.index], name=by)
    return result.set_axis(names, axis=0).reset_index()
