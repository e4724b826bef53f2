"""What a lab needs of a company: which concepts, and which of their fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mondaylab.concepts.bindings import Bindings
from mondaylab.labs.claims import ClaimTemplate
from mondaylab.labs.claims.slots import Slot
from mondaylab.labs.sources.declaration import LabDeclaration
from mondaylab.measures import (
    Aggregate,
    Growth,
    GrowthOver,
    Measure,
    Minus,
    Rank,
    Rate,
    Ratio,
    Scaled,
    TopShare,
    leaves,
)

DATE = "_date"
"""Stands for the day that an entity counts for."""
_IN_TIME = ("cause", "forecast")
"""Kinds of claims that look at weeks whether or not they are cut by one."""

Needs = dict[str, set[str]]
"""Concept -> fields of it, `DATE` among them."""


def lab_needs(declaration: LabDeclaration) -> Needs:
    """The concepts and fields that a lab reads: in measures, cuts, slots, and templates about records.

    A concept that is declared but never read is there with no field.
    """
    parts = [claim_needs(declaration, claim) for claim in declaration.claims]
    parts += [_of_slot(slot) for slot in declaration.slots.values()]
    parts += [_of_cut([declaration.measures[item.measure]], item.by) for item in declaration.warm_up]
    if declaration.evidence is not None:
        parts.append(_of_cut([declaration.measures[declaration.evidence.measure]], declaration.evidence.by))
    return _together({entity: set() for entity in declaration.entities}, *parts)


def claim_needs(declaration: LabDeclaration, claim: ClaimTemplate) -> Needs:
    """The same for one claim template of the lab."""
    measures = [declaration.measures[name] for name in claim.measure_names()]
    slots = [
        slot
        for name, slot in declaration.slots.items()
        if any(word == name or word.startswith(f"{name}_") for word in claim.slot_names())
    ]
    in_time = {part.entity: {DATE} for measure in measures for part in leaves(measure) if claim.kind in _IN_TIME}
    return _together(_of_cut(measures, claim.by), in_time, _of_record(claim), *map(_of_slot, slots))


def missing_for(bindings: Bindings, needs: Mapping[str, Iterable[str]]) -> list[str]:
    """What a company's bindings lack for a lab, sorted: ``shipment`` (a whole concept), ``order_line.cost``.

    Args:
        bindings: The company's.
        needs: Concept -> fields, as `lab_needs` gives them.
    """
    lacking: set[str] = set()
    for entity, fields in needs.items():
        bound = bindings.entities.get(entity)
        if bound is None:
            lacking.add(entity)
            continue
        has = {*bound.fields, "_key", *([] if bound.date is None else [DATE])}
        lacking |= {f"{entity}.{'date' if field == DATE else field}" for field in set(fields) - has}
    return sorted(lacking)


def measure_needs(measure: Measure) -> Needs:  # noqa: PLR0911  one return a kind
    """The concepts and fields that a measure reads."""
    match measure:
        case Aggregate():
            named = [] if measure.field is None else [measure.field]
            day = [] if measure.period is None else [DATE]
            own = {measure.entity: {*named, *measure.where, *measure.bounds, *day}}
            return own if measure.joined is None else _together(own, _of_join(measure.entity, measure.joined))
        case Minus():
            return _together(measure_needs(measure.left), measure_needs(measure.right))
        case Ratio():
            return _together(measure_needs(measure.top), measure_needs(measure.bottom))
        case Growth():
            return _together(measure_needs(measure.now), measure_needs(measure.before))
        case Rate():
            return _together(measure_needs(measure.of), {measure.of.entity: {*measure.holds, *measure.given}})
        case Rank() | TopShare():
            return _together(measure_needs(measure.of), {measure.entity: {measure.by}})
        case Scaled() | GrowthOver():
            return measure_needs(measure.of)


def _of_join(entity: str, joined: str) -> Needs:
    other, _, field = joined.partition(".")
    return {entity: {field}, other: {field}}


def _of_cut(measures: Iterable[Measure], by: Mapping[str, str]) -> Needs:
    """Measures, and the fields that each aggregate in them is cut by."""
    cut = _cut_fields(by)
    parts = [(measure_needs(measure), {part.entity: cut for part in leaves(measure)}) for measure in measures]
    return _together(*(needs for pair in parts for needs in pair))


def _of_slot(slot: Slot) -> Needs:
    if slot.field is not None:
        entity, _, field = slot.field.partition(".")
        return {entity: {field}}
    return {} if slot.record is None else {slot.record: {*slot.where, *slot.says.values()}}


def _of_record(claim: ClaimTemplate) -> Needs:
    """What a claim about records names itself: the entity, and fields of it."""
    match claim.kind:
        case "figure" if claim.across is not None:
            other, _, field = claim.across.partition(".")
            return {other: {field}}
        case "attribute":
            return {claim.entity: {claim.field, *claim.instead}}
        case "shortlist":
            return {claim.entity: {claim.score, *claim.passed_over, *_cut_fields(claim.by)}}
        case "comparison":
            entity, _, field = claim.group.partition(".")
            return {entity: {field, claim.stratum}}
        case _:
            return {}


def _cut_fields(by: Mapping[str, str]) -> set[str]:
    return {DATE if field == "period" else field for field in by}


def _together(*parts: Mapping[str, Iterable[str]]) -> Needs:
    needs: Needs = {}
    for part in parts:
        for entity, fields in part.items():
            needs.setdefault(entity, set()).update(fields)
    return needs
