"""A cell's score is bounded, finite and says its reason in words that cannot become markup."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mondaylab.errors import Refused
from mondaylab.grader.cells import CellScore, figure, not_graded, scored


@given(st.floats(0, 1), st.floats(0.5, 100))
def test_points_lie_in_bounds_and_read_back_as_a_plain_float(share, most):
    score = scored("judgement", share, most, reason="r")
    assert 0 <= score.points <= most
    assert float(repr(float(score.points))) == score.points


@pytest.mark.parametrize("share", [math.nan, math.inf, -0.01, 1.01])
def test_a_wrong_share_is_refused(share):
    with pytest.raises(Refused):
        scored("judgement", share, 10, reason="r")


def test_not_graded_is_neither_zero_nor_full():
    score = not_graded("evidence", 10, code="missing", reason="gone")
    assert score.state == "not graded" and score.markdown().startswith("**Not graded.**")
    with pytest.raises(ValidationError):
        CellScore(grade_id="e", state="not graded", points=3, max_points=10, code="c", reason="r")
    with pytest.raises(ValidationError):
        CellScore(grade_id="e", state="scored", points=11, max_points=10, code="c", reason="r")


def test_words_are_escaped():
    score = scored("evidence", 0.5, 10, reason="<b>*x*</b> [l](http://x)", details=("<script>", "a_b"))
    text = score.markdown()
    assert "<b>" not in text and "<script>" not in text
    assert r"\*x\*" in text and r"a\_b" in text and r"\[l\]" in text
    assert text.startswith("**5 of 10.**")


def test_figures():
    assert [figure(x) for x in (1.0, 1.25, 0.0, 38.277, 100)] == ["1", "1.25", "0", "38.28", "100"]
