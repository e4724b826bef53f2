"""Laws that measures keep on any data."""

from __future__ import annotations

import math
from datetime import date, timedelta
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mondaylab.concepts.bindings import Bindings
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
    describe,
    leaves,
    restricted,
    rewritten,
    shifted,
)
from mondaylab.measures.catalog import Catalog, NoValue

BINDINGS = Bindings.parse(
    {
        "company": "toy",
        "currency": "EUR",
        "entities": {
            "sale": {
                "table": "sales",
                "key": "sale_id",
                "date": "sales.day",
                "fields": {name: {"column": f"sales.{name}"} for name in ("net", "shop", "kind")},
            },
            "visit": {"table": "sales", "key": "sale_id", "fields": {"shop": {"column": "sales.shop"}}},
        },
    },
    where="test",
)
MONDAY = date(2026, 10, 5)
SHOPS = ("a", "b", "c", "d")

amounts = st.one_of(st.none(), st.integers(-20, 80).map(lambda quarters: quarters / 4))
"""Multiples of a quarter add up exactly, in any order."""
rows = st.tuples(st.sampled_from([*SHOPS, None]), st.sampled_from(["x", "y"]), amounts, st.integers(0, 27))
tables = st.lists(rows, min_size=1, max_size=40)


def table(drawn: list[tuple]) -> pd.DataFrame:
    frame = pd.DataFrame(drawn, columns=["shop", "kind", "net", "day"]).astype({"net": float, "shop": "str"})
    frame["day"] = [pd.Timestamp(MONDAY + timedelta(days=day)) for day in frame["day"]]
    return frame.assign(sale_id=[f"s{number}" for number in range(len(frame))])


def catalog(drawn: list[tuple]) -> Catalog:
    return Catalog(BINDINGS, {"sales": table(drawn)})


def value(data: Catalog, measure: Measure) -> float | None:
    try:
        return data.evaluate(measure)
    except NoValue:
        return None


filters = st.dictionaries(st.just("kind"), st.sampled_from([("x",), ("y",), ("x", "y")]), max_size=1)
bounds = st.dictionaries(st.just("net"), st.sampled_from([(None, 5.0), (0.0, None), (1.0, 9.0)]), max_size=1)
periods = st.one_of(st.none(), st.integers(0, 3).map(lambda week: Period.week(MONDAY + timedelta(days=7 * week))))
hows = st.sampled_from(["sum", "mean", "median", "min", "max", "range", "quantile", "count", "distinct"])


@st.composite
def aggregates(draw: st.DrawFn, hows: st.SearchStrategy[str] = hows) -> Aggregate:
    how = draw(hows)
    q = draw(st.sampled_from([0, 0.3, 0.5, 1])) if how == "quantile" else None
    where, bounded, period = draw(filters), draw(bounds), draw(periods)
    return Aggregate(how=how, entity="sale", field="net", q=q, where=where, bounds=bounded, period=period)


def composed(part: st.SearchStrategy[Measure]) -> st.SearchStrategy[Measure]:
    return st.one_of(
        st.builds(Minus, left=part, right=part),
        st.builds(Product, left=part, right=part),
        st.builds(Ratio, top=part, bottom=part),
        st.builds(Growth, now=part, before=part),
        st.builds(Scaled, of=part, factor=st.sampled_from([-1.0, 100.0])),
        st.builds(Rank, of=part, entity=st.just("sale"), by=st.just("shop"), member=st.just("a")),
        st.builds(Rate, of=aggregates(st.sampled_from(["count", "distinct"])), holds=st.just({"shop": ("a", "b")})),
    )


measures = st.recursive(aggregates(), composed, max_leaves=4)


@settings(max_examples=15)
@given(tables, measures, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(drawn, measure, rng):
    assume(any(shop == "a" for shop, *_ in drawn))
    shuffled = rng.sample(drawn, len(drawn))
    assert value(catalog(drawn), measure) == value(catalog(shuffled), measure)


@settings(max_examples=15)
@given(tables, filters, periods)
def test_shares_of_all_members_add_up(drawn, where, period):
    data = catalog([row for row in drawn if row[0] is not None] or [("a", "x", 1.0, 0)])
    whole = Aggregate(how="count", entity="sale", where=where, period=period)
    assume(value(data, whole))
    shares = [
        data.evaluate(Ratio(top=restricted(whole, "sale", "shop", member), bottom=whole))
        for member in data.members("sale", "shop")
    ]
    assert math.fsum(shares) == pytest.approx(1)


@settings(max_examples=15)
@given(tables, filters, periods)
def test_rates_of_all_members_add_up_and_follow_bayes(drawn, where, period):
    data = catalog([row for row in drawn if row[0] is not None] or [("a", "x", 1.0, 0)])
    of = Aggregate(how="count", entity="sale", where=where, period=period)
    rates = [Rate(of=of, holds={"shop": (member,)}, given={"kind": ("x",)}) for member in data.members("sale", "shop")]
    values = [value(data, rate) for rate in rates]
    assume(None not in values)
    assert math.fsum(values) == pytest.approx(1)
    for rate, found in zip(rates, values, strict=True):
        if found:
            x_base = data.evaluate(Rate(of=of, holds={"kind": ("x",)}))
            assert data.evaluate(rate.inverse()) * data.evaluate(rate.base()) == pytest.approx(found * x_base)
        assert rate.inverse().inverse() == rate


@given(measures, st.sampled_from(SHOPS), st.sampled_from(SHOPS))
def test_restricting_is_idempotent_and_the_last_one_holds(measure, one, other):
    once = restricted(measure, "sale", "shop", one)
    assert restricted(once, "sale", "shop", one) == once
    assert restricted(once, "sale", "shop", other) == restricted(measure, "sale", "shop", other)
    assert restricted(measure, "visit", "shop", one) == measure
    assert all(part.where["shop"] == (one,) for part in leaves(once))


@given(measures, st.integers(-20, 20), st.integers(-20, 20))
def test_rewriting_by_nothing_changes_nothing_and_shifts_add(measure, days, more):
    assert rewritten(measure, lambda part: part) == measure
    dated = rewritten(measure, lambda part: part.model_copy(update={"period": Period.week(MONDAY)}))
    assert shifted(dated, 0) == dated
    assert shifted(shifted(dated, days), more) == shifted(dated, days + more)
    assert rewritten(dated, lambda part: part.model_copy(update={"period": None})) == rewritten(
        measure, lambda part: part.model_copy(update={"period": None})
    )


@given(measures)
def test_equal_measures_have_equal_words_and_json(measure):
    again = type(measure).model_validate(measure.model_dump(mode="json"))
    assert again == measure
    assert describe(again) == describe(measure)


@settings(max_examples=15, suppress_health_check=[HealthCheck.filter_too_much])  # many measures have no value
@given(tables, aggregates(), aggregates())
def test_growth_and_difference_turned_round(drawn, now, before):
    data = catalog(drawn)
    a, b = value(data, now), value(data, before)
    assume(a is not None and b is not None and abs(a) > 1e-6 and abs(b) > 1e-6)
    assert data.evaluate(Minus(left=now, right=before)) == pytest.approx(-data.evaluate(Minus(left=before, right=now)))
    there, back = data.evaluate(Growth(now=now, before=before)), data.evaluate(Growth(now=before, before=now))
    assert there * abs(b) == pytest.approx(-back * abs(a), abs=1e-9)
    assert (there > 0) == (a > b)
    if a > 0 and b > 0:
        assert (1 + there) * (1 + back) == pytest.approx(1)


@settings(max_examples=15)
@given(tables, aggregates(st.just("quantile")), st.floats(0, 1), st.floats(0, 1))
def test_quantiles_rise_between_least_and_greatest(drawn, measure, one, other):
    data = catalog(drawn)
    low, high = (value(data, measure.model_copy(update={"q": q})) for q in sorted((one, other)))
    assume(low is not None)
    ends = [value(data, measure.model_copy(update={"how": how, "q": None})) for how in ("min", "max", "range")]
    slack = 1e-9 * max(1, abs(ends[0]), abs(ends[1]))
    assert ends[0] - slack <= low <= high + slack <= ends[1] + 2 * slack
    assert ends[2] == pytest.approx(ends[1] - ends[0])
    middle = value(data, measure.model_copy(update={"q": 0.5}))
    assert middle == pytest.approx(value(data, measure.model_copy(update={"how": "median", "q": None})))


@settings(max_examples=15)
@given(tables, filters, periods)
def test_the_top_share_rises_with_n_to_the_whole(drawn, where, period):
    positive = [(shop or "a", kind, abs(net or 0) + 0.01, day) for shop, kind, net, day in drawn]
    data = catalog(positive)
    of = Aggregate(how="sum", entity="sale", field="net", where=where, period=period)
    shares = [value(data, TopShare(of=of, entity="sale", by="shop", n=n)) for n in range(1, 6)]
    assume(None not in shares)
    assert all(0 < less <= more + 1e-12 for less, more in pairwise(shares))
    assert shares[0] >= 1 / len(SHOPS) - 1e-12
    assert shares[-1] == pytest.approx(1)


@settings(max_examples=15)
@given(tables, aggregates(st.sampled_from(["sum", "mean", "max", "count"])))
def test_ranks_without_ties_are_a_permutation(drawn, measure):
    data = catalog(drawn)
    members = data.members("sale", "shop")
    values = [value(data, restricted(measure, "sale", "shop", member)) for member in members]
    ranks = [value(data, Rank(of=measure, entity="sale", by="shop", member=member)) for member in members]
    assert [rank is None for rank in ranks] == [found is None for found in values]
    placed = {found: rank for found, rank in zip(values, ranks, strict=True) if found is not None}
    if len(placed) == sum(found is not None for found in values):
        assert [placed[found] for found in sorted(placed, reverse=True)] == list(range(1, len(placed) + 1))


@settings(max_examples=15)
@given(tables, st.integers(1, 3))
def test_compound_growth_leads_from_the_first_to_the_last(drawn, steps):
    data = catalog(drawn)
    last = Aggregate(how="count", entity="sale", period=Period.week(MONDAY + timedelta(days=7 * steps)))
    first = shifted(last, -7 * steps)
    grown = value(data, GrowthOver(of=last, periods=steps))
    if not (data.evaluate(first) and data.evaluate(last)):
        assert grown is None
        return
    assert data.evaluate(first) * (1 + grown) ** steps == pytest.approx(data.evaluate(last))
    average = value(data, GrowthOver(of=last, periods=steps, how="average"))
    assert average is None or average >= grown - 1e-12  # arithmetic mean over geometric mean
