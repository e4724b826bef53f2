"""Biggest movers: what an assistant talks about, because it changed most on the week before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from weakref import WeakKeyDictionary

from mondaylab.labs.claims.figures import Figure, entities
from mondaylab.labs.claims.slots import Slices, Slot
from mondaylab.labs.claims.template import LabFacts
from mondaylab.labs.sources.declaration import BiggestMover
from mondaylab.measures.catalog import Catalog

MOVERS = 3
"""So many of the largest are told of: with the first alone, all forms of one week would be about the same."""

# as long as the tables live: a draft's subject is drawn from the same few weeks and slices over and over
_FOUND: WeakKeyDictionary[Catalog, dict[tuple[str, str, tuple[tuple[str, str], ...], date], list[str]]] = (
    WeakKeyDictionary()
)


def biggest_movers(facts: LabFacts, slots: Mapping[str, Slot], wanted: BiggestMover, rest: Slices) -> list[str]:
    """The members of a slot whose measure changed most, the largest first.

    Args:
        facts: Measures and data.
        slots: The lab's.
        wanted: Which slot, and which measure.
        rest: The week, and what else the draft is about: changes are within that.

    Returns:
        Up to `MOVERS` members; empty where none has a value in both weeks.
    """
    base = facts.measures[wanted.measure]
    entity, _, field = (slots[wanted.slot].field or "").partition(".")
    cut = {}
    for name, value in rest.slots.items():
        of, _, within = (slots[name].field or "").partition(".") if name in slots else ("", "", "")
        if of in entities(base):
            cut[within] = value
    known = _FOUND.setdefault(facts.data.catalog, {})
    asked = (base.canonical(), f"{entity}.{field}", tuple(cut.items()), rest.week)
    if asked not in known:
        moved = {}
        for member in facts.data.catalog.members(entity, field):
            figure = Figure(base, "points", {**cut, field: member}, rest.week)
            if (change := facts.data.value(figure.measure())) is not None:
                moved[member] = abs(change)
        known[asked] = sorted(moved, key=lambda member: -moved[member])[:MOVERS]
    return known[asked]
