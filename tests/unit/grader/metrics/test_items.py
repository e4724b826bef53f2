"""Items: difficulty, correlation with the rest, and alpha."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mondaylab.grader.metrics import item_analysis

NAN = math.nan


def test_items_by_hand():
    """Guttman's scale of three items: KR-20 is .75 whatever the number of learners at each step."""
    matrix = np.repeat([[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]], 10, axis=0)
    found = item_analysis(matrix)
    assert [one.difficulty.value for one in found.items] == [0.75, 0.5, 0.25]
    assert found.alpha.value == pytest.approx(1.5 * (1 - (0.1875 + 0.25 + 0.1875) / 1.25))
    assert found.items[1].rest_correlation.value == pytest.approx(
        np.corrcoef(matrix[:, 1], matrix[:, [0, 2]].sum(1))[0, 1]
    )


@given(arrays(np.int64, (35, 4), elements=st.integers(0, 1)))
def test_items_keep_their_bounds(matrix):
    found = item_analysis(matrix)
    for item in found.items:
        assert 0 <= item.difficulty.low <= item.difficulty.value <= item.difficulty.high <= 1
        if item.rest_correlation.enough:
            assert -1 <= item.rest_correlation.low <= item.rest_correlation.value <= item.rest_correlation.high <= 1
    if found.alpha.enough:
        assert found.alpha.low <= found.alpha.value <= found.alpha.high <= 1


def test_items_that_nobody_or_everybody_solves_correlate_with_nothing():
    matrix = np.column_stack([np.ones(40), np.tile([0, 1], 20), np.tile([0, 0, 1, 1], 10)])
    found = item_analysis(matrix)
    assert found.items[0].rest_correlation.reason == "all equal" and found.items[0].difficulty.value == 1.0
    assert item_analysis(np.ones((40, 3))).alpha.reason == "all equal"
    assert item_analysis(np.tile([[0], [1]], (20, 1))).alpha.reason == "too few"  # one item


def test_one_missing_answer_costs_what_rests_on_it():
    matrix = np.tile([[0.0, 1, 1], [1, 0, 1], [1, 1, 0], [0, 0, 0]], (10, 1))
    matrix[0, 0] = NAN
    found = item_analysis(matrix)
    assert found.items[0].difficulty.reason == found.alpha.reason == "missing values" and found.alpha.n == 39
    assert found.items[1].difficulty.enough and not found.items[1].rest_correlation.enough
