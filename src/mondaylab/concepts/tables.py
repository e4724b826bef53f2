"""A lab's data as learners and their code get it: the company's tables, and the same data as the lab's concepts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from mondaylab.concepts.bindings import OWN_COLUMNS, Bindings
from mondaylab.concepts.queries import Queries

ID, DAY, WEEK, WEEK_START = OWN_COLUMNS


class LabTables(Mapping[str, pd.DataFrame]):
    """The tables by name, each as the snapshot holds it; `concept` gives the same data in the lab's words.

    What a company calls its tables and columns is its own affair, so code that names concepts runs on any company. The
    two are kept apart because a table of the company's may well have a concept's name.

    Args:
        tables: Name -> table.
        bindings: The lab's own concepts and no other.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame], bindings: Bindings) -> None:
        self._tables = tables
        self._frames: dict[str, pd.DataFrame] = {}
        self._queries: Queries | None = None
        self.bindings = bindings

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._tables:
            raise KeyError(f"{name} (tables here: {', '.join(self._tables)})")
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __repr__(self) -> str:
        return f"tables: {', '.join(self)}; concepts: {', '.join(self.concepts)}"

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)

    @property
    def concepts(self) -> tuple[str, ...]:
        """Names for `concept`."""
        return tuple(self.bindings.entities)

    def concept(self, name: str) -> pd.DataFrame:
        """A concept's rows, joined and derived as the company's bindings say.

        Columns are the concept's fields, ``id``, and where it counts for a day ``day`` (datetime64), ``week`` (its ISO
        number) and ``week_start`` (its Monday, datetime64). Every call gives a frame of its own.

        Raises:
            KeyError: The lab has no concept of that name.
            Refused: The tables do not fit the bindings.
        """
        if name not in self.bindings.entities:
            raise KeyError(f"{name} (concepts here: {', '.join(self.concepts)})")
        if name not in self._frames:
            self._frames[name] = in_words(self.bindings.view(name, self._tables))
        return self._frames[name].copy(deep=False)

    def sql(self, query: str) -> pd.DataFrame:
        """What an SQL query gives, with the lab's concepts as its tables: ``SELECT COUNT(*) FROM order_line``.

        Raises:
            Refused: It is not one SELECT, cannot be run, takes too much time or memory, or gives over 100,000 rows.
        """
        if self._queries is None:
            self._queries = Queries(self.concepts, self.concept)
        return self._queries.table(query)


def in_words(view: pd.DataFrame) -> pd.DataFrame:
    """A concept's rows as `LabTables.concept` gives them, from those that measures are computed on."""
    fields = [name for name in view.columns if not name.startswith("_")]
    frame = pd.DataFrame({ID: view["_key"]})
    if "_date" in view.columns:
        day = view["_date"].dt.normalize()
        week = day.dt.isocalendar().week
        frame[DAY] = day
        # plain numbers: pandas' nullable ones behave unlike the other columns in filters and joins
        frame[WEEK] = week.astype("float64" if week.hasnans else "int64")
        frame[WEEK_START] = day - pd.to_timedelta(day.dt.day_of_week, unit="D")
    return frame.join(view[fields])
