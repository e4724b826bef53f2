"""Slots: what a claim is about and every form draws for itself - a member of a field, a record, or a reporting week."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self
from weakref import WeakKeyDictionary

import pandas as pd
from pandas.api.extensions import ExtensionArray
from pydantic import Field, field_validator, model_validator

from mondaylab.errors import Refused
from mondaylab.measures.catalog import Catalog
from mondaylab.measures.columns import plain_values, spelled_among
from mondaylab.records import Record

WEEKS = ("week", "week_before", "Week", "Week_before")
"""The words that every text may use beside those of slots: the reporting week, and the one before it; with a capital
letter where they open a sentence."""


class Between(Record):
    """Numbers that a drawn row may have in a field: half open, as the bounds of a measure."""

    at_least: float | None = None
    below: float | None = None

    @model_validator(mode="after")
    def _bounds_something(self) -> Self:
        if self.at_least is None and self.below is None:
            raise ValueError("give 'at_least', 'below' or both")
        return self

    def holds(self, values: pd.Series) -> pd.Series:
        """Which of the values lie there; one that is missing does not."""
        numbers = pd.to_numeric(values, errors="coerce")
        return (numbers >= (-math.inf if self.at_least is None else self.at_least)) & (
            numbers < (math.inf if self.below is None else self.below)
        )


Allowed = tuple[str, ...] | Between
"""What a field of a drawn row may hold: one of these values as they are spelled, or a number between two."""


class Slot(Record):
    """Something a claim is about that every form draws for itself."""

    field: str | None = None
    """``entity.field`` whose values are drawn from."""
    record: str | None = None
    """Entity of which one row is drawn; neither this nor `field`: a reporting week."""
    where: tuple[dict[str, Allowed], ...] = ()
    """Record slots: field -> what a drawn row must have there. Of several such tables, in a list, each is as likely: a
    text that two kinds of cases fit gets as many of either, whichever the data has more of."""
    says: dict[str, str] = Field(default_factory=dict)
    """Record slots: word -> field of the drawn row. Slot ``case`` with word ``order`` gives ``case_order``."""

    @field_validator("where", mode="before")
    @classmethod
    def _listed(cls, where: object) -> object:
        return (where,) if isinstance(where, Mapping) else where

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if self.field is not None and self.record is not None:
            raise ValueError("a slot draws from a field or a record, not both")
        if self.record is None and (self.where or self.says):
            raise ValueError("only a record slot has 'where' and 'says'")
        return self

    @property
    def is_week(self) -> bool:
        """Whether it is the draft's reporting week, which is nothing to draw."""
        return self.field is None and self.record is None

    def fields(self) -> set[str]:
        """The fields of a drawn row that it looks at or says."""
        return {*self.says.values()}.union(*self.where)


@dataclass(frozen=True)
class Slices:
    """The slices that a form drew for one claim: slot -> value, and the draft's reporting week."""

    slots: Mapping[str, str]
    week: date

    def words(self) -> dict[str, str]:
        """What sentences may say of them."""
        week, before = self.week.isocalendar().week, (self.week - timedelta(days=7)).isocalendar().week
        told = (f"week {week}", f"week {before}", f"Week {week}", f"Week {before}")
        return {**self.slots, **dict(zip(WEEKS, told, strict=True))}

    def cut(self, by: Mapping[str, str]) -> dict[str, str]:
        """Field -> value for the fields of a template's cut."""
        return {field: self.slots[slot] for field, slot in by.items() if field != "period"}


def draw_slot(name: str, slot: Slot, catalog: Catalog, rng: random.Random) -> dict[str, str]:
    """Draws a value for a slot: its own name, and for a record also its words.

    Raises:
        Refused: The data has nothing to draw from.
    """
    if slot.field is not None:
        entity, _, field = slot.field.partition(".")
        members = catalog.members(entity, field)
        if not members:
            raise Refused(f"slot {name!r} has nothing to draw from", where=slot.field)
        return {name: rng.choice(members)}
    if slot.record is None:
        return {}
    rows = rng.choice(_rows(name, slot, catalog))
    place = rng.randrange(len(rows["_key"]))
    said = {f"{name}_{word}": said_as(rows[field][place]) for word, field in slot.says.items()}
    return {name: str(rows["_key"][place]), **said}


def slot_of(word: str, slots: Mapping[str, Slot]) -> str:
    """The slot that gives a word: itself, or the record slot that says it."""
    return next(
        name for name, slot in slots.items() if word == name or word in {f"{name}_{part}" for part in slot.says}
    )


def slot_words(slots: Mapping[str, Slot]) -> set[str]:
    """Every name that cuts and sentences may use for what slots draw."""
    names = set(slots)
    for name, slot in slots.items():
        names |= {f"{name}_{word}" for word in slot.says}
    return names


def said_as(value: object) -> str:
    """A field's value as a sentence says it: dates in words, whole numbers without decimals."""
    if isinstance(value, (pd.Timestamp, date)):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return str(value)


Rows = Mapping[str, ExtensionArray]
"""Field -> its values, one a row: taking a row out of a frame would be most of the time of a draw."""
# as long as the tables live: filtering tens of thousands of rows for every draw would take seconds a form
_ROWS: WeakKeyDictionary[Catalog, dict[tuple[str, int], tuple[Slot, list[Rows]]]] = WeakKeyDictionary()
"""By the slot itself, which is kept so that no other takes its place: spelling it out takes longer than a draw."""
_PLACES: WeakKeyDictionary[Catalog, dict[str, dict[str, int]]] = WeakKeyDictionary()


def place_of(catalog: Catalog, entity: str, key: str) -> int:
    """The row number of a record.

    Raises:
        Refused: No row, or more than one, has this key.
    """
    places = _PLACES.setdefault(catalog, {})
    if entity not in places:
        keys = catalog.frame(entity)["_key"].astype(str)
        if not keys.is_unique:
            raise Refused(f"the key of concept {entity!r} is not unique", where="bindings")
        places[entity] = {str(name): place for place, name in enumerate(plain_values(keys))}
    if key not in places[entity]:
        raise Refused(f"no {entity} has the key {key!r}")
    return places[entity][key]


def names_in(slots: Mapping[str, Slot], catalog: Catalog) -> frozenset[str]:
    """What slots can be filled with, such as regions and carriers: names that are nobody's."""
    fields = [slot.field.split(".", 1) for slot in slots.values() if slot.field is not None]
    found = (name for entity, field in fields for name in catalog.members(entity, field))
    return frozenset(name for name in found if len(name) > 1)


def frame_with(catalog: Catalog, entity: str, fields: set[str], *, whose: str) -> pd.DataFrame:
    """The entity's rows, which have these fields.

    Raises:
        Refused: The company has no such concept, or the concept not all of the fields.
    """
    frame = catalog.frame(entity)
    if missing := sorted(field for field in fields if field not in frame.columns):
        bound = ", ".join(sorted(name for name in frame.columns if not name.startswith("_")))
        raise Refused(
            f"{whose}: concept {entity!r} has no field {', '.join(missing)}", where="bindings", fix=f"bound are {bound}"
        )
    return frame


def _rows(name: str, slot: Slot, catalog: Catalog) -> list[Rows]:
    """The rows that may be drawn, for each of the slot's tables."""
    known = _ROWS.setdefault(catalog, {})
    asked = (name, id(slot))
    if asked not in known:
        known[asked] = (slot, [_filtered(name, slot, where, catalog) for where in slot.where or ({},)])
    return known[asked][1]


def _filtered(name: str, slot: Slot, where: Mapping[str, Allowed], catalog: Catalog) -> Rows:
    frame = frame_with(catalog, slot.record or "", slot.fields(), whose=f"slot {name!r}")
    keep = frame[list(slot.says.values())].notna().all(axis=1)
    for field, allowed in where.items():
        there = frame[field]
        keep &= allowed.holds(there) if isinstance(allowed, Between) else spelled_among(there, allowed)
    if not keep.any():
        raise Refused(f"slot {name!r} has no row to draw", where=slot.record)
    rows = frame.loc[keep, list(dict.fromkeys(["_key", *slot.says.values()]))]
    return {field: rows[field].array for field in rows.columns}
