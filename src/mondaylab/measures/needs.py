"""What a measure reads of a company: which concepts, and which of their fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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
from mondaylab.measures.rewrite import leaves

DATE = "_date"
"""Stands for the day that an entity counts for."""
Needs = dict[str, set[str]]
"""Concept -> fields of it, `DATE` among them."""


def measure_needs(measure: Measure) -> Needs:  # noqa: PLR0911  one return a kind
    """The concepts and fields that a measure reads."""
    match measure:
        case Aggregate():
            named = [] if measure.field is None else [measure.field]
            day = [] if measure.period is None else [DATE]
            own = {measure.entity: {*named, *measure.where, *measure.bounds, *day}}
            return own if measure.joined is None else together(own, _of_join(measure.entity, measure.joined))
        case Minus() | Product():
            return together(measure_needs(measure.left), measure_needs(measure.right))
        case Ratio():
            return together(measure_needs(measure.top), measure_needs(measure.bottom))
        case Growth():
            return together(measure_needs(measure.now), measure_needs(measure.before))
        case Rate():
            return together(measure_needs(measure.of), {measure.of.entity: {*measure.holds, *measure.given}})
        case Rank() | TopShare():
            return together(measure_needs(measure.of), {measure.entity: {measure.by}})
        case Scaled() | GrowthOver():
            return measure_needs(measure.of)


def _of_join(entity: str, joined: str) -> Needs:
    other, _, field = joined.partition(".")
    return {entity: {field}, other: {field}}


def cut_needs(measures: Iterable[Measure], by: Mapping[str, str]) -> Needs:
    """Measures, and the fields that each aggregate in them is cut by."""
    cut = cut_fields(by)
    parts = [(measure_needs(measure), {part.entity: cut for part in leaves(measure)}) for measure in measures]
    return together(*(needs for pair in parts for needs in pair))


def cut_fields(by: Mapping[str, str]) -> set[str]:
    """The fields of a cut, `DATE` for its week."""
    return {DATE if field == "period" else field for field in by}


def together(*parts: Mapping[str, Iterable[str]]) -> Needs:
    """All that any of the parts needs."""
    needs: Needs = {}
    for part in parts:
        for entity, fields in part.items():
            needs.setdefault(entity, set()).update(fields)
    return needs
