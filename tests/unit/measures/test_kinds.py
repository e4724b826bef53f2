"""The kinds of measures on a table small enough to check by hand; missing values, units, errors, JSON."""

from __future__ import annotations

import json
import pickle
from datetime import date

import pandas as pd
import pytest

from mondaylab.concepts.bindings import Bindings
from mondaylab.errors import Refused
from mondaylab.labs.sources.declaration import parse_measure
from mondaylab.measures import (
    Aggregate,
    Growth,
    GrowthOver,
    Measure,
    Minus,
    Period,
    Product,
    Rank,
    Rate,
    Ratio,
    Scaled,
    TopShare,
    unit_of,
)
from mondaylab.measures.catalog import Catalog, NoValue

CALLS = pd.DataFrame(
    {
        "call_id": [f"k{number}" for number in range(8)],
        "agent": ["Ann", "Ann", "Ann", "Bo", "Bo", "Cy", None, "Di"],
        "day": pd.to_datetime(["2026-10-05", "2026-10-06", "2026-10-12", "2026-10-13"] + ["2026-10-19"] * 3 + [None]),
        "minutes": [4.0, 8.0, None, 2.0, 6.0, 10.0, 20.0, None],
        "refund": [10.0, 0.0, 30.0, 20.0, 0.0, 40.0, 0.0, 0.0],
        "solved": [1.0, 0.0, 1.0, 1.0, None, 1.0, 0.0, 0.0],
        "topic": ["bill", "bill", "late", "late", "bill", "late", "bill", "bill"],
    }
)
BINDINGS = Bindings.parse(
    {
        "company": "toy",
        "currency": "EUR",
        "entities": {
            "call": {
                "table": "calls",
                "key": "call_id",
                "date": "calls.day",
                "fields": {
                    "agent": {"column": "calls.agent"},
                    "minutes": {"column": "calls.minutes", "unit": "minutes"},
                    "refund": {"column": "calls.refund", "unit": "EUR"},
                    "solved": {"column": "calls.solved"},
                    "topic": {"column": "calls.topic"},
                },
            },
            "rule": {"table": "calls", "key": "call_id", "fields": {"topic": {"column": "calls.topic"}}},
        },
    },
    where="test",
)
ALL = Aggregate(how="count", entity="call")
REFUNDS = Aggregate(how="sum", entity="call", field="refund")
MINUTES = Aggregate(how="sum", entity="call", field="minutes")
WEEK = Period.week(date(2026, 10, 19))


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog(BINDINGS, {"calls": CALLS})


def of(how: str, field: str | None = "minutes", **more: object) -> Aggregate:
    return Aggregate.model_validate({"how": how, "entity": "call", "field": field, **more})


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        (of("count"), 8),  # rows, whether they have a value or not
        (of("mean"), 50 / 6),
        (of("median"), 7),
        (of("quantile", q=0.25), 4.5),
        (of("quantile", q=1), 20),
        (of("range"), 18),
        (of("min"), 2),
        (of("distinct", "agent"), 4),  # nobody is no agent
        (of("sum", bounds={"minutes": (4, 10)}), 18),  # 4 is in, 10 is not, and what is missing is neither
        (of("count", None, bounds={"refund": {"at_least": 20}}), 3),
        (of("count", None, bounds={"refund": {"below": 20}}), 5),
        (of("count", None, where={"solved": ["1"]}), 4),  # 0 and 1 with a gap are floats, and still spelled 1
        (of("count", None, where={"solved": ["1.0"]}), 4),  # what a key or a learner saved before
        (of("count", None, where={"agent": ["nan"]}), 0),
        (of("count", None, period={"start": "2026-10-05", "end": "2026-10-31"}), 7),  # no day, no week
        (of("sum", where={"agent": ["Di"]}), 0),
        (Rate(of=ALL, holds={"solved": ("1",)}), 0.5),
        (Rate(of=ALL, holds={"solved": ("1",)}, given={"topic": ("late",)}), 1),
        (Rate(of=ALL, holds={"solved": ("1",)}, given={"topic": ("late",)}).inverse(), 0.75),
        (Rate(of=ALL, holds={"solved": ("1",)}, given={"topic": ("late",)}).base(), 0.5),
        (Rate(of=of("distinct", "agent"), holds={"topic": ("late",)}), 0.75),
        (TopShare(of=REFUNDS, entity="call", by="agent", n=1), 0.4),
        (TopShare(of=REFUNDS, entity="call", by="agent", n=2), 0.8),
        (TopShare(of=ALL, entity="call", by="agent", n=9), 7 / 8),  # nobody's call is in the whole
        (TopShare(of=Minus(left=REFUNDS, right=Scaled(of=ALL, factor=5)), entity="call", by="agent", n=1), 35 / 60),
        (GrowthOver(of=of("sum", "refund", period=WEEK.model_dump()), periods=2), 1),  # 10, 50, 40
        (GrowthOver(of=of("sum", "refund", period=WEEK.model_dump()), periods=2, how="average"), (4 - 0.2) / 2),
        (Rank(of=of("mean"), entity="call", by="agent", member="Bo"), 3),  # Di has no minutes: no place
    ],
)
def test_by_hand(catalog: Catalog, measure: Measure, value: float) -> None:
    assert catalog.evaluate(measure) == pytest.approx(value)


@pytest.mark.parametrize(
    "measure",
    [
        of("mean", where={"agent": ["Di"]}),
        of("range", where={"agent": ["Di"]}),
        of("quantile", q=0.5, where={"agent": ["Di"]}),
        Rank(of=of("mean"), entity="call", by="agent", member="Di"),
        Rate(of=ALL, holds={"solved": ("1",)}, given={"topic": ("rain",)}),
        TopShare(of=Scaled(of=REFUNDS, factor=-1), entity="call", by="agent", n=1),
        GrowthOver(of=of("sum", "refund", period={"start": "2026-10-01", "end": "2026-10-07"}), periods=1),
    ],
)
def test_no_value(catalog: Catalog, measure: Measure) -> None:
    with pytest.raises(NoValue, match="has no value on this data"):
        catalog.evaluate(measure)


@pytest.mark.parametrize(
    ("measure", "says"),
    [
        (of("sum", "topic"), r"bindings of toy: concept 'call': field 'topic', bound to calls.topic, is no number"),
        (of("mean", "colour"), r"bindings of toy: concept 'call' has no field 'colour'.*bound are agent, minutes"),
        (of("count", None, bounds={"topic": (1, 2)}), "field 'topic', bound to calls.topic, is no number"),
        (Aggregate(how="count", entity="rule", period=WEEK), "concept 'rule' has no date"),
        (
            TopShare(of=of("mean"), entity="call", by="agent", n=1),
            r"mean\(minutes\) over call does not add up over call",
        ),
        (Rank(of=ALL, entity="call", by="colour", member="red"), "has the field 'colour' to rank by"),
        (GrowthOver(of=ALL, periods=2), "count of call has no period to be moved"),
    ],
)
def test_errors_name_concept_binding_and_column(catalog: Catalog, measure: Measure, says: str) -> None:
    with pytest.raises(Refused, match=says) as caught:
        catalog.evaluate(measure)
    assert not isinstance(caught.value, NoValue)


def test_a_rate_among_all_rows_has_no_inverse() -> None:
    with pytest.raises(Refused, match="has no inverse"):
        Rate(of=ALL, holds={"solved": ("1",)}).inverse()


@pytest.mark.parametrize(
    ("measure", "unit"),
    [
        (ALL, None),
        (REFUNDS, "EUR"),
        (of("distinct", "refund"), None),
        (Ratio(top=REFUNDS, bottom=ALL), "EUR"),
        (Ratio(top=REFUNDS, bottom=MINUTES), "EUR/minutes"),
        (Product(left=ALL, right=REFUNDS), "EUR"),
        (Product(left=REFUNDS, right=MINUTES), "EUR x minutes"),
        (Ratio(top=ALL, bottom=MINUTES), "1/minutes"),
        (Ratio(top=REFUNDS, bottom=REFUNDS), None),
        (Minus(left=REFUNDS, right=Scaled(of=REFUNDS, factor=0.5)), "EUR"),
        (Growth(now=REFUNDS, before=REFUNDS), None),
        (TopShare(of=REFUNDS, entity="call", by="agent", n=1), None),
    ],
)
def test_units(measure: Measure, unit: str | None) -> None:
    assert unit_of(measure, BINDINGS) == unit


@pytest.mark.parametrize("kind", [lambda a, b: Minus(left=a, right=b), lambda a, b: Growth(now=a, before=b)])
def test_different_units_are_refused_by_name(kind) -> None:
    with pytest.raises(Refused, match="unit mismatch") as caught:
        unit_of(Ratio(top=kind(REFUNDS, MINUTES), bottom=ALL), BINDINGS)
    for words in ("call.refund is calls.refund in EUR", "call.minutes is calls.minutes in minutes", "bindings of toy"):
        assert words in str(caught.value)
    with pytest.raises(Refused, match=r"rows of call"):
        unit_of(kind(REFUNDS, ALL), BINDINGS)


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "aggregate", "how": "quantile", "entity": "call", "field": "minutes"},
        {"kind": "aggregate", "how": "sum", "entity": "call", "field": "minutes", "q": 0.5},
        {"kind": "aggregate", "how": "count", "entity": "call", "bounds": {"minutes": [5, 5]}},
        {"kind": "aggregate", "how": "count", "entity": "call", "bounds": {"minutes": {"above": 5}}},
        {"kind": "aggregate", "how": "count", "entity": "call", "bounds": {"minutes": {}}},
        {"kind": "rate", "of": {"kind": "aggregate", "how": "sum", "entity": "call", "field": "minutes"}, "holds": {}},
        {"kind": "top_share", "of": REFUNDS.model_dump(), "entity": "call", "by": "agent", "n": 0},
    ],
)
def test_what_makes_no_sense_is_no_measure(data: object) -> None:
    with pytest.raises(Refused, match="not a measure"):
        parse_measure(data, where="test")


OLD = '{"entity":"call","field":"refund","how":"sum","kind":"aggregate","period":null,"where":{"topic":["bill"]}}'
"""A measure as keys and stores held it before there were quantiles and bounds."""


def test_measures_from_before_keep_their_spelling() -> None:
    measure = parse_measure(json.loads(OLD), where="test")
    assert measure.canonical() == OLD
    assert pickle.loads(pickle.dumps(measure)) == measure


@pytest.mark.parametrize(
    "measure",
    [
        of("quantile", q=0.0, bounds={"minutes": (None, 3)}),
        Rate(of=ALL, holds={"solved": ("1",)}),
        GrowthOver(of=ALL, periods=3, days=28, how="average"),
        TopShare(of=REFUNDS, entity="call", by="agent", n=3),
    ],
)
def test_new_kinds_survive_json(measure: Measure) -> None:
    assert parse_measure(json.loads(measure.canonical()), where="test") == measure
