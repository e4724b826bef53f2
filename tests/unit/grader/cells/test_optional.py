"""Optional cells: left alone they change no grade, and whatever else was done with them is scored as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.grader.cells.optional import LEFT_OUT, with_left_out
from mondaylab.grader.cells.score import CellScore, not_graded, scored

POINTS = {"judgement": 40.0, "evidence": 10.0, "validator": 10.0}
shares = st.floats(0, 1)


def marked(*earned: float, code: str = "unchanged") -> dict[str, CellScore]:
    """Scores of the first two cells as given, and a validator with nothing in it."""
    first = {name: scored(name, share, POINTS[name], reason="So.") for name, share in zip(POINTS, earned, strict=False)}
    return {**first, "validator": scored("validator", 0.0, POINTS["validator"], code=code, reason="Nothing.")}


@given(shares, shares)
def test_who_leaves_it_out_has_the_grade_of_the_rest(judgement, evidence):
    before = marked(judgement, evidence)
    after = with_left_out(before, ["validator"])
    rest = before["judgement"].points + before["evidence"].points
    assert after["validator"].points / 10 == pytest.approx(rest / 50, abs=0.001)
    assert sum(one.points for one in after.values()) / 60 == pytest.approx(rest / 50, abs=0.001)
    assert after["validator"].code == LEFT_OUT and "optional" in after["validator"].reason
    assert {name: after[name] for name in ("judgement", "evidence")} == {
        name: before[name] for name in ("judgement", "evidence")
    }


@given(shares, st.sampled_from(["ok", "raised", "timeout", "syntax"]))
def test_what_was_written_is_scored_as_it_is(share, code):
    before = marked(share, share, code=code)
    assert with_left_out(before, ["validator"]) == before


@pytest.mark.parametrize("code", ["missing", "elsewhere", "ambiguous"])
def test_what_a_person_looks_at_waits_for_them(code):
    waits = {"validator": not_graded("validator", 10, code=code, reason="Look.")}
    before = marked(0.5, 0.5) | waits
    assert with_left_out(before, ["validator"]) == before


def test_while_a_person_scores_one_of_the_rest_it_waits():
    before = marked(0.5) | {"evidence": not_graded("evidence", 10, code="elsewhere", reason="Look.")}
    assert with_left_out(before, ["validator"])["validator"].state == "not graded"


def test_a_cell_that_is_not_optional_stays_zero():
    before = marked(0.5, 0.5)
    assert with_left_out(before, []) == before
