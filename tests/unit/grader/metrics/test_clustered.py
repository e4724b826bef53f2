"""A share of rows that come by learner: the interval grows with how alike the rows of one learner are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from mondaylab.errors import Refused
from mondaylab.grader.metrics import clustered_detection, clustered_rate, item_analysis, item_of, signal_detection
from mondaylab.grader.metrics.clustered import MIN_CLUSTERS, clustered_limits
from mondaylab.grader.metrics.intervals import wilson

FEW = settings(max_examples=30)  # a case takes long to draw

counted = st.lists(st.integers(1, 12).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=30)


@FEW
@given(counted)
def test_a_rate_lies_in_its_interval_and_too_few_learners_give_none(pairs):
    counts, sizes = [k for k, _ in pairs], [n for _, n in pairs]
    found = clustered_rate(counts, sizes)
    assert (found.count, found.n) == (sum(counts), sum(sizes))
    if len(pairs) < MIN_CLUSTERS or sum(sizes) < 6:
        assert found.value is None and found.reason == "too few"
    else:
        assert 0 <= found.low <= found.value <= found.high <= 1
        low, high = wilson(found.count, found.n)
        assert found.high - found.low >= float(high - low) - 1e-9, "never surer than of independent rows"


def test_learners_who_are_all_or_nothing_widen_it_and_empty_ones_change_nothing():
    mixed = clustered_rate([5] * 20, [10] * 20)
    split = clustered_rate([10, 0] * 10, [10] * 20)
    assert mixed.value == split.value == 0.5
    assert split.high - split.low > 2 * (mixed.high - mixed.low)
    assert clustered_rate([10, 0] * 10 + [0], [10] * 20 + [0]) == split


@pytest.mark.parametrize(("counts", "sizes"), [([3], [2]), ([-1], [2]), ([float("nan")], [2]), ([1], [1, 2])])
def test_counts_that_cannot_be_are_refused(counts, sizes):
    with pytest.raises(Refused):
        clustered_rate(counts, sizes)


def test_it_holds_the_truth_where_rows_of_a_learner_go_together_and_plain_wilson_does_not():
    rng = np.random.default_rng(1)
    learners, alike, p = 20, 0.1, 0.3
    sizes = rng.integers(12, 14, (2000, learners)).astype(float)
    chance = rng.beta(p * (1 / alike - 1), (1 - p) * (1 / alike - 1), (2000, learners))
    counts = rng.binomial(sizes.astype(int), chance).astype(float)
    low, high = clustered_limits(counts, sizes)
    plain_low, plain_high = wilson(counts.sum(axis=1), sizes.sum(axis=1))
    assert 0.93 <= np.mean((low <= p) & (p <= high)) <= 0.98
    assert np.mean((plain_low <= p) & (p <= plain_high)) < 0.87


def test_an_item_of_forms_of_their_own_is_the_item_of_a_matrix_where_all_have_the_same():
    rng = np.random.default_rng(2)
    matrix = (rng.random((40, 6)) < rng.random((40, 1))).astype(float)
    rest = matrix.sum(axis=1) - matrix[:, 2]
    assert item_of(matrix[:, 2], rest) == item_analysis(matrix).items[2]
    assert item_of(matrix[:, 2], rest / 5).rest_correlation.value == pytest.approx(
        item_analysis(matrix).items[2].rest_correlation.value
    )
    few = item_of(matrix[:29, 2], rest[:29])
    assert few.difficulty.value is None and few.rest_correlation.value is None and few.difficulty.n == 29


def test_d_prime_of_a_group_is_that_of_its_rows_and_its_interval_grows_with_how_people_differ():
    people = 30
    alike = clustered_detection([5] * people, [6] * people, [2] * people, [12] * people)
    rows = signal_detection(
        [1] * 6 * people + [0] * 12 * people,
        [1] * 5 * people + [0] * people + [1] * 2 * people + [0] * 10 * people,
    )
    assert alike.d_prime.value == pytest.approx(rows.d_prime.value)
    assert alike.criterion.value == pytest.approx(rows.criterion.value)
    split = clustered_detection([6, 4] * 15, [6] * people, [4, 0] * 15, [12] * people)
    assert split.d_prime.value == pytest.approx(rows.d_prime.value) and split.d_prime.n == people
    assert split.criterion.high - split.criterion.low > alike.criterion.high - alike.criterion.low


@pytest.mark.parametrize(
    ("people", "hits", "alarms", "reason"), [(19, 3, 1, "too few"), (25, 6, 12, "all equal"), (25, 0, 0, "all equal")]
)
def test_no_d_prime_of_few_people_nor_where_all_or_nothing_was_doubted(people, hits, alarms, reason):
    found = clustered_detection([hits] * people, [6] * people, [alarms] * people, [12] * people)
    assert found.d_prime.value is None and found.criterion.reason == reason


@pytest.mark.deep
def test_d_prime_of_people_who_differ_is_held():
    rng, held, people = np.random.default_rng(3), 0, 40
    ability = rng.normal(1.5, 0.4, 400_000), rng.normal(0.2, 0.4, 400_000)
    truth = special.ndtri(special.ndtr(ability[0] / 2 - ability[1]).mean())
    truth -= special.ndtri(special.ndtr(-ability[0] / 2 - ability[1]).mean())
    for _ in range(600):
        d, c = rng.normal(1.5, 0.4, people), rng.normal(0.2, 0.4, people)
        flawed = rng.integers(5, 10, people)
        hits, alarms = (
            rng.binomial(flawed, special.ndtr(d / 2 - c)),
            rng.binomial(20 - flawed, special.ndtr(-d / 2 - c)),
        )
        found = clustered_detection(hits, flawed, alarms, 20 - flawed).d_prime
        held += found.low <= truth <= found.high
    assert 0.91 <= held / 600 <= 0.98


def test_one_learner_s_rates_and_a_cohort_s_count_the_same_rows():
    one = signal_detection([1, 1, 0, 0, 0], [1, 0, 0, 0, 1])
    found = clustered_rate([one.hit_rate.count] * 5, [one.hit_rate.n] * 5)
    assert (found.count, found.n) == (5, 10)
