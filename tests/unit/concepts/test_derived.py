"""Columns that bindings derive: each form on a few rows, and what they refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from mondaylab.concepts.bindings import Bindings
from mondaylab.errors import Refused

SALES = pd.DataFrame(
    {
        "sale_id": [f"s{number}" for number in range(6)],
        "shop_id": ["a", "a", "b", "b", "c", None],
        "day": pd.to_datetime(["2020-01-01", "2020-12-31", "2021-01-01", "2021-06-30", "2021-12-31", None]),
        "price": [10.0, 2.5, None, 4.0, 0.0, 1.0],
        "pieces": [1, 2, 3, 4, 5, 6],
    },
    index=[7, 3, 5, 1, 9, 2],
)
SHOPS = pd.DataFrame({"shop_id": ["a", "b", "c"], "country": ["Norway", "Chile", "Peru"]})


def bindings(derived: dict[str, Any], date: str | None = None, **fields: str) -> Bindings:
    bound = {name: {"column": column} for name, column in fields.items()} or {
        name: {"column": f"derived.{name}"} for name in derived
    }
    entity = {
        "table": "sales",
        "key": "sale_id",
        "date": date,
        "joins": {"shops": {"source": "sales", "key": "shop_id"}},
        "derived": derived,
        "fields": bound,
    }
    return Bindings.parse({"company": "toy", "currency": "EUR", "entities": {"sale": entity}}, where="test")


def view(derived: dict[str, Any], **more: Any) -> pd.DataFrame:
    return bindings(derived, **more).view("sale", {"sales": SALES, "shops": SHOPS})


WHY = "nobody wrote it down"


@pytest.mark.parametrize(
    ("how", "values"),
    [
        ({"do": "constant", "value": 3.5, "assumed": WHY}, [3.5] * 6),
        ({"do": "product", "of": ["sales.price", "sales.pieces"]}, [10, 5, None, 16, 0, 6]),
        ({"do": "product", "of": ["sales.pieces"], "factor": 0.5}, [0.5, 1, 1.5, 2, 2.5, 3]),
        ({"do": "difference", "of": "sales.pieces", "less": "sales.price"}, [-9, -0.5, None, 0, 5, 5]),
        (
            {"do": "lookup", "of": "shops.country", "values": {"Norway": "North"}, "other": "South"},
            ["North", "North", "South", "South", "South", None],
        ),
        ({"do": "lookup", "of": "sales.pieces", "values": {str(n): n / 2 for n in range(9)}}, [0.5, 1, 1.5, 2, 2.5, 3]),
        (
            {"do": "band", "of": "sales.price", "edges": [2.5, 5], "names": ["low", "mid", "high"]},
            ["high", "mid", None, "mid", "low", "low"],
        ),
    ],
)
def test_forms(how: dict[str, Any], values: list[Any]) -> None:
    found = view({"x": how})["x"]
    assert [None if pd.isna(value) else value for value in found] == values


def test_one_may_be_made_from_another() -> None:
    frame = view(
        {
            "net": {"do": "product", "of": ["sales.price", "sales.pieces"]},
            "cost": {"do": "product", "of": ["derived.net"], "factor": 0.6},
        }
    )
    pd.testing.assert_series_equal(frame["cost"], 0.6 * frame["net"], check_names=False)


def test_dates_keep_their_order_and_fill_the_span() -> None:
    how = {
        "do": "rescaled",
        "of": "sales.day",
        "span": ["2020-01-01", "2021-12-31"],
        "into": ["2026-10-01", "2026-12-31"],
        "assumed": WHY,
    }
    made = bindings({"day": how}, date="derived.day", price="sales.price")
    days = made.view("sale", {"sales": SALES, "shops": SHOPS})["_date"]
    assert days.iloc[[0, 2, 4]].dt.strftime("%m-%d").tolist() == ["10-01", "11-16", "12-31"]
    assert days.iloc[:5].is_monotonic_increasing
    assert days.isna().tolist() == [False] * 5 + [True]
    assert made.day_table("sale") == "sales"


def test_scattered_days_fill_the_span_and_follow_the_key() -> None:
    many = pd.DataFrame({"sale_id": [f"s{number}" for number in range(9_200)], "shop_id": "a"})
    how = {"do": "scattered", "of": "sales.sale_id", "into": ["2026-10-01", "2026-12-31"], "assumed": WHY}
    made = bindings({"day": how}, date="derived.day", key="sales.sale_id")
    days = made.view("sale", {"sales": many, "shops": SHOPS}).set_index("key")["_date"]
    counts = days.value_counts()
    assert (counts.index.min(), counts.index.max()) == (pd.Timestamp("2026-10-01"), pd.Timestamp("2026-12-31"))
    assert len(counts) == 92
    assert counts.between(60, 140).all()
    again = made.view("sale", {"sales": many[::-1], "shops": SHOPS}).set_index("key")["_date"]
    assert days.to_dict() == again.to_dict()
    assert made.day_table("sale") == "sales"


def test_dealt_values_follow_the_key_the_shares_and_nothing_else() -> None:
    many = pd.DataFrame({"sale_id": [f"s{number}" for number in range(20_000)], "shop_id": "a"})
    tables = {"sales": many, "shops": SHOPS}
    how = {"do": "dealt", "of": "sales.sale_id", "shares": {"0": 0.9, "1": 0.1}, "assumed": WHY}
    both = bindings({"late": how, "broken": how}, late="derived.late", broken="derived.broken", key="sales.sale_id")
    frame = both.view("sale", tables)
    assert frame["late"].dtype == np.int64
    assert frame["late"].mean() == pytest.approx(0.1, abs=0.01)
    assert frame["late"].corr(frame["broken"]) == pytest.approx(0, abs=0.03), "each column is dealt apart"
    again = both.view("sale", tables | {"sales": many.sample(frac=1, random_state=1)})
    assert frame.set_index("key")["late"].to_dict() == again.set_index("key")["late"].to_dict()


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"do": "product", "of": ["shops.country"]}, "computes with shops.country, which is no number"),
        ({"do": "product", "of": ["sales.gone"]}, "concept 'sale' derives from a missing column: sales.gone"),
        ({"do": "product", "of": ["derived.later"]}, "missing column: derived.later"),
        (
            {"do": "lookup", "of": "shops.country", "values": {"Norway": "N"}},
            "2 values of shops.country are not listed",
        ),
        (
            {
                "do": "rescaled",
                "of": "sales.day",
                "span": ["2020-01-01", "2021-01-01"],
                "into": ["2026-10-01", "2026-12-31"],
                "assumed": WHY,
            },
            "has dates outside 2020-01-01 to 2021-01-01",
        ),
    ],
)
def test_what_the_data_does_not_bear_out_is_refused(how: dict[str, Any], says: str) -> None:
    with pytest.raises(Refused, match=says):
        view({"x": how})


@pytest.mark.parametrize(
    "how",
    [
        {"do": "constant", "value": 1},
        {"do": "dealt", "of": "sales.sale_id", "shares": {"a": 0.5, "b": 0.5}},
        {"do": "dealt", "of": "sales.sale_id", "shares": {"a": 0.5, "b": 0.4}, "assumed": WHY},
        {"do": "lookup", "of": "shops.country", "values": {"Norway": "N", "Chile": 1}},
        {"do": "band", "of": "sales.price", "edges": [5, 2], "names": ["a", "b", "c"]},
        {"do": "band", "of": "sales.price", "edges": [5], "names": ["a"]},
        {"do": "expression", "of": "sales.price * 2"},
        {"do": "product", "of": ["price"]},
    ],
)
def test_a_declaration_that_hides_something_is_refused(how: dict[str, Any]) -> None:
    with pytest.raises(Refused, match=r"entities\.sale\.derived\.x"):
        bindings({"x": how})


def test_only_assumptions_in_use_are_told() -> None:
    derived = {
        "rate": {"do": "constant", "value": 0.6, "assumed": "no cost is recorded"},
        "cost": {"do": "product", "of": ["sales.price", "derived.rate"]},
        "idle": {"do": "constant", "value": 1, "assumed": "nobody uses it"},
    }
    assert bindings(derived, cost="derived.cost").assumptions() == ["sale.rate: no cost is recorded"]
    assert bindings(derived, price="sales.price").assumptions() == []
