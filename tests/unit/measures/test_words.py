"""Measures in words: what learners see as the proof of a truth."""

from __future__ import annotations

from datetime import date

import pytest

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
    restricted,
    shifted,
)

WEEK = Period.week(date(2026, 11, 9))
DONE = {"status": ("completed",), "region": ("North",)}
NET, COST = (
    Aggregate(how="sum", entity="order_line", field=field, where=DONE, period=WEEK) for field in ("net", "cost")
)
MARGIN = Ratio(top=Minus(left=NET, right=COST), bottom=NET)
SENT = Aggregate(how="count", entity="shipment", period=WEEK)
LATE = SENT.model_copy(update={"where": {"late": ("1",)}})
SALES = Aggregate(how="sum", entity="order_line", field="net")

WORDS: list[tuple[Measure, str]] = [
    (SALES, "sum(net) over order_line"),
    (SENT, "count(rows) over shipment in 2026-11-09 to 2026-11-15"),
    (
        MARGIN,
        "(sum(net) - sum(cost)) / sum(net) over order_line"
        " where status = completed, region = North, 2026-11-09 to 2026-11-15",
    ),
    (
        Ratio(top=LATE, bottom=SENT),
        "count(rows where late = 1) / count(rows) over shipment in 2026-11-09 to 2026-11-15",
    ),
    (
        Product(left=SENT, right=Ratio(top=LATE, bottom=SENT)),
        "count(rows) x (count(rows where late = 1) / count(rows)) over shipment in 2026-11-09 to 2026-11-15",
    ),
    (
        Growth(now=NET, before=shifted(NET, -7)),
        "growth of sum(net) in 2026-11-09 to 2026-11-15 against 2026-11-02 to 2026-11-08, over order_line"
        " where status = completed, region = North",
    ),
    (
        Minus(left=MARGIN, right=shifted(MARGIN, -7)),
        "change of (sum(net) - sum(cost)) / sum(net) in 2026-11-09 to 2026-11-15 against 2026-11-02 to 2026-11-08,"
        " over order_line where status = completed, region = North",
    ),
    (
        Growth(now=SALES, before=restricted(SALES, "order_line", "region", "North")),
        "growth from sum(net where region = North) to sum(net) over order_line",
    ),
    (
        Minus(left=MARGIN, right=restricted(MARGIN, "order_line", "region", "South")),
        "((sum(net) - sum(cost)) / sum(net) where region = North)"
        " - ((sum(net) - sum(cost)) / sum(net) where region = South) over order_line"
        " where status = completed, 2026-11-09 to 2026-11-15",
    ),
    (
        Ratio(top=Aggregate(how="sum", entity="shipment", field="freight"), bottom=SALES),
        "sum(shipment.freight) / sum(order_line.net)",
    ),
    (
        Rank(of=SALES, entity="order_line", by="region", member="North"),
        "rank of North by region on sum(net) over order_line",
    ),
    (
        TopShare(of=SALES, entity="order_line", by="customer", n=10),
        "share of the 10 largest customer in sum(net) over order_line",
    ),
    (
        Rate(of=SENT, holds={"late": ("1",)}, given={"carrier": ("Tern", "Quay")}),
        "share of late = 1 among rows where carrier = Tern | Quay over shipment in 2026-11-09 to 2026-11-15",
    ),
    (
        Rate(of=Aggregate(how="distinct", entity="shipment", field="order"), holds={"late": ("1",)}),
        "share of late = 1 among distinct order over shipment",
    ),
    (
        GrowthOver(of=NET, periods=4),
        "compound growth a week, in 4 weeks, of sum(net) over order_line"
        " where status = completed, region = North, 2026-11-09 to 2026-11-15",
    ),
    (
        Aggregate(
            how="quantile", q=0.9, entity="shipment", field="freight", bounds={"freight": (5, 50), "kg": (None, 9)}
        ),
        "quantile 0.9(freight) over shipment where 5 <= freight < 50, kg < 9",
    ),
    (Scaled(of=Minus(left=NET, right=COST), factor=-1), None),
]


@pytest.mark.parametrize(("measure", "words"), [pair for pair in WORDS if pair[1] is not None])
def test_words(measure: Measure, words: str) -> None:
    assert describe(measure) == words


def test_what_is_said_tells_measures_apart() -> None:
    """Other rows, other days or another order of parts: other words."""
    variants = [measure for measure, _ in WORDS]
    variants += [restricted(MARGIN, "order_line", "region", name) for name in ("South", "East")]
    variants += [Ratio(top=NET, bottom=Minus(left=NET, right=COST)), Minus(left=NET, right=Ratio(top=COST, bottom=NET))]
    variants += [shifted(MARGIN, days) for days in (7, 14)]
    variants += [Minus(left=NET, right=Minus(left=COST, right=NET)), Minus(left=Minus(left=NET, right=COST), right=NET)]
    variants += [Ratio(top=LATE, bottom=shifted(SENT, -7)), Ratio(top=shifted(LATE, -7), bottom=SENT)]
    assert len({describe(measure) for measure in variants}) == len(variants)
