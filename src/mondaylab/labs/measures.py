"""Measures: typed, declarative quantities over a snapshot. Truth is what these evaluate to."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field

from mondaylab.errors import Refused
from mondaylab.labs.bindings import Bindings
from mondaylab.records import Record


class Period(Record):
    """Days from `start` to `end`, both included."""

    start: date
    end: date

    @classmethod
    def week(cls, monday: date) -> Period:
        """The ISO week that begins on `monday`."""
        return cls(start=monday, end=monday + timedelta(days=6))

    def shifted(self, days: int) -> Period:
        """The same span, `days` later (negative: earlier)."""
        move = timedelta(days=days)
        return Period(start=self.start + move, end=self.end + move)


class Aggregate(Record):
    """One number over the rows of an entity."""

    kind: Literal["aggregate"] = "aggregate"
    how: Literal["sum", "mean", "median", "min", "max", "count", "distinct"]
    entity: str
    """Concept whose rows are counted or added up, such as ``order_line``."""
    field: str | None = None
    """Concept field that is aggregated; none only for ``count``."""
    where: dict[str, tuple[str, ...]] = {}
    """Field -> allowed values; all must hold."""
    period: Period | None = None


class Minus(Record):
    """`left` - `right`: absolute changes and differences of totals."""

    kind: Literal["minus"] = "minus"
    left: Measure
    right: Measure


class Ratio(Record):
    """`top` / `bottom`: shares, rates, margins."""

    kind: Literal["ratio"] = "ratio"
    top: Measure
    bottom: Measure


class Growth(Record):
    """(`now` - `before`) / |`before`|: relative change."""

    kind: Literal["growth"] = "growth"
    now: Measure
    before: Measure


class Scaled(Record):
    """`of` x `factor`: another unit, or the sign turned."""

    kind: Literal["scaled"] = "scaled"
    of: Measure
    factor: float


class Rank(Record):
    """The place of `member` when `of` is computed for each value of `by` and sorted downwards; 1 is the largest."""

    kind: Literal["rank"] = "rank"
    of: Measure
    entity: str
    by: str
    member: str


Measure = Annotated[Aggregate | Minus | Ratio | Growth | Scaled | Rank, Field(discriminator="kind")]
for _recursive in (Minus, Ratio, Growth, Scaled, Rank):
    _recursive.model_rebuild()

AggregateChange = Callable[[Aggregate], "Measure"]


Mask = npt.NDArray[np.bool_]


class Catalog:
    """Tables seen through a company's bindings: one wide frame an entity, joined as declared, built when first used."""

    def __init__(self, bindings: Bindings, tables: Mapping[str, pd.DataFrame]) -> None:
        self.bindings = bindings
        self._tables = tables
        self._frames: dict[str, pd.DataFrame] = {}
        # a lab asks for the same cuts thousands of times: masks and values are kept as long as the tables
        self._masks: dict[tuple[object, ...], Mask] = {}
        self._values: dict[str, float] = {}
        self._members: dict[tuple[str, str], list[str]] = {}

    def frame(self, entity: str) -> pd.DataFrame:
        """The entity's rows; columns are its concept fields, and ``_date`` (datetime64) if it has one."""
        if entity not in self._frames:
            self._frames[entity] = self.bindings.view(entity, self._tables)
        return self._frames[entity]

    def evaluate(self, measure: Measure) -> float:
        """The measure's value.

        Raises:
            Refused: It has none (no rows, division by zero), or names a concept that the company lacks.
        """
        value = self._value(measure)
        if not math.isfinite(value):
            raise Refused(f"{describe(measure)} has no value on this data")
        return value

    def members(self, entity: str, by: str) -> list[str]:
        """All values of a field, sorted."""
        if (entity, by) not in self._members:
            self._members[entity, by] = sorted(str(value) for value in self._column(entity, by).dropna().unique())
        return self._members[entity, by]

    def _column(self, entity: str, field: str) -> pd.Series:
        frame = self.frame(entity)
        if field not in frame.columns:
            raise Refused(f"concept {entity!r} has no field {field!r}", where="bindings")
        return frame[field]

    def _value(self, measure: Measure) -> float:
        match measure:
            case Aggregate():
                return self._aggregate(measure)
            case Minus():
                return self._value(measure.left) - self._value(measure.right)
            case Ratio():
                bottom = self._value(measure.bottom)
                return self._value(measure.top) / bottom if bottom else math.nan
            case Growth():
                before = self._value(measure.before)
                return (self._value(measure.now) - before) / abs(before) if before else math.nan
            case Scaled():
                return self._value(measure.of) * measure.factor
            case Rank():
                return self._rank(measure)

    def _aggregate(self, measure: Aggregate) -> float:
        name = measure.canonical()
        if name not in self._values:
            self._values[name] = self._computed(measure)
        return self._values[name]

    def _computed(self, measure: Aggregate) -> float:
        keep = self._mask(measure)
        if measure.how == "count":
            return float(keep.sum())
        if measure.field is None:
            raise Refused(f"{measure.how} of {measure.entity} needs a field")
        column = self._column(measure.entity, measure.field)[keep]
        if measure.how == "distinct":
            return float(column.nunique())
        if measure.how == "sum":
            return float(column.sum())
        return float(column.agg(measure.how)) if len(column) else math.nan

    def _mask(self, measure: Aggregate) -> Mask:
        keep: Mask = np.ones(len(self.frame(measure.entity)), dtype=bool)
        for field, allowed in measure.where.items():
            keep &= self._members_mask(measure.entity, field, allowed)
        if measure.period is not None:
            keep &= self._period_mask(measure.entity, measure.period)
        return keep

    def _members_mask(self, entity: str, field: str, allowed: tuple[str, ...]) -> Mask:
        name = (entity, field, allowed)
        if name not in self._masks:
            column = self._column(entity, field)
            # allowed values are text; a coded column (0/1) is compared by its spelling
            text = column if isinstance(column.dtype, pd.StringDtype) else column.astype(str)
            self._masks[name] = text.isin(allowed).to_numpy()
        return self._masks[name]

    def _period_mask(self, entity: str, period: Period) -> Mask:
        name = (entity, period.start, period.end)
        if name not in self._masks:
            days = self._column(entity, "_date")
            after_end = pd.Timestamp(period.end) + pd.Timedelta(days=1)
            self._masks[name] = ((days >= pd.Timestamp(period.start)) & (days < after_end)).to_numpy()
        return self._masks[name]

    def _rank(self, measure: Rank) -> float:
        values = {
            member: self._value(restricted(measure.of, measure.entity, measure.by, member))
            for member in self.members(measure.entity, measure.by)
        }
        if measure.member not in values:
            raise Refused(f"{measure.member!r} is no value of {measure.entity}.{measure.by}")
        mine = values[measure.member]
        return 1.0 + sum(value > mine for value in values.values())


def restricted(measure: Measure, entity: str, field: str, member: str) -> Measure:
    """The measure with every aggregate over `entity` limited to rows where `field` equals `member`."""

    def limit(part: Aggregate) -> Aggregate:
        if part.entity != entity:
            return part
        return part.model_copy(update={"where": {**part.where, field: (member,)}})

    return rewritten(measure, limit)


def rewritten(measure: Measure, change: AggregateChange) -> Measure:
    """A copy in which `change` was applied to every aggregate."""
    match measure:
        case Aggregate():
            return change(measure)
        case Minus():
            return Minus(left=rewritten(measure.left, change), right=rewritten(measure.right, change))
        case Ratio():
            return Ratio(top=rewritten(measure.top, change), bottom=rewritten(measure.bottom, change))
        case Growth():
            return Growth(now=rewritten(measure.now, change), before=rewritten(measure.before, change))
        case Scaled() | Rank():
            return measure.model_copy(update={"of": rewritten(measure.of, change)})


def describe(measure: Measure) -> str:
    """The measure as one line that reads like a query; shown in feedback as what proves the truth."""
    match measure:
        case Aggregate():
            inside = [f"{field} = {' | '.join(values)}" for field, values in measure.where.items()]
            if measure.period is not None:
                inside.append(f"{measure.period.start} to {measure.period.end}")
            name = measure.entity if measure.field is None else f"{measure.entity}.{measure.field}"
            return f"{measure.how}({name})" + (f" where {', '.join(inside)}" if inside else "")
        case Minus():
            return f"[{describe(measure.left)}] - [{describe(measure.right)}]"
        case Ratio():
            return f"[{describe(measure.top)}] / [{describe(measure.bottom)}]"
        case Growth():
            return f"growth of [{describe(measure.now)}] over [{describe(measure.before)}]"
        case Scaled():
            return f"{measure.factor:g} x [{describe(measure.of)}]"
        case Rank():
            return f"rank of {measure.member} by {measure.entity}.{measure.by} on [{describe(measure.of)}]"
