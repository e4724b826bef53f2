"""Columns as arrays: what is spelled once for each different value is what spelling every value gives."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mondaylab.measures.columns import plain_values, spelled, spelled_among


@pytest.mark.parametrize(
    "values",
    [
        ["a", "b", None, "a"],
        [1.0, 2.5, None, 1.0],
        [1, 2, 2, 3],
        [True, False, True],
        pd.to_datetime(["2026-11-02", None, "2026-11-02 08:00"], format="ISO8601"),
        pd.Series(["a", None, "1"], dtype=object),
        pd.Series(["a", "b", "a"], dtype="category"),
    ],
)
def test_each_different_value_is_spelled_once_and_found_as_if_all_were(values):
    column = pd.Series(values)
    words = [spelled(value) for value in column]
    assert [spelled(value) for value in plain_values(column)] == words
    for allowed in [(), *((word,) for word in words), ("a", "1", "2026-11-02")]:
        assert np.array_equal(spelled_among(column, allowed), column.map(spelled).isin(allowed))
