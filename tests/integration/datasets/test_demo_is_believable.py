"""The demo company has the size, the seasons, the correlations and the dirt that labs build on."""

from __future__ import annotations

import pandas as pd
import pytest

from mondaylab.datasets.demo_company.company import CATEGORIES, REGIONS
from mondaylab.quarter import Quarter

Tables = dict[str, pd.DataFrame]
QUARTERS = ("2026Q3", "2026Q4")


@pytest.fixture(scope="session")
def sold(both_quarters: dict[str, Tables]) -> dict[str, pd.DataFrame]:
    """Order lines of completed orders, wide, by quarter; ``week`` is the Monday."""
    result = {}
    for quarter, tables in both_quarters.items():
        wide = tables["order_lines"].merge(tables["orders"], on="order_id").merge(tables["customers"], on="customer_id")
        wide = wide.merge(tables["products"], on="product_id", suffixes=("", "_product"))
        days = pd.to_datetime(wide["order_date"])
        wide["week"] = (days - pd.to_timedelta(days.dt.day_of_week, unit="D")).dt.date
        result[quarter] = wide[wide["status"] == "completed"]
    return result


def margin(lines: pd.DataFrame, by: list[str] | None = None) -> pd.Series:
    sums = lines.groupby(by or (lambda _: 0))[["net_amount", "cost_amount"]].sum()
    return 1 - sums["cost_amount"] / sums["net_amount"]


def full_weeks(lines: pd.DataFrame, quarter: str) -> pd.DataFrame:
    return lines[lines["week"].isin(Quarter.parse(quarter).full_weeks())]


def test_two_quarters_hold_a_hundred_thousand_rows(both_quarters: dict[str, Tables]) -> None:
    assert sum(len(frame) for tables in both_quarters.values() for frame in tables.values()) >= 100_000


@pytest.mark.parametrize("quarter", QUARTERS)
def test_every_week_has_enough_lines(sold: dict[str, pd.DataFrame], quarter: str) -> None:
    lines = full_weeks(sold[quarter], quarter)
    weeks = len(Quarter.parse(quarter).full_weeks())
    assert lines.groupby("week").size().min() >= 300
    by_region, by_category = lines.groupby(["week", "region"]).size(), lines.groupby(["week", "category"]).size()
    assert (len(by_region), len(by_category)) == (weeks * len(REGIONS), weeks * len(CATEGORIES))
    assert by_region.min() >= 30
    assert by_category.min() >= 20


@pytest.mark.parametrize("quarter", QUARTERS)
@pytest.mark.parametrize(
    "by", [["week"], ["region"], ["category"], ["channel"], ["week", "region"], ["week", "category"]]
)
def test_margins_are_believable(sold: dict[str, pd.DataFrame], quarter: str, by: list[str]) -> None:
    found = margin(full_weeks(sold[quarter], quarter), by)
    assert found.min() >= 0.14
    assert found.max() <= 0.46


@pytest.mark.parametrize("quarter", QUARTERS)
def test_weeks_and_regions_differ_clearly(sold: dict[str, pd.DataFrame], quarter: str) -> None:
    lines = full_weeks(sold[quarter], quarter)
    assert margin(lines, ["week"]).diff().abs().median() > 0.007
    assert margin(lines, ["week", "region"]).unstack().diff().abs().median().min() > 0.01
    assert margin(lines, ["region"]).max() - margin(lines, ["region"]).min() > 0.03
    best = margin(lines, ["week", "region"]).unstack().idxmax(axis=1)
    assert best.nunique() > 1  # rankings change from week to week


@pytest.mark.parametrize("quarter", QUARTERS)
def test_a_mix_effect_turns_the_order_of_two_regions(sold: dict[str, pd.DataFrame], quarter: str) -> None:
    by_both = margin(sold[quarter], ["category", "region"]).unstack()
    assert (by_both["North"] > by_both["South"]).all()
    overall = margin(sold[quarter], ["region"])
    assert overall["North"] < overall["South"] - 0.01


def test_the_fourth_quarter_peaks_and_christmas_is_quiet(sold: dict[str, pd.DataFrame]) -> None:
    assert len(sold["2026Q4"]) > 1.05 * len(sold["2026Q3"])
    weeks = full_weeks(sold["2026Q4"], "2026Q4").groupby("week").size()
    assert weeks.idxmin() == weeks.index[-1]  # 21 to 27 December
    assert weeks.iloc[-1] < 0.6 * weeks.median()
    assert weeks.idxmax().month == 11
    days = pd.to_datetime(sold["2026Q3"]["order_date"]).dt.day_of_week.value_counts()
    assert days[[5, 6]].sum() < 0.1 * days.sum()


@pytest.mark.parametrize("quarter", QUARTERS)
def test_discounts_follow_segment_and_size_and_most_are_approved(
    both_quarters: dict[str, Tables], sold, quarter: str
) -> None:
    lines = sold[quarter]
    by_segment = lines.groupby("segment")[["discount_pct", "quantity"]].mean()
    assert by_segment["discount_pct"].idxmax() == by_segment["quantity"].idxmax() == "Trade"
    assert (
        lines.groupby("category")[["discount_pct", "quantity"]].corr().xs("quantity", level=1)["discount_pct"].min()
        > 0.2
    )
    tables = both_quarters[quarter]
    deepest = tables["order_lines"].groupby("order_id")["discount_pct"].max()
    orders = tables["orders"].set_index("order_id").assign(deepest=deepest)
    role = tables["employees"].set_index("employee_id")["role"]
    above = orders[orders["deepest"] > 0.15]
    assert 0.03 < above["discount_approved_by"].isna().mean() < 0.10
    assert orders[orders["deepest"] <= 0.15]["discount_approved_by"].notna().mean() < 0.03
    finance = above[above["deepest"] > 0.25]["discount_approved_by"].dropna().map(role)
    assert 0.7 < (finance == "Finance controller").mean() < 1.0
    assert set(above["discount_approved_by"].dropna().map(role)) == {"Sales lead", "Finance controller"}


@pytest.mark.parametrize("quarter", QUARTERS)
def test_money_adds_up(both_quarters: dict[str, Tables], quarter: str) -> None:
    tables = both_quarters[quarter]
    lines = tables["order_lines"]
    net = (lines["quantity"] * lines["unit_price"] * (1 - lines["discount_pct"])).round(2)
    assert (net - lines["net_amount"]).abs().max() < 0.011
    shipped = lines[lines["order_id"].isin(tables["shipments"]["order_id"])]
    revenue = tables["ledger"].query("account == 4000")["amount"].sum()
    assert revenue == pytest.approx(shipped["net_amount"].sum(), abs=1)
    cancelled = tables["orders"].query("status == 'cancelled'")["order_id"]
    assert 0.03 < len(cancelled) / len(tables["orders"]) < 0.08
    assert not cancelled.isin(tables["shipments"]["order_id"]).any()


@pytest.mark.parametrize("quarter", QUARTERS)
def test_lateness_damage_and_refunds(both_quarters: dict[str, Tables], quarter: str) -> None:
    tables = both_quarters[quarter]
    late = tables["shipments"].groupby("carrier")["late"].mean()
    assert late["Corvo Express"] > 2 * late["Aldrin Freight"]
    tickets, lines = tables["tickets"], tables["order_lines"].merge(tables["products"], on="product_id")
    furniture = set(lines.loc[lines["category"] == "Furniture", "order_id"])
    damaged = tickets[tickets["topic"] == "damaged"]["order_id"].isin(furniture).mean()
    assert damaged > 1.5 * tickets[tickets["topic"] == "invoice"]["order_id"].dropna().isin(furniture).mean()
    above = tickets["refund_amount"] > 250
    assert 5 <= above.sum() < 0.2 * (tickets["refund_amount"] > 0).sum()


def test_dirt(both_quarters: dict[str, Tables]) -> None:
    tables = both_quarters["2026Q4"]
    assert tables["customers"]["contact_phone"].isna().any()
    assert tables["customers"]["contact_name"].str.endswith(" ").any()
    city = tables["customers"]["city"]
    assert (city.str.isupper() & city.str.len().gt(3)).any()
    assert city.str.islower().any()
    assert tables["tickets"]["body"].str.contains(r" +$").any()
    assert tables["tickets"].duplicated(["customer_id", "body"]).any()
    assert tables["shipments"]["delivered_date"].isna().any()
    assert tables["tickets"]["satisfaction"].isna().any()
