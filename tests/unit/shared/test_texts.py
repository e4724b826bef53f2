"""Text files of people: whatever their editor did, they are read as meant, or refused in one sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.errors import NotFound, Refused
from mondaylab.texts import read_text

WORDS = "title: Grün\nrows: 3\n"


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_mark_and_other_line_ends_change_nothing(tmp_path, mark, end):
    path = tmp_path / "x.toml"
    path.write_bytes((mark + WORDS.replace("\n", end)).encode())
    assert read_text(path) == WORDS


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (WORDS.encode("cp1252"), "not UTF-8 text (line 1)"),
        (b"a: 1\nb: \xff\n", "not UTF-8 text (line 2)"),
        (WORDS.encode("utf-16"), "UTF-16 text, not UTF-8 text"),
        (WORDS.encode("utf-16-be"), "UTF-16 text, not UTF-8 text"),
        (WORDS.encode("utf-16-le"), "UTF-16 text, not UTF-8 text"),
        (b"secret: crimson\nb: \0\n", "a control character (code 0) in line 2"),
        (b"secret: crimson\nb: \x1b[0m\n", "a control character (code 27) in line 2"),
        (b"x" * (4 << 20) + b"yy", "larger than 4 MB"),
    ],
)
def test_what_is_no_text_is_refused_without_repeating_it(tmp_path, data, said):
    path = tmp_path / "yy.yaml"
    path.write_bytes(data)
    with pytest.raises(Refused) as caught:
        read_text(path)
    told = str(caught.value)
    assert said in told and "yy.yaml" in told and "Next: " in told
    assert "Grün" not in told and "crimson" not in told


def test_what_is_no_file_is_refused_in_words(tmp_path):
    with pytest.raises(NotFound, match="no such lab"):
        read_text(tmp_path / "no", missing="no such lab")
    with pytest.raises(Refused, match="cannot be read"):
        read_text(tmp_path)


@given(st.binary(max_size=60))
def test_any_bytes_are_text_or_refused(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.bin"
    path.write_bytes(data)
    try:
        text = read_text(path)
    except Refused:
        return
    assert "\r" not in text and "\0" not in text and not text.startswith("\ufeff\ufeff")
