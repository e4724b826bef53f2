"""A cell's score is bounded, finite and says its reason in words that cannot become markup."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mondaylab.errors import Refused
from mondaylab.grader.cells.score import CellScore, ScoreTable, figure, not_graded, scored


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


def test_tables_are_shown_escaped_and_their_bars_do_not_split_cells():
    table = ScoreTable(title="What <i>it</i> did", header=("Claims", "Of"), rows=(("a|b <b>", 3), ("`c`", 4)))
    text = scored("validator", 0.5, 10, reason="r", tables=(table,)).markdown()
    assert text.endswith(
        "**What &lt;i&gt;it&lt;/i&gt; did**\n\n| Claims | Of |\n| --- | --- |\n| a\\|b &lt;b&gt; | 3 |\n| \\`c\\` | 4 |"
    )


@pytest.mark.parametrize("rows", [(), (("a",),), (("a", 1, 2),)])
def test_a_table_that_is_none_is_refused(rows):
    with pytest.raises(ValidationError):
        ScoreTable(title="t", header=("a", "b"), rows=rows)


def test_scores_from_before_there_were_tables_are_read():
    old = scored("validator", 0.5, 10, reason="r", details=("d",)).model_dump(mode="json")
    del old["tables"]
    assert CellScore.parse(old, where="an old notebook").tables == ()
