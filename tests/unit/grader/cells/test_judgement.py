"""The judgement score keeps every promise that design.md makes of it."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mondaylab.errors import Refused
from mondaylab.grader.cells.judgement import UNANSWERED, brier, judgement_points_share, skill

FEW = settings(max_examples=30)  # a case takes long to draw

truths = st.lists(st.booleans(), min_size=2, max_size=60).filter(lambda t: any(t) and not all(t))
probabilities = st.floats(0, 1)


@FEW
@given(truths, probabilities)
def test_any_constant_answer_earns_nothing(truth, p):
    assert judgement_points_share([p] * len(truth), truth) <= 1e-12


@FEW
@given(truths)
def test_the_oracle_earns_all_and_its_opposite_nothing(truth):
    assert judgement_points_share([float(y) for y in truth], truth) == 1.0
    assert judgement_points_share([1.0 - y for y in truth], truth) == 0.0


@FEW
@given(truths, st.data())
def test_the_share_lies_in_bounds_and_only_the_total_is_clipped(truth, data):
    said = data.draw(st.lists(probabilities, min_size=len(truth), max_size=len(truth)))
    assert 0.0 <= judgement_points_share(said, truth) <= 1.0
    assert judgement_points_share(said, truth) == max(0.0, skill(said, truth))


@FEW
@given(truths, st.data())
def test_order_does_not_matter(truth, data):
    said = data.draw(st.lists(probabilities, min_size=len(truth), max_size=len(truth)))
    order = data.draw(st.permutations(range(len(truth))))
    again = judgement_points_share([said[i] for i in order], [truth[i] for i in order])
    assert math.isclose(again, judgement_points_share(said, truth), abs_tol=1e-12)


@FEW
@given(truths, st.data(), probabilities, probabilities)
def test_the_honest_probability_has_the_best_expectation(truth, data, honest, other):
    """For one row believed wrong with probability `honest`, everything else and q held fixed."""
    assume(abs(honest - other) > 1e-6)
    said = data.draw(st.lists(probabilities, min_size=len(truth), max_size=len(truth)))
    q = sum(truth) / len(truth)

    def expected(p: float) -> float:
        # the score is 1 - BS / (q (1 - q)); q is the form's, so only this row's term moves
        return -(honest * (p - 1.0) ** 2 + (1.0 - honest) * p**2) / len(said) / (q * (1 - q))

    assert expected(honest) > expected(other)


@FEW
@given(truths, st.data())
def test_leaving_a_row_out_counts_as_fifty(truth, data):
    said = data.draw(st.lists(probabilities, min_size=len(truth), max_size=len(truth)))
    row = data.draw(st.integers(0, len(truth) - 1))
    left_out, fifty = list(said), list(said)
    left_out[row], fifty[row] = None, UNANSWERED
    assert skill(left_out, truth) == skill(fifty, truth)


@FEW
@given(probabilities)
def test_leaving_out_is_never_better_than_honesty(belief):
    honest = belief * (1 - belief)
    left_out = belief * (UNANSWERED - 1) ** 2 + (1 - belief) * UNANSWERED**2
    assert left_out >= honest


def test_figures_of_the_design():
    truth = [True] * 5 + [False] * 13
    assert 0.94 < judgement_points_share([0.9 if y else 0.1 for y in truth], truth) < 0.96
    assert brier([0.5, 0.5], [True, False]) == 0.25


@pytest.mark.parametrize("truth", [[], [True], [False, False], [True, True, True]])
def test_degenerate_forms_are_refused(truth):
    with pytest.raises(Refused):
        judgement_points_share([0.5] * len(truth), truth)


@pytest.mark.parametrize("said", [[0.5], [0.5, 1.5], [0.5, -0.1], [0.5, math.nan]])
def test_bad_answers_are_refused(said):
    with pytest.raises(Refused):
        brier(said, [True, False])
