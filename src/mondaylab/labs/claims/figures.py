"""A figure: a template cut to the slices that one form drew, and the measure this makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Literal

from mondaylab.measures import Aggregate, Growth, Measure, Minus, Period, Rank, Ratio, leaves, rewritten
from mondaylab.records import altered

View = Literal["plain", "growth", "points", "share", "rank"]
"""How a base measure is seen: as it is, as change, as a share of all, or as a place among all."""
WEEK = 7


@dataclass(frozen=True)
class Figure:
    """A base measure with its cut and view. Flaw operators change one of these parts and leave the rest.

    Attributes:
        base: The measure before any cut.
        view: Plain, growth or points against the week before, share, or rank.
        cut: Field -> value; for share and rank the first is what is compared.
        week: Monday of the reporting week; none: the whole snapshot.
        before: Days back to what a change is compared with.
        across: ``concept.field``: what a careless join would reach from here, one row meeting several.
    """

    base: Measure
    view: View
    cut: Mapping[str, str]
    week: date | None
    before: int = WEEK
    across: str | None = None

    @property
    def entity(self) -> str:
        """The entity of the first aggregate: what share and rank are taken over."""
        return entities(self.base)[0]

    def measure(self) -> Measure:
        """The measure that this figure states; a claim asks for it many times while it is written."""
        return _measure(_Itself(self.base), self.view, tuple(self.cut.items()), self.week, self.before)

    def _made(self) -> Measure:
        match self.view:
            case "plain":
                return self._cut(self.cut, 0)
            case "growth":
                return Growth(now=self._cut(self.cut, 0), before=self._cut(self.cut, self.before))
            case "points":
                return Minus(left=self._cut(self.cut, 0), right=self._cut(self.cut, self.before))
            case "share":
                return Ratio(top=self._cut(self.cut, 0), bottom=self._cut(self._others(), 0))
            case "rank":
                field, member = next(iter(self.cut.items()))
                return Rank(of=self._cut(self._others(), 0), entity=self.entity, by=field, member=member)

    def with_(self, **changes: object) -> Figure:
        """A copy with some parts changed."""
        return replace(self, **changes)  # type: ignore[arg-type]  # dataclasses.replace is untyped by field

    def _others(self) -> dict[str, str]:
        first = next(iter(self.cut))
        return {field: value for field, value in self.cut.items() if field != first}

    def _cut(self, cut: Mapping[str, str], back: int) -> Measure:
        period = None if self.week is None else _week(self.week, back)

        def apply(part: Aggregate) -> Measure:
            where = {**part.where, **{field: (value,) for field, value in cut.items()}}
            return altered(part, where=where, period=period)

        return rewritten(self.base, apply)


class _Itself:
    """A measure as a key: this very one, for what equals it could not be found by a hash."""

    __slots__ = ("measure",)

    def __init__(self, measure: Measure) -> None:
        self.measure = measure

    def __hash__(self) -> int:
        return id(self.measure)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and self.measure is other.measure


@lru_cache(maxsize=4096)
def _measure(base: _Itself, view: View, cut: tuple[tuple[str, str], ...], week: date | None, before: int) -> Measure:
    return Figure(base.measure, view, dict(cut), week, before)._made()


@lru_cache(maxsize=1024)
def _week(monday: date, back: int) -> Period:
    return Period.week(monday).shifted(-back)


def entities(measure: Measure) -> list[str]:
    """The entities that a measure reads, in order of first use."""
    return list(dict.fromkeys(part.entity for part in leaves(measure)))
