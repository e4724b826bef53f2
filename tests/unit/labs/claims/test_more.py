"""That one figure is more than another: held against the data, turned round by the flaw, silent where all is close."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.support.toy_cases import CASES, EUR, about, facts, holds_and_fails, template

SAYS = {"judged_as": "Refunds there were {comparison} than elsewhere."}


def more(**data: object):
    return template(**{"kind": "more", "measure": "amount", "by": {"channel": "way"}, "display": EUR} | SAYS | data)


def test_two_members_and_the_whole():
    beside, whole = more(than={"channel": "other"}), more(than={})
    slices = about(way="desk", other="portal")  # 250 against 115, of 365 in all
    assert holds_and_fails(beside, slices, "wrong_sign") == ([{"more": True}], [{"more": False}])
    assert holds_and_fails(whole, slices, "wrong_sign") == ([{"more": False}], [{"more": True}])
    assert beside.words({"more": True}) == {"direction": "rose", "comparison": "higher"}
    assert beside.why(facts(), slices, {"more": True}, None) == "True: the data gives €250.00 against €115.00."
    assert beside.why(facts(), slices, {"more": False}, "no") == "The data gives €250.00 against €115.00: no."
    assert beside.fact(facts(), slices, {"more": True}) != whole.fact(facts(), slices, {"more": True})
    assert beside.slot_names() == ("way", "other") and beside.numbers(facts(), slices, {"more": True}) is None


def test_a_week_and_the_one_before_it():
    rose = more(by={"channel": "way", "period": "week"}, judged_as="Refunds {direction}.")
    weeks = [date(2026, 10, 6), date(2026, 10, 13), date(2026, 10, 14)]
    cases = CASES.iloc[:3].assign(asked=pd.to_datetime(weeks), amount=[90.0, 50.0, 60.0])
    assert holds_and_fails(rose, about(way="desk"), "wrong_sign", facts(cases))[0] == [{"more": True}]
    assert holds_and_fails(rose, about(way="desk"), "wrong_sign", facts(cases.iloc[:2]))[0] == [{"more": False}]
    assert holds_and_fails(rose, about(way="portal"), "wrong_sign", facts(cases))[0] == []


def test_of_another_slice_s_week_no_value_is_drawn():
    by, than = {"channel": "way", "period": "week"}, {"channel": "other", "period": "week"}
    assert more(by=by, than=than).slot_names() == ("way", "week", "other")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({}, "without 'than' the week before is meant"),
        ({"than": {"channel": "way"}}, "the same figure"),
        ({"than": {"channel": "other", "period": "week"}}, "a period both, or neither"),
        ({"than": {}, "judged_as": "Refunds were high."}, "neither {direction} nor {comparison}"),
    ],
)
def test_what_compares_nothing_is_refused(data, says):
    with pytest.raises(ValidationError, match=says):
        more(**data)


@given(st.integers(0, 4000), st.integers(0, 4000))
def test_what_is_close_is_worth_no_sentence_and_all_else_has_one_truth(desk, portal):
    cases = CASES.iloc[[0, 4]].assign(amount=[desk / 100, portal / 100])
    made, slices = more(than={"channel": "other"}), about(way="desk", other="portal")
    right, wrong = holds_and_fails(made, slices, "wrong_sign", facts(pd.DataFrame(cases)))
    if abs(desk - portal) < 2:
        assert (right, wrong) == ([], [])
    else:
        assert right == [{"more": desk > portal}] and wrong == [{"more": desk < portal}]
