from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from mondaylab.datasets.columns import Columns
from mondaylab.datasets.freetext import Scrubber
from mondaylab.datasets.policy import Action, Policy
from mondaylab.datasets.pseudonyms import Pseudonyms
from mondaylab.errors import Refused
from mondaylab.quarter import Quarter


@pytest.fixture(scope="session")
def columns(policy: Policy, scrubber: Scrubber) -> Columns:
    return Columns(policy, Pseudonyms(b"0" * 32, Quarter(2026, 4)), scrubber)


def apply(columns: Columns, action: dict[str, Any], cells: list[str]) -> pd.Series | None:
    return columns.apply(TypeAdapter(Action).validate_python(action), pd.Series(cells, dtype="str")).values


@pytest.mark.parametrize(
    ("action", "cells", "expected"),
    [
        ({"do": "keep", "type": "number"}, ["1.5", " 2 ", "", "-3e2"], [1.5, 2.0, np.nan, -300.0]),
        ({"do": "keep", "type": "integer"}, ["1", "-2"], [1, -2]),
        ({"do": "keep", "type": "integer"}, ["1", ""], [1.0, np.nan]),
        ({"do": "keep", "type": "choice", "values": ["a", "b"]}, ["a", "b ", ""], ["a", "b", np.nan]),
        ({"do": "keep", "type": "code", "pattern": "[A-Z]{2}"}, ["DE", ""], ["DE", np.nan]),
        ({"do": "keep", "type": "text"}, ["x y", ""], ["x y", np.nan]),
        ({"do": "bin", "width": 500}, ["499.9", "500", "-1", ""], [0.0, 500.0, -500.0, np.nan]),
        ({"do": "year"}, ["2024-02-29", "2023-01-01"], [2024, 2023]),
        ({"do": "year"}, ["2024-02-29 10:00:00", ""], [2024.0, np.nan]),
        ({"do": "month"}, ["2024-02-29", ""], ["2024-02", np.nan]),
        ({"do": "prefix", "length": 2}, ["10115", " 8", ""], ["10", "8", np.nan]),
        ({"do": "group", "groups": {"N": ["Kiel"], "S": ["Ulm"]}}, ["Ulm", "Kiel", ""], ["S", "N", np.nan]),
        ({"do": "scrub"}, ["Anna rang", ""], ["[PERSON] rang", np.nan]),
    ],
)
def test_actions(columns: Columns, action: dict[str, Any], cells: list[str], expected: list[Any]) -> None:
    values = apply(columns, action, cells)
    pd.testing.assert_series_equal(
        values, pd.Series(expected, name=values.name), check_dtype=not isinstance(expected[0], str)
    )


def test_dates_become_moments(columns: Columns) -> None:
    days = apply(columns, {"do": "keep", "type": "date"}, ["2026-11-30", ""])
    assert days.dtype == "datetime64[us]"
    assert days[0] == pd.Timestamp(2026, 11, 30)
    assert pd.isna(days[1])
    times = apply(columns, {"do": "keep", "type": "datetime"}, ["2026-11-30T08:15:00", "2026-11-30 08:15:00"])
    assert times.tolist() == [pd.Timestamp(2026, 11, 30, 8, 15)] * 2


def test_dropped_is_gone(columns: Columns) -> None:
    assert apply(columns, {"do": "drop", "holds": "person"}, ["Anna"]) is None


SECRET = "Anna Müller"


@pytest.mark.parametrize(
    "action",
    [
        {"do": "keep", "type": "number"},
        {"do": "keep", "type": "integer"},
        {"do": "keep", "type": "date"},
        {"do": "keep", "type": "datetime"},
        {"do": "keep", "type": "choice", "values": ["a"]},
        {"do": "keep", "type": "code", "pattern": "[a-z]"},
        {"do": "bin", "width": 1},
        {"do": "year"},
        {"do": "month"},
        {"do": "group", "groups": {"N": ["Kiel"]}},
        {"do": "pseudonym", "domain": "person"},
    ],
)
def test_a_cell_that_does_not_fit_refuses_and_is_not_quoted(columns: Columns, action: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        apply(columns, action, ["", SECRET, SECRET])
    assert "2 of 3 cells" in caught.value.what
    assert "Anna" not in str(caught.value)


@pytest.mark.parametrize("cell", ["nan", "inf", "1e", "1,5", "0x10", "\u0661", "1_000", "--1"])
def test_what_only_looks_like_a_number_refuses(columns: Columns, cell: str) -> None:
    with pytest.raises(Refused):
        apply(columns, {"do": "keep", "type": "number"}, [cell])


@pytest.mark.parametrize("cell", ["2026-02-30", "30.11.2026", "2026-1-1", "2026-13-01"])
def test_what_only_looks_like_a_date_refuses(columns: Columns, cell: str) -> None:
    with pytest.raises(Refused, match="no date"):
        apply(columns, {"do": "keep", "type": "date"}, [cell])


@given(cells=st.lists(st.sampled_from(["K0001", "K0002", "K0003 ", ""]), max_size=20))
def test_pseudonyms_keep_equality(columns: Columns, cells: list[str]) -> None:
    values = apply(columns, {"do": "pseudonym", "domain": "person"}, cells).fillna("").tolist()
    for one, made in zip(cells, values, strict=True):
        for other, made_other in zip(cells, values, strict=True):
            assert (one.strip() == other.strip()) == (made == made_other)
