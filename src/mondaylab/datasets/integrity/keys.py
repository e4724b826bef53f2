"""Which columns tell the rows of a table apart, and which columns of other tables point at them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mondaylab.datasets.integrity.cells import Cells
from mondaylab.datasets.known import fold
from mondaylab.datasets.policy import Action, Keep, Policy, Pseudonym, Table

_ENDING = re.compile(r"(uuid|guid|ident|number|nummer|code|key|num|nr|no|id|pk)$")
_LIKELY = 0.8  # a column whose name alone does not make it the key has to tell this share of the rows apart


@dataclass(frozen=True)
class Join:
    """One column whose every value should be a key of another table.

    Attributes:
        domain: Of the identifiers; none if they come through as they are.
    """

    table: str
    column: str
    domain: str | None
    homes: tuple[tuple[str, str], ...]
    """(table, key column) of every table whose key it can be."""


class Keys:
    """The keys of all tables: as the policy declares them, else by their names and, where these are weak, by the rows.

    Attributes:
        of: Table -> its key's columns; tables without a key are absent.
    """

    def __init__(self, policy: Policy, cells: Cells) -> None:
        self._policy = policy
        self._cells = cells
        self.of: dict[str, tuple[str, ...]] = {}
        for name, rules in policy.tables.items():
            exact = rules.key if rules.key is not None else _by_name(name, rules)
            if exact:
                self.of[name] = exact
        keyed = {domain for name in self.of for domain in self._domains(name)}
        for name, rules in policy.tables.items():
            if rules.key is None and name not in self.of:
                weak = self._by_rows(name, rules, keyed)
                if weak is not None:
                    self.of[name] = (weak,)

    def _domains(self, table: str) -> tuple[str, ...]:
        key = self.of[table]
        action = self._policy.tables[table].columns[key[0]]
        return action.all_domains() if len(key) == 1 and isinstance(action, Pseudonym) else ()

    def _by_rows(self, table: str, rules: Table, keyed: set[str]) -> str | None:
        """A column that ends the table's name (``line_id`` of ``order_lines``), or its first identifier."""
        ids = [name for name, action in rules.columns.items() if _can_be_key(action)]
        ends = [
            name for name in ids if len(stem := stem_of(name)) > 2 and any(s.endswith(stem) for s in _singulars(table))
        ]
        first = [name for name in list(rules.columns)[:1] if isinstance(rules.columns[name], Pseudonym)]
        for name in (*ends, *first):
            action = rules.columns[name]
            domains = action.all_domains() if isinstance(action, Pseudonym) else ()
            if keyed.isdisjoint(domains) and self._tells_apart(table, name):
                return name
        return None

    def _tells_apart(self, table: str, column: str) -> bool:
        rows = self._cells.rows(table)
        return rows > 1 and len(self._cells.distinct(table, column)) >= _LIKELY * rows

    def homes(self) -> dict[str, list[tuple[str, str]]]:
        """Domain -> (table, column) of every key that holds its identifiers."""
        homes: dict[str, list[tuple[str, str]]] = {}
        for table, key in self.of.items():
            for domain in self._domains(table):
                homes.setdefault(domain, []).append((table, key[0]))
        return homes

    def joins(self) -> Iterator[Join]:
        """Every column that points at a key: by its domain, or, where identifiers are kept, by the key's own name."""
        homes = self.homes()
        kept = self._kept_homes()
        for table, column, action in self._policy.actions():
            if isinstance(action, Pseudonym):
                for domain in action.all_domains():
                    if domain in homes and (table, column) not in homes[domain]:
                        yield Join(table, column, domain, tuple(homes[domain]))
            elif column in kept and self.of.get(table) != (column,) and _can_be_key(action):
                yield Join(table, column, None, tuple(kept[column]))

    def _kept_homes(self) -> Mapping[str, list[tuple[str, str]]]:
        kept: dict[str, list[tuple[str, str]]] = {}
        for table, key in self.of.items():
            if len(key) == 1 and isinstance(self._policy.tables[table].columns[key[0]], Keep) and stem_of(key[0]):
                kept.setdefault(key[0], []).append((table, key[0]))
        return kept


def stem_of(column: str) -> str:
    """What a column's name says it identifies: ``customer`` of ``customer_id`` and ``CustomerId``, "" of ``id``."""
    return _ENDING.sub("", re.sub(r"[^a-z0-9]", "", fold(column)))


def names_of(table: str, column: str) -> set[str]:
    """What a column may identify: its stem, or, if it is just ``id``, what its table is called."""
    stem = stem_of(column)
    return {stem} if stem else _singulars(table)


def _singulars(table: str) -> set[str]:
    name = re.sub(r"[^a-z0-9]", "", fold(table))
    found = {name, name.removesuffix("s"), name.removesuffix("es"), name.removesuffix("en")}
    return found | ({f"{name[:-3]}y"} if name.endswith("ies") else set())


def _by_name(table: str, rules: Table) -> tuple[str, ...] | None:
    """The column that is called as its table is: ``customer_id`` of ``customers``; or just ``id``."""
    for column, action in rules.columns.items():
        stem = stem_of(column)
        called_so = stem in _singulars(table) if stem else fold(column).strip("_ ") in ("id", "uuid", "guid", "pk")
        if called_so and _can_be_key(action) and stem != fold(re.sub(r"[^A-Za-z0-9]", "", column)):
            return (column,)
    return None


def _can_be_key(action: Action) -> bool:
    if isinstance(action, Pseudonym):
        return action.domain is not None
    return isinstance(action, Keep) and action.type in ("code", "integer")
