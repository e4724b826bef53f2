"""The catalog: tables seen through bindings, and what measures evaluate to on them."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from itertools import pairwise

import numpy as np
import pandas as pd

from mondaylab.concepts.bindings import Bindings
from mondaylab.errors import Refused
from mondaylab.measures.columns import Columns, Integers, Mask, Numbers
from mondaylab.measures.kinds import (
    Aggregate,
    Growth,
    GrowthOver,
    Measure,
    Minus,
    Product,
    Rank,
    Rate,
    Ratio,
    Scaled,
    TopShare,
)
from mondaylab.measures.rewrite import leaves, limited, rewritten, shifted
from mondaylab.measures.words import describe


class NoValue(Refused):
    """The measure makes sense, but these rows give it no value (none are left, or it divides by zero)."""


class Catalog:
    """Tables seen through a company's bindings: one wide frame an entity, joined as declared, built when first used.

    A catalog is bound to its tables: it keeps what it computed, so tables must not change under it. Other tables, or
    the same ones changed, want another catalog.
    """

    def __init__(self, bindings: Bindings, tables: Mapping[str, pd.DataFrame]) -> None:
        self.bindings = bindings
        self._columns = Columns(bindings, tables)
        # a lab asks for the same cuts thousands of times: masks and values are kept as long as the tables
        self._masks: dict[Hashable, Mask] = {}
        self._values: dict[Hashable, float] = {}
        self._asked: tuple[Measure, float] | None = None
        self._last: tuple[Hashable, Mask] | None = None
        self._joins: dict[tuple[str, str], Integers] = {}

    def frame(self, entity: str) -> pd.DataFrame:
        """The entity's rows; columns are its concept fields, ``_key``, and ``_date`` (datetime64) if it has one."""
        return self._columns.frame(entity)

    def matching(self, entity: str, where: Mapping[str, str]) -> Mask:
        """Which of the entity's rows have these values in these fields, as filters spell them."""
        wanted = {field: (value,) for field, value in where.items()}
        return self._mask(Aggregate(kind="aggregate", how="count", entity=entity, where=wanted)).copy()

    def members(self, entity: str, by: str) -> list[str]:
        """All values of a field, as filters spell them (whole numbers without decimals), sorted as text."""
        return list(self._columns.coded(entity, by).members)

    def evaluate(self, measure: Measure) -> float:
        """The measure's value; the same whatever the order of the rows, up to rounding.

        Raises:
            NoValue: These rows give none (no rows, division by zero).
            Refused: It names a concept or a field that the company lacks, adds up what is no number, or makes no sense.
        """
        asked = self._asked  # a claim asks for its figure several times in a row
        if asked is None or asked[0] is not measure:
            asked = self._asked = (measure, self._value(measure))
        value = asked[1]
        if not math.isfinite(value):
            raise NoValue(f"{describe(measure)} has no value on this data")
        return value

    def _value(self, measure: Measure) -> float:  # noqa: PLR0911  one return a kind
        match measure:
            case Aggregate():
                return self._aggregate(measure)
            case Minus():
                return self._value(measure.left) - self._value(measure.right)
            case Product():
                return self._value(measure.left) * self._value(measure.right)
            case Ratio():
                return _divided(self._value(measure.top), self._value(measure.bottom))
            case Rate():
                top, bottom = measure.counts()
                return _divided(self._aggregate(top), self._aggregate(bottom))
            case Growth():
                return _grown(self._value(measure.now), self._value(measure.before))
            case GrowthOver():
                return self._growth_over(measure)
            case Scaled():
                return self._value(measure.of) * measure.factor
            case Rank():
                return self._rank(measure)
            case TopShare():
                return self._top_share(measure)

    def _aggregate(self, measure: Aggregate) -> float:
        name = _name(measure)
        if name not in self._values:
            self._values[name] = self._computed(measure)
        return self._values[name]

    def _computed(self, measure: Aggregate) -> float:
        keep = self._mask(measure).copy()
        times = None if measure.joined is None else self._matches(measure.entity, measure.joined)
        if times is not None:
            keep &= times > 0
        if measure.how == "count":
            return float(keep.sum() if times is None else times[keep].sum())
        if measure.field is None:
            raise Refused(f"{measure.how} of {measure.entity} needs a field", where="measure")
        if measure.how == "distinct":
            coded = self._columns.coded(measure.entity, measure.field)
            seen = np.zeros(len(coded.members) + 1, dtype=bool)
            seen[coded.codes[keep]] = True  # a missing value's code is -1: the last place
            return float(seen[:-1].sum())
        values = self._columns.numbers(measure.entity, measure.field)[keep]
        if times is not None:
            values = np.repeat(values, times[keep])
        return _of_values(measure, values[~np.isnan(values)])

    def _matches(self, entity: str, joined: str) -> Integers:
        """How many rows of another concept each row meets; a row without a value meets none."""
        other, _, field = joined.partition(".")
        if (entity, joined) not in self._joins:
            mine, theirs = self._columns.coded(entity, field), self._columns.coded(other, field)
            found = np.bincount(theirs.codes[theirs.codes >= 0], minlength=len(theirs.members))
            counts = dict(zip(theirs.members, found.tolist(), strict=True))
            times = np.array([*(counts.get(member, 0) for member in mine.members), 0], dtype=np.int64)
            self._joins[entity, joined] = times[mine.codes]
        return self._joins[entity, joined]

    def _mask(self, measure: Aggregate) -> Mask:
        """The rows that it is over, to be read only: what is made of several aggregates is mostly over the same."""
        name = _name(measure)[-5:]
        last = self._last
        if last is None or last[0] != name:
            last = self._last = (name, self._masked(measure))
        return last[1]

    def _masked(self, measure: Aggregate) -> Mask:
        keep: Mask = np.ones(self._columns.rows(measure.entity), dtype=bool)
        for field, allowed in measure.where.items():
            keep &= self._members_mask(measure.entity, field, allowed)
        for field, (low, high) in measure.bounds.items():
            values = self._columns.numbers(measure.entity, field)  # comparing with a missing value is false
            keep &= (values >= (-math.inf if low is None else low)) & (values < (math.inf if high is None else high))
        if measure.period is not None:
            name = (measure.entity, measure.period.start, measure.period.end)
            if name not in self._masks:
                self._masks[name] = self._columns.within(measure.entity, measure.period)
            keep &= self._masks[name]
        return keep

    def _members_mask(self, entity: str, field: str, allowed: tuple[str, ...]) -> Mask:
        name = (entity, field, allowed)
        if name not in self._masks:
            self._masks[name] = self._columns.coded(entity, field).among(allowed)
        return self._masks[name]

    def _growth_over(self, measure: GrowthOver) -> float:
        steps = range(measure.periods, -1, -1)
        if measure.how == "compound":
            steps = range(measure.periods, -1, -measure.periods)
        values = [self._value(shifted(measure.of, -step * measure.days)) for step in steps]
        if measure.how == "average":
            return float(np.mean([_grown(now, before) for before, now in pairwise(values)]))
        first, last = values
        return (last / first) ** (1 / measure.periods) - 1 if first > 0 and last > 0 else math.nan

    def _rank(self, measure: Rank) -> float:
        if not any(self._has(part, measure.by) for part in leaves(measure.of)):
            raise Refused(f"nothing in {describe(measure.of)} has the field {measure.by!r} to rank by")

        def of_member(member: str) -> float:
            return self._value(
                rewritten(
                    measure.of,
                    lambda part: limited(part, measure.by, member) if self._has(part, measure.by) else part,
                )
            )

        members = self._columns.coded(measure.entity, measure.by).members
        if measure.member not in members:
            raise Refused(f"{measure.member!r} is no value of {measure.entity}.{measure.by}")
        mine = of_member(measure.member)
        # a member without a value is not larger than any: it has no place
        return math.nan if math.isnan(mine) else 1.0 + sum(of_member(member) > mine for member in members)

    def _has(self, part: Aggregate, field: str) -> bool:
        return field in self.bindings.entity(part.entity).fields

    def _top_share(self, measure: TopShare) -> float:
        values, present = self._by_member(measure.of, measure)
        whole = self._value(measure.of)
        largest = np.sort(values[present])[::-1][: measure.n]
        return float(largest.sum()) / whole if whole > 0 else math.nan

    def _by_member(self, part: Measure, of: TopShare) -> tuple[Numbers, Mask]:
        """The part's value for each member, and which members have rows; only what adds up makes up the whole."""
        match part:
            case Aggregate(how="sum" | "count") if part.entity == of.entity:
                coded = self._columns.coded(of.entity, of.by)
                keep = self._mask(part) & (coded.codes >= 0)
                weights = np.ones(len(keep))
                if part.how == "sum" and part.field is not None:
                    weights = np.nan_to_num(self._columns.numbers(part.entity, part.field))
                if part.joined is not None:
                    times = self._matches(part.entity, part.joined)
                    keep, weights = keep & (times > 0), weights * times
                rows = np.bincount(coded.codes[keep], minlength=len(coded.members))
                values = np.bincount(coded.codes[keep], weights[keep], len(coded.members))
                return values.astype(np.float64), rows > 0
            case Minus():
                (left, some), (right, others) = (self._by_member(side, of) for side in (part.left, part.right))
                return left - right, some | others
            case Scaled():
                inner, present = self._by_member(part.of, of)
                return inner * part.factor, present
        raise Refused(
            f"{describe(part)} does not add up over {of.entity}.{of.by}, so that nothing is the top's share of it",
            fix=f"take the top share of a sum or a count over {of.entity}",
        )


def _of_values(measure: Aggregate, values: Numbers) -> float:  # noqa: PLR0911  one line an aggregate
    if measure.how == "sum":
        return float(values.sum())
    if not len(values):
        return math.nan
    match measure.how:
        case "mean":
            return float(values.mean())
        case "median":
            return float(np.median(values))
        case "min":
            return float(values.min())
        case "max":
            return float(values.max())
        case "range":
            return float(values.max() - values.min())
        case _:
            if measure.q is None:
                raise Refused(f"quantile of {measure.entity}.{measure.field} needs 'q'", where="measure")
            return float(np.quantile(values, measure.q))


def _divided(top: float, bottom: float) -> float:
    return top / bottom if bottom else math.nan


def _grown(now: float, before: float) -> float:
    return (now - before) / abs(before) if before else math.nan


def _name(measure: Aggregate) -> tuple[Hashable, ...]:
    """The aggregate's canonical form, as a key: equal ones have equal names. (Its JSON would do, 20 times slower.)

    The last five say which rows it is over.
    """
    period = None if measure.period is None else (measure.period.start, measure.period.end)
    where = tuple(sorted(measure.where.items())) if measure.where else ()
    bounds = tuple(sorted(measure.bounds.items())) if measure.bounds else ()
    return measure.how, measure.field, measure.q, measure.entity, where, bounds, period, measure.joined
