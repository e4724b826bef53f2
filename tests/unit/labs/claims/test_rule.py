"""Rules: how much the handbook allows."""

from __future__ import annotations

import pytest
from pydantic import ValidationError
from tests.support.toy_cases import about, facts, holds_and_fails, template


def test_a_rule_counts_what_was_given_before():
    made = template(
        kind="rule",
        section="1.2",
        limit=60,
        unit="EUR",
        within=(10, 60),
        step=10,
        already="before",
        by={"_key": "case"},
    )
    right, wrong = holds_and_fails(made, about(case="r2"), "policy_breach")
    assert [said["amount"] for said in right] == [10.0, 20.0]
    assert [said["amount"] for said in wrong] == [30.0, 40.0, 50.0, 60.0]
    assert holds_and_fails(made, about(case="r1"), "policy_breach")[1] == []
    assert made.why(facts(), about(case="r2"), wrong[0], "x").startswith("€30 on top of €40 breaks the limit of €60")


@pytest.mark.parametrize(
    ("ranges", "says"),
    [
        ({"within": (50, 70), "beyond": (80, 90)}, "is not within the limit 60"),
        ({"within": (10, 60), "beyond": (60, 90)}, "is not beyond the limit 60"),
        ({"within": (60, 10), "beyond": (70, 90)}, "runs from 60 down to 10"),
        ({"within": (10, 60)}, "either 'beyond' or 'already'"),
    ],
)
def test_a_rule_whose_ranges_do_not_fit_its_limit_is_refused(ranges, says):
    with pytest.raises(ValidationError, match=says):
        template(kind="rule", limit=60, unit="EUR", **ranges)
