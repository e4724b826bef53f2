"""Columns of concepts as arrays: numbers, coded members and days, each prepared once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype, is_string_dtype

from mondaylab.concepts.bindings import Bindings
from mondaylab.errors import Refused
from mondaylab.measures.kinds import Period

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Coded:
    """A field's values as places in its members.

    Attributes:
        codes: One a row: index into `members`, or -1 where the value is missing.
        members: The different values as text, sorted.
        numeric: Whether the column holds numbers, so that ``4.0`` names the member ``4``.
    """

    codes: npt.NDArray[np.int64]
    members: tuple[str, ...]
    numeric: bool

    def among(self, allowed: tuple[str, ...]) -> Mask:
        """Which rows have one of these values."""
        wanted = {*allowed, *(_as_number(value) for value in allowed if self.numeric)}
        hit = np.array([member in wanted for member in self.members] + [False], dtype=bool)
        return hit[self.codes]


class Columns:
    """What a catalog computes with, made from the bound tables when first used and kept."""

    def __init__(self, bindings: Bindings, tables: Mapping[str, pd.DataFrame]) -> None:
        self._bindings = bindings
        self._tables = tables
        self._frames: dict[str, pd.DataFrame] = {}
        self._numbers: dict[tuple[str, str], Numbers] = {}
        self._coded: dict[tuple[str, str], Coded] = {}
        self._days: dict[str, npt.NDArray[np.datetime64]] = {}

    def frame(self, entity: str) -> pd.DataFrame:
        """The entity's rows, as its bindings join them."""
        if entity not in self._frames:
            self._frames[entity] = self._bindings.view(entity, self._tables)
        return self._frames[entity]

    def rows(self, entity: str) -> int:
        """How many rows the entity has."""
        return len(self.frame(entity))

    def numbers(self, entity: str, field: str) -> Numbers:
        """A field as floats, NaN where a value is missing.

        Raises:
            Refused: There is no such field, or it holds something else than numbers.
        """
        if (entity, field) not in self._numbers:
            column = self._column(entity, field)
            if not is_numeric_dtype(column.dtype):
                raise Refused(
                    f"concept {entity!r}: field {field!r}, bound to {self._bindings.column_of(entity, field)}, "
                    "is no number to compute with",
                    where=f"bindings of {self._bindings.company}",
                    fix="count its different values (distinct), or name a field of numbers",
                )
            self._numbers[entity, field] = column.to_numpy(dtype=np.float64, na_value=np.nan)
        return self._numbers[entity, field]

    def coded(self, entity: str, field: str) -> Coded:
        """A field as members; raises as `numbers`, but any kind of value will do."""
        if (entity, field) not in self._coded:
            column = self._column(entity, field)
            codes, uniques = pd.factorize(column)
            texts = [spelled(value) for value in plain_values(uniques)]
            members = sorted(set(texts))
            place = {text: number for number, text in enumerate(members)}
            places = np.array([*(place[text] for text in texts), -1], dtype=np.int64)
            numeric = is_numeric_dtype(column.dtype) and not is_bool_dtype(column.dtype)
            self._coded[entity, field] = Coded(places[codes], tuple(members), numeric)
        return self._coded[entity, field]

    def within(self, entity: str, period: Period) -> Mask:
        """Which rows count for a day of the period; a row without a day is in none."""
        if entity not in self._days:
            self._days[entity] = self._column(entity, "_date").to_numpy(dtype="datetime64[D]")
        days = self._days[entity]
        return (days >= np.datetime64(period.start)) & (days <= np.datetime64(period.end))

    def _column(self, entity: str, field: str) -> pd.Series:
        frame = self.frame(entity)
        if field in frame.columns:
            return frame[field]
        missing = "no date" if field == "_date" else f"no field {field!r}"
        bound = sorted(name for name in frame.columns if not name.startswith("_"))
        raise Refused(
            f"concept {entity!r} has {missing}",
            where=f"bindings of {self._bindings.company}",
            fix=f"bind it in datasets/{self._bindings.company}/bindings.yaml; bound are {', '.join(bound)}",
        )


def plain_values(column: pd.Series | pd.Index) -> Iterable[object]:
    """The values of a column; text comes all at once, for pandas takes long over one by one."""
    return column.to_numpy(dtype=object) if is_string_dtype(column.dtype) else column


def spelled_among(column: pd.Series, allowed: Collection[str]) -> Mask:
    """Which values of a column are, as they are spelled, one of these; each different one is spelled once."""
    if column.dtype == object:  # where 1 and True, or None and a missing number, would count as one
        return column.map(spelled).isin(allowed).to_numpy(dtype=bool)
    codes, uniques = pd.factorize(column, use_na_sentinel=False)
    hit = np.array([spelled(value) in allowed for value in plain_values(uniques)], dtype=bool)
    return hit[codes]


def spelled(value: object) -> str:
    """A value as filters name it: dates in ISO form, whole numbers without decimals.

    A column of 0 and 1 becomes floats when one value is missing, so its spelling must not tell the two apart.
    """
    if type(value) is str:  # what most values are
        return value
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    if isinstance(value, pd.Timestamp) and value == value.normalize():
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _as_number(text: str) -> str:
    try:
        return spelled(float(text))
    except ValueError:
        return text
