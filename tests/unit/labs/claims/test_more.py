"""A claim that one figure is more than another draws what both are cut by, and no week for a value."""

from __future__ import annotations

import pytest
from pydantic import ValidationError
from tests.support.toy_cases import EUR, about, facts, template

BY, THAN = {"channel": "way", "period": "week"}, {"channel": "other", "period": "week"}


def more(**told):
    made = {"measure": "mean", "by": {"channel": "way"}, "display": EUR, "judged_as": "It was {comparison}."}
    return template(kind="more", **{**made, **told})


def test_of_another_slice_s_week_no_value_is_drawn():
    assert more(by=BY, than=THAN).slot_names() == ("way", "week", "other")


def test_the_flaw_turns_the_comparison_round():
    one, slices = more(than={"channel": "other"}), about(way="desk", other="portal")
    [sound] = one.sound(facts(), slices)
    [wrong] = one.wrong(facts(), slices, "wrong_sign")
    assert sound["more"] != wrong["more"]
    assert one.holds(facts(), slices, sound) and not one.holds(facts(), slices, wrong)


@pytest.mark.parametrize("told", [{}, {"by": BY, "than": {"channel": "other"}}, {"than": {"channel": "way"}}])
def test_two_different_figures_are_compared(told):
    with pytest.raises(ValidationError):
        more(**told)
