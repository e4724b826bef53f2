from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.datasets.content import named_like_a_table, no_text, table_in

_WORD = st.text("abcdefgh", min_size=2, max_size=8)


@given(st.text(max_size=200) | st.text('{["|,;\t\n:<-= a1', max_size=200))
def test_any_text_can_be_judged(text: str) -> None:
    found = table_in(text)
    assert found is None or found.split()[0] in ("a", "an", "records")


@given(
    rows=st.lists(st.tuples(_WORD, _WORD, _WORD), min_size=3, max_size=8),
    mark=st.sampled_from([",", ";", "\t", "|", "^", "~", "+|"]),
    above=st.sampled_from(["", "\ufeff", "\n\n"]),
)
def test_rows_of_three_columns_are_a_table(rows: list[tuple[str, str, str]], mark: str, above: str) -> None:
    assert table_in(above + "\n".join(mark.join(row) for row in rows)) is not None


@given(st.lists(st.lists(_WORD, min_size=5, max_size=12), min_size=1, max_size=8))
def test_sentences_are_none(paragraphs: list[list[str]]) -> None:
    text = "\n\n".join(f"{words[0].capitalize()} {words[1]}, {' '.join(words[2:])}." for words in paragraphs)
    assert table_in(f"# Heading\n\n{text}\n") is None


@pytest.mark.parametrize("piece", ["a", " ", "<td", "a: b\n", "||||\n", "\t "])
def test_a_long_text_of_one_piece_is_judged_as_far_as_needed(piece: str) -> None:
    table_in(piece * (1_000_000 // len(piece)))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"plain", None),
        ("Größe".encode(), None),
        ("Größe".encode("latin-1"), "not UTF-8 text"),
        ("a b".encode("utf-16-be"), "UTF-16 text"),
        (b"a\0b", "a binary file (it holds zero bytes)"),
        (b"PAR1....PAR1", "a Parquet table"),
        (b"", None),
    ],
)
def test_what_is_no_text(data: bytes, words: str | None) -> None:
    assert no_text(data) == words


@pytest.mark.parametrize(
    ("name", "tabular"),
    [("a.TSV", True), ("a.Xlsx", True), ("a.jsonl", True), ("a.md", False), ("csv.md", False), ("a.txt", False)],
)
def test_suffixes(name: str, tabular: bool) -> None:
    assert named_like_a_table(name) is tabular
