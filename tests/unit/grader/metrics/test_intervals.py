"""Intervals of counts, against published ones."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mondaylab.grader.metrics import Proportion
from mondaylab.grader.metrics.intervals import rate, wilson


def test_wilson_as_published():
    """Brown, Cai and DasGupta's and Newcombe's (1998) worked example: 81 of 263."""
    low, high = wilson(81, 263)
    assert (round(float(low), 4), round(float(high), 4)) == (0.2553, 0.3662)


@given(st.integers(1, 40), st.data())
def test_a_better_count_never_has_a_lower_interval(n, data):
    k = data.draw(st.integers(0, n - 1))
    (low, high), (next_low, next_high) = wilson(k, n), wilson(k + 1, n)
    assert low < next_low and high < next_high


def test_a_rate_keeps_its_count_where_it_is_not_given():
    assert rate(3, 5) == Proportion(n=5, count=3, reason="too few")
    assert rate(3, 6).value == 0.5
