"""Findings about rows, in the steward's words: table, column, row numbers and counts, never a cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mondaylab.datasets.delimited import rows_in_words
from mondaylab.datasets.policy import Accepted, FindingName, Policy


@dataclass(frozen=True)
class Finding:
    """Something odd about the rows of one table.

    Attributes:
        name: What kind, as the policy accepts it.
        table: Where.
        column: Which column; none if it is about whole rows.
        what: A clause without a cell: ``3 values of the key stand in two rows or more``.
        rows: Numbers of the rows it is about, the first below the header being 1; may be empty.
        share: Their share of the table's rows, or of what else is counted; 1 if it cannot be counted.
    """

    name: FindingName
    table: str
    column: str | None
    what: str
    rows: tuple[int, ...] = ()
    share: float = 1.0

    def sentence(self) -> str:
        """The finding with its place, its rows and its name, so that a policy can accept it."""
        rows = f" ({rows_in_words(self.rows)})" if self.rows else ""
        return f"{self._place()}: {self.what}{rows} [{self.name}]"

    def accepted(self, why: str) -> str:
        """The finding for the manifest: without row numbers, as the raw order of rows does not come through."""
        return f"{self._place()}: {self.what} [{self.name}]: {why}"

    def _place(self) -> str:
        return f"table {self.table}" if self.column is None else f"table {self.table}: column {self.column!r}"

    def accepted_by(self, policy: Policy) -> Accepted | None:
        """What in the policy accepts it, if anything does."""
        for accepted in policy.tables[self.table].accepts:
            if accepted.finding == self.name and accepted.column == self.column and self.share <= accepted.share:
                return accepted
        return None


def where(bad: Iterable[bool]) -> tuple[int, ...]:
    """Row numbers from 1 of the rows that are marked."""
    return tuple(number for number, is_bad in enumerate(bad, 1) if is_bad)
