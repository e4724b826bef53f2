"""A step of an assistant within its limits, or beyond them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.support.toy_cases import APPROVAL, CASES, about, facts, template

from mondaylab.errors import Refused

STEP = template(**APPROVAL)
OPERATORS = ("approval_skipped", "approval_invented")
AMOUNTS = (20.0, 30.0, 40.0, 50.0, 60.0)


def wrong(at, slices) -> list[dict]:
    return [one for operator in OPERATORS for one in STEP.wrong(at, slices, operator)]


def said(one) -> tuple[float, bool]:
    return one["amount"], one["alone"]


def test_what_was_given_before_decides_and_not_the_amount():
    free, spent = about(case="r1"), about(case="r2")  # nothing before, 40 before
    assert {said(one) for one in STEP.sound(facts(), free)} == {(amount, True) for amount in AMOUNTS}
    assert {said(one) for one in STEP.wrong(facts(), spent, "approval_skipped")} == {
        (30.0, True), (40.0, True), (50.0, True), (60.0, True),
    }  # fmt: skip
    assert [said(one) for one in STEP.wrong(facts(), spent, "approval_invented")] == [(20.0, False)]
    assert STEP.words({"amount": 30.0, "alone": False}) == {"amount": "€30", "verdict": "needed the lead first"}
    assert STEP.why(facts(), spent, {"amount": 30.0, "alone": True}, "x") == (
        "€30 on top of €40 passes the limit of €60 (handbook 1.2: Goodwill): x."
    )
    assert STEP.query(facts(), spent, {"amount": 30.0, "alone": True}).endswith("= €40; handbook 1.2: Goodwill")


@given(st.integers(0, 80))
def test_one_of_the_two_verdicts_on_each_amount_is_true_and_the_other_false(before: int):
    at, slices = facts(CASES.assign(before=float(before))), about(case="r1")
    right, flawed = STEP.sound(at, slices), wrong(at, slices)
    assert all(STEP.holds(at, slices, one) for one in right)
    assert not any(STEP.holds(at, slices, one) for one in flawed)
    assert sorted(map(said, [*right, *flawed])) == sorted((one, way) for one in AMOUNTS for way in (False, True))
    turned = [{**one, "alone": not one["alone"]} for one in flawed]  # the inverse of either operator
    assert sorted(map(said, turned)) == sorted(map(said, right)), "each flaw has its clean twin"
    for operator, way in zip(OPERATORS, (True, False), strict=True):
        assert {STEP.direction(one) for one in STEP.wrong(at, slices, operator)} <= {way}


@given(st.integers(0, 80), st.integers(0, 80))
def test_what_one_verdict_is_sound_of_the_other_is_wrong_of(one: int, other: int):
    """Once the coin has chosen the verdict, a sound claim that says it is about what a wrong one with the other is."""
    for before in (one, other):
        at, slices = facts(CASES.assign(before=float(before))), about(case="r1")
        sound, flawed = STEP.sound(at, slices), wrong(at, slices)
        for way in (True, False):
            same = Counter(one["amount"] for one in sound if one["alone"] == way)
            assert same == Counter(one["amount"] for one in flawed if one["alone"] != way)


def test_an_amount_that_tells_one_operator_alone_or_a_moved_limit_is_refused():
    for off in (
        {"amounts": (20, 70)},
        {"amounts": (60, 20)},
        {"step": 50},
        {"operators": OPERATORS[:1]},
        {"asked": "needed nobody"},
    ):
        with pytest.raises(ValidationError):
            template(**APPROVAL | off)
    with pytest.raises(Refused, match="no longer states the limit 65 EUR"):
        template(**APPROVAL | {"limit": 65}).sound(facts(), about(case="r1"))
