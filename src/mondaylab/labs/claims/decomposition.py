"""What each part of a figure makes of its change from one week to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from mondaylab.measures import Measure, Minus, Product, Ratio, Scaled

Week = Literal["now", "before"]
ValueOf = Callable[[Measure, Week], float | None]
"""A part's value in a week; none where it has none."""
_OTHER: dict[Week, Week] = {"now": "before", "before": "now"}


@dataclass(frozen=True)
class Effect:
    """What a factor alone makes of a change: all else held as it was the week before, and held as it is now.

    Attributes:
        first: The figure with this factor of now, less the figure before: the factor is changed first.
        last: The figure now, less the figure with this factor of the week before: the factor is changed last.
    """

    first: float
    last: float

    @property
    def mean(self) -> float:
        """Shapley's value of the factor against all the rest together: both orders count alike.

        With two parts it is the effect of composition or of rates in Kitagawa, Components of a Difference Between Two
        Rates (1955); Shapley, A Value for n-Person Games (1953). The means of a factor and of the rest add up to the
        change. A part that is only added or taken away makes its own change, in either order.
        """
        return (self.first + self.last) / 2

    def shares(self, change: float) -> tuple[float, float]:
        """Its least and its greatest share of the change, over both orders."""
        low, high = sorted((self.first / change, self.last / change))
        return low, high


@dataclass(frozen=True)
class Decomposition:
    """A figure as an expression over factors, and whatever else stands in it.

    Attributes:
        outcome: The figure: differences, products, ratios and multiples of its parts.
        factors: The parts that may be named; the outermost one on each way down is the part.
    """

    outcome: Measure
    factors: tuple[Measure, ...]

    def parts(self) -> Iterator[Measure]:
        """The parts that the figure is worked out from, left to right; one that stands twice comes twice."""
        yield from _parts(self.outcome, self.factors)

    def value(self, value_of: ValueOf, week: Week, other: Measure | None = None) -> float | None:
        """The figure of one week, with `other`, one of its parts, of the other week."""

        def of_part(part: Measure) -> float | None:
            return value_of(part, _OTHER[week] if part == other else week)

        return _worked_out(self.outcome, self.factors, of_part)

    def change(self, value_of: ValueOf) -> float | None:
        """How far the figure moved; none where a part has no value, or it divides by zero."""
        before, now = self.value(value_of, "before"), self.value(value_of, "now")
        return None if before is None or now is None else now - before

    def effect(self, factor: Measure, value_of: ValueOf) -> Effect | None:
        """What the factor alone makes of the change; none where a part has no value, or it divides by zero."""
        before, now = self.value(value_of, "before"), self.value(value_of, "now")
        first, last = self.value(value_of, "before", factor), self.value(value_of, "now", factor)
        if before is None or now is None or first is None or last is None:
            return None
        return Effect(first - before, now - last)


def _parts(measure: Measure, factors: tuple[Measure, ...]) -> Iterator[Measure]:
    match measure:
        case part if part in factors:
            yield part
        case Minus() | Product():
            yield from _parts(measure.left, factors)
            yield from _parts(measure.right, factors)
        case Ratio():
            yield from _parts(measure.top, factors)
            yield from _parts(measure.bottom, factors)
        case Scaled():
            yield from _parts(measure.of, factors)
        case _:
            yield measure


def _worked_out(
    measure: Measure, factors: tuple[Measure, ...], value: Callable[[Measure], float | None]
) -> float | None:
    match measure:
        case part if part in factors:
            return value(part)
        case Minus() | Product():
            left, right = (_worked_out(side, factors, value) for side in (measure.left, measure.right))
            if left is None or right is None:
                return None
            return left - right if isinstance(measure, Minus) else left * right
        case Ratio():
            top, bottom = (_worked_out(side, factors, value) for side in (measure.top, measure.bottom))
            return top / bottom if top is not None and bottom else None
        case Scaled():
            of = _worked_out(measure.of, factors, value)
            return None if of is None else of * measure.factor
        case _:
            return value(measure)
