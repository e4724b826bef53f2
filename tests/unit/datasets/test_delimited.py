from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.datasets.delimited import Delimited, positions_in_words, rows_in_words
from mondaylab.errors import Refused

_CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
_NAMES = ["order_id", "note", "total"]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("delimited") / "orders.csv"


@given(
    rows=st.lists(st.tuples(_CELL, _CELL, _CELL), max_size=6),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    marks=st.integers(0, 2),
)
def test_what_a_writer_quotes_is_read_back(
    path: Path, rows: list[tuple[str, str, str]], end: str, quoting: int, marks: int
) -> None:
    out = io.StringIO()
    # Python's writer leaves a line feed without quotes where lines end otherwise
    csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL if end == "\r" else quoting).writerows([_NAMES, *rows])
    path.write_bytes(b"\xef\xbb\xbf" * marks + out.getvalue().encode())
    frame = Delimited(path).frame()
    assert list(frame.columns) == _NAMES
    assert [tuple(row) for row in frame.itertuples(index=False)] == rows


@given(data=st.binary(max_size=300) | st.text(',;"\n\r\tab\ufeff', max_size=80).map(str.encode))
def test_any_bytes_are_read_or_refused_in_words(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    try:
        file = Delimited(path)
        frame = file.frame()
    except Refused as refused:
        assert refused.what.startswith(("is ", "has ", "holds "))
        assert refused.fix
    else:
        assert len(frame.columns) == len(file.names) > 0


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        Delimited(tmp_path / "gone.csv")


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([7], "row 7"),
        ([9, 4], "rows 4 and 9"),
        ([1, 2, 3], "rows 1, 2 and 3"),
        (range(1, 1500), "rows 1, 2, 3, 4, 5 and 1,494 more"),
    ],
)
def test_rows_in_words(numbers: list[int], words: str) -> None:
    assert rows_in_words(numbers) == words


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({4}, "column 4"),
        ({4, 7, 8, 9}, "columns 4, 7-9"),
        (set(range(1, 99, 2)), "columns 1, 3, 5, 7, 9 and 44 more places"),
    ],
)
def test_positions_in_words(numbers: set[int], words: str) -> None:
    assert positions_in_words(numbers) == words
