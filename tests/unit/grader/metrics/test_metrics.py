"""Figures worked by hand, what every metric keeps for all input, and what it says when there is not enough data."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mondaylab.errors import Refused
from mondaylab.grader.cells.judgement import judgement_points_share, skill
from mondaylab.grader.metrics import (
    NOT_ENOUGH,
    Estimate,
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
    youden,
)
from mondaylab.grader.metrics.gain import hedges
from mondaylab.grader.metrics.intervals import rate, wilson
from mondaylab.grader.metrics.youden import difference_limits
from mondaylab.records import Record
from mondaylab.skill import brier_skill_score

NAN = math.nan
SIZES = st.integers(60, 90)


def estimates(record: Record) -> list[Estimate]:
    """All figures of a record, however deep."""
    if isinstance(record, Estimate):
        return [record]
    found = []
    for name in type(record).model_fields:
        value = getattr(record, name)
        parts = value if isinstance(value, tuple) else (value,)
        found += [one for part in parts if isinstance(part, Record) for one in estimates(part)]
    return found


@st.composite
def judged(draw):
    """Truth with at least six of each class, probabilities that are not all the same, flags that are not either."""
    n = draw(SIZES)
    flaws = draw(st.integers(6, n - 6))
    y = np.repeat([1.0, 0.0], [flaws, n - flaws])
    p = draw(arrays(np.float64, n, elements=st.integers(0, 100).map(lambda percent: percent / 100)))
    p[0], p[1] = 0.2, 0.7
    return y, p, p >= 0.5


# -- by hand


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


def test_wilson_as_published():
    """Brown, Cai and DasGupta's and Newcombe's (1998) worked example: 81 of 263."""
    low, high = wilson(81, 263)
    assert (round(float(low), 4), round(float(high), 4)) == (0.2553, 0.3662)


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


def test_auc_by_hand():
    y = [1] * 6 + [0] * 6
    p = [90, 80, 70, 60, 50, 40, 45, 35, 30, 50, 20, 10]
    # of 36 pairs the flawed one is higher in 33 and equal in one (50, 50); 40 loses to 45 and to 50
    assert auc(y, p).value == pytest.approx((33 + 0.5) / 36)


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


def test_reliance_by_hand():
    rows = [  # first, AI, final, times
        (0, 1, 1, 6),
        (0, 1, 0, 2),  # RAIR 6 of 8
        (1, 0, 1, 7),
        (1, 0, 0, 3),  # RSR 7 of 10
        (0, 0, 0, 5),
        (0, 0, 1, 1),
        (1, 1, 1, 9),
        (1, 1, 0, 1),
    ]
    first, ai, final = (np.repeat([row[i] for row in rows], [row[3] for row in rows]) for i in range(3))
    found = reliance(first, ai, final)
    assert {name: (one.count, one.n) for name, one in found} == {
        "rair": (6, 8),
        "rsr": (7, 10),
        "over_reliance": (8, 16),
        "under_reliance": (3, 18),
        "gained": (7, 14),
        "kept": (16, 20),
    }


def test_items_by_hand():
    """Guttman's scale of three items: KR-20 is .75 whatever the number of learners at each step."""
    matrix = np.repeat([[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]], 10, axis=0)
    found = item_analysis(matrix)
    assert [one.difficulty.value for one in found.items] == [0.75, 0.5, 0.25]
    assert found.alpha.value == pytest.approx(1.5 * (1 - (0.1875 + 0.25 + 0.1875) / 1.25))
    assert found.items[1].rest_correlation.value == pytest.approx(
        np.corrcoef(matrix[:, 1], matrix[:, [0, 2]].sum(1))[0, 1]
    )


def test_gain_by_hand():
    pre, post = np.zeros(20), np.tile([1.0, 3.0], 10)
    found = paired_gain(pre, post)
    assert found.mean.value == 2.0
    sd = math.sqrt(20 / 19)
    assert found.d_z.value == pytest.approx(2 / sd * hedges(19))
    # the usual approximation of Hedges' factor, good to three digits
    assert hedges(19) == pytest.approx(1 - 3 / (4 * 19 - 1), abs=1e-3)
    assert found.d_z.low < found.d_z.value < found.d_z.high


def test_alignment_by_hand():
    person, ai = np.repeat([0, 0, 1, 1], 20), np.repeat([0, 1, 0, 1], 20)
    outcome = np.concatenate([np.repeat([1, 0], [k, 20 - k]) for k in (6, 4, 10, 8)])
    found = alignment(person, ai, outcome)
    # rates .3 .2 .5 .4: the ordered pairs are four cells with themselves and five more; drops .1 and .1
    assert found.eae.value == pytest.approx(0.2 / 9) and found.mae.value == pytest.approx(0.1) and found.cells == 4


# -- for all input


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


@given(judged(), st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(one, random):
    y, p, said = one
    order = list(range(len(y)))
    random.shuffle(order)
    for metric, column in ((signal_detection, said), (auc, p), (brier, p), (brier_skill, p)):
        for before, after in zip(estimates(metric(y, column)), estimates(metric(y[order], column[order])), strict=True):
            assert (before.value, before.low, before.high) == pytest.approx((after.value, after.low, after.high))


@given(judged())
def test_auc_knows_order_only_and_mirrors(one):
    y, p, _ = one
    found = auc(y, p)
    stretched, mirrored, relabelled = auc(y, p**3 * 100), auc(y, 1 - p), auc(1 - y, p)
    assert (stretched.value, stretched.low, stretched.high) == (found.value, found.low, found.high)
    for other in (mirrored, relabelled):
        assert (other.value, other.low, other.high) == pytest.approx((1 - found.value, 1 - found.high, 1 - found.low))


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


@given(judged())
def test_relabelling_right_and_wrong_keeps_the_brier_score(one):
    y, p, _ = one
    a, b = brier(y, p), brier(1 - y, 1 - p)
    assert (a.value, a.low, a.high) == pytest.approx((b.value, b.low, b.high))


@settings(max_examples=25)  # two thousand bootstrap samples a figure
@given(judged())
def test_murphys_parts_add_up_and_keep_their_bounds(one):
    y, p, _ = one
    parts = murphy(y, p)
    total = parts.reliability.value - parts.resolution.value + parts.uncertainty.value + parts.within_bins.value
    assert total == pytest.approx(brier(y, p).value)
    assert parts.resolution.value <= parts.uncertainty.value + 1e-12 and parts.uncertainty.value <= 0.25
    tied = murphy(y, np.round(p))  # 0 and 1 alone: nothing is left over within a bin
    assert tied.within_bins.value == pytest.approx(0.0, abs=1e-12)


BOUNDS = {"d_prime": (-9, 9), "criterion": (-9, 9), "bias": (-1, 1), "within_bins": (-1, 1)}


@settings(max_examples=25)  # two thousand bootstrap samples a figure
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


@given(st.integers(1, 40), st.data())
def test_a_better_count_never_has_a_lower_interval(n, data):
    k = data.draw(st.integers(0, n - 1))
    (low, high), (next_low, next_high) = wilson(k, n), wilson(k + 1, n)
    assert low < next_low and high < next_high


def test_more_rows_narrow_every_interval():
    y, p = np.tile([1, 0, 0], 20), np.tile([0.8, 0.3, 0.6, 0.4, 0.2, 0.1, 0.7, 0.3, 0.2, 0.9, 0.5, 0.4], 5)

    def widths(times: int) -> list[float]:
        truth, said = np.tile(y, times), np.tile(p, times)
        return [
            one.high - one.low for metric in (auc, brier, brier_skill) for one in estimates(metric(truth, said))
        ] + [one.high - one.low for one in estimates(signal_detection(truth, said >= 0.5))]

    assert all(wide > 1.5 * narrow for wide, narrow in zip(widths(1), widths(4), strict=True))


@given(arrays(np.int64, (35, 4), elements=st.integers(0, 1)))
def test_items_keep_their_bounds(matrix):
    found = item_analysis(matrix)
    for item in found.items:
        assert 0 <= item.difficulty.low <= item.difficulty.value <= item.difficulty.high <= 1
        if item.rest_correlation.enough:
            assert -1 <= item.rest_correlation.low <= item.rest_correlation.value <= item.rest_correlation.high <= 1
    if found.alpha.enough:
        assert found.alpha.low <= found.alpha.value <= found.alpha.high <= 1


@given(arrays(np.float64, 25, elements=st.floats(-100, 100)), st.floats(0.1, 50), st.floats(-50, 50))
def test_d_z_knows_no_unit(gains, scale, offset):
    pre = np.arange(25.0)
    a, b = paired_gain(pre, pre + gains), paired_gain(pre * scale + offset, (pre + gains) * scale + offset)
    if a.d_z.enough and b.d_z.enough and np.std(gains) > 1e-6:
        assert b.d_z.value == pytest.approx(a.d_z.value, rel=1e-6, abs=1e-9)
        back = paired_gain(pre + gains, pre)
        assert back.d_z.value == pytest.approx(-a.d_z.value)


# -- not enough data

Y, P = np.tile([1, 0, 0], 30), np.tile([0.7, 0.2, 0.4, 0.5, 0.1, 0.3], 15)
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


def test_flagging_everything_has_rates_but_no_sensitivity():
    found = signal_detection(Y, np.ones(90))
    assert found.d_prime.reason == found.criterion.reason == "all equal" and found.d_prime.n == 90
    assert (found.hit_rate.value, found.false_alarm_rate.value) == (1.0, 1.0)


@pytest.mark.parametrize(("rows", "enough"), [(57, False), (60, True)])
def test_d_prime_starts_at_sixty_rows(rows, enough):
    found = signal_detection(Y[:rows], P[:rows] >= 0.5)
    assert found.d_prime.enough == found.criterion.enough == enough and found.hit_rate.enough


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


# -- the record


def test_not_enough_data_survives_json_as_itself():
    for figure in (Estimate.missing(4, "too few"), Estimate.of(0.5, 0.2, 0.8, 40)):
        again = Estimate.model_validate(json.loads(figure.model_dump_json()))
        assert again == figure and json.loads(figure.canonical())["n"] == figure.n
    assert json.loads(Estimate.missing(4, "too few").canonical())["value"] is None
    assert str(Estimate.missing(4, "too few")) == f"{NOT_ENOUGH} (n = 4)"


@pytest.mark.parametrize(
    "fields",
    [
        {"value": 1.0, "n": 3},
        {"n": 3},
        {"value": 1.0, "low": 0.0, "high": 2.0, "n": 3, "reason": "too few"},
        {"low": 0.0, "n": 3, "reason": "too few"},
        {"value": NAN, "low": 0.0, "high": 1.0, "n": 3},
        {"value": 1.0, "low": 0.0, "high": 1.0, "n": -1},
        {"n": 3, "reason": "because"},
    ],
)
def test_half_a_figure_is_refused(fields):
    with pytest.raises(Refused):
        Estimate.parse(fields, where="test")


def test_a_rate_keeps_its_count_where_it_is_not_given():
    assert rate(3, 5) == Proportion(n=5, count=3, reason="too few")
    assert rate(3, 6).value == 0.5
