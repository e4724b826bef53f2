"""Orders, their lines and their shipments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mondaylab.datasets.demo_company import catalogue, seasons
from mondaylab.datasets.demo_company.company import (
    CATEGORIES,
    CHANNELS,
    REGIONS,
    SEGMENTS,
    Company,
    days_of,
    week_numbers,
    weighted,
)
from mondaylab.quarter import Quarter

ORDER_NUMBERS = 20_000
"""Order numbers set aside for a quarter."""

# what each region and each segment buys, by category; North lives on packaging, South on safety gear
_REGION_TASTE = np.array(
    [
        [0.50, 0.12, 0.08, 0.14, 0.06, 0.10],
        [0.10, 0.18, 0.32, 0.16, 0.12, 0.12],
        [0.22, 0.20, 0.16, 0.12, 0.10, 0.20],
        [0.22, 0.16, 0.14, 0.20, 0.16, 0.12],
        [0.20, 0.20, 0.18, 0.18, 0.12, 0.12],
    ]
)
_SEGMENT_TASTE = np.array(
    [
        [1.0, 1.2, 0.7, 1.2, 0.8, 1.0],
        [1.1, 0.9, 1.3, 0.8, 0.8, 1.3],
        [0.7, 1.3, 1.1, 1.2, 1.5, 0.7],
        [1.3, 0.8, 0.8, 1.1, 0.9, 0.9],
    ]
)
_MORE_LINES = np.array([1.5, 2.6, 2.3, 1.1])
_SIZE = np.array([0.0, 0.75, 0.45, -0.6])  # log of quantity against the category's usual one
_USUAL_QUANTITY = np.array([60.0, 14.0, 12.0, 20.0, 2.2, 6.0])
_DISCOUNT = np.array([0.025, 0.095, 0.070, 0.015])
_CHANNEL_OF = np.array(
    [[0.45, 0.35, 0.02, 0.18], [0.18, 0.22, 0.38, 0.22], [0.15, 0.20, 0.25, 0.40], [0.93, 0.05, 0.0, 0.02]]
)
_CHANNEL_PRICE = np.array([0.985, 1.01, 0.99, 1.015])
_REGION_PRICE = np.array([1.015, 0.98, 0.97, 1.027, 1.0])


@dataclass(frozen=True)
class Trade:
    """A quarter's trade.

    Attributes:
        orders: One row an order, without notes; ``_region``, ``_segment`` are codes into REGIONS and SEGMENTS.
        lines: One row an order line; ``_category`` is a code into CATEGORIES, ``_order`` the row of `orders`.
    """

    orders: pd.DataFrame
    lines: pd.DataFrame


def trade(
    company: Company, quarter: Quarter, customers: pd.DataFrame, employees: pd.DataFrame, products: pd.DataFrame
) -> Trade:
    """Draws the quarter's orders and lines."""
    random = company.random("trade", quarter)
    orders = _orders(company, quarter, random, customers)
    lines = _lines(company, quarter, random, orders, products)
    deepest = lines.groupby("_order")["discount_pct"].max().reindex(range(len(orders))).to_numpy()
    worth = lines.groupby("_order")["net_amount"].sum().reindex(range(len(orders))).to_numpy()
    limits = company.limits
    lost = 0.030 + 0.05 * (worth > 2_500) + 0.14 * (deepest > limits.discount_sales_lead)
    orders["status"] = np.where(random.random(len(orders)) < lost, "cancelled", "completed")
    orders["discount_approved_by"] = _approvals(company, random, orders, deepest, employees)
    sellers = employees.loc[employees["team"].isin(["Sales", "Service"]), "employee_id"].to_numpy()
    orders["employee_id"] = sellers[random.integers(0, len(sellers), len(orders))]
    return Trade(orders, lines)


def _orders(company: Company, quarter: Quarter, random: np.random.Generator, customers: pd.DataFrame) -> pd.DataFrame:
    days = days_of(quarter)
    a_day = company.orders_a_quarter / 91 * seasons.demand(days) * 1.012 ** company.age(quarter)
    counts = random.poisson(a_day)
    region = customers["region"].map(REGIONS.index).to_numpy()
    segment = customers["segment"].map(SEGMENTS.index).to_numpy()
    since = customers["since"].to_numpy().astype("datetime64[D]")
    appetite = customers["_weight"].to_numpy() * np.array([0.9, 1.3, 0.8, 1.2])[segment]
    weeks = week_numbers(days, quarter.start)
    mood = random.lognormal(0, 0.10, size=(int(weeks.max()) + 1, len(REGIONS)))
    picked, dates = [], []
    for week in range(int(weeks.max()) + 1):
        of_week = np.flatnonzero(weeks == week)
        weight = appetite * mood[week][region] * (since <= days[of_week[0]])
        total = int(counts[of_week].sum())
        picked.append(random.choice(len(customers), size=total, p=weight / weight.sum()))
        dates.append(np.repeat(days[of_week], counts[of_week]))
    who, when = np.concatenate(picked), np.concatenate(dates)
    channel = weighted(random, _CHANNEL_OF[segment[who]])
    first = company.age(quarter) * ORDER_NUMBERS + 1
    return pd.DataFrame(
        {
            "order_id": [f"O{number:07d}" for number in range(first, first + len(who))],
            "customer_id": customers["customer_id"].to_numpy()[who],
            "order_date": when,
            "channel": np.array(CHANNELS)[channel],
            "_channel": channel,
            "_region": region[who],
            "_segment": segment[who],
            "_week": week_numbers(when, quarter.start),
        }
    )


def _lines(
    company: Company, quarter: Quarter, random: np.random.Generator, orders: pd.DataFrame, products: pd.DataFrame
) -> pd.DataFrame:
    weeks = int(orders["_week"].max()) + 1
    many = 1 + random.poisson(_MORE_LINES[orders["_segment"]])
    order = np.repeat(np.arange(len(orders)), many)
    region, segment, week, channel = (
        orders[column].to_numpy()[order] for column in ("_region", "_segment", "_week", "_channel")
    )
    fashion = random.lognormal(0, 0.12, size=(weeks, len(CATEGORIES)))
    category = weighted(random, _REGION_TASTE[region] * _SEGMENT_TASTE[segment] * fashion[week])
    product = _products(random, category, products)
    quantity = np.ceil(
        _USUAL_QUANTITY[category] * np.exp(_SIZE[segment] + random.normal(-0.2, 0.55, len(order)))
    ).astype(int)
    discount = _discounts(random, orders, order, quantity / _USUAL_QUANTITY[category], weeks)
    price = (products["list_price"].to_numpy()[product] * _REGION_PRICE[region] * _CHANNEL_PRICE[channel]).round(2)
    index = catalogue.cost_index(company, quarter.end)
    this_week = np.minimum(catalogue.week_of(quarter.start) + week, len(index) - 1)
    cost = products["_base_cost"].to_numpy()[product] * index[this_week, category]
    first = company.age(quarter) * ORDER_NUMBERS * 10 + 1
    return pd.DataFrame(
        {
            "line_id": [f"L{number:08d}" for number in range(first, first + len(order))],
            "order_id": orders["order_id"].to_numpy()[order],
            "product_id": products["product_id"].to_numpy()[product],
            "quantity": quantity,
            "unit_price": price,
            "discount_pct": discount,
            "net_amount": (quantity * price * (1 - discount)).round(2),
            "cost_amount": (quantity * cost).round(2),
            "_category": category,
            "_order": order,
        }
    )


def _products(random: np.random.Generator, category: np.ndarray, products: pd.DataFrame) -> np.ndarray:
    product = np.empty(len(category), dtype=int)
    for code, name in enumerate(CATEGORIES):
        rows = np.flatnonzero(products["category"].to_numpy() == name)
        appeal = products["_appeal"].to_numpy()[rows]
        lines = np.flatnonzero(category == code)
        product[lines] = rows[random.choice(len(rows), size=len(lines), p=appeal / appeal.sum())]
    return product


def _discounts(
    random: np.random.Generator, orders: pd.DataFrame, order: np.ndarray, relative_size: np.ndarray, weeks: int
) -> np.ndarray:
    """Shares in steps of half a percent: segment, size, a regional campaign of the week, and negotiated deals."""
    campaign = _campaigns(random, weeks, len(REGIONS), 0.055) + _campaigns(random, weeks, 1, 0.03) - 0.02
    deal = np.where(random.random(len(orders)) < 0.045, random.uniform(0.06, 0.20, len(orders)), 0.0)
    per_order = (
        _DISCOUNT[orders["_segment"]]
        + campaign[orders["_week"], orders["_region"]]
        + 0.02 * (orders["channel"].to_numpy() == "rep")
        + random.normal(0, 0.02, len(orders))
        + deal
    )
    discount = per_order[order] + 0.018 * np.log(np.maximum(relative_size, 0.2)) + random.normal(0, 0.01, len(order))
    return np.asarray((np.clip(discount, 0, 0.40) * 200).round() / 200)


def _campaigns(random: np.random.Generator, weeks: int, places: int, deepest: float) -> np.ndarray:
    """Extra discount, weeks x places: campaigns of varied depth that start and stop from one week to the next."""
    toggles = random.random((weeks, places)) < 0.7
    running = (np.cumsum(toggles, axis=0) + random.integers(0, 2, places)) % 2 == 1
    return np.where(running, random.uniform(0.3, 1.0, (weeks, places)) * deepest, 0.0) + random.normal(
        0, 0.006, (weeks, places)
    )


def _approvals(
    company: Company, random: np.random.Generator, orders: pd.DataFrame, deepest: np.ndarray, employees: pd.DataFrame
) -> np.ndarray:
    """Who approved the order's deepest discount: as the handbook asks, with some exceptions."""
    leading = employees[employees["role"] == "Sales lead"]
    leads = np.empty(len(orders), dtype=object)
    for code, region in enumerate(REGIONS):
        of_region = leading.loc[leading["region"] == region, "employee_id"].to_numpy()
        rows = np.flatnonzero(orders["_region"].to_numpy() == code)
        leads[rows] = of_region[random.integers(0, len(of_region), len(rows))]
    finance = employees.loc[employees["role"] == "Finance controller", "employee_id"].to_numpy()
    finance = finance[random.integers(0, len(finance), len(orders))]
    spot = random.random(len(orders))
    above_lead = deepest > company.limits.discount_sales_lead
    above_finance = deepest > company.limits.discount_finance
    approved = np.where(above_finance & (spot > 0.12), finance, leads)
    needed = above_lead | (spot > 0.99)
    forgotten = above_lead & (random.random(len(orders)) < 0.05)
    return np.where(needed & ~forgotten, approved, "")


CARRIERS = ("Aldrin Freight", "Brakke Logistics", "Corvo Express")
_CARRIER_OF = np.array([[0.5, 0.3, 0.2], [0.45, 0.35, 0.2], [0.25, 0.30, 0.45], [0.4, 0.4, 0.2], [0.5, 0.3, 0.2]])
_LATE = np.array([0.05, 0.09, 0.16])
_BULK = np.array([0.05, 0.03, 0.02, 0.03, 0.055, 0.025])  # freight per EUR of net value


def shipments(company: Company, quarter: Quarter, sold: Trade) -> pd.DataFrame:
    """Shipments of completed orders that left by the end of the quarter; delivery is blank where still open."""
    random = company.random("shipments", quarter)
    orders = sold.orders
    bulk = (sold.lines["net_amount"] * _BULK[sold.lines["_category"]]).groupby(sold.lines["_order"]).sum()
    frame = orders[orders["status"] == "completed"].copy()
    frame["_bulk"] = bulk.reindex(frame.index).to_numpy()
    count = len(frame)
    express = frame["_segment"].to_numpy() == SEGMENTS.index("Online")
    odds = _CARRIER_OF[frame["_region"]].copy()
    odds[express, 2] *= 2.5
    carrier = weighted(random, odds)
    days = frame["order_date"].to_numpy().astype("datetime64[D]")
    shipped = np.busday_offset(days, random.integers(0, 3, count), roll="forward")
    peak = 1 + 0.8 * (seasons.demand(days, weekly=False) > 1.1)
    late = random.random(count) < _LATE[carrier] * peak * np.array([0.9, 1.0, 1.35, 1.0, 0.9])[frame["_region"]]
    delivered = np.busday_offset(shipped, random.integers(1, 4, count) + late * random.integers(2, 7, count))
    open_still = delivered > np.datetime64(quarter.end) + np.timedelta64(3, "D")
    frame["carrier"] = np.array(CARRIERS)[carrier]
    frame["shipped_date"] = shipped
    frame["delivered_date"] = np.where(open_still, np.datetime64("NaT"), delivered)
    frame["freight_cost"] = (
        (4.4 + frame["_bulk"] + np.array([0.0, 0.6, 2.4])[carrier]) * random.lognormal(0, 0.15, count)
    ).round(2)
    frame["late"] = (late & ~open_still).astype(int)
    frame = frame[frame["shipped_date"] <= np.datetime64(quarter.end)].reset_index(drop=True)
    first = company.age(quarter) * ORDER_NUMBERS + 1
    frame["shipment_id"] = [f"H{number:07d}" for number in range(first, first + len(frame))]
    names = ["shipment_id", "order_id", "carrier", "shipped_date", "delivered_date", "freight_cost", "late"]
    return frame[[*names, "customer_id", "order_date", "_region"]]
