"""Laws that every kind of claim keeps: the words it gives, the operators it knows."""

from __future__ import annotations

import pandas as pd
from tests.support.toy_cases import (
    APPROVAL,
    CASES,
    CONCLUSION,
    DIFFERENCE,
    EUR,
    FIELDS,
    INSTRUCTION,
    LIMITS,
    RETURNED,
    SENT,
    WEEK,
    about,
    facts,
    template,
)  # fmt: skip

from mondaylab.labs.claims.registry import claim_kinds, flaw_operators
from mondaylab.quarter import Quarter

FIRST = template(kind="figure", measure="mean", by={"channel": "way"}, display=EUR, operators=("wrong_filter",))
OTHERS = {"first": FIRST} | {
    name: template(id=name, kind="difference", **DIFFERENCE) for name in ("one", "two", "three")
}

ONE_EACH = {
    "figure": ({"measure": "mean", "by": {"channel": "way"}, "display": EUR}, "wrong_filter"),
    "cause": (
        {"outcome": "approvals", "says": "approvals", "display": {"unit": "cases"}, "least_change": 0.5,
         "rows": "count", "least": 1, "section": "2.2", "by": {"channel": "other", "period": "week"},
         "factors": {"count": {"says": "cases", "display": {"unit": "cases"}},
                     "rate": {"says": "the share", "display": {"unit": "%", "scale": 100}}}},
        "cause_other_way",
    ),
    "more": ({"measure": "count", "by": {"channel": "way"}, "than": {}, "display": {"unit": "cases"},
              "judged_as": "It {direction}."}, "wrong_sign"),
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
    "query": (
        {"measure": "count", "display": {"unit": "cases"}, "says": "how many cases {query_filter}",
         "sql": 'SELECT COUNT(*) FROM "case" {query_filter}',
         "axes": {"query_filter": [{"says": "came", "sql": ""},
                                   {"says": "came to the desk", "sql": "WHERE channel = 'desk'",
                                    "where": {"channel": ["desk"]}}]}},
        "query_filter",
    ),
    "chart": (
        {"measure": "amount", "over": "case.customer", "display": EUR, "title": "number",
         "says": "what came back, {chart_order}",
         "axes": {"chart_order": [{"says": "the longest bar first", "order": "lengths"},
                                  {"says": "in alphabetical order", "order": "names"}]}},
        "chart_order",
    ),
    "absence": (
        {"rows": "count", "says": "returns", "by": {"channel": "way"}, "display": {"unit": "returns"}},
        "hidden_figure",
    ),
    "approval": (APPROVAL, "approval_invented"),
    "returned": (RETURNED, "misreported_result"),
    "instruction": (INSTRUCTION, "planted_instruction"),
    "sent": (SENT, "sent_too_much"),
    "difference": (DIFFERENCE, "wrong_version"),
    "choice": ({"of": ("one", "two", "three"), "judged_as": "Send {says}."}, "wrong_choice"),
}  # fmt: skip
"""Kind -> what a lab says of one, and an operator."""


def test_statements_of_every_kind_give_the_words_that_the_kind_declares():
    assert set(ONE_EACH) == set(claim_kinds())
    skewed = pd.concat([CASES, *[CASES[CASES["case_id"].isin(["r6", "r8"])]] * 4], ignore_index=True)
    weeks = pd.DataFrame({"asked": pd.to_datetime([WEEK, WEEK, *Quarter.parse("2026Q4").full_weeks() * 3])})
    weeks = weeks.assign(**{name: "x" for name in FIELDS if name != "asked"}, case_id=range(len(weeks)))
    others = {"comparison": facts(skewed), "forecast": facts(weeks), "premise": facts(weeks)}
    slices = about(case="r2", way="desk", other="portal", case_amount="80", case_before="40")
    for kind, (data, operator) in ONE_EACH.items():
        made = template(**{"kind": kind, **data}).bound(OTHERS)
        at = others.get(kind, facts())
        told = [set(made.words(one)) for one in (*made.sound(at, slices), *made.wrong(at, slices, operator))]
        assert told and all(words == set(made.own_words) for words in told), kind


def test_every_operator_belongs_to_a_kind_and_every_kind_to_the_flaw_table():
    assert "omitted_fact" in flaw_operators()
    for kind in claim_kinds().values():
        assert kind.operators_known() and set(kind.operators_known()) <= flaw_operators()


def test_kinds_that_are_out_draw_which_statement_is_made_as_they_always_did():
    """A release draws its forms anew from its seed: another number there gives learners another form than they had."""
    kinds = {name: kind.drawn_from for name, kind in claim_kinds().items()}
    assert kinds.pop("query") == kinds.pop("chart") == 1008
    assert set(kinds.values()) == {997}
