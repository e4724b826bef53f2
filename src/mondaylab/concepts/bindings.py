"""Bindings: which tables and columns of a company a lab's concepts mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Self

import pandas as pd
from pydantic import model_validator

from mondaylab.concepts.derived import Dealt, Derived, Difference, Product, Scattered, computed, sources
from mondaylab.errors import Refused
from mondaylab.records import Record

DERIVED = "derived"
"""Stands for a table in ``derived.name``: a column that the entity derives."""
OWN_COLUMNS = ("id", "day", "week", "week_start")
"""Columns that learners find in every concept beside its fields: its key, its day and the day's week."""


class Field(Record):
    """One field of an entity: ``table.column`` of the entity's own table or one it joins, or ``derived.name``."""

    column: str
    unit: str | None = None
    """Unit of a number, such as ``EUR``; none for text."""
    label: str | None = None
    """Words for screens; the field's name if absent."""


class Join(Record):
    """How an entity reaches another table: many rows of `source` to one row of the joined table."""

    source: str
    """The table that holds the reference: the entity's own or one joined before."""
    key: str
    """The column, of one name on both sides."""


class Entity(Record):
    """A thing that labs count and add up: an order line, a shipment, a ticket."""

    table: str
    key: str
    date: str | None = None
    """``table.column`` of the day it counts for, or ``derived.name``."""
    joins: dict[str, Join] = {}
    derived: dict[str, Derived] = {}
    """Columns computed after the joins, in this order; fields name them ``derived.name``."""
    fields: dict[str, Field]
    label: str | None = None

    @model_validator(mode="after")
    def _own_columns_are_free(self) -> Self:
        taken = sorted(set(OWN_COLUMNS) & set(self.fields))
        if taken:
            raise ValueError(f"fields may not be called {', '.join(taken)}: every concept has these columns by itself")
        return self


class Bindings(Record):
    """A company's ``bindings.yaml``."""

    company: str
    currency: str
    sample_data: bool | None = None
    """Whether the data is a fictitious company's or made for practice, which every screen then says. People have to say
    it; none: a copy that a build made before they had to, or that learners get."""
    entities: dict[str, Entity]

    @classmethod
    def of(cls, folder: Path, *, copied: bool = False) -> Bindings:
        """Reads ``<folder>/bindings.yaml``.

        Args:
            folder: The company's, or one with a copy of it.
            copied: Whether it is a copy, which nobody edits.

        Raises:
            NotFound: There is none.
            Refused: It is malformed, or does not say whether its data is sample data.
        """
        path = folder / "bindings.yaml"
        bindings = cls.read_yaml(path)
        if bindings.sample_data is None and not copied:
            raise Refused(
                "does not say whether the data is sample data, which every screen has to tell learners",
                where=path,
                fix="write sample_data: true (a fictitious company, or made up for practice) or sample_data: false",
            )
        return bindings

    def entity(self, name: str) -> Entity:
        """An entity by its concept name.

        Raises:
            Refused: The company has none of that name.
        """
        if name not in self.entities:
            raise Refused(
                f"{self.company} has no concept {name!r}",
                where="bindings",
                fix=f"bind it in datasets/{self.company}/bindings.yaml; bound are {', '.join(sorted(self.entities))}",
            )
        return self.entities[name]

    def field(self, entity: str, name: str) -> Field:
        """A field of an entity by its concept name.

        Raises:
            Refused: The company has no such concept, or none of its fields has that name.
        """
        fields = self.entity(entity).fields
        if name not in fields:
            raise Refused(
                f"concept {entity!r} has no field {name!r}",
                where=f"bindings of {self.company}",
                fix=f"bind it in datasets/{self.company}/bindings.yaml; bound are {', '.join(sorted(fields))}",
            )
        return fields[name]

    def column_of(self, entity: str, name: str) -> str:
        """What a field is bound to, as messages say it: ``table.column``; ``_key`` and ``_date`` as they are."""
        bound = self.entity(entity).fields.get(name)
        return f"{entity}.{name}" if bound is None else bound.column

    def only(self, entities: Iterable[str]) -> Bindings:
        """The same with these concepts alone; refuses one that the company lacks."""
        return self.model_copy(update={"entities": {name: self.entity(name) for name in entities}})

    def tables(self, entities: list[str]) -> list[str]:
        """The snapshot tables that these entities need, sorted."""
        needed: set[str] = set()
        for name in entities:
            entity = self.entity(name)
            needed |= {entity.table, *entity.joins}
        return sorted(needed)

    def view(self, name: str, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
        """The entity's rows joined to what it refers to; columns are its fields, its key and ``_date``.

        Raises:
            Refused: A bound table or column is missing, or a join would multiply rows.
        """
        entity = self.entity(name)
        wide = self._joined(name, tables)

        def column(name_of: str) -> pd.Series:
            if name_of not in wide.columns:
                raise Refused(f"concept {name!r} derives from a missing column: {name_of}", where="bindings")
            return wide[name_of]

        for made, how in entity.derived.items():
            wide[f"{DERIVED}.{made}"] = computed(made, how, column, len(wide))
        wanted = {field: bound.column for field, bound in entity.fields.items()}
        wanted["_key"] = f"{entity.table}.{entity.key}"
        if entity.date is not None:
            wanted["_date"] = entity.date
        missing = [f"{field} to {column}" for field, column in wanted.items() if column not in wide.columns]
        if missing:
            raise Refused(
                f"concept {name!r} is bound to missing columns: {', '.join(sorted(missing))}",
                where=f"bindings of {self.company}",
                fix="bind them to columns that the snapshot has, of the entity's own table or one it joins",
            )
        frame = pd.DataFrame({field: wide[column] for field, column in wanted.items()})
        if "_date" in frame.columns:
            frame["_date"] = pd.to_datetime(frame["_date"])
        return frame

    def _joined(self, name: str, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
        entity = self.entity(name)
        wide = _prefixed(name, tables, entity.table).reset_index(drop=True)
        for table, join in entity.joins.items():
            right = _prefixed(name, tables, table)
            key = f"{table}.{join.key}"
            if key not in right.columns or f"{join.source}.{join.key}" not in wide.columns:
                raise Refused(f"concept {name!r} joins {table} on a column {join.key!r} that is missing")
            if not right[key].is_unique:
                raise Refused(f"concept {name!r}: joining {table} on {join.key!r} would multiply rows")
            wide = wide.merge(right, how="left", left_on=f"{join.source}.{join.key}", right_on=key)
        return wide

    def day_table(self, name: str) -> str | None:
        """The table that the entity's day stands in; of a derived day, the table it is derived from."""
        day = self.entity(name).date
        stored = [] if day is None else self._stored(name, day)
        return stored[0].partition(".")[0] if stored else None

    def amounts(self) -> list[str]:
        """``table.column`` of every stored column that amounts in the company's currency come from, sorted.

        A derived amount comes from the column that it is a multiple of, or from both of a difference; of several that
        are multiplied with each other, such as price and pieces, nothing tells which one is the amount.
        """
        found = {
            column
            for name, entity in self.entities.items()
            for field in entity.fields.values()
            if field.unit == self.currency
            for column in self._amounts_behind(name, field.column)
        }
        return sorted(found)

    def dealt_by(self) -> set[str]:
        """The joining keys by which values are dealt that the company never recorded."""
        found = set()
        for entity in self.entities.values():
            keys = {join.key for join in entity.joins.values()}
            for how in entity.derived.values():
                if isinstance(how, Dealt | Scattered):
                    found |= keys & {how.of.partition(".")[2]}
        return found

    def assumptions(self) -> list[str]:
        """What stands in for data that the company has not: one line a derived column in use, ``entity.name: why``."""
        lines = []
        for name, entity in self.entities.items():
            used = {field.column for field in entity.fields.values()} | {str(entity.date)}
            for made, how in reversed(entity.derived.items()):  # one is made from those before it
                if f"{DERIVED}.{made}" in used:
                    used |= set(sources(how))
                    lines += [f"{name}.{made}: {how.assumed}"] if how.assumed is not None else []
        return sorted(lines)

    def _amounts_behind(self, name: str, column: str) -> list[str]:
        table, _, made = column.partition(".")
        if table != DERIVED:
            return [column]
        derived = self.entity(name).derived[made]
        parts = sources(derived)
        if not (isinstance(derived, Difference) or (isinstance(derived, Product) and len(parts) == 1)):
            return []
        return [stored for part in parts for stored in self._amounts_behind(name, part)]

    def _stored(self, name: str, column: str) -> list[str]:
        """The stored columns behind one that may be derived."""
        table, _, made = column.partition(".")
        if table != DERIVED:
            return [column]
        derived = self.entity(name).derived
        return [stored for source in sources(derived[made]) for stored in self._stored(name, source)]


def _prefixed(concept: str, tables: Mapping[str, pd.DataFrame], table: str) -> pd.DataFrame:
    if table not in tables:
        raise Refused(f"concept {concept!r} needs table {table!r}, which this data lacks", where="bindings")
    return tables[table].add_prefix(f"{table}.")
