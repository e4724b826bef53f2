"""Detection: sensitivity, criterion and the area under the curve."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from tests.support.judged_rows import P, Y, judged

from mondaylab.grader.metrics import auc, signal_detection

FEW = settings(max_examples=30)  # a case takes long to draw


def test_detection_by_hand():
    y = np.repeat([1, 1, 0, 0], [16, 4, 8, 32])
    said = np.repeat([1, 0, 1, 0], [16, 4, 8, 32])
    found = signal_detection(y, said)
    assert (found.hit_rate.count, found.hit_rate.n, found.hit_rate.value) == (16, 20, 0.8)
    assert (found.false_alarm_rate.count, found.false_alarm_rate.n) == (8, 40)
    # z(16.5 / 21) = .7916, z(8.5 / 41) = -.8146, from a table of the normal distribution
    assert found.d_prime.value == pytest.approx(1.606, abs=2e-3)
    assert found.criterion.value == pytest.approx(0.0115, abs=2e-3)
    assert found.d_prime.n == found.criterion.n == 60


def test_auc_by_hand():
    y = [1] * 6 + [0] * 6
    p = [90, 80, 70, 60, 50, 40, 45, 35, 30, 50, 20, 10]
    # of 36 pairs the flawed one is higher in 33 and equal in one (50, 50); 40 loses to 45 and to 50
    assert auc(y, p).value == pytest.approx((33 + 0.5) / 36)


@FEW
@given(judged())
def test_auc_knows_order_only_and_mirrors(one):
    y, p, _ = one
    found = auc(y, p)
    stretched, mirrored, relabelled = auc(y, p**3 * 100), auc(y, 1 - p), auc(1 - y, p)
    assert (stretched.value, stretched.low, stretched.high) == (found.value, found.low, found.high)
    for other in (mirrored, relabelled):
        assert (other.value, other.low, other.high) == pytest.approx((1 - found.value, 1 - found.high, 1 - found.low))


@FEW
@given(judged())
def test_saying_the_opposite_turns_the_signs(one):
    y, _, said = one
    found, opposite, swapped = signal_detection(y, said), signal_detection(y, ~said), signal_detection(1 - y, said)
    assert opposite.d_prime.value == pytest.approx(-found.d_prime.value)
    assert (opposite.criterion.low, opposite.criterion.high) == pytest.approx(
        (-found.criterion.high, -found.criterion.low)
    )
    assert (swapped.d_prime.value, swapped.criterion.value) == pytest.approx(
        (-found.d_prime.value, found.criterion.value)
    )


def test_flagging_everything_has_rates_but_no_sensitivity():
    found = signal_detection(Y, np.ones(90))
    assert found.d_prime.reason == found.criterion.reason == "all equal" and found.d_prime.n == 90
    assert (found.hit_rate.value, found.false_alarm_rate.value) == (1.0, 1.0)


@pytest.mark.parametrize(("rows", "enough"), [(57, False), (60, True)])
def test_d_prime_starts_at_sixty_rows(rows, enough):
    found = signal_detection(Y[:rows], P[:rows] >= 0.5)
    assert found.d_prime.enough == found.criterion.enough == enough and found.hit_rate.enough
