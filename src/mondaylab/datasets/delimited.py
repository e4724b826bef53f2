"""One raw table as UTF-8 CSV: judged before it is parsed, so that what is not clean refuses in one sentence."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from mondaylab.datasets.content import SEPARATORS, no_text
from mondaylab.errors import Refused

FILE_BYTES = 512 * 1024 * 1024
"""A table's file: it is read whole, and takes about six times its size in memory."""
TEXT_BYTES = 16 * 1024 * 1024
"""A text's file: thousands of pages."""
COLUMNS = 1_000
"""Columns of a table: a steward has to have decided on each."""
NAME = 200
"""Characters of a column's name; a longer one is a quote that does not close, or no name."""
CELL = 1_000_000
"""Characters of a cell: a book is shorter."""

_SHOWN = 5
_AS_CSV = "export it as UTF-8 CSV"


def raw_bytes(path: Path, most: int) -> bytes:
    """The bytes of a raw file.

    Raises:
        Refused: It is larger than `most` bytes, or cannot be read.
    """
    try:
        size = path.stat().st_size
        if size > most:
            raise Refused(
                f"is larger than {most // 1024 // 1024} MB", fix="export one quarter only, or split the table"
            )
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"cannot be read ({error.strerror})", fix="let this account read the file") from None


def rows_in_words(numbers: Collection[int]) -> str:
    """Row numbers for a person, the first below the header being 1: ``rows 4, 9 and 31``, at most five of them."""
    shown = [f"{number:,}" for number in sorted(numbers)[:_SHOWN]]
    more = len(numbers) - len(shown)
    if more:
        return f"rows {', '.join(shown)} and {more:,} more"
    return f"row {shown[0]}" if len(shown) == 1 else f"rows {', '.join(shown[:-1])} and {shown[-1]}"


def positions_in_words(numbers: Collection[int]) -> str:
    """Column positions for a person: ``column 4``, ``columns 4, 7-9``."""
    ordered = sorted(numbers)
    starts = [n for n in ordered if n - 1 not in numbers]
    runs = [(start, next(n for n in ordered if n >= start and n + 1 not in numbers)) for start in starts]
    words = [str(a) if a == b else f"{a}-{b}" for a, b in runs[:_SHOWN]]
    more = f" and {len(runs) - _SHOWN} more places" if len(runs) > _SHOWN else ""
    return f"column{'s' if len(numbers) > 1 else ''} {', '.join(words)}{more}"


class Delimited:
    """A table's file as text, with its header.

    Attributes:
        names: The header. What the policy does not list is part of the export: not for messages.
        ended: Whether the last line is ended; where the other files' are, this one is cut.
    """

    def __init__(self, path: Path) -> None:
        """Reads and judges the file up to its header.

        Raises:
            Refused: It is no UTF-8 text, empty, too large, or its header is not one line of names.
        """
        data = raw_bytes(path, FILE_BYTES)
        found = no_text(data)
        if found is not None:
            fix = "save it as 'CSV UTF-8 (comma delimited)'" if "UTF" in found else _AS_CSV
            raise Refused(f"is {found}", fix=fix)
        text = data.decode("utf-8").lstrip("\ufeff")
        if not text.strip():
            raise Refused("is empty", fix="export it with a header line")
        self._text = text
        self.ended = text.endswith(("\n", "\r"))
        self.names = _header(text)

    def separator(self, listed: Collection[str]) -> str | None:
        """In words what stands between the cells, if it is not a comma: judged by the header line alone."""
        if sum(name in listed for name in self.names) > 1:
            return None
        line = next(line for line in self._text.splitlines() if line.strip())
        if line.lower().startswith("sep="):
            return "what its first line says ('sep=')"
        counts = {mark: line.count(mark) for mark in SEPARATORS if mark in line}
        mark = max(counts, key=lambda key: counts[key], default="")
        if not mark or counts[mark] < len(self.names) - 1:
            return None
        known = sum(part.strip(' "+&') in listed for part in line.split(mark))
        if known > sum(name in listed for name in self.names) or len(self.names) == 1:
            return SEPARATORS[mark]
        return None

    def frame(self) -> pd.DataFrame:
        """All rows, every cell a string, blanks as "".

        Raises:
            Refused: A quote is not closed, a row has more or fewer cells than the header, or a cell is too long.
        """
        with _cells_up_to(CELL):
            try:
                sizes = Counter(map(len, _rows(self._text)))
            except csv.Error:
                raise self._unclean() from None
        rows = sum(times for size, times in sizes.items() if size) - 1
        if any(size not in (0, len(self.names)) for size in sizes):
            raise self._ragged()
        return self._parsed(rows)

    def _parsed(self, rows: int) -> pd.DataFrame:
        data = self._text.encode()
        try:
            table = pyarrow.csv.read_csv(
                io.BytesIO(data),
                # one thread and one block: pyarrow's own threads abort the program if it ends while they run
                read_options=pyarrow.csv.ReadOptions(use_threads=False, block_size=len(data) + 1),
                parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
                convert_options=pyarrow.csv.ConvertOptions(
                    column_types={name: pa.string() for name in self.names}, strings_can_be_null=False
                ),
            )
        except pa.ArrowInvalid:
            raise Refused("is not clean CSV (two readers do not agree on it)", fix=_AS_CSV) from None
        if table.num_rows != rows:
            raise Refused("is not clean CSV (two readers count its rows differently)", fix=_AS_CSV)
        string = pd.StringDtype(na_value=np.nan)
        frame: pd.DataFrame = table.to_pandas(types_mapper={pa.string(): string}.get)
        return frame

    def _unclean(self) -> Refused:
        """Where a quote does not close or a cell has no end."""
        done = -1
        with _cells_up_to(CELL):
            try:
                for row in _rows(self._text):
                    done += bool(row)
            except csv.Error as error:
                if "larger" in str(error):
                    what = (
                        f"row {done + 1:,} has a cell of more than {CELL:,} characters, or a quote that is not closed"
                    )
                    return Refused(f"is not clean CSV ({what})", fix="correct the row, or shorten the cell")
        return Refused(
            f"is not clean CSV (a quote is not closed, or closed wrongly, in row {done + 1:,})",
            fix="correct the quotes; the file may also be cut",
        )

    def _ragged(self) -> Refused:
        with _cells_up_to(CELL):
            sizes = [len(row) for row in _rows(self._text) if row][1:]
        bad = [number for number, size in enumerate(sizes, 1) if size != len(self.names)]
        size = sizes[bad[0] - 1]
        cut = " (the file is cut)" if bad == [len(sizes)] and size < len(self.names) else ""
        cells = f"{size} cells instead of {len(self.names)}"
        one = f"row {bad[0]:,} has {cells}" if len(bad) == 1 else f"{len(bad):,} rows have other than"
        what = one if len(bad) == 1 else f"{one} {len(self.names)} cells: {rows_in_words(bad)}"
        return Refused(f"is not clean CSV ({what}{cut})", fix="export it again; quote cells that hold a comma")


def _header(text: str) -> list[str]:
    bad = Refused(
        f"has no header line of names (a quote in it is not closed, or a name is longer than {NAME} characters)",
        fix="export it with one header line",
    )
    with _cells_up_to(CELL):
        try:
            names = next((row for row in _rows(text) if row), [])
        except csv.Error:
            names = []
    line = next(line for line in text.splitlines() if line.strip())
    if len(names) < 2 and any(mark in line for mark in SEPARATORS):
        return [line]  # separated by something else, which is told in its own words
    if len(names) > COLUMNS:
        raise Refused(f"has {len(names):,} columns, more than {COLUMNS:,}", fix="export fewer columns")
    if not names or any(len(name) > NAME or "\n" in name or "\r" in name for name in names):
        raise bad
    return names


def _rows(text: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), strict=True)


@contextmanager
def _cells_up_to(size: int) -> Iterator[None]:
    """The csv module's limit of a cell's length is one for the whole program: it is put back."""
    before = csv.field_size_limit(size)
    try:
        yield
    finally:
        csv.field_size_limit(before)
