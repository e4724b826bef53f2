"""The ways of a query: each says in words, in SQL and as a measure one thing that a person may ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import Field, field_validator

from mondaylab.labs.claims.crosswise import AxisWay
from mondaylab.labs.claims.slots import Slices
from mondaylab.measures import Aggregate, Measure, Period, rewritten
from mondaylab.measures.kinds import Bound, Where, narrowed
from mondaylab.records import altered


class Way(AxisWay):
    """One of the ways that an axis of a query can go: words, SQL, and what both mean, as a change of the measure."""

    sql: str = ""
    """Its piece of the query; empty where this way adds none."""
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
    joined: str | None = Field(None, pattern=r"^\w+\.\w+$")
    """``concept.field``: each row counts once for every match there."""
    whole: bool = False
    """The number is rounded to a whole one, in displayed units."""

    @field_validator("bounds", mode="before")
    @classmethod
    def _named_bounds(cls, bounds: Any) -> Any:
        if not isinstance(bounds, Mapping):
            return bounds
        return {
            field: (bound.get("at_least"), bound.get("below")) if isinstance(bound, Mapping) else bound
            for field, bound in bounds.items()
        }

    def means(self) -> dict[str, Any]:
        return self.model_dump(mode="json", exclude={"says", "sql"}, exclude_defaults=True)


@dataclass(frozen=True)
class Meaning:
    """What a sentence asks for: a measure, and whether its value is rounded to a whole number."""

    measure: Measure
    whole: bool

    def number(self, value: float, scale: float) -> float:
        """A value of the measure as the query is to give it."""
        shown = value * scale
        return float(round(shown)) if self.whole else shown


def meaning(
    base: Measure, measures: Mapping[str, Measure], ways: tuple[Way, ...], by: Mapping[str, str], slices: Slices
) -> Meaning:
    """What the ways together mean on drawn slices."""
    for way in ways:
        base = base if way.measure is None else measures[way.measure]
    cut = slices.cut(by)
    period = Period.week(slices.week) if "period" in by else None
    for way in ways:
        if way.days is not None:
            week = Period.week(slices.week)
            period = Period(start=week.shifted(way.days[0]).start, end=week.shifted(way.days[1]).start)

    def change(part: Aggregate) -> Measure:
        where = {field: (value,) for field, value in cut.items()}
        bounds, joined = dict(part.bounds), part.joined
        for way in ways:
            where |= {field: (slices.slots[slot],) for field, slot in way.cut.items()}
            bounds |= way.bounds
            joined = way.joined or joined
        changed = narrowed(altered(part, period=period, bounds=bounds, joined=joined), where)
        for way in ways:
            changed = narrowed(changed, way.where) if way.where else changed
        return changed

    return Meaning(rewritten(base, change), any(way.whole for way in ways))
