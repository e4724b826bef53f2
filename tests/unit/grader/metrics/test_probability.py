"""Probabilities: the Brier score, its parts, its skill, and calibration."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.judged_rows import judged

from mondaylab.grader.cells.judgement import judgement_points_share, skill
from mondaylab.grader.metrics import brier, brier_skill, calibration, murphy
from mondaylab.skill import brier_skill_score

FEW = settings(max_examples=30)  # a case takes long to draw


def test_probability_by_hand():
    y = np.tile([1, 0, 0, 0], 20)
    p = np.tile([0.8, 0.2, 0.2, 0.6], 20)
    assert brier(y, p).value == pytest.approx((0.04 + 0.04 + 0.04 + 0.36) / 4)
    assert brier_skill(y, p).value == pytest.approx(1 - 0.12 / 0.1875)
    parts = murphy(y, p)
    # three probabilities: .8 came true always, .2 and .6 never
    assert parts.reliability.value == pytest.approx((0.04 + 2 * 0.04 + 0.36) / 4)
    assert parts.resolution.value == pytest.approx((0.75**2 + 3 * 0.25**2) / 4)
    assert parts.uncertainty.value == pytest.approx(0.1875) and parts.within_bins.value == pytest.approx(0, abs=1e-12)
    found = calibration(y, p)
    assert found.ece.value == pytest.approx((0.2 + 2 * 0.2 + 0.6) / 4)
    assert found.bias.value == pytest.approx(0.45 - 0.25)
    shown = [(one.low, one.p_mean, one.flawed.count, one.flawed.n) for one in found.bins if one.flawed.n]
    assert shown == [
        (0.2, pytest.approx(0.2), 0, 40),
        (0.6, pytest.approx(0.6), 0, 20),
        (0.8, pytest.approx(0.8), 20, 20),
    ]


def test_written_percentages_fall_in_their_bin():
    p = np.repeat(np.arange(10) / 10, 6)
    found = calibration(np.tile([0, 1], 30), p)
    assert [one.p_mean for one in found.bins] == pytest.approx(np.arange(10) / 10)


@FEW
@given(judged(), st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_the_honest_probability_maximizes_the_expected_points(one, belief, other):
    """Whatever the other rows, for a form of fixed share: no other answer has a better expectation."""
    y, p, _ = one
    share = float(y.mean())

    def expected(said: float) -> float:
        points = 0.0
        for truth, chance in ((1.0, belief), (0.0, 1.0 - belief)):
            rows = (p[1:] - y[1:]) ** 2
            points += chance * brier_skill_score(float((rows.sum() + (said - truth) ** 2) / len(y)), share)
        return points

    assert expected(belief) >= expected(other) - 1e-12
    if abs(belief - other) > 1e-3:
        assert expected(belief) > expected(other)


@FEW
@given(judged())
def test_one_skill_for_points_and_reports(one):
    """The report agrees with the points; that the gates do, is tests/unit/labs/gates/test_skill.py's to hold."""
    y, p, _ = one
    found = brier_skill(y, p).value
    assert found == pytest.approx(skill(list(p), list(y == 1)), abs=1e-12)
    assert max(0.0, found) == pytest.approx(judgement_points_share(list(p), list(y == 1)), abs=1e-12)


def test_the_skills_interval_knows_the_chance_in_the_share_of_flaws():
    """As wide as a bootstrap of whole rows makes it, where the share moves the score most: rare flaws, a poor judge."""
    rng = np.random.default_rng(9)
    y = (np.arange(800) % 8 == 0).astype(float)
    p = np.round(np.clip(0.55 + 0.1 * y + rng.normal(0, 0.15, 800), 0, 1), 2)
    drawn = rng.integers(0, 800, (4000, 800))
    share = y[drawn].mean(axis=1)
    low, high = np.quantile(brier_skill_score(((p - y) ** 2)[drawn].mean(axis=1), share), [0.025, 0.975])
    found = brier_skill(y, p)
    assert found.high - found.low == pytest.approx(high - low, rel=0.08)


@FEW
@given(judged())
def test_relabelling_right_and_wrong_keeps_the_brier_score(one):
    y, p, _ = one
    a, b = brier(y, p), brier(1 - y, 1 - p)
    assert (a.value, a.low, a.high) == pytest.approx((b.value, b.low, b.high))


@settings(max_examples=15)  # two thousand bootstrap samples a figure
@given(judged())
def test_murphys_parts_add_up_and_keep_their_bounds(one):
    y, p, _ = one
    parts = murphy(y, p)
    total = parts.reliability.value - parts.resolution.value + parts.uncertainty.value + parts.within_bins.value
    assert total == pytest.approx(brier(y, p).value)
    assert parts.resolution.value <= parts.uncertainty.value + 1e-12 and parts.uncertainty.value <= 0.25
    tied = murphy(y, np.round(p))  # 0 and 1 alone: nothing is left over within a bin
    assert tied.within_bins.value == pytest.approx(0.0, abs=1e-12)
