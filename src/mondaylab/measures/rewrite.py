"""Measures made from measures: every aggregate in one of them changed, and the rest left as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mondaylab.errors import Refused
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
from mondaylab.records import altered

AggregateChange = Callable[[Aggregate], "Measure"]


def rewritten(measure: Measure, change: AggregateChange) -> Measure:  # noqa: PLR0911  one return a kind
    """A copy in which `change` was applied to every aggregate.

    A `Rate` changes in what it counts, and keeps its two conditions; if `change` makes something else than a count of
    it, the result is the `Ratio` of the two changed counts.
    """
    match measure:
        case Aggregate():
            return change(measure)
        case Minus():
            return altered(measure, left=rewritten(measure.left, change), right=rewritten(measure.right, change))
        case Product():
            return altered(measure, left=rewritten(measure.left, change), right=rewritten(measure.right, change))
        case Ratio():
            return altered(measure, top=rewritten(measure.top, change), bottom=rewritten(measure.bottom, change))
        case Growth():
            return altered(measure, now=rewritten(measure.now, change), before=rewritten(measure.before, change))
        case Rate():
            of = change(measure.of)
            if isinstance(of, Aggregate) and of.how in ("count", "distinct"):
                return altered(measure, of=of)
            top, bottom = measure.counts()
            return Ratio(top=change(top), bottom=change(bottom))
        case Scaled() | Rank() | TopShare() | GrowthOver():
            return altered(measure, of=rewritten(measure.of, change))


def leaves(measure: Measure) -> Iterator[Aggregate]:
    """Every aggregate in it, left to right; of a rate, what it counts."""
    match measure:
        case Aggregate():
            yield measure
        case Minus() | Product():
            yield from leaves(measure.left)
            yield from leaves(measure.right)
        case Ratio():
            yield from leaves(measure.top)
            yield from leaves(measure.bottom)
        case Growth():
            yield from leaves(measure.now)
            yield from leaves(measure.before)
        case Rate() | Scaled() | Rank() | TopShare() | GrowthOver():
            yield from leaves(measure.of)


def inside(measure: Measure) -> Iterator[Measure]:
    """The measure itself, and every one that it is made of."""
    yield measure
    match measure:
        case Minus() | Product():
            below: tuple[Measure, ...] = (measure.left, measure.right)
        case Ratio():
            below = (measure.top, measure.bottom)
        case Growth():
            below = (measure.now, measure.before)
        case Rate() | Scaled() | Rank() | TopShare() | GrowthOver():
            below = (measure.of,)
        case Aggregate():
            below = ()
    for part in below:
        yield from inside(part)


def restricted(measure: Measure, entity: str, field: str, member: str) -> Measure:
    """The measure with every aggregate over `entity` limited to rows where `field` equals `member`."""

    def limit(part: Aggregate) -> Aggregate:
        return limited(part, field, member) if part.entity == entity else part

    return rewritten(measure, limit)


def limited(part: Aggregate, field: str, member: str) -> Aggregate:
    """The aggregate over one member of a field, in place of what the field was limited to before."""
    return altered(part, where={**part.where, field: (member,)})


def shifted(measure: Measure, days: int) -> Measure:
    """The measure `days` later (negative: earlier).

    Raises:
        Refused: An aggregate in it has no period.
    """

    def shift(part: Aggregate) -> Aggregate:
        if part.period is None:
            raise Refused(f"{part.how} of {part.entity} has no period to be moved")
        return altered(part, period=part.period.shifted(days))

    return rewritten(measure, shift)
