"""A figure that a draft gives a second time."""

from __future__ import annotations

import pytest
from tests.support.toy_cases import EUR, about, facts, holds_and_fails, template

from mondaylab.errors import Refused

FIGURE = template(
    kind="figure", id="first", measure="amount", by={"_key": "case"}, display=EUR,
    operators=("wrong_filter", "wrong_scale"),
)  # fmt: skip
ROUNDED = template(kind="restated", of="first", display={"unit": "EUR", "decimals": -1})
AGAIN = ROUNDED.bound({"first": FIGURE})


def test_it_is_about_the_slices_of_the_first_and_rounds_as_it_likes():
    assert (AGAIN.by, AGAIN.slot_names(), AGAIN.restates) == ({"_key": "case"}, ("case",), "first")
    right, wrong = holds_and_fails(AGAIN, about(case="r8"), "contradicts_itself")
    assert right == [{"value": 20.0}], "15 in tens"
    # the neighbours' amounts; 20 and 30 are too near, 10 lies within a rounding, and ten times as much is a slip
    assert {one["value"] for one in wrong} == {50.0, 60.0, 80.0, 100.0}
    assert AGAIN.why(facts(), about(case="r8"), wrong[0], "x").startswith("The data gives €20, not €")
    assert AGAIN.fact(facts(), about(case="r8"), right[0]) != FIGURE.fact(facts(), about(case="r8"), {"value": 15.0})


def test_a_finer_one_is_no_contradiction_where_the_first_rounds_it_away():
    coarse = FIGURE.model_copy(update={"display": FIGURE.display.model_copy(update={"decimals": -2})})
    finer = template(kind="restated", of="first", display=EUR).bound({"first": coarse})
    assert finer.wrong(facts(), about(case="r2"), "contradicts_itself") == []
    assert finer.repeats({"value": 80.0}, {"value": 100.0}) and not finer.repeats({"value": 80.0}, {"value": 300.0})


def test_what_it_cannot_give_again_is_told():
    other = FIGURE.model_copy(update={"draft": "other"})
    rank = FIGURE.model_copy(update={"view": "rank"})
    plain = FIGURE.model_copy(update={"operators": ("wrong_scale",)})
    spare = FIGURE.model_copy(update={"optional": True})
    for first, told in ((other, "no claim of"), (rank, "no figure"), (plain, "no flaw"), (spare, "be optional")):
        (problem,) = AGAIN.binding_problems({"first": first})
        assert told in problem
    assert list(AGAIN.binding_problems({"first": FIGURE})) == []
    assert ROUNDED.bound({"first": ROUNDED}).measure_names() == ()
    with pytest.raises(Refused, match="'first' is no figure that could be given again"):
        ROUNDED.sound(facts(), about(case="r1"))
