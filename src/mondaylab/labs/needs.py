"""What a lab needs of a company: which concepts, and which of their fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mondaylab.concepts.bindings import Bindings
from mondaylab.labs.claims.slots import Slot
from mondaylab.labs.claims.template import Template
from mondaylab.labs.sources.declaration import LabDeclaration
from mondaylab.measures.needs import DATE, Needs, cut_needs, together


def lab_needs(declaration: LabDeclaration) -> Needs:
    """The concepts and fields that a lab reads: in measures, cuts, slots, and templates about records.

    A concept that is declared but never read is there with no field.
    """
    parts = [claim_needs(declaration, claim) for claim in declaration.claims]
    parts += [_of_slot(slot) for slot in declaration.slots.values()]
    parts += [cut_needs([declaration.measures[item.measure]], item.by) for item in declaration.warm_up]
    if declaration.evidence is not None:
        parts.append(cut_needs([declaration.measures[declaration.evidence.measure]], declaration.evidence.by))
    return together({entity: set() for entity in declaration.entities}, *parts)


def claim_needs(declaration: LabDeclaration, claim: Template) -> Needs:
    """The same for one claim template of the lab."""
    slots = [
        slot
        for name, slot in declaration.slots.items()
        if any(word == name or word.startswith(f"{name}_") for word in claim.slot_names())
    ]
    return together(claim.needs(declaration.measures), *map(_of_slot, slots))


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


def _of_slot(slot: Slot) -> Needs:
    if slot.field is not None:
        entity, _, field = slot.field.partition(".")
        return {entity: {field}}
    return {} if slot.record is None else {slot.record: slot.fields()}
