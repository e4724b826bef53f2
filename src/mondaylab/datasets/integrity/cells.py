"""The cells of an export's columns, stripped, as lists: made once a column, however many checks look at it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd


class Cells:
    """Stripped cells by table and column."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self._tables = tables
        self._made: dict[tuple[str, str], list[str]] = {}
        self._distinct: dict[tuple[str, str], frozenset[str]] = {}

    def of(self, table: str, column: str) -> list[str]:
        """Every cell of a column, without surrounding spaces, in the export's order."""
        made = self._made.get((table, column))
        if made is None:
            made = list(map(str.strip, self._tables[table][column].tolist()))
            self._made[table, column] = made
        return made

    def distinct(self, table: str, column: str) -> frozenset[str]:
        """The different cells of a column but the blank one."""
        found = self._distinct.get((table, column))
        if found is None:
            found = self._distinct[table, column] = frozenset(self.of(table, column)) - {""}
        return found

    def rows(self, table: str) -> int:
        """How many rows a table has."""
        return len(self._tables[table])
