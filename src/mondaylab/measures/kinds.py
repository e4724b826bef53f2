"""The kinds of measures, as records: what a lab declares, a key keeps and a learner's evidence builder saves.

What is missing in the data (no value in a cell) is never guessed: `count` counts rows, with or without values in
them; every other aggregate takes the rows that have a value; a row without a value passes no filter on that field.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SerializerFunctionWrapHandler, field_validator, model_serializer, model_validator

from mondaylab.errors import Refused
from mondaylab.records import Record, altered

Where = dict[str, tuple[str, ...]]
"""Field -> allowed values, as they are spelled (a whole number without decimals); all fields must hold."""
Bound = tuple[float | None, float | None]
"""At least the first, below the second; none: open on that side."""


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
    """One number over the rows of an entity.

    Without rows that have a value `count`, `distinct` and `sum` are 0, and the others have no value.
    """

    kind: Literal["aggregate"] = "aggregate"
    how: Literal["sum", "mean", "median", "min", "max", "range", "quantile", "count", "distinct"]
    """``range`` is the largest less the smallest; ``distinct`` counts different values."""
    entity: str
    """Concept whose rows are counted or added up, such as ``order_line``."""
    field: str | None = None
    """Concept field that is aggregated; none only for ``count``."""
    q: float | None = Field(None, ge=0, le=1)
    """For ``quantile`` only: the share of values at or below it. Between two values it is interpolated linearly
    (type 7 of Hyndman and Fan 1996, what numpy and spreadsheets give)."""
    where: Where = {}
    """Field -> allowed values; all must hold."""
    bounds: dict[str, Bound] = {}
    """Field -> at least, below (half open); beside `where`. TOML has no null: there, write
    ``{ at_least = 100 }`` or ``{ below = 500 }``."""
    period: Period | None = None
    joined: str | None = Field(None, pattern=r"^\w+\.\w+$")
    """``concept.field``: the rows are joined to that concept on the field, which this one has too. As in SQL, each row
    counts once for every match, so that one with several counts several times, and one with none not at all."""

    @field_validator("bounds", mode="before")
    @classmethod
    def _named_bounds(cls, bounds: object) -> object:
        if not isinstance(bounds, Mapping):
            return bounds
        return {field: _pair(bound) if isinstance(bound, Mapping) else bound for field, bound in bounds.items()}

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.how == "quantile") != (self.q is not None):
            raise ValueError("'q' belongs to quantile, and quantile needs it")
        for field, (low, high) in self.bounds.items():
            if low is None and high is None:
                raise ValueError(f"bounds of {field!r}: give 'at_least', 'below' or both")
            if low is not None and high is not None and low >= high:
                raise ValueError(f"bounds of {field!r}: nothing is at least {low:g} and below {high:g}")
        return self

    @model_serializer(mode="wrap")
    def _lean(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leaves out what is not used, so that measures from before these fields keep their spelling and hash."""
        data: dict[str, Any] = dump(self)
        for name in ("q", "bounds", "joined"):
            if not data.get(name):
                data.pop(name, None)
        return data | ({} if self.q is None else {"q": self.q})


class Minus(Record):
    """`left` - `right`: absolute changes and differences of totals."""

    kind: Literal["minus"] = "minus"
    left: Measure
    right: Measure


class Product(Record):
    """`left` x `right`: volume times price, cases times the rate at which something happens to them."""

    kind: Literal["product"] = "product"
    left: Measure
    right: Measure


class Ratio(Record):
    """`top` / `bottom`: shares, rates, margins."""

    kind: Literal["ratio"] = "ratio"
    top: Measure
    bottom: Measure


class Rate(Record):
    """The share of rows that satisfy a condition among the rows that satisfy another: P(holds | given)."""

    kind: Literal["rate"] = "rate"
    of: Aggregate
    """What is counted (``count``, or ``distinct`` of a field), with the filters and period that are no part of either
    condition: the reporting week, the region."""
    holds: Where
    """The condition whose share is asked for."""
    given: Where = {}
    """The condition it is asked among; none: all that `of` counts."""

    @model_validator(mode="after")
    def _counts(self) -> Self:
        if self.of.how not in ("count", "distinct"):
            raise ValueError("a rate is of 'count' or 'distinct'")
        if not self.holds:
            raise ValueError("a rate needs a condition that 'holds'")
        return self

    def counts(self) -> tuple[Aggregate, Aggregate]:
        """What is divided: the rows where both conditions hold, and those where `given` does."""
        among = narrowed(self.of, self.given)
        return narrowed(among, self.holds), among

    def inverse(self) -> Rate:
        """The conditions exchanged, P(given | holds): what is said when a rate is read the wrong way round.

        Raises:
            Refused: There is no condition to exchange.
        """
        if not self.given:
            raise Refused("a rate among all rows has no inverse", fix="declare 'given'")
        return Rate(of=self.of, holds=self.given, given=self.holds)

    def base(self) -> Rate:
        """The base rate, P(holds): what a rate is when the condition it was asked among is forgotten."""
        return Rate(of=self.of, holds=self.holds)


class Growth(Record):
    """(`now` - `before`) / |`before`|: relative change."""

    kind: Literal["growth"] = "growth"
    now: Measure
    before: Measure


class GrowthOver(Record):
    """Growth a period of `of`, over the last `periods` steps of `days` days up to its own period.

    With values v0 (the oldest) to vk: ``compound`` is (vk / v0)^(1/k) - 1 and needs both above 0; ``average`` is the
    mean of the k relative changes (each as in `Growth`).
    """

    kind: Literal["growth_over"] = "growth_over"
    of: Measure
    """Every aggregate in it has a period: the last one."""
    periods: int = Field(ge=1, le=520)
    days: int = Field(7, ge=1, le=366)
    how: Literal["compound", "average"] = "compound"


class Scaled(Record):
    """`of` x `factor`: another unit, or the sign turned."""

    kind: Literal["scaled"] = "scaled"
    of: Measure
    factor: float


class Rank(Record):
    """The place of `member` when `of` is computed for each value of `by` and sorted downwards; 1 is the largest.

    Equal values share a place. Members without a value (no rows) have no place, and do not count.
    """

    kind: Literal["rank"] = "rank"
    of: Measure
    """For each member, every aggregate in it over an entity that has the field `by` is limited to that member."""
    entity: str
    """Whose members are compared."""
    by: str
    member: str


class TopShare(Record):
    """The share of the `n` members of `by` with the largest `of` in the whole of `of`: "our ten largest customers".

    `of` must add up: a sum or a count over `entity`, or differences and multiples of these. Rows without a value of
    `by` are in the whole and belong to no member; a whole that is not above 0 has no shares.
    """

    kind: Literal["top_share"] = "top_share"
    of: Measure
    entity: str
    by: str
    n: int = Field(ge=1)


Measure = Annotated[
    Aggregate | Minus | Product | Ratio | Rate | Growth | GrowthOver | Scaled | Rank | TopShare,
    Field(discriminator="kind"),
]
for _recursive in (Minus, Product, Ratio, Growth, GrowthOver, Scaled, Rank, TopShare):
    _recursive.model_rebuild()


def narrowed(part: Aggregate, where: Mapping[str, tuple[str, ...]]) -> Aggregate:
    """The aggregate under a further condition; on a field that it filters already, both must hold."""
    both = dict(part.where)
    for field, allowed in where.items():
        both[field] = tuple(value for value in allowed if value in both.get(field, allowed))
    return altered(part, where=both)


def _pair(bound: Mapping[str, object]) -> tuple[object, object]:
    if unknown := sorted(set(bound) - {"at_least", "below"}):
        raise ValueError(f"a bound has 'at_least' and 'below', not {', '.join(unknown)}")
    return bound.get("at_least"), bound.get("below")
