"""The cells of an export's columns, stripped, as lists: made once a column, however many checks look at it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd


class Cells:
    """Stripped cells by table and column."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self._tables = tables
        self._made: dict[tuple[str, str], list[str]] = {}

    def of(self, table: str, column: str) -> list[str]:
        """Every cell of a column, without surrounding spaces, in the export's order."""
        made = self._made.get((table, column))
        if made is None:
            made = [cell.strip() for cell in self._tables[table][column].tolist()]
            self._made[table, column] = made
        return made

    def rows(self, table: str) -> int:
        """How many rows a table has."""
        return len(self._tables[table])
