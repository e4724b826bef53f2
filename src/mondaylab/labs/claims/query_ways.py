"""The ways of a query: each says in words, in SQL and as a measure one thing that a person may ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from mondaylab.labs.claims.axis_ways import MeasureWay, changed
from mondaylab.labs.claims.slots import Slices
from mondaylab.measures import Measure


class Way(MeasureWay):
    """One of the ways that an axis of a query can go: words, SQL, and what both mean, as a change of the measure."""

    sql: str = ""
    """Its piece of the query; empty where this way adds none."""
    joined: str | None = Field(None, pattern=r"^\w+\.\w+$")
    """``concept.field``: each row counts once for every match there."""
    whole: bool = False
    """The number is rounded to a whole one, in displayed units."""

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
    joined = None
    for way in ways:
        base = base if way.measure is None else measures[way.measure]
        joined = way.joined or joined
    return Meaning(changed(base, ways, by, slices, {}, joined), any(way.whole for way in ways))
