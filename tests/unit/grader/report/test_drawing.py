"""The geometry of the report's charts, and the sentences beside them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.grader.metrics import Estimate, Proportion
from mondaylab.grader.report.drawing import STRIP, TALLEST, interval, place, points, signed, slope, strip
from mondaylab.grader.report.figures import Line, TrustFigures
from mondaylab.grader.report.words import checking, pieces

answers = st.lists(st.integers(0, 100), min_size=5, max_size=200)


@given(answers)
def test_every_answer_has_its_mark_inside_the_drawing(check):
    drawn = strip(check, 50)
    assert sum(stack.many for stack in drawn.stacks) == len(drawn.marks) == len(check)
    assert all(0 < x < STRIP and 0 < y < drawn.height for x, y in drawn.marks)
    assert drawn.height <= 110 and drawn.bars == (max(stack.many for stack in drawn.stacks) > TALLEST)


def test_places_are_in_order_of_probability():
    assert place(0) < place(49) < place(50) < place(100) <= STRIP - 8


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=30))
def test_no_line_leaves_the_slope(ends):
    none = Proportion(n=1, count=1, reason="too few")
    lines = tuple(Line(first=a, check=b, learners=1) for a, b in ends)
    drawn = slope(TrustFigures(first=none, check=none, change=Estimate.missing(1, "too few"), lines=lines))
    assert all(0 <= drawn.y(end) <= drawn.height for pair in ends for end in pair)


def trust(low: float, high: float) -> TrustFigures:
    rate = Proportion(value=0.5, low=0.4, high=0.6, n=100, count=50)
    change = Estimate.of((low + high) / 2, low, high, 30)
    return TrustFigures(first=rate, check=rate, change=change, lines=())


@pytest.mark.parametrize(
    ("low", "high", "says"), [(-0.3, -0.1, "cut over-trust"), (0.1, 0.3, "rose"), (-0.1, 0.1, "did not clearly")]
)
def test_a_change_is_claimed_only_where_its_interval_bears_it(low, high, says):
    assert says in checking(trust(low, high))


def test_without_enough_learners_no_change_is_claimed():
    few = trust(-0.3, -0.1).model_copy(update={"change": Estimate.missing(9, "too few")})
    assert checking(few) == "After checking, 50 of 100 flawed statements still passed."


def test_slots_of_a_phrasing_are_told_from_its_words():
    assert pieces("{line_product} cost {value}.") == [
        ("line product", True),
        (" cost ", False),
        ("value", True),
        (".", False),
    ]
    assert pieces("an odd { brace") == [("an odd { brace", False)]


def test_differences_have_a_true_minus_sign():
    assert (points(-0.29), points(0.03), points(0.001)) == ("\u221229", "+3", "0")
    assert signed(-0.1) == "\u22120.10"
    assert interval(Proportion(n=3, reason="too few")) == ""
