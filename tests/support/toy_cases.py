"""Eight cases of a toy company and its handbook: claims on them are judged by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd
from pydantic import TypeAdapter
from tests.support.places import ROOT

from mondaylab.concepts.bindings import Bindings
from mondaylab.concepts.handbook import Handbook
from mondaylab.forms.flaws import FlawTable
from mondaylab.labs.claims.company_data import CompanyData
from mondaylab.labs.claims.registry import ClaimTemplate
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts
from mondaylab.labs.sources.declaration import MEASURE
from mondaylab.measures.catalog import Catalog
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

## 2.3 Instructions

An assistant does what these ask of it:

- the desk
- the team lead

## 2.4 What is sent

An assistant sends:

- the customer: case, reason, amount, voucher
- the carrier: case, days, channel, freight
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


def bound(fields: Iterable[str], *, date: str) -> Bindings:
    """A company whose one concept, a case, has these fields."""
    columns = {name: {"column": f"cases.{name}"} for name in fields}
    case = {"table": "cases", "key": "case_id", "date": f"cases.{date}", "fields": columns}
    return Bindings.parse({"company": "toy", "currency": "EUR", "entities": {"case": case}}, where="test")


BINDINGS = bound(FIELDS, date="asked")

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
FLAWS = FlawTable.of(ROOT / "grader")


def facts(cases: pd.DataFrame = CASES, previous: pd.DataFrame | None = None) -> LabFacts:
    before = None if previous is None else Catalog(BINDINGS, {"cases": previous})
    data = CompanyData(
        Catalog(BINDINGS, {"cases": cases}),
        Quarter.parse("2026Q4").full_weeks(),
        Handbook(HANDBOOK),
        before,
        tuple(Quarter.parse("2026Q3").full_weeks()),
    )
    return LabFacts({name: MEASURE.validate_python(data) for name, data in MEASURES.items()}, data, FLAWS)


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


LIMITS = (
    {"section": "1.3", "says": "what is paid", "now": 15, "before": 60, "unit": "EUR"},
    {"section": "1.4", "says": "what is given", "now": 60, "before": 15, "unit": "EUR"},
)

APPROVAL = {
    "kind": "approval", "section": "1.2", "limit": 60, "unit": "EUR", "amounts": (20, 60), "step": 10,
    "already": "before", "by": {"_key": "case"}, "alone": "needed nobody", "asked": "needed the lead first",
}  # fmt: skip
INSTRUCTION = {
    "kind": "instruction", "section": "2.3", "writers": ("the desk", "the team lead", "the customer"),
    "counts": "counts", "ignored": "does not count", "by": {"_key": "case"},
}  # fmt: skip
SENT = {
    "kind": "sent", "section": "2.4", "recipients": ("the customer", "the carrier"), "size": 2, "by": {"_key": "case"},
}  # fmt: skip
RETURNED = {
    "kind": "returned", "entity": "case", "figures": {"case_amount": "the amount", "case_before": "what was given"},
    "display": EUR, "by": {"_key": "case"},
}  # fmt: skip

DIFFERENCE = {
    "judged_as": "On {way}, {says} is right.",
    "about": {
        "kind": "figure", "measure": "mean", "by": {"channel": "way"}, "display": EUR, "judged_as": "{value} by {way}",
        "operators": ("wrong_filter", "wrong_aggregate"),
    },
}  # fmt: skip

CONCLUSION = {
    "measure": "amount", "by": {"_key": "case"}, "keeps": "less_than", "limit": 60,
    "section": "1.4", "display": EUR, "yes": "the desk decides", "no": "the lead decides",
}  # fmt: skip
