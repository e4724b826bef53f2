"""Derived columns: what a company's tables do not hold as such, declared in its bindings and computed row by row.

A few typed forms, and no expressions: a binding is data that a steward can read. A form that is no arithmetic on what
the company recorded (a rate, a share that nobody measured) says in `assumed` why it may stand in for data.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Literal, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import is_datetime64_any_dtype, is_numeric_dtype
from pydantic import Field, model_validator

from mondaylab.errors import Refused
from mondaylab.records import Record

Column = Annotated[str, Field(pattern=r"^[^.]+\.[^.]+$")]
"""``table.column``, or ``derived.name`` of one derived before."""
Columns = Callable[[str], pd.Series]
"""Gives a column of the rows being bound; refuses one that is missing."""


class Constant(Record):
    """The same value in every row."""

    do: Literal["constant"]
    value: float | str
    assumed: str = Field(min_length=8)


class Product(Record):
    """Numbers multiplied with each other and with `factor`; missing where one of them is."""

    do: Literal["product"]
    of: tuple[Column, ...] = Field(min_length=1)
    factor: float = 1.0
    assumed: str | None = None


class Difference(Record):
    """`of` less `less`."""

    do: Literal["difference"]
    of: Column
    less: Column
    assumed: str | None = None


class Lookup(Record):
    """Each listed value becomes another, a text or a number."""

    do: Literal["lookup"]
    of: Column
    values: dict[str, float | str] = Field(min_length=1)
    other: float | str | None = None
    """For values that are not listed; none: they are refused. A missing value stays missing."""
    assumed: str | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        results = [*self.values.values(), *([] if self.other is None else [self.other])]
        if len({isinstance(result, str) for result in results}) > 1:
            raise ValueError("a lookup gives texts or numbers, not both")
        return self


class Band(Record):
    """A number becomes the name of its band: `names` has one more entry than `edges`; an edge belongs above it."""

    do: Literal["band"]
    of: Column
    edges: tuple[float, ...] = Field(min_length=1)
    names: tuple[str, ...]
    assumed: str | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.names) != len(self.edges) + 1 or list(self.edges) != sorted(set(self.edges)):
            raise ValueError("edges rise, and names are one more than edges")
        return self


class Dealt(Record):
    """Values dealt to rows in the given shares by a hash of `of`: equal keys get equal values, run after run.

    A stand-in where a company recorded nothing, so that a lab can be tried at all. Never a fact about the company.
    """

    do: Literal["dealt"]
    of: Column
    shares: dict[str, float] = Field(min_length=2)
    """Value -> its share of the keys; they add up to 1. Values that are all numbers give a column of numbers."""
    assumed: str = Field(min_length=8)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if min(self.shares.values()) <= 0 or abs(sum(self.shares.values()) - 1) > 1e-9:
            raise ValueError("shares are above 0 and add up to 1")
        return self


class Scattered(Record):
    """A day of its own for each key, anywhere in a span, by a hash of `of`: a stand-in for days nobody recorded."""

    do: Literal["scattered"]
    of: Column
    into: tuple[date, date]
    """First and last day."""
    assumed: str = Field(min_length=8)

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.into[0] >= self.into[1]:
            raise ValueError("a span runs forward")
        return self


class Rescaled(Record):
    """A date moved from one span of days into another, in proportion: years of a sparse record told as one quarter."""

    do: Literal["rescaled"]
    of: Column
    span: tuple[date, date]
    """First and last day of the record; a date outside is refused."""
    into: tuple[date, date]
    assumed: str = Field(min_length=8)

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.span[0] >= self.span[1] or self.into[0] >= self.into[1]:
            raise ValueError("a span runs forward")
        return self


Derived = Annotated[
    Constant | Product | Difference | Lookup | Band | Dealt | Scattered | Rescaled,
    Field(discriminator="do"),
]


def sources(derived: Derived) -> tuple[str, ...]:
    """The columns it is made from."""
    if isinstance(derived, Constant):
        return ()
    if isinstance(derived, Product):
        return derived.of
    return (derived.of, derived.less) if isinstance(derived, Difference) else (derived.of,)


def computed(name: str, derived: Derived, columns: Columns, rows: int) -> pd.Series:  # noqa: PLR0911  one a form
    """The derived column, one value a row.

    Args:
        name: For messages and, where values are dealt, to deal each column apart.
        derived: Its declaration.
        columns: Gives the columns it is made from.
        rows: How many rows there are.

    Raises:
        Refused: A source is missing or of the wrong kind, or holds a value that the declaration does not foresee.
    """
    match derived:
        case Constant():
            return pd.Series([derived.value] * rows)
        case Product():
            result = pd.Series(np.full(rows, derived.factor))
            for column in derived.of:
                result = result * _numbers(name, column, columns)
            return result
        case Difference():
            return _numbers(name, derived.of, columns) - _numbers(name, derived.less, columns)
        case Lookup():
            return _looked_up(name, derived, columns(derived.of))
        case Band():
            values = _numbers(name, derived.of, columns)
            places = np.searchsorted(np.array(derived.edges), values.to_numpy(), side="right")
            return _named(derived.names, places).where(values.notna())
        case Dealt():
            return _dealt(name, derived, columns(derived.of))
        case Scattered():
            start, end = (pd.Timestamp(one) for one in derived.into)
            days = np.floor(_places(name, columns(derived.of)) * ((end - start).days + 1))
            return start + pd.Series(pd.to_timedelta(days, unit="D"))
        case Rescaled():
            return _rescaled(name, derived, columns(derived.of))


def _numbers(name: str, column: str, columns: Columns) -> pd.Series:
    values = columns(column)
    if not is_numeric_dtype(values.dtype):
        raise Refused(f"derived column {name!r} computes with {column}, which is no number", where="bindings")
    return values.astype("float64")


def _looked_up(name: str, derived: Lookup, column: pd.Series) -> pd.Series:
    found = column.astype("str").map(derived.values).where(column.notna())
    unlisted = column[column.notna() & found.isna()]
    if len(unlisted) and derived.other is None:
        raise Refused(
            f"derived column {name!r}: {unlisted.nunique()} values of {derived.of} are not listed",
            where="bindings",
            fix="list them, or give 'other'",
        )
    if derived.other is not None:
        found = found.where(found.notna() | column.isna(), derived.other)
    if any(isinstance(value, str) for value in derived.values.values()):
        return found.astype("str")
    return found.astype("float64")


def _dealt(name: str, derived: Dealt, column: pd.Series) -> pd.Series:
    edges = np.cumsum(list(derived.shares.values()))[:-1]
    result = _named(tuple(derived.shares), np.searchsorted(edges, _places(name, column), side="right"))
    try:
        numbers = result.astype("float64")
    except ValueError:
        return result
    return numbers.astype("int64") if (numbers == numbers.round()).all() else numbers


def _places(name: str, column: pd.Series) -> npt.NDArray[np.float64]:
    """A number in [0, 1) for each key, the same in every run and on every machine."""
    keys = np.array([f"{name}|{key}" for key in column], dtype=object)
    # the top 53 bits, because all 64 could round up to 1
    return (pd.util.hash_array(keys, categorize=True) >> 11) / 2.0**53


def _rescaled(name: str, derived: Rescaled, column: pd.Series) -> pd.Series:
    if not is_datetime64_any_dtype(column.dtype):
        raise Refused(f"derived column {name!r} rescales {derived.of}, which is no date", where="bindings")
    day = pd.Timedelta(days=1)
    first, last = (pd.Timestamp(one) for one in derived.span)
    start, end = (pd.Timestamp(one) for one in derived.into)
    if ((column < first) | (column >= last + day)).any():
        raise Refused(f"derived column {name!r}: {derived.of} has dates outside {derived.span[0]} to {derived.span[1]}")
    place = (column - first) / (last + day - first)
    return (start + place * (end + day - start)).dt.floor("D")


def _named(names: tuple[str, ...], places: np.ndarray) -> pd.Series:
    return pd.Series(np.array(names, dtype=object)[places], dtype="str")
