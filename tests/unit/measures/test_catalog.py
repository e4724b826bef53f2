"""Measures against the same question asked in SQL."""

from __future__ import annotations

import sqlite3
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.concepts.bindings import Bindings
from mondaylab.errors import Refused
from mondaylab.labs.sources.declaration import parse_measure
from mondaylab.measures import Aggregate, Growth, Minus, Period, Rank, Ratio, Scaled
from mondaylab.measures.catalog import Catalog

SALES = pd.DataFrame(
    {
        "sale_id": range(8),
        "shop_id": ["a", "a", "b", "b", "b", "c", "c", "a"],
        "day": pd.to_datetime(
            ["2026-10-05", "2026-10-06", "2026-10-05", "2026-10-12", "2026-10-13"] + ["2026-10-14"] * 3
        ),
        "net": [10.0, 20.0, 5.0, 7.5, 2.5, 100.0, 50.0, 30.0],
        "late": [0, 1, 0, 0, 1, 1, 0, 0],
    }
)
SHOPS = pd.DataFrame({"shop_id": ["a", "b", "c"], "region": ["North", "South", "South"]})
BINDINGS = Bindings.parse(
    {
        "company": "toy",
        "currency": "EUR",
        "entities": {
            "sale": {
                "table": "sales",
                "key": "sale_id",
                "date": "sales.day",
                "joins": {"shops": {"source": "sales", "key": "shop_id"}},
                "fields": {
                    "net": {"column": "sales.net", "unit": "EUR"},
                    "shop": {"column": "sales.shop_id"},
                    "region": {"column": "shops.region"},
                    "late": {"column": "sales.late"},
                },
            }
        },
    },
    where="test",
)
WEEK = Period.week(date(2026, 10, 5))


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog(BINDINGS, {"sales": SALES, "shops": SHOPS})


@pytest.fixture(scope="module")
def database() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    SALES.assign(day=SALES["day"].dt.strftime("%Y-%m-%d")).to_sql("sales", connection, index=False)
    SHOPS.to_sql("shops", connection, index=False)
    return connection


def total(how: str = "sum", **where: str) -> Aggregate:
    field = None if how == "count" else "net"
    return Aggregate(how=how, entity="sale", field=field, where={name: (value,) for name, value in where.items()})


@given(
    how=st.sampled_from(["sum", "mean", "min", "max", "count"]),
    region=st.sampled_from([None, "North", "South"]),
    late=st.sampled_from([None, "0", "1"]),
    start=st.dates(date(2026, 10, 1), date(2026, 10, 14)),
    days=st.integers(0, 14),
)
def test_aggregates_agree_with_sql(catalog, database, how, region, late, start, days):
    where = {} if region is None else {"region": (region,)}
    where |= {} if late is None else {"late": (late,)}
    period = Period(start=start, end=start).model_copy(update={"end": start + pd.Timedelta(days=days).to_pytimedelta()})
    measure = Aggregate(how=how, entity="sale", field=None if how == "count" else "net", where=where, period=period)
    function = {"mean": "avg"}.get(how, how)
    expected = database.execute(
        f"select {function}(net) from sales join shops using (shop_id) where day between ? and ?"
        f" and (? is null or region = ?) and (? is null or late = ?)",
        (str(period.start), str(period.end), region, region, late, late),
    ).fetchone()[0]
    if how == "sum" and expected is None:
        expected = 0.0
    if expected is None:
        with pytest.raises(Refused, match="has no value"):
            catalog.evaluate(measure)
    else:
        assert catalog.evaluate(measure) == pytest.approx(expected)


def test_compositions(catalog):
    in_week = total().model_copy(update={"period": WEEK})
    next_week = total().model_copy(update={"period": WEEK.shifted(7)})
    assert catalog.evaluate(in_week) == 35.0
    assert catalog.evaluate(next_week) == 190.0
    assert catalog.evaluate(Minus(left=next_week, right=in_week)) == 155.0
    assert catalog.evaluate(Growth(now=next_week, before=in_week)) == pytest.approx(155 / 35)
    assert catalog.evaluate(Ratio(top=total(region="South"), bottom=total())) == pytest.approx(165 / 225)
    assert catalog.evaluate(Scaled(of=in_week, factor=-1)) == -35.0
    assert catalog.evaluate(Rank(of=total(), entity="sale", by="shop", member="c")) == 1
    assert catalog.evaluate(Rank(of=total(), entity="sale", by="shop", member="b")) == 3


def test_growth_of_a_loss_keeps_its_sign(catalog):
    loss = Scaled(of=total(region="North"), factor=-1)
    assert catalog.evaluate(Growth(now=Scaled(of=loss, factor=2), before=loss)) == -1.0


@pytest.mark.parametrize(
    ("measure", "says"),
    [
        (total(colour="red"), "no field 'colour'"),
        (Aggregate(how="sum", entity="refund", field="net"), "no concept 'refund'"),
        (Aggregate(how="sum", entity="sale"), "needs a field"),
        (Ratio(top=total(), bottom=total(region="Moon")), "has no value"),
        (Rank(of=total(), entity="sale", by="region", member="Moon"), "no value of sale.region"),
    ],
)
def test_what_cannot_be_computed_is_refused_by_name(catalog, measure, says):
    with pytest.raises(Refused, match=says):
        catalog.evaluate(measure)


def test_a_join_that_would_multiply_rows_is_refused():
    doubled = pd.concat([SHOPS, SHOPS.head(1)])
    with pytest.raises(Refused, match="would multiply rows"):
        Catalog(BINDINGS, {"sales": SALES, "shops": doubled}).frame("sale")


def test_a_measure_survives_its_json():
    measure = Ratio(top=Minus(left=total(), right=total(late="1")), bottom=total())
    assert parse_measure(measure.model_dump(mode="json"), where="test") == measure
    with pytest.raises(Refused, match="not a measure"):
        parse_measure({"kind": "aggregate", "how": "guess", "entity": "sale"}, where="test")
