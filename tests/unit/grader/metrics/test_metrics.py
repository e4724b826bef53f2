"""What every metric keeps for all input, and what it says when there is not enough data."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.judged_rows import P, Y, estimates, judged

from mondaylab.errors import Refused
from mondaylab.grader.metrics import (
    Proportion,
    alignment,
    auc,
    brier,
    brier_skill,
    calibration,
    expected_calibration_error,
    item_analysis,
    murphy,
    paired_gain,
    reliance,
    signal_detection,
)

FEW = settings(max_examples=20)  # two thousand bootstrap samples a figure

NAN = math.nan


@FEW
@given(judged(), st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(one, random):
    y, p, said = one
    order = list(range(len(y)))
    random.shuffle(order)
    for metric, column in ((signal_detection, said), (auc, p), (brier, p), (brier_skill, p)):
        for before, after in zip(estimates(metric(y, column)), estimates(metric(y[order], column[order])), strict=True):
            assert (before.value, before.low, before.high) == pytest.approx((after.value, after.low, after.high))


BOUNDS = {"d_prime": (-9, 9), "criterion": (-9, 9), "bias": (-1, 1), "within_bins": (-1, 1)}


@FEW
@given(judged())
def test_every_figure_keeps_its_bounds_and_its_value_inside_its_interval(one):
    y, p, said = one
    for record in (signal_detection(y, said), murphy(y, p), calibration(y, p), reliance(y == 1, said, p > 0.3)):
        for name in type(record).model_fields:
            value = getattr(record, name)
            figures = [part.flawed for part in value] if isinstance(value, tuple) else [value]
            for figure in figures:
                least, most = BOUNDS.get(name, (0, 1))
                if figure.enough:
                    assert least - 1e-9 <= figure.low <= figure.value <= figure.high <= most + 1e-9
    for figure, least in ((auc(y, p), 0), (brier(y, p), 0), (brier_skill(y, p), -math.inf)):
        assert least <= figure.low <= figure.value <= figure.high <= 1


def test_more_rows_narrow_every_interval():
    y, p = np.tile([1, 0, 0], 20), np.tile([0.8, 0.3, 0.6, 0.4, 0.2, 0.1, 0.7, 0.3, 0.2, 0.9, 0.5, 0.4], 5)

    def widths(times: int) -> list[float]:
        truth, said = np.tile(y, times), np.tile(p, times)
        return [
            one.high - one.low for metric in (auc, brier, brier_skill) for one in estimates(metric(truth, said))
        ] + [one.high - one.low for one in estimates(signal_detection(truth, said >= 0.5))]

    assert all(wide > 1.5 * narrow for wide, narrow in zip(widths(1), widths(4), strict=True))


JUDGED = {
    "signal_detection": lambda y, p: signal_detection(y, np.where(np.isnan(p), NAN, p >= 0.5)),
    "auc": auc,
    "brier": brier,
    "brier_skill": brier_skill,
    "murphy": murphy,
    "calibration": calibration,
}


def with_nan(values: np.ndarray) -> np.ndarray:
    values = values.astype(float)
    values[3] = NAN
    return values


@pytest.mark.parametrize("name", JUDGED)
@pytest.mark.parametrize(
    ("y", "p", "reason", "n"),
    [
        (np.ones(90), P, "one class", 90),
        (np.zeros(90), P, "one class", 90),
        (with_nan(Y), P, "missing values", 89),
        (Y, with_nan(P), "missing values", 89),
        (Y[:5], P[:5], "too few", 5),
        ([], [], "too few", 0),
    ],
    ids=["all flawed", "none flawed", "unknown truth", "missing answer", "five rows", "no rows"],
)
def test_degenerate_judgements_give_no_number(name, y, p, reason, n):
    found = estimates(JUDGED[name](np.asarray(y, dtype=float), np.asarray(p, dtype=float)))
    assert found and all((one.value, one.low, one.high) == (None, None, None) for one in found)
    assert {one.reason for one in found} <= {reason, "too few"} and all(not one.enough for one in found)
    whole = [one.n for one in found if not isinstance(one, Proportion)] or [sum(one.n for one in found)]
    assert set(whole) == {n}


@pytest.mark.parametrize("name", ["auc", "brier", "brier_skill", "murphy", "calibration"])
def test_the_same_answer_everywhere_gives_no_number(name):
    found = estimates(JUDGED[name](Y, np.full(90, 0.5)))
    assert all(one.value is None and one.reason == "all equal" for one in found)


def test_the_oracle_has_a_score_and_room_for_doubt():
    found = brier(Y, Y)
    assert (found.value, found.low) == (0.0, 0.0) and 0.01 < found.high < 0.05
    best = brier_skill(Y, Y)
    assert best.value == best.high == 1.0 and 0.7 < best.low < 1.0
    assert auc(Y, Y).value == 1.0 and 0.85 < auc(Y, Y).low < 1.0
    assert calibration(Y, Y).bias.value == 0.0 and calibration(Y, Y).bias.low < 0 < calibration(Y, Y).bias.high


@pytest.mark.parametrize(
    ("figures", "reason"),
    [
        (reliance([NAN] + [1] * 20, [1] * 21, [1] * 21), "missing values"),
        (reliance([], [], []), "too few"),
        (paired_gain([1.0], [2.0]), "too few"),
        (paired_gain(np.arange(30.0), np.arange(30.0) + 2), "all equal"),
        (paired_gain(np.full(30, 0.1), np.full(30, 0.1)), "all equal"),
        (paired_gain([NAN, *range(29)], range(30)), "missing values"),
        (item_analysis(np.zeros((1, 3))), "too few"),
        (item_analysis(np.full((40, 3), NAN)), "missing values"),
        (alignment([], [], []), "too few"),
        (alignment([0] * 30, [0] * 30, [0, 1] * 15), "too few"),
        (alignment([0] * 30 + [1] * 30, [0] * 60, [1] * 60), "all equal"),
        (alignment([NAN] + [1] * 59, [0] * 60, [1, 0] * 30), "missing values"),
        (expected_calibration_error([0, 1] * 40, [0.5] * 80, [1] * 80), "all equal"),
        (expected_calibration_error([0, 1] * 40, [0.5, 0.4] * 40, [NAN] * 80), "missing values"),
    ],
)
def test_other_degenerate_input_gives_no_number(figures, reason):
    found = estimates(figures)
    assert found and all(one.value is None and one.low is None and one.high is None for one in found)
    assert {one.reason for one in found} == {reason}


@pytest.mark.parametrize(
    "bad",
    [
        lambda: signal_detection([1, 0], [1]),
        lambda: signal_detection([1, 2], [1, 0]),
        lambda: signal_detection([[1, 0]], [[1, 0]]),
        lambda: auc([1, 0.5], [1, 0]),
        lambda: brier([1, 0], [0.2, 70]),
        lambda: brier([1, 0], ["a", "b"]),
        lambda: reliance([1, 0], [1, 0], [1, 3]),
        lambda: item_analysis([1, 0, 1]),
        lambda: item_analysis([[1, 0], [1]]),
        lambda: item_analysis([[1, 2], [0, 1]]),
        lambda: alignment([1, 2], [1, 2], [0, 2]),
    ],
)
def test_input_that_makes_no_sense_is_refused(bad):
    with pytest.raises(Refused):
        bad()
