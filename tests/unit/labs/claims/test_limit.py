"""Limits: today's, and what held before."""

from __future__ import annotations

import pytest
from pydantic import ValidationError
from tests.support.toy_cases import LIMITS, about, facts, holds_and_fails, template

from mondaylab.errors import Refused


def test_a_limit_is_todays_and_not_the_one_before():
    made = template(kind="limit", limits=LIMITS)
    right, wrong = holds_and_fails(made, about(), "superseded_rule")
    assert [(one["section"], one["value"]) for one in right] == [("1.3", 15.0), ("1.4", 60.0)]
    assert [(one["section"], one["value"]) for one in wrong] == [("1.3", 60.0), ("1.4", 15.0)]
    assert made.words(wrong[0]) == {"section": "1.3", "rule": "what is paid", "value": "€60"}
    assert made.why(facts(), about(), wrong[0], "x") == ("Section 1.3 says €15 today, and €60 is what held before: x.")
    assert made.numbers(facts(), about(), wrong[0]).truth == 15.0
    assert len({made.fact(facts(), about(), one) for one in (*right, *wrong)}) == 2


def test_a_limit_whose_section_says_otherwise_or_whose_value_tells_is_refused():
    turned = [{**one, "now": one["before"], "before": one["now"]} for one in LIMITS]
    with pytest.raises(Refused, match=r"section 1\.3 no longer states the limit 60 EUR"):
        template(kind="limit", limits=turned).sound(facts(), about())
    same = [{**one, "section": "1.2"} for one in LIMITS]
    with pytest.raises(Refused, match=r"section 1\.2 no longer states the limit 15 EUR"):
        template(kind="limit", limits=same).sound(facts(), about())
    never = [LIMITS[0], {**LIMITS[1], "section": "1.2"}]
    with pytest.raises(Refused, match=r"section 1\.2 does not say that the limit was 15 EUR before"):
        template(kind="limit", limits=never).holds(facts(), about(), {"section": "1.3"})
    with pytest.raises(ValidationError, match="€15 holds for other limits now than it held for before"):
        template(kind="limit", limits=[LIMITS[0], {**LIMITS[1], "before": 30}])
    with pytest.raises(ValidationError, match="called the same"):
        template(kind="limit", limits=[LIMITS[0], {**LIMITS[1], "says": "what is paid"}])
    with pytest.raises(ValidationError, match="the same now and before"):
        template(kind="limit", limits=[{**one, "before": one["now"]} for one in LIMITS])
