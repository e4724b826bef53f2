"""The ways of an axis: each says in words, and as a change of a measure, one thing that a person may ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field, field_validator

from mondaylab.labs.claims.slots import Slices
from mondaylab.measures import Aggregate, Measure, Period, rewritten
from mondaylab.measures.kinds import Bound, Where, narrowed
from mondaylab.records import Record, altered


class AxisWay(Record):
    """One of the ways that an axis can go."""

    says: str = Field(min_length=2)
    """Its words in the sentence."""

    def means(self) -> dict[str, Any]:
        """What it changes; two ways that change the same mean the same."""
        return self.model_dump(mode="json", exclude={"says"}, exclude_defaults=True)


class MeasureWay(AxisWay):
    """A way that changes what is measured, or over which rows."""

    measure: str | None = None
    """Measure that is meant in place of the claim's."""
    where: Where = {}
    """Field -> allowed values, beside the cut."""
    cut: dict[str, str] = {}
    """Field -> slot, beside the cut."""
    bounds: dict[str, Bound] = {}
    """Field -> at least, below (half open)."""
    days: tuple[int, int] | None = None
    """First and last day that count, from the Monday of the week: ``[0, 6]`` is the week."""

    @field_validator("bounds", mode="before")
    @classmethod
    def _named_bounds(cls, bounds: Any) -> Any:
        if not isinstance(bounds, Mapping):
            return bounds
        return {
            field: (bound.get("at_least"), bound.get("below")) if isinstance(bound, Mapping) else bound
            for field, bound in bounds.items()
        }


def changed(
    base: Measure,
    ways: Sequence[MeasureWay],
    by: Mapping[str, str],
    slices: Slices,
    where: Where,
    joined: str | None = None,
) -> Measure:
    """A measure over the rows that the ways together mean on drawn slices.

    Args:
        base: The measure.
        ways: The ways; which measure they name is the caller's affair.
        by: The claim's cut.
        slices: What was drawn.
        where: Field -> allowed values beside them.
        joined: ``concept.field``: each row counts once for every match there.
    """
    cut = slices.cut(by)
    period = Period.week(slices.week) if "period" in by else None
    for way in ways:
        if way.days is not None:
            week = Period.week(slices.week)
            period = Period(start=week.shifted(way.days[0]).start, end=week.shifted(way.days[1]).start)

    def change(part: Aggregate) -> Measure:
        rows = {field: (value,) for field, value in cut.items()} | where
        bounds = dict(part.bounds)
        for way in ways:
            rows |= {field: (slices.slots[slot],) for field, slot in way.cut.items()}
            bounds |= way.bounds
        made = narrowed(altered(part, period=period, bounds=bounds, joined=joined or part.joined), rows)
        for way in ways:
            made = narrowed(made, way.where) if way.where else made
        return made

    return rewritten(base, change)
