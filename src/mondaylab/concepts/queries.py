"""Queries: SQL on a lab's concepts, in a database that reaches nothing else."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Collection, Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import pandas as pd

from mondaylab.errors import Refused

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SECONDS: Final = 5.0
"""After how long a query is stopped, where DuckDB can be stopped: it looks up between steps, not within one."""
MEMORY: Final = "512MB"
ROWS: Final = 100_000
"""Rows that one query may give."""
LONGEST: Final = 4_000
"""Characters of one query."""
_LOCKED: Final[dict[str, str | bool | int | float | list[str]]] = {
    "enable_external_access": False,  # no file, no network, no other database
    "autoload_known_extensions": False,
    "autoinstall_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,  # nor a variable of the program that asks
    "temp_directory": "",
    "memory_limit": MEMORY,
    "lock_configuration": True,
    "threads": 1,  # one order of adding up: the same query gives the same number
}


class Queries:
    """One database with a table for each concept, filled when a query first needs it.

    It is locked before the first query: no file, network, extension or setting can be reached from SQL. A query only
    reads, so that the next one finds the same tables. It has a memory to stay in, and is stopped at about five seconds
    where DuckDB can be stopped.
    """

    def __init__(self, concepts: Iterable[str], frame: Callable[[str], pd.DataFrame]) -> None:
        """Takes the concepts' names, and what gives the rows of one."""
        self.concepts = tuple(concepts)
        self._frame = frame
        self._connection: DuckDBPyConnection | None = None
        self._loaded: set[str] = set()
        self._values: dict[str, float | None] = {}

    def table(self, text: str) -> pd.DataFrame:
        """What a query gives, as a table.

        Raises:
            Refused: It is too long, no single SELECT, cannot be run, takes too much time or memory, or gives more rows
                than `ROWS`.
        """
        rows, columns = self._run(text, self.concepts)
        return pd.DataFrame(rows, columns=columns)

    def value(self, text: str, concepts: Collection[str]) -> float | None:
        """The one number that a query gives; none where it gives no value. Asked again, it is not run again.

        Args:
            text: The query.
            concepts: Those that it reads.

        Raises:
            Refused: As `table`; or it gives something other than one number.
        """
        if text not in self._values:
            rows, columns = self._run(text, concepts)
            if len(rows) != 1 or len(columns) != 1:
                raise Refused(f"the query gives {len(rows)} rows of {len(columns)} columns, not one number")
            self._values[text] = _number(rows[0][0])
        return self._values[text]

    def _run(self, text: str, concepts: Collection[str]) -> tuple[list[tuple[object, ...]], list[str]]:
        import duckdb  # noqa: PLC0415  most labs and kernels never ask, and loading it takes a third of a second

        if len(text) > LONGEST:
            raise Refused(f"the query has {len(text):,} characters, {LONGEST:,} at the most")
        connection = self._opened(concepts)
        clock = threading.Timer(SECONDS, connection.interrupt)
        clock.start()
        try:
            statements = connection.extract_statements(text)
            if [one.type for one in statements] != [duckdb.StatementType.SELECT]:
                raise Refused("the query is not one SELECT", fix="read only: the tables stay as they are")
            asked = connection.execute(statements[0])
            rows = asked.fetchmany(ROWS + 1)
            if len(rows) > ROWS:
                raise Refused(f"the query gives more than {ROWS:,} rows", fix="count or add up, or write LIMIT")
            return rows, [str(one[0]) for one in asked.description or ()]
        except duckdb.InterruptException:
            raise Refused(
                f"the query ran longer than {SECONDS:g} s", fix="join on a key, and look at fewer rows"
            ) from None
        except duckdb.Error as error:
            raise Refused(f"the query cannot be run: {str(error).partition(chr(10))[0]}") from None
        finally:
            clock.cancel()

    def _opened(self, concepts: Collection[str]) -> DuckDBPyConnection:
        import duckdb  # noqa: PLC0415  as above

        if self._connection is None:
            self._connection = duckdb.connect(":memory:", config=dict(_LOCKED))
        for name in concepts:
            if name not in self._loaded:
                self._connection.register("_rows", self._frame(name))
                self._connection.execute(f"CREATE TABLE {quoted(name)} AS SELECT * FROM _rows")  # noqa: S608  quoted
                self._connection.unregister("_rows")
                self._loaded.add(name)
        return self._connection


def quoted(name: str) -> str:
    """A name as SQL writes it, whatever it is called."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """A text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"


def _number(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise Refused("the query gives no number")
    number = float(value)
    return number if math.isfinite(number) else None
