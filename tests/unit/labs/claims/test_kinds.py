"""Every kind of claim on data small enough to be judged by hand."""

from __future__ import annotations

import random
from datetime import date

import pandas as pd
import pytest
from pydantic import TypeAdapter, ValidationError

from mondaylab.concepts.bindings import Bindings
from mondaylab.concepts.handbook import Handbook
from mondaylab.errors import Refused
from mondaylab.labs.claims.company_data import CompanyData
from mondaylab.labs.claims.operators import figure_operators
from mondaylab.labs.claims.registry import ClaimTemplate, claim_kinds, flaw_operators
from mondaylab.labs.claims.slots import Slices, Slot, draw_slot
from mondaylab.labs.claims.template import LabFacts
from mondaylab.labs.sources.declaration import MEASURE
from mondaylab.measures import Catalog
from mondaylab.quarter import Quarter

HANDBOOK = """# Rules
## 1.1 Returns

Goods may come back within 30 days of delivery. Nobody pays the freight twice.
Later cases are decided by the team lead **only**.

## 1.2 Goodwill

A voucher of at most EUR 60 may be given to one customer.

## 1.3 Freight

The customer pays the way back of goods, unless they came damaged. A parcel is never sent by mail. A label is not sent
if the carrier collects it. The desk pays up to EUR 15 today; until then it was EUR 60.
Goods are checked when they arrive.

## 1.4 Vouchers of old

The desk gives up to EUR 60 a case. This holds since May; until then it was EUR 15. At least 50 % are approved.

## 2.1 Small groups

No figure about fewer than 3 people is reported.

## 2.2 Causes

A cause makes at least 50 % of a change, and at least 1 row stands behind either week.
"""
# cases: id, customer, channel, reason, days since delivery, amount, vouchers before, approved, score, part time
ROWS = [
    ("r1", "ann", "desk", "damage", 10, 100.0, 0.0, 1, 90, 0),
    ("r2", "bob", "desk", "damage", 31, 80.0, 40.0, 1, 85, 1),
    ("r3", "cid", "desk", "damage", 5, 50.0, 0.0, 0, 70, 0),
    ("r4", "dan", "desk", "mind", 8, 20.0, 0.0, 0, 60, 0),
    ("r5", "ann", "portal", "damage", 3, 60.0, 0.0, 1, 50, 0),
    ("r6", "eve", "portal", "mind", 40, 30.0, 0.0, 0, 40, 1),
    ("r7", "fay", "portal", "mind", 30, 10.0, 0.0, 1, 30, 0),
    ("r8", "gus", "portal", "mind", 12, 15.0, 0.0, 0, 20, 0),
]
CASES = pd.DataFrame(
    ROWS,
    columns=["case_id", "customer", "channel", "reason", "days", "amount", "before", "approved", "score", "part_time"],
).assign(
    delivered=pd.to_datetime("2026-10-05"),
    asked=lambda frame: frame["delivered"] + pd.to_timedelta(frame["days"], unit="D"),
)
FIELDS = [
    "customer",
    "channel",
    "reason",
    "days",
    "amount",
    "before",
    "approved",
    "score",
    "part_time",
    "delivered",
    "asked",
]
BINDINGS = Bindings.parse(
    {
        "company": "toy",
        "currency": "EUR",
        "entities": {
            "case": {
                "table": "cases",
                "key": "case_id",
                "date": "cases.asked",
                "fields": {name: {"column": f"cases.{name}"} for name in FIELDS},
            }
        },
    },
    where="test",
)
MEASURES = {
    "amount": {"kind": "aggregate", "how": "sum", "entity": "case", "field": "amount"},
    "mean": {"kind": "aggregate", "how": "mean", "entity": "case", "field": "amount"},
    "days": {"kind": "aggregate", "how": "max", "entity": "case", "field": "days"},
    "before": {"kind": "aggregate", "how": "max", "entity": "case", "field": "before"},
    "count": {"kind": "aggregate", "how": "count", "entity": "case"},
    "people": {"kind": "aggregate", "how": "distinct", "entity": "case", "field": "customer"},
    "largest": {
        "kind": "top_share",
        "of": {"kind": "aggregate", "how": "sum", "entity": "case", "field": "amount"},
        "entity": "case",
        "by": "customer",
        "n": 1,
    },
    "yes": {"kind": "aggregate", "how": "count", "entity": "case", "where": {"approved": ["1"]}},
}
MEASURES["rate"] = {"kind": "ratio", "top": MEASURES["yes"], "bottom": MEASURES["count"]}
MEASURES["approvals"] = {"kind": "product", "left": MEASURES["count"], "right": MEASURES["rate"]}
WEEK = date(2026, 10, 12)


def facts(cases: pd.DataFrame = CASES, previous: pd.DataFrame | None = None) -> LabFacts:
    before = None if previous is None else Catalog(BINDINGS, {"cases": previous})
    data = CompanyData(
        Catalog(BINDINGS, {"cases": cases}),
        Quarter.parse("2026Q4").full_weeks(),
        Handbook(HANDBOOK),
        before,
        tuple(Quarter.parse("2026Q3").full_weeks()),
    )
    return LabFacts({name: MEASURE.validate_python(data) for name, data in MEASURES.items()}, data)


def template(**data: object) -> ClaimTemplate:
    return TypeAdapter(ClaimTemplate).validate_python({"id": "x", "draft": "d", "judged_as": "a"} | data)


def about(**slots: str) -> Slices:
    return Slices(slots, WEEK)


EUR = {"unit": "EUR", "decimals": 2}


def holds_and_fails(
    made: ClaimTemplate, slices: Slices, operator: str, at: LabFacts | None = None
) -> tuple[list, list]:
    """Sound and wrong statements; every one is held against the predicate."""
    at = at or facts()
    right, wrong = list(made.sound(at, slices)), list(made.wrong(at, slices, operator))
    assert all(made.holds(at, slices, said) for said in right)
    assert not any(made.holds(at, slices, said) for said in wrong)
    return right, wrong


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


def test_a_verdict_goes_by_the_limit_itself():
    made = template(
        kind="verdict", measure="days", by={"_key": "case"}, keeps="at_most", limit=30, section="1.1",
        display={"unit": "days"}, yes="is within", no="is past",
    )  # fmt: skip
    for case, kept in (("r1", True), ("r7", True), ("r2", False), ("r6", False)):
        right, wrong = holds_and_fails(made, about(case=case), "policy_misread")
        assert (right, wrong) == ([{"kept": kept}], [{"kept": not kept}])
    assert made.words({"kept": False}) == {"verdict": "is past", "limit": "30 days"}
    assert made.direction({"kept": True}) is True
    moved = made.model_copy(update={"limit": 28.0})
    with pytest.raises(Refused, match=r"section 1\.1 no longer states the limit 28 days"):
        moved.sound(facts(), about(case="r1"))


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


def test_a_quotation_is_word_for_word():
    made = template(kind="quote", sections=("1.1", "1.2"))
    right, wrong = holds_and_fails(made, about(), "misquoted_source")
    quotes = {said["quote"] for said in right}
    assert "Goods may come back within 30 days of delivery." in quotes
    assert "Later cases are decided by the team lead only." in quotes, "without its Markdown"
    assert "Nobody pays the freight twice." not in quotes, "it has nothing that could be misquoted"
    said = {one["quote"] for one in wrong}
    assert {
        "Goods may come back within 60 days of delivery.",
        "Goods must come back within 30 days of delivery.",
    } <= said
    first = next(one for one in wrong if "60 days" in one["quote"])
    assert (
        made.why(facts(), about(), first, "x") == "Section 1.1 says: “Goods may come back within 30 days of delivery.”"
    )


def test_a_quotation_ends_where_the_condition_begins_or_runs_on_with_that_of_another_rule():
    made = template(kind="quote", sections=("1.1", "1.3"), operators=("half_quoted_rule", "merged_clauses"))
    right, half = holds_and_fails(made, about(), "half_quoted_rule")
    merged = made.wrong(facts(), about(), "merged_clauses")
    assert {one["quote"] for one in half} == {"The customer pays the way back of goods."}, "five words are too few"
    said = {one["quote"] for one in merged}
    assert "A parcel is never sent by mail, unless they came damaged." in said
    assert "Goods may come back within 30 days of delivery if the carrier collects it." in said
    assert not [one for one in merged if made.holds(facts(), about(), one)]
    # one coin decides whether there is a condition: the words of rules and of conditions stand as often in either
    assert {made.direction(one) for one in half} == {False} and {made.direction(one) for one in merged} == {True}
    assert {made.direction(one) for one in right} == {True, False}
    assert "The customer pays the way back of goods, unless they came damaged." in {one["quote"] for one in right}
    why = made.why(facts(), about(), half[0], "x")
    assert why == "Section 1.3 says: “The customer pays the way back of goods, unless they came damaged.”"
    for wrong in (("half_quoted_rule",), ("merged_clauses",), ("half_quoted_rule", "merged_clauses", "lost_negation")):
        with pytest.raises(ValidationError, match=r"go together|claim of its own"):
            template(kind="quote", sections=("1.1",), operators=wrong)
    bare = template(kind="quote", sections=("1.2",), operators=("half_quoted_rule", "merged_clauses"))
    with pytest.raises(Refused, match="not both a sentence with and one without a condition"):
        bare.sound(facts(), about())


def test_a_quotation_loses_its_negation_or_gets_one():
    made = template(kind="quote", sections=("1.3",), operators=("lost_negation",))
    right, wrong = holds_and_fails(made, about(), "lost_negation")
    said = {one["quote"] for one in wrong}
    assert {"A parcel is sent by mail.", "A label is sent if the carrier collects it."} <= said
    assert {"Goods are not checked when they arrive.", "Goods are never checked when they arrive."} <= said
    assert "No desk pays" not in str(said), "the desk is no a or an"
    assert {made.direction(one) for one in right} == {made.direction(one) for one in wrong} == {True, False}
    only = template(kind="quote", sections=("1.2",), operators=("lost_negation",))
    with pytest.raises(Refused, match="not both a sentence with and one without a negation"):
        only.sound(facts(), about())


LIMITS = (
    {"section": "1.3", "says": "what is paid", "now": 15, "before": 60, "unit": "EUR"},
    {"section": "1.4", "says": "what is given", "now": 60, "before": 15, "unit": "EUR"},
)


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


CONCLUSION = {
    "measure": "amount", "by": {"_key": "case"}, "keeps": "less_than", "limit": 60,
    "section": "1.4", "display": EUR, "yes": "the desk decides", "no": "the lead decides",
}  # fmt: skip


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
    with pytest.raises(ValidationError, match="needs 'section'"):
        template(kind="conclusion", **{**CONCLUSION, "section": None})
    with pytest.raises(ValidationError, match="the same words"):
        template(kind="conclusion", **{**CONCLUSION, "no": CONCLUSION["yes"]})


def test_a_citation_names_number_and_title():
    made = template(kind="source", sections=("1.1", "2.1"))
    right, wrong = holds_and_fails(made, about(), "fabricated_source")
    assert {(said["section"], said["title"]) for said in right} == {("1.1", "Returns"), ("2.1", "Small groups")}
    assert all(said["section"] not in facts().data.handbook.sections for said in wrong)


def test_an_attribute_is_mixed_up_or_made_up():
    made = template(kind="attribute", entity="case", record="case", field="delivered", instead=("asked",))
    right, wrong = holds_and_fails(made, about(case="r1"), "mixed_up_record")
    assert (right, wrong) == ([{"value": "5 October 2026"}], [{"value": "15 October 2026"}])
    named = template(kind="attribute", entity="case", record="case", field="customer")
    right, wrong = holds_and_fails(named, about(case="r1"), "fabricated_entity")
    assert right == [{"value": "ann"}]
    assert wrong and not {said["value"] for said in wrong} & set(CASES["customer"]), "halves of real names, nobody's"


def test_an_attribute_in_plain_words_says_another_of_its_values_when_it_is_wrong():
    puts = {"damage": "it came damaged", "mind": "you changed your mind"}
    made = template(kind="attribute", entity="case", record="case", field="reason", says=puts, section="1.1")
    right, wrong = holds_and_fails(made, about(case="r1"), "mixed_up_record")
    assert (right, wrong) == ([{"value": "damage"}], [{"value": "mind"}])
    assert holds_and_fails(made, about(case="r1"), "policy_misread") == (right, wrong)
    assert made.words(wrong[0]) == {"value": "you changed your mind"}
    assert made.why(facts(), about(case="r1"), wrong[0], "x") == (
        "The record says damage (“it came damaged”), not mind (“you changed your mind”): x."
    )
    assert made.query(facts(), about(case="r1"), right[0]) == "case r1: reason = damage; handbook 1.1: Returns"
    few = template(kind="attribute", entity="case", record="case", field="reason", says={"mind": "a", "late": "b"})
    assert few.sound(facts(), about(case="r1")) == () == few.wrong(facts(), about(case="r1"), "mixed_up_record")
    for bad in (
        {"says": {"damage": "x"}},
        {"says": {"damage": "x", "mind": "x"}},
        {"says": puts, "instead": ("days",)},
        {"says": puts, "operators": ("policy_misread",)},  # and no section whose rule could be misread
    ):
        with pytest.raises(ValidationError, match="says"):
            template(kind="attribute", entity="case", record="case", field="reason", **bad)


def test_a_record_slot_draws_as_often_from_each_of_its_tables():
    """One case of damage within a week to seven others; a number may have bounds."""
    where = [{"reason": ["damage"], "days": {"below": 5}}, {"days": {"at_least": 5}}]
    slot, rng = Slot(record="case", where=where, says={"why": "reason"}), random.Random(4)
    drawn = [draw_slot("case", slot, facts().data.catalog, rng)["case"] for _ in range(200)]
    assert 80 < drawn.count("r5") < 120 and len(set(drawn)) == 8
    one = Slot(record="case", where={"days": {"at_least": 31, "below": 32}})
    assert draw_slot("case", one, facts().data.catalog, rng) == {"case": "r2"}
    with pytest.raises(Refused, match="slot 'case' has no row to draw"):
        draw_slot("case", Slot(record="case", where=[{}, {"days": {"below": 0}}]), facts().data.catalog, rng)
    with pytest.raises(ValidationError, match="give 'at_least', 'below' or both"):
        Slot(record="case", where={"days": {}})


def test_a_small_group_may_not_be_reported_and_its_figure_is_true_all_the_same():
    made = template(
        kind="disclosure", measure="mean", people="people", by={"channel": "way", "reason": "why"}, section="2.1",
        least=3, display=EUR,
    )  # fmt: skip
    large, small = about(way="desk", why="damage"), about(way="portal", why="damage")
    assert holds_and_fails(made, large, "small_cell") == ([{"value": pytest.approx(76.67)}], [])
    # one customer is behind it: sound() finds nothing to say, and what wrong() says is the true mean
    assert made.sound(facts(), small) == ()
    assert list(made.wrong(facts(), small, "small_cell")) == [{"value": 60.0}]
    assert not made.holds(facts(), small, {"value": 60.0})


def test_a_large_group_may_not_be_reported_when_one_of_it_makes_more_than_half():
    made = template(
        kind="disclosure", measure="mean", people="people", largest="largest", by={"reason": "why"}, section="2.1",
        least=3, display=EUR,
    )  # fmt: skip
    damage = about(why="damage")  # ann makes 160 of 290, three customers
    assert holds_and_fails(made, damage, "small_cell") == ([], [{"value": 72.5}])
    assert "more than half" in made.why(facts(), damage, {"value": 72.5}, "x")
    mind = about(why="mind")  # eve makes 30 of 75, four customers
    assert holds_and_fails(made, mind, "small_cell") == ([{"value": 18.75}], [])
    small = made.model_copy(update={"least": 3, "largest": None})
    assert holds_and_fails(small, damage, "small_cell") == ([{"value": 72.5}], [])


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


def test_the_mix_turns_a_comparison_round():
    # desk 2 of 3 damage and 0 of 1 mind; portal 1 of 1 damage and 1 of 3 mind: portal leads within both reasons
    skewed = pd.concat([CASES, *[CASES[CASES["case_id"].isin(["r6", "r8"])]] * 4], ignore_index=True)
    made = template(
        kind="comparison", measure="rate", cases="count", group="case.channel", first="one", second="two",
        stratum="reason", names={"desk": "the desk"},
    )  # fmt: skip
    right, wrong = holds_and_fails(made, about(one="desk", two="portal"), "mix_effect", facts(skewed))
    assert right == [{"better": "portal", "worse": "the desk"}]
    assert wrong == [{"better": "the desk", "worse": "portal"}]
    # at equal pooled rates there is nothing that the mix could turn round
    assert holds_and_fails(made, about(one="desk", two="portal"), "mix_effect")[1] == []
    assert made.sound(facts(), about(one="desk", two="desk")) == ()


def test_a_shortlist_is_unfair_when_somebody_was_passed_over():
    made = template(
        kind="shortlist", entity="case", score="score", n=2, by={"channel": "way"},
        passed_over={"part_time": ("1",)}, because="it passed over part-timers",
    )  # fmt: skip
    right, wrong = holds_and_fails(made, about(way="desk"), "unfair_exclusion")
    assert (right, wrong) == ([{"names": "r1 and r2"}], [{"names": "r1 and r3"}])
    assert made.why(facts(), about(way="desk"), wrong[0], "x").endswith("it passed over part-timers.")
    tie = facts(CASES.assign(score=[90, 70, 70, 60, 50, 40, 30, 20]))
    assert made.sound(tie, about(way="desk")) == () and made.wrong(tie, about(way="desk"), "unfair_exclusion") == ()


def test_a_forecast_is_judged_by_the_quarters_weeks():
    weeks = Quarter.parse("2026Q4").full_weeks()
    # from week to week: by 20 % (fair at 40, fair at 30), but for one leap
    values = [100, 120, 100, 120, 100, 120, 100, 120, 100, 120, 240, 200]
    calm = pd.DataFrame({"amount": values[: len(weeks)], "asked": pd.to_datetime(weeks[: len(values)])})
    wild = calm.assign(amount=[100, 180] * 6)
    made = template(kind="forecast", measure="amount", by={"period": "week"}, display=EUR)
    rest = {name: "x" for name in FIELDS if name not in ("amount", "asked")} | {"case_id": range(len(calm))}
    right, wrong = holds_and_fails(made, about(), "overconfident_forecast", facts(calm.assign(**rest)))
    assert ([said["half_width"] for said in right], wrong) == ([0.3, 0.4], [])
    right, wrong = holds_and_fails(made, about(), "overconfident_forecast", facts(wild.assign(**rest)))
    # 180 after 100 is a rise of 80 %, 100 after 180 a fall of 44 %: neither range ever held
    assert (right, [said["half_width"] for said in wrong]) == ([], [0.3, 0.4])
    assert {"low", "high"} == set(made.words(wrong[0]))
    # a week in which nothing was sold: from 100 to 240 over the gap is no move of one week
    gap = calm.assign(amount=[100, 120, 100, 120, 100, 0, 240, 200, 240, 200, 240, 200], **rest)
    said = {"low": 70.0, "high": 130.0, "half_width": 0.3}
    assert made.why(facts(gap), about(), said, None).startswith(
        "Fair: a range this wide would have held in 100% of the 9 "
    )


FIRST = template(kind="figure", measure="mean", by={"channel": "way"}, display=EUR, operators=("wrong_filter",))
ONE_EACH = {
    "figure": ({"measure": "mean", "by": {"channel": "way"}, "display": EUR}, "wrong_filter"),
    "cause": (
        {"outcome": "approvals", "says": "approvals", "display": {"unit": "cases"}, "least_change": 0.5,
         "rows": "count", "least": 1, "section": "2.2", "by": {"channel": "other", "period": "week"},
         "factors": {"count": {"says": "cases", "display": {"unit": "cases"}},
                     "rate": {"says": "the share", "display": {"unit": "%", "scale": 100}}}},
        "cause_other_way",
    ),
    "rule": ({"limit": 60, "unit": "EUR", "within": (50, 60), "beyond": (61, 70)}, "policy_breach"),
    "source": ({"sections": ("1.1",)}, "fabricated_source"),
    "quote": ({"sections": ("1.1",)}, "misquoted_source"),
    "forecast": ({"measure": "count", "display": {"unit": "cases"}, "least_weeks": 4}, "overconfident_forecast"),
    "disclosure": (
        {"measure": "mean", "people": "people", "section": "2.1", "least": 3, "display": EUR, "by": {"channel": "way"}},
        "small_cell",
    ),
    "verdict": (
        {"measure": "mean", "keeps": "at_most", "limit": 50, "display": EUR, "yes": "is", "no": "is not"},
        "policy_misread",
    ),
    "attribute": ({"entity": "case", "record": "case", "field": "reason"}, "mixed_up_record"),
    "shortlist": (
        {"entity": "case", "score": "score", "n": 2, "passed_over": {"part_time": ("1",)}, "because": "unfair"},
        "unfair_exclusion",
    ),
    "comparison": (
        {"measure": "rate", "cases": "count", "group": "case.channel", "first": "way", "second": "other",
         "stratum": "reason"},
        "mix_effect",
    ),
    "limit": ({"limits": LIMITS}, "superseded_rule"),
    "conclusion": (CONCLUSION, "unsupported_conclusion"),
    "restated": ({"of": "first", "display": EUR}, "contradicts_itself"),
    "premise": (
        {"measure": "count", "by": {"period": "week"}, "display": {"unit": "%", "scale": 100}},
        "denied_premise",
    ),
    "demand": (
        {"section": "1.2", "limit": 60, "unit": "EUR", "amounts": (10, 60), "step": 10, "already": "before",
         "by": {"_key": "case"}},
        "policy_breach",
    ),
    "absence": (
        {"rows": "count", "says": "returns", "by": {"channel": "way"}, "display": {"unit": "returns"}},
        "hidden_figure",
    ),
}  # fmt: skip
"""Kind -> what a lab says of one, and an operator."""


def test_statements_of_every_kind_give_the_words_that_the_kind_declares():
    assert set(ONE_EACH) == set(claim_kinds())
    skewed = pd.concat([CASES, *[CASES[CASES["case_id"].isin(["r6", "r8"])]] * 4], ignore_index=True)
    weeks = pd.DataFrame({"asked": pd.to_datetime([WEEK, WEEK, *Quarter.parse("2026Q4").full_weeks() * 3])})
    weeks = weeks.assign(**{name: "x" for name in FIELDS if name != "asked"}, case_id=range(len(weeks)))
    others = {"comparison": facts(skewed), "forecast": facts(weeks), "premise": facts(weeks)}
    slices = about(case="r2", way="desk", other="portal")
    for kind, (data, operator) in ONE_EACH.items():
        made = template(kind=kind, **data).bound({"first": FIRST})
        at = others.get(kind, facts())
        told = [set(made.words(one)) for one in (*made.sound(at, slices), *made.wrong(at, slices, operator))]
        assert told and all(words == set(made.own_words) for words in told), kind


def test_every_operator_belongs_to_a_kind_and_every_kind_to_the_flaw_table():
    assert "omitted_fact" in flaw_operators()
    for kind in claim_kinds().values():
        assert kind.operators_known() and set(kind.operators_known()) <= flaw_operators()
