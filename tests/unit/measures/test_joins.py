"""A measure over a join: as in SQL, a row counts once for every match, and not at all without one."""

from __future__ import annotations

import sqlite3

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mondaylab.concepts.bindings import Bindings
from mondaylab.labs.claims.company_data import CompanyData
from mondaylab.labs.claims.figure import FigureTemplate
from mondaylab.labs.claims.figures import Figure
from mondaylab.labs.claims.operators import fan_out
from mondaylab.measures import Aggregate, TopShare, describe
from mondaylab.measures.catalog import Catalog, NoValue
from mondaylab.measures.needs import measure_needs

BINDINGS = Bindings.parse(
    {
        "company": "toy",
        "currency": "EUR",
        "entities": {
            "parcel": {
                "table": "parcels",
                "key": "id",
                "fields": {
                    "order": {"column": "parcels.order"},
                    "cost": {"column": "parcels.cost", "unit": "EUR"},
                    "carrier": {"column": "parcels.carrier"},
                },
            },
            "line": {"table": "lines", "key": "id", "fields": {"order": {"column": "lines.order"}}},
        },
    },
    where="test",
)
PARCELS = pd.DataFrame(
    {"id": range(4), "order": ["a", "b", "c", None], "cost": [10.0, 20.0, 30.0, 40.0], "carrier": ["x", "x", "y", "y"]}
)
LINES = pd.DataFrame({"id": range(6), "order": ["a", "b", "b", "b", "d", None]})


def parcels(how: str, **more: object) -> Aggregate:
    told = {"how": how, "entity": "parcel", "field": None if how == "count" else "cost", "joined": "line.order"}
    return Aggregate.model_validate({**told, **more})


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog(BINDINGS, {"parcels": PARCELS, "lines": LINES})


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        (parcels("count"), 4),  # a once, b three times; c meets no line, and what has no order meets none either
        (parcels("sum"), 70),
        (parcels("mean"), 17.5),
        (parcels("median"), 20),
        (parcels("distinct", field="order"), 2),
        (parcels("max"), 20),
        (parcels("sum", where={"carrier": ("y",)}), 0),
        (TopShare(of=parcels("sum"), entity="parcel", by="order", n=1), 60 / 70),
    ],
)
def test_rows_count_once_for_each_match(catalog: Catalog, measure, value):
    assert catalog.evaluate(measure) == pytest.approx(value)


def test_nothing_met_has_no_mean(catalog: Catalog):
    with pytest.raises(NoValue):
        catalog.evaluate(parcels("mean", where={"carrier": ("y",)}))


@given(
    st.lists(st.tuples(st.sampled_from(["a", "b", "c", None]), st.integers(-50, 50)), max_size=12),
    st.lists(st.sampled_from(["a", "b", "d", None]), max_size=12),
)
def test_it_is_what_an_inner_join_gives(rows, met):
    left = pd.DataFrame(rows, columns=["order", "cost"]).assign(id=range(len(rows)), carrier="x")
    right = pd.DataFrame({"id": range(len(met)), "order": pd.Series(met, dtype=object)})
    catalog = Catalog(BINDINGS, {"parcels": left.astype({"cost": float}), "lines": right})
    with sqlite3.connect(":memory:") as database:
        left.to_sql("p", database)
        right.to_sql("l", database)
        count, total = database.execute(
            'select count(*), total(cost) from p join l on p."order" = l."order"'
        ).fetchone()
    assert catalog.evaluate(parcels("count")) == count
    assert catalog.evaluate(parcels("sum")) == total


def test_it_says_so_needs_both_sides_and_is_left_out_where_unused():
    assert describe(parcels("sum")) == "sum(cost for each line of the same order) over parcel"
    assert measure_needs(parcels("sum")) == {"parcel": {"cost", "order"}, "line": {"order"}}
    assert "joined" not in Aggregate(how="count", entity="parcel").model_dump()


def test_the_operator_multiplies_what_the_figure_counts(catalog: Catalog):
    plain = parcels("sum", joined=None)
    figure = Figure(plain, "plain", {"carrier": "x"}, None, across="line.order")
    [wrong] = fan_out(figure, CompanyData(catalog, [], None))  # type: ignore[arg-type]  it reads no handbook
    assert (catalog.evaluate(figure.measure()), catalog.evaluate(wrong)) == (30, 70)
    assert list(fan_out(Figure(plain, "plain", {}, None), CompanyData(catalog, [], None))) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("told", [{"operators": ["fan_out"]}, {"operators": [], "across": "line.order"}])
def test_a_template_names_the_join_exactly_when_it_has_the_flaw(told):
    base = {"kind": "figure", "id": "x", "draft": "d", "measure": "m", "judged_as": "It is {value}"}
    with pytest.raises(ValidationError, match="'fan_out' needs 'across'"):
        FigureTemplate.model_validate({**base, "display": {"unit": "EUR", "decimals": 0}, **told})
