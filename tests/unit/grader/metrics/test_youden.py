"""Youden's index and differences of rates, by hand and as published."""

from __future__ import annotations

import pytest

from mondaylab.errors import Refused
from mondaylab.grader.metrics import Estimate, youden
from mondaylab.grader.metrics.youden import difference_limits


@pytest.mark.parametrize(
    ("counts", "limits"),
    [
        ((56, 70, 48, 80), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1705, 0.8090)),
        ((6, 7, 2, 7), (0.0582, 0.8062)),
        ((5, 56, 0, 29), (-0.0381, 0.1926)),
        ((0, 10, 0, 20), (-0.1611, 0.2775)),
        ((0, 10, 0, 10), (-0.2775, 0.2775)),
        ((10, 10, 0, 20), (0.6791, 1.0)),
        ((10, 10, 0, 10), (0.6075, 1.0)),
    ],
)
def test_differences_of_rates_as_published(counts, limits):
    """Newcombe (1998), table II, method 10."""
    assert [round(float(one), 4) for one in difference_limits(*counts)] == list(limits)
    assert [round(float(one), 4) for one in difference_limits(*counts[2:], *counts[:2])] == [-limits[1], -limits[0]]


def test_youden_by_hand():
    some = youden(30, 40, 10, 50)
    assert some.value == pytest.approx(0.55) and some.n == 90
    assert (some.low, some.high) == pytest.approx([float(one) for one in difference_limits(30, 40, 10, 50)])
    assert youden(40, 40, 40, 40).value == 0 == youden(0, 40, 0, 40).value
    perfect = youden(40, 40, 0, 40)
    assert perfect.value == perfect.high == 1 and 0.8 < perfect.low < 0.95
    assert youden(0, 40, 40, 40).value == -1
    assert youden(5, 5, 0, 40) == Estimate.missing(45, "too few")
    assert youden(0, 0, 3, 40) == Estimate.missing(40, "one class")
    assert youden(0, 0, 0, 0) == Estimate.missing(0, "too few")
    for wrong in ((41, 40, 0, 40), (1, 40, -1, 40)):
        with pytest.raises(Refused):
            youden(*wrong)
