"""Item statistics: strict at the door, and one rule of retirement."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.errors import Refused
from mondaylab.forms.items import ItemStatistic, ItemStatistics

LAB = "finance/weekly_margin_memo"


def statistics(*items: dict[str, object], lab: str = LAB) -> ItemStatistics:
    return ItemStatistics.parse({"labs": [{"lab": lab, "items": list(items)}]}, where="items.json")


def item(n: int = 30, difficulty: float | None = 0.6, discrimination: float | None = 0.3, **more: object) -> dict:
    return {
        "item": "memo_margin|wrong_period",
        "n": n,
        "difficulty": difficulty,
        "discrimination": discrimination,
    } | more


@pytest.mark.parametrize(
    ("changes", "retired"),
    [
        ({}, False),
        ({"discrimination": 0.049}, True),
        ({"discrimination": 0.05}, False),
        ({"discrimination": -0.4}, True),
        ({"discrimination": None}, False),
        ({"difficulty": 0.019}, True),
        ({"difficulty": 0.02}, False),
        ({"difficulty": 0.98}, False),
        ({"difficulty": 0.981}, True),
        ({"difficulty": 1.0, "discrimination": None}, True),
        ({"n": 29, "discrimination": -1.0, "difficulty": 0.0}, False),
        ({"n": 0, "difficulty": None, "discrimination": None}, False),
    ],
)
def test_the_rule(changes, retired):
    assert statistics(item(**changes)).retired(LAB) == (("memo_margin|wrong_period",) if retired else ())


@given(st.integers(0, 29), st.floats(0, 1), st.floats(-1, 1))
def test_below_thirty_answers_nothing_is_retired(n, difficulty, discrimination):
    assert not ItemStatistic(item="a|sound", n=n, difficulty=difficulty, discrimination=discrimination).is_retired


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (item(item="memo_margin"), "pattern"),
        (item(item="memo margin|wrong_period"), "pattern"),
        (item(item="memo_margin|Wrong"), "pattern"),
        (item(n=-1), "greater than or equal"),
        (item(difficulty=1.2), "less than or equal"),
        (item(difficulty=None), "has answers but no difficulty"),
        (item(discrimination=float("nan")), "finite"),
        (item(retire=True), "Extra inputs"),
    ],
)
def test_a_bad_record_is_refused(bad, says):
    with pytest.raises(Refused, match=says):
        statistics(bad)


def test_an_item_or_a_lab_listed_twice_is_refused():
    with pytest.raises(Refused, match="listed twice: memo_margin"):
        statistics(item(), item(n=40))
    entry = {"lab": LAB, "items": []}
    with pytest.raises(Refused, match="a lab is listed twice"):
        ItemStatistics.parse({"labs": [entry, entry]}, where="items.json")


def test_another_labs_items_retire_nothing_here_and_leave_its_build_alone():
    told = statistics(item(discrimination=0.0), lab="people/screening_summary")
    assert told.retired(LAB) == () and told.plan(LAB).hash is None
    assert told.plan("people/screening_summary").hash is not None


def test_more_answers_of_a_good_item_make_no_other_build():
    assert statistics(item()).plan(LAB).hash == statistics(item(n=90)).plan(LAB).hash


@pytest.mark.parametrize(
    ("discrimination", "n", "weight"),
    [(0.30, 40, 1.0), (0.20, 40, 1.0), (0.10, 40, 0.5), (0.05, 40, 0.25), (None, 40, 1.0), (0.10, 29, 1.0)],
)
def test_a_marginal_item_is_drawn_less_often_and_a_new_one_as_often_as_any(discrimination, n, weight):
    plan = statistics(item(discrimination=discrimination, n=n)).plan(LAB)
    assert plan.retired == ()
    assert plan.weight("memo_margin", "wrong_period") == weight
    assert (plan.hash is None) == (weight == 1.0)
