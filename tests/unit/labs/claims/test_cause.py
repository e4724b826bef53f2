"""A claim about a cause, on weeks small enough to be reckoned by hand."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from pydantic import ValidationError
from tests.support.toy_cases import bound

from mondaylab.concepts.handbook import Handbook
from mondaylab.errors import Refused
from mondaylab.labs.claims.cause import CauseTemplate
from mondaylab.labs.claims.company_data import CompanyData
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts
from mondaylab.labs.sources.declaration import MEASURE
from mondaylab.measures.catalog import Catalog

BEFORE, NOW = date(2026, 10, 5), date(2026, 10, 12)
RULE = "## 1.5 Causes\n\nA cause makes at least 50 % of the change. At least 4 rows stand behind either week.\n"
BINDINGS = bound(("shop", "refused", "amount"), date="day")
CASES = {"kind": "aggregate", "how": "count", "entity": "case"}
REFUSED = {**CASES, "where": {"refused": ["1"]}}
SHARE = {"kind": "ratio", "top": REFUSED, "bottom": CASES}
MEASURES = {
    "cases": CASES,
    "refused": REFUSED,
    "share": SHARE,
    "refusals": {"kind": "product", "left": CASES, "right": SHARE},
    "amount": {"kind": "aggregate", "how": "mean", "entity": "case", "field": "amount"},
}
DECLARED = {
    "id": "x",
    "draft": "d",
    "judged_as": "a",
    "outcome": "refusals",
    "says": "refusals",
    "display": {"unit": "cases", "decimals": 1},
    "least_change": 0.5,
    "rows": "cases",
    "least": 4,
    "section": "1.5",
    "by": {"shop": "shop", "period": "week"},
    "factors": {
        "cases": {"says": "more or fewer cases", "display": {"unit": "cases"}},
        "share": {"says": "the share refused", "display": {"unit": "%", "scale": 100, "decimals": 1}},
    },
    "bystanders": {"amount": {"says": "the mean amount", "display": {"unit": "EUR"}}},
    "operators": ("cause_other_way", "cause_too_small", "moved_together"),
}
CAUSE = CauseTemplate.model_validate(DECLARED)
ABOUT = Slices({"shop": "North"}, NOW)


def facts(before: tuple[int, int], now: tuple[int, int], amounts: tuple[float, float] = (10.0, 10.0)) -> LabFacts:
    """A shop with so many cases, and so many of them refused, in the week before and in this one."""
    rows = [
        {
            "case_id": f"{day}-{n}",
            "day": pd.Timestamp(day),
            "shop": "North",
            "refused": int(n < refused),
            "amount": each,
        }
        for day, (cases, refused), each in zip((BEFORE, NOW), (before, now), amounts, strict=True)
        for n in range(cases)
    ]
    data = CompanyData(Catalog(BINDINGS, {"cases": pd.DataFrame(rows)}), [BEFORE, NOW], Handbook(RULE))
    return LabFacts({name: MEASURE.validate_python(one) for name, one in MEASURES.items()}, data)


def stated(at: LabFacts, made: CauseTemplate = CAUSE) -> dict[str | None, list[str]]:
    """What is named, soundly and by each flaw; all of it held against the predicate."""
    told: dict[str | None, list[str]] = {}
    for operator in (None, *made.operators):
        said = made.sound(at, ABOUT) if operator is None else made.wrong(at, ABOUT, operator)
        assert all(made.holds(at, ABOUT, one) == (operator is None) for one in said)
        told[operator] = [str(one["driver"]) for one in said]
    return told


def test_twice_as_many_cases_at_the_same_share_make_all_of_it():
    at = facts((10, 4), (20, 8), amounts=(10.0, 12.0))
    assert stated(at) == {
        None: ["cases"],
        "cause_other_way": [],
        "cause_too_small": ["share"],
        "moved_together": ["amount"],
    }
    (said,) = CAUSE.sound(at, ABOUT)
    assert said == {"rose": True, "driver": "cases"}
    assert CAUSE.why(at, ABOUT, said, None) == (
        "Refusals rose by 4 cases; more or fewer cases rose from 10 to 20 cases, which alone makes a rise of 4 cases, "
        "100 % of it."
    )
    assert CAUSE.words(said) == {
        "outcome": "refusals",
        "outcome_direction": "rose",
        "change": "rise",
        "driver": "more or fewer cases",
        "share": "at least half",
    }


def test_what_pushed_the_other_way_is_no_cause_and_feedback_says_by_how_much():
    at = facts((10, 8), (20, 6))  # refusals fell although cases doubled
    assert stated(at)[None] == ["share"] and stated(at)["cause_other_way"] == ["cases"]
    said = {"rose": False, "driver": "cases"}
    why = CAUSE.why(at, ABOUT, said, "it pushed the other way")
    assert why.endswith("which alone makes a rise of 5.5 cases: it pushed the other way.")
    share = CAUSE.why(at, ABOUT, {"rose": False, "driver": "share"}, None)
    assert "fell from 80.0 to 30.0 %, which alone makes a fall of 7.5 cases, more than all of it." in share


def test_a_part_that_makes_a_tenth_is_no_cause():
    at = facts((20, 4), (21, 12))
    assert stated(at)[None] == ["share"] and stated(at)["cause_too_small"] == ["cases"]
    assert "5 % of it: small." in CAUSE.why(at, ABOUT, {"rose": True, "driver": "cases"}, "small")


def test_what_merely_moved_is_no_part_of_it_and_has_to_have_moved():
    still, moved = facts((10, 4), (20, 8), (100.0, 108.0)), facts((10, 4), (20, 8), (100.0, 85.0))
    assert stated(still)["moved_together"] == [] and stated(moved)["moved_together"] == ["amount"]
    why = CAUSE.why(moved, ABOUT, {"rose": True, "driver": "amount"}, "it merely moved")
    assert why.endswith("the mean amount fell from €100 to €85, which does not enter into refusals: it merely moved.")


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ((10, 4), (10, 4)),  # nothing changed
        ((3, 1), (20, 8)),  # too few cases then
        ((20, 8), (3, 1)),  # too few cases now
    ],
)
def test_where_nothing_changed_or_few_rows_stand_behind_it_no_cause_is_named(before, now):
    assert set(map(tuple, stated(facts(before, now)).values())) == {()}
    assert not CAUSE.holds(facts(before, now), ABOUT, {"rose": True, "driver": "cases"})


def test_a_part_that_is_the_larger_in_one_order_only_is_neither():
    """+100 % cases and +100 % share: each makes a third if it comes first, two thirds if it comes last."""
    told = stated(facts((10, 2), (20, 8)))
    assert told == {None: [], "cause_other_way": [], "cause_too_small": [], "moved_together": []}


def test_the_other_direction_of_the_change_or_another_part_does_not_hold():
    at = facts((10, 4), (20, 8))
    assert CAUSE.holds(at, ABOUT, {"rose": True, "driver": "cases"})
    for wrong in (
        {"rose": False, "driver": "cases"},
        {"rose": True, "driver": "share"},
        {"rose": True, "driver": "amount"},
    ):
        assert not CAUSE.holds(at, ABOUT, wrong)


def test_who_knows_one_part_knows_the_other():
    at = facts((10, 4), (20, 8))
    said = [{"rose": True, "driver": name} for name in ("cases", "share", "amount")]
    assert len({CAUSE.fact(at, ABOUT, one) for one in said}) == 1
    assert len({CAUSE.query(at, ABOUT, one) for one in said}) == 3
    assert CAUSE.query(at, ABOUT, said[0]).endswith("shop = North: 4 cases of 4 cases; handbook 1.5")
    assert [CAUSE.direction(one) for one in said] == [True, False, None]


def test_the_share_and_the_rows_are_the_handbooks():
    at = facts((10, 4), (20, 8))
    for changed, limit in (({"main": 60}, "60 %"), ({"least": 5}, "5 rows")):
        made = CauseTemplate.model_validate({**DECLARED, **changed})
        with pytest.raises(Refused, match=f"section 1.5 no longer states the limit {limit}"):
            made.sound(at, ABOUT)


def test_a_factor_is_a_part_and_a_bystander_none():
    measures = facts((10, 4), (20, 8)).measures
    assert list(CAUSE.measure_problems(measures)) == []
    reason = DECLARED["factors"]["cases"]
    made = CauseTemplate.model_validate({**DECLARED, "factors": {"amount": reason}, "bystanders": {"refused": reason}})
    assert list(made.measure_problems(measures)) == [
        "factor 'amount' is no part of 'refusals', or stands inside another factor",
        "bystander 'refused' is a part of 'refusals', so that it may be the cause",
    ]
    for wrong in ({"bystanders": {}}, {"bystanders": {"cases": reason}}, {"factors": {}}):
        with pytest.raises(ValidationError):
            CauseTemplate.model_validate({**DECLARED, **wrong})
