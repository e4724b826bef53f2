"""Figures: about one record, of last quarter, in a wrong scale, of too few people."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.support.toy_cases import CASES, EUR, about, facts, holds_and_fails, template

from mondaylab.errors import Refused
from mondaylab.labs.claims.operators import figure_operators


def test_a_figure_about_one_record():
    made = template(kind="figure", measure="amount", by={"_key": "case"}, display=EUR, operators=("wrong_filter",))
    right, wrong = holds_and_fails(made, about(case="r2"), "wrong_filter")
    assert right == [{"value": 80.0}]
    assert {said["value"] for said in wrong} == {100.0, 50.0, 20.0, 60.0, 30.0, 10.0, 15.0}, "the neighbours' amounts"
    # one amount among eighty that nobody would believe: size alone would give it away
    many = [CASES.assign(case_id=CASES["case_id"] + str(copy)) for copy in range(10)]
    strange = CASES.iloc[[0]].assign(case_id="r20x", amount=900.0)
    at = facts(pd.concat([*many, strange], ignore_index=True))
    said = {one["value"] for one in made.wrong(at, about(case="r20"), "wrong_filter")}
    assert said == {50.0}
    assert made.numbers(facts(), about(case="r2"), wrong[0]).truth == 80.0


def test_nobody_is_wrongly_called_the_last_where_nobody_is_the_last():
    made = template(
        kind="figure", measure="mean", view="rank", by={"channel": "way"}, display={"unit": "place"}, pick="last"
    )
    three = pd.concat([CASES, CASES.iloc[[0]].assign(case_id="r9", channel="phone", amount=500.0)], ignore_index=True)
    at = facts(three)
    assert made.sound(at, about(way="portal")) or made.sound(at, about(way="desk"))
    assert holds_and_fails(made, about(way="phone"), "wrong_member", at)[1] == [{"value": 3.0}]
    equal = facts(three.assign(amount=10.0))
    for way in ("desk", "portal", "phone"):
        assert holds_and_fails(made, about(way=way), "wrong_member", equal) == ([], []), "all are equal"


def test_a_stale_figure_is_last_quarters():
    previous = CASES.assign(amount=CASES["amount"] - 7)
    made = template(kind="figure", measure="mean", by={"channel": "way"}, display=EUR, operators=("stale",))
    right, wrong = holds_and_fails(made, about(way="desk"), "stale", facts(previous=previous))
    assert (right, wrong) == ([{"value": 62.5}], [{"value": 55.5}])
    assert made.wrong(facts(), about(way="desk"), "stale") == []


def test_a_wrong_scale_and_an_inverted_condition():
    scale = template(kind="figure", measure="amount", by={"_key": "case"}, display=EUR, operators=("wrong_scale",))
    assert [said["value"] for said in holds_and_fails(scale, about(case="r3"), "wrong_scale")[1]] == [500.0, 5.0]
    share = template(
        kind="figure", measure="rate", by={"channel": "way"}, display={"unit": "%", "scale": 100, "decimals": 1}
    )
    # of 4 portal cases 2 were approved; of 4 approved cases 2 came through the portal: no flaw there
    right, wrong = holds_and_fails(share, about(way="portal"), "inverted_condition")
    assert (right, wrong) == ([{"value": 50.0}], [])
    # of 2 part-timers 1 was approved (50 %); of 4 approved cases 1 is a part-timer's (25 %)
    at = facts()
    figure = share.model_copy(update={"by": {"part_time": "h"}}).figure(at, about(h="1"))
    inverted = next(figure_operators()["inverted_condition"](figure, at.data))
    assert (at.data.value(figure.measure()), at.data.value(inverted)) == (0.5, 0.25)


def test_a_figure_about_too_few_people_is_not_given_right_or_wrong():
    group = {"people": "people", "section": "2.1", "least": 3}
    by = {"channel": "way", "reason": "why"}
    made = template(kind="figure", measure="mean", by=by, display=EUR, group=group, operators=("wrong_filter",))
    right, wrong = holds_and_fails(made, about(way="desk", why="damage"), "wrong_filter")
    assert right and wrong, "three customers"
    assert holds_and_fails(made, about(way="portal", why="damage"), "wrong_filter") == ([], []), "one customer"
    assert set(made.measure_names()) == {"mean", "people"}
    stale = made.model_copy(update={"group": made.group.model_copy(update={"least": 4})})
    with pytest.raises(Refused, match="no longer states"):
        stale.sound(facts(), about(way="desk", why="damage"))


def test_nothing_is_a_number_that_wrong_figures_state_as_often_as_sound_ones():
    """Were nought only ever true, a sentence that says it would be believed unseen."""
    some = CASES.assign(case_id=CASES["case_id"] + "x", before=40.0)
    at = facts(pd.concat([CASES.assign(before=0.0), some], ignore_index=True))
    made = template(kind="figure", measure="before", by={"_key": "case"}, display=EUR, operators=("wrong_filter",))
    said = [one["value"] for one in made.wrong(at, about(case="r2x"), "wrong_filter")]
    assert said and set(said) == {0.0}
    assert len(said) > 1, "what many records have is as common among wrong values"
    assert {one["value"] for one in made.wrong(at, about(case="r2"), "wrong_filter")} == {40.0}


def test_a_figure_of_the_week_before():
    plain = {"kind": "figure", "measure": "amount", "by": {"period": "week"}, "display": EUR}
    now, before = template(**plain), template(**plain, a_week_before=True)
    data, slices = facts(), about()
    at = lambda made: made.figure(data, slices).week  # noqa: E731
    assert (at(now) - at(before)).days == 7
    assert now.fact(data, slices, {"value": 1.0}) != before.fact(data, slices, {"value": 1.0})
    for wrong in ({"by": {"channel": "way"}}, {"view": "growth"}):
        with pytest.raises(ValueError, match="'a_week_before' is a plain figure of a week"):
            template(**plain | wrong, a_week_before=True)
