"""Exported tables: no text is run by a spreadsheet, numbers stay numbers, nothing is lost."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.grader.report.export import Exported, as_csv, as_json, safe

RUN = ("=", "+", "-", "@", "\t", "\r")
texts = st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=30)
evil = st.builds(lambda sign, rest: sign + rest, st.sampled_from(RUN), texts)
numbers = st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False)
cells = texts | evil | numbers | st.booleans() | st.none()


def read(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


@given(evil)
def test_text_that_begins_like_a_formula_gets_an_apostrophe(text):
    assert safe(text) == f"'{text}"


@given(texts.filter(lambda text: not text.startswith((*RUN, "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"))))
def test_other_text_stays_as_it_is(text):
    assert safe(text) == text


@given(numbers)
def test_numbers_stay_numbers(number):
    assert safe(number) is number
    table = Exported(("n",), ((number,),))
    assert float(read(as_csv(table))[1][0]) == number


@given(st.lists(st.tuples(cells, cells), max_size=8))
def test_no_cell_of_a_file_is_a_formula_and_every_value_can_be_read_back(rows):
    table = Exported(("=a", "b"), tuple(rows))
    found = read(as_csv(table))
    assert found[0] == ["'=a", "b"] and len(found) == len(rows) + 1
    for row, said in zip(found[1:], rows, strict=True):
        for cell, value in zip(row, said, strict=True):
            if isinstance(value, str):
                assert not cell.startswith(RUN) and cell.removeprefix("'") == value.removeprefix("'")
            elif isinstance(value, bool):
                assert cell == ("true" if value else "false")
            else:
                assert cell == "" if value is None else float(cell) == value
    again = json.loads(as_json(table))["rows"]
    assert [tuple(one.values()) for one in again] == rows, "JSON is run by nobody: text stays as it is"


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+49 30", "-x", "\t=1", "\r=1", "\n=1", "\uff1d1"])
def test_what_spreadsheets_run(text):
    assert safe(text) == f"'{text}"


def test_an_empty_table_has_its_columns():
    assert read(as_csv(Exported(("cohort", "lab"), ()))) == [["cohort", "lab"]]
