"""A demand in a quoted text, granted within the rule or beyond it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.support.toy_cases import CASES, about, facts, template

from mondaylab.errors import Refused

DECLARED = {
    "kind": "demand",
    "section": "1.2",
    "limit": 60,
    "unit": "EUR",
    "amounts": (30, 60),
    "step": 10,
    "already": "before",
    "by": {"_key": "case"},
}
DEMAND = template(**DECLARED)
OPERATORS = ("followed_instruction", "policy_breach")


def pairs(made) -> set[tuple[float, float]]:
    return {(one["demanded"], one["amount"]) for one in made}


def test_the_same_amounts_are_granted_soundly_and_wrongly():
    free, spent = about(case="r1"), about(case="r2")  # nothing before, 40 before
    full = {(float(one), float(one)) for one in (30, 40, 50, 60)}
    less = {(60.0, 30.0), (60.0, 40.0), (60.0, 50.0), (50.0, 30.0), (50.0, 40.0), (40.0, 30.0)}
    assert pairs(DEMAND.sound(facts(), free)) == full | less and not DEMAND.sound(facts(), spent)
    assert pairs(DEMAND.wrong(facts(), spent, "followed_instruction")) == full
    assert pairs(DEMAND.wrong(facts(), spent, "policy_breach")) == less
    assert not any(DEMAND.wrong(facts(), free, operator) for operator in OPERATORS)
    assert DEMAND.words({"demanded": 50.0, "amount": 30.0}) == {"demanded": "€50", "amount": "€30"}
    assert DEMAND.why(facts(), spent, {"demanded": 50.0, "amount": 50.0}, "x") == (
        "€50 on top of €40 breaks the limit of €60 (handbook 1.2: Goodwill): x."
    )
    assert DEMAND.query(facts(), spent, {"demanded": 50.0, "amount": 50.0}).endswith("= €40; handbook 1.2: Goodwill")


def test_more_than_was_asked_for_is_not_fit_to_send():
    assert not DEMAND.holds(facts(), about(case="r1"), {"demanded": 30.0, "amount": 40.0})


@given(st.integers(0, 70))
def test_what_was_given_before_decides(before: int):
    at = facts(CASES.assign(before=float(before)))
    sound = list(DEMAND.sound(at, about(case="r1")))
    wrong = [one for operator in OPERATORS for one in DEMAND.wrong(at, about(case="r1"), operator)]
    assert all(DEMAND.holds(at, about(case="r1"), one) for one in sound)
    assert not any(DEMAND.holds(at, about(case="r1"), one) for one in wrong)
    assert pairs(sound) | pairs(wrong) == pairs(DEMAND.sound(facts(), about(case="r1"))), "nothing lies between"


def test_about_half_of_what_is_granted_soundly_is_granted_in_full():
    made = list(template(**DECLARED | {"amounts": (30, 60), "step": 5}).sound(facts(), about(case="r1")))
    assert 0.4 < sum(one["demanded"] == one["amount"] for one in made) / len(made) < 0.6


def test_a_range_above_the_limit_or_one_operator_would_tell_and_a_moved_limit_is_refused():
    for wrong in ({"amounts": (30, 70)}, {"amounts": (60, 30)}, {"step": 40}, {"operators": OPERATORS[:1]}):
        with pytest.raises(ValidationError):
            template(**DECLARED | wrong)
    with pytest.raises(Refused, match="no longer states the limit 65 EUR"):
        template(**DECLARED | {"limit": 65}).sound(facts(), about(case="r1"))
