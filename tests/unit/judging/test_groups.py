"""Groups of rows against plain pandas, and in the look-up's menus."""

from __future__ import annotations

import pandas as pd
import pytest

from mondaylab.errors import Refused
from mondaylab.judging.groups import GROUPS
from mondaylab.judging.look_up import LookUp, view_html
from mondaylab.judging.selection import Filter, Query, select

RETURNS = pd.DataFrame(
    {
        "id": [f"R{n}" for n in range(8)],
        "week": [44, 45, 44, 45, 45, 44, 45, 45],
        "region": ["North", "North", "South", "South", "South", "South", None, "South"],
        "decision": ["refund", "refused", "refund", "refused", "refused", "open", "refund", "refund"],
        "customer": ["a", "a", "b", "b", "c", "c", "d", "d"],
        "asked": [10.0, 20.0, 30.0, 40.0, 50.0, None, 70.0, 80.0],
    }
)
TABLES = {"returns": RETURNS}


def groups(**query) -> pd.DataFrame:
    found = select(TABLES, Query(table="returns", **query)).groups
    assert found is not None
    return found


def test_the_largest_group_is_first_with_its_share():
    found = groups(group="region")
    assert found["region"].tolist() == ["South", "North", "(empty)"]
    assert found["rows"].tolist() == [5, 2, 1]
    assert found["% of rows"].tolist() == [62.5, 25.0, 12.5]


def test_two_weeks_stand_one_below_the_other_in_time():
    found = groups(group="week", summarise="asked", distinct="customer")
    assert found["week"].tolist() == ["44", "45"]
    assert found["sum of asked"].tolist() == [40.0, 260.0]
    assert found["mean of asked"].tolist() == [20.0, 52.0]
    assert found["different customer"].tolist() == [3, 4]


def test_groups_are_ranked_by_the_sum_asked_for():
    south = Filter(column="region", value="South")
    found = groups(filters=(south,), group="decision", summarise="asked")
    assert found["decision"].tolist() == ["refund", "refused", "open"]
    assert found["sum of asked"].tolist()[:2] == [110.0, 90.0]
    assert found["sum of asked"].isna().tolist() == [False, False, True]


def test_side_by_side_gives_each_share_of_its_group():
    found = groups(group="region", across="decision").set_index("region")
    assert found.loc["South", "refused"] == "2 (40.0%)"
    assert found.loc["North", "open"] == "0 (0.0%)"
    assert found.loc["(empty)", "rows"] == 1
    sums = groups(group="region", across="week", summarise="asked").set_index("region")
    assert sums.loc["South", "45"] == 170.0


def test_a_sum_of_cents_has_no_more_than_cents():
    cents = {"t": pd.DataFrame({"k": ["a"] * 3 + ["b"], "x": [0.1, 0.2, 0.3, 1.0]})}
    view = select(cents, Query(table="t", group="k", summarise="x"))
    assert view.groups is not None
    assert view.groups["sum of x"].tolist() == [1.0, 0.6]
    assert '<td class="num">0.6</td>' in view_html(view)


def test_what_has_too_many_groups_says_so():
    many = {"t": pd.DataFrame({"id": range(GROUPS + 1)})}
    with pytest.raises(Refused, match=f"id has {GROUPS + 1} different values"):
        select(many, Query(table="t", group="id"))


def test_different_values_are_counted():
    view = select(TABLES, Query(table="returns", distinct="customer"))
    assert view.distinct == 4
    assert "Different customer: 4." in view_html(view)


def test_the_menus_group_and_clear():
    look_up = LookUp(TABLES)
    assert look_up._across.layout.display == "none"
    look_up._group.value = "region"
    assert look_up._across.layout.display is None
    assert look_up._follow.layout.display == "none"
    look_up._across.value = "decision"
    assert "40.0%" in look_up._result.value
    look_up._clear.click()
    assert look_up.query == Query(table="returns")
    assert look_up._follow.layout.display is None


def test_no_group_of_no_rows():
    nobody = Filter(column="region", value="nowhere")
    look_up = LookUp(TABLES)
    for across in (None, "decision"):
        look_up.show(Query(table="returns", filters=(nobody,), group="region", across=across))
        assert "No row matches" in look_up._result.value
