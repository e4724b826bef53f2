"""Conclusions: what follows from a right figure by a rule of the handbook."""

from __future__ import annotations

import pytest
from pydantic import ValidationError
from tests.support.toy_cases import CASES, CONCLUSION, EUR, about, facts, holds_and_fails, template

from mondaylab.errors import Refused


def test_a_conclusion_does_not_follow_from_a_right_figure():
    made = template(kind="conclusion", **CONCLUSION)
    for case, value, kept in (("r3", 50.0, True), ("r5", 60.0, False), ("r1", 100.0, False)):
        right, wrong = holds_and_fails(made, about(case=case), "unsupported_conclusion")
        assert right == [{"value": value, "kept": kept}]
        assert wrong == [{"value": value, "kept": not kept}], "the figure is right"
        assert made.direction(right[0]) is kept
    assert not made.holds(facts(), about(case="r3"), {"value": 51.0, "kept": True}), "nor may the figure be wrong"
    assert made.words({"value": 50.0, "kept": False}) == {
        "value": "€50.00",
        "conclusion": "the lead decides",
        "section": "1.4",
    }
    assert made.why(facts(), about(case="r3"), {"value": 50.0, "kept": False}, "x") == (
        "The data gives €50.00, and the limit is €60.00 (section 1.4), so that the desk decides: x."
    )
    figure = template(kind="figure", measure="amount", by={"_key": "case"}, display=EUR)
    assert made.fact(facts(), about(case="r3"), {}) == figure.fact(facts(), about(case="r3"), {}), "it tells the figure"


def test_a_conclusion_near_its_limit_or_without_a_section_is_not_drawn():
    at = facts(CASES.assign(amount=59.996))  # shows as 60.00 and is less
    assert template(kind="conclusion", **CONCLUSION).sound(at, about(case="r3")) == ()
    below = facts(CASES.assign(amount=-5.0))  # no word for its sign
    assert template(kind="conclusion", **CONCLUSION).sound(below, about(case="r3")) == ()
    with pytest.raises(Refused, match="no longer states the limit 15 EUR"):
        template(kind="conclusion", **{**CONCLUSION, "limit": 15}).sound(facts(), about(case="r3"))
    with pytest.raises(ValidationError, match="section"):
        template(kind="conclusion", **{name: value for name, value in CONCLUSION.items() if name != "section"})
    with pytest.raises(ValidationError, match="the same words"):
        template(kind="conclusion", **{**CONCLUSION, "no": CONCLUSION["yes"]})
