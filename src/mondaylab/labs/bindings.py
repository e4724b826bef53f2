"""Bindings: which tables and columns of a company a lab's concepts mean."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from mondaylab.errors import Refused
from mondaylab.records import Record


class Field(Record):
    """One field of an entity: ``table.column``, the table being the entity's own or one it joins."""

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
    """``table.column`` of the day it counts for."""
    joins: dict[str, Join] = {}
    fields: dict[str, Field]
    label: str | None = None


class Bindings(Record):
    """A company's ``bindings.yaml``."""

    company: str
    currency: str
    entities: dict[str, Entity]

    @classmethod
    def of(cls, folder: Path) -> Bindings:
        """Reads ``<folder>/bindings.yaml``."""
        return cls.read_yaml(folder / "bindings.yaml")

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
        wanted = {field: bound.column for field, bound in entity.fields.items()}
        wanted["_key"] = f"{entity.table}.{entity.key}"
        if entity.date is not None:
            wanted["_date"] = entity.date
        wide = _prefixed(name, tables, entity.table)
        for table, join in entity.joins.items():
            right = _prefixed(name, tables, table)
            key = f"{table}.{join.key}"
            if key not in right.columns or f"{join.source}.{join.key}" not in wide.columns:
                raise Refused(f"concept {name!r} joins {table} on a column {join.key!r} that is missing")
            if not right[key].is_unique:
                raise Refused(f"concept {name!r}: joining {table} on {join.key!r} would multiply rows")
            wide = wide.merge(right, how="left", left_on=f"{join.source}.{join.key}", right_on=key)
        missing = sorted(column for column in wanted.values() if column not in wide.columns)
        if missing:
            raise Refused(f"concept {name!r} is bound to missing columns: {', '.join(missing)}", where="bindings")
        frame = pd.DataFrame({field: wide[column] for field, column in wanted.items()})
        if "_date" in frame.columns:
            frame["_date"] = pd.to_datetime(frame["_date"])
        return frame


def _prefixed(concept: str, tables: Mapping[str, pd.DataFrame], table: str) -> pd.DataFrame:
    if table not in tables:
        raise Refused(f"concept {concept!r} needs table {table!r}, which this data lacks", where="bindings")
    return tables[table].add_prefix(f"{table}.")
