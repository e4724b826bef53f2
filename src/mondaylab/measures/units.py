"""The unit of a measure, from the units that bindings give fields; what cannot be subtracted or compared is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from mondaylab.measures.rewrite import leaves
from mondaylab.measures.words import describe

if TYPE_CHECKING:  # it loads pandas, and who only names measures, such as the judgement service, needs none
    from mondaylab.concepts.bindings import Bindings


def unit_of(measure: Measure, bindings: Bindings) -> str | None:
    """The measure's unit, such as ``EUR`` or ``EUR/pieces``; none for a plain number (a count, a share, a rank).

    A count has no unit here, so that an amount an order is in ``EUR``. A multiple keeps its unit.

    Raises:
        Refused: Parts of different units are subtracted or compared ("unit mismatch"), or the company lacks a concept
            or field; the error names concept, binding and column.
    """
    match measure:
        case Aggregate():
            return _of_field(measure, bindings)
        case Minus():
            return _one_unit(measure.left, measure.right, bindings)
        case Product() | Ratio():
            return _combined(measure, bindings)
        case Growth():
            _one_unit(measure.now, measure.before, bindings)
            return None
        case Scaled():
            return unit_of(measure.of, bindings)
        case Rank() | TopShare() | GrowthOver() | Rate():
            unit_of(measure.of, bindings)
            return None


def _of_field(part: Aggregate, bindings: Bindings) -> str | None:
    if part.field is None:
        bindings.entity(part.entity)
        return None
    field = bindings.field(part.entity, part.field)
    return None if part.how in ("count", "distinct") else field.unit


def _one_unit(one: Measure, other: Measure, bindings: Bindings) -> str | None:
    units = unit_of(one, bindings), unit_of(other, bindings)
    if units[0] != units[1]:
        bound = [_bound(part, bindings) for side in (one, other) for part in leaves(side)]
        raise Refused(
            f"unit mismatch: {describe(one)} is in {_said(units[0])}, {describe(other)} in {_said(units[1])} "
            f"({', '.join(dict.fromkeys(bound))})",
            where=f"bindings of {bindings.company}",
            fix="bring both to one unit, or give the field its unit in the bindings",
        )
    return units[0]


def _bound(part: Aggregate, bindings: Bindings) -> str:
    if part.field is None:
        return f"rows of {part.entity}"
    unit = bindings.field(part.entity, part.field).unit
    return f"{part.entity}.{part.field} is {bindings.column_of(part.entity, part.field)} in {_said(unit)}"


def _combined(measure: Product | Ratio, bindings: Bindings) -> str | None:
    if isinstance(measure, Product):
        return _multiplied(unit_of(measure.left, bindings), unit_of(measure.right, bindings))
    return _divided(unit_of(measure.top, bindings), unit_of(measure.bottom, bindings))


def _multiplied(left: str | None, right: str | None) -> str | None:
    if left is None or right is None:
        return left or right
    return f"{left} x {right}"


def _divided(top: str | None, bottom: str | None) -> str | None:
    if top == bottom:
        return None
    return top if bottom is None else f"{top or '1'}/{bottom}"


def _said(unit: str | None) -> str:
    return "no unit" if unit is None else unit
