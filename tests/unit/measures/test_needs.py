"""Which concepts and fields a measure reads."""

from __future__ import annotations

from datetime import date

from mondaylab.measures import Aggregate, GrowthOver, Period, Product, Rank, Rate, Ratio, Scaled, TopShare
from mondaylab.measures.needs import DATE, measure_needs


def test_every_part_of_a_measure_counts() -> None:
    day = Period.week(date(2026, 11, 9))
    sent = Aggregate(how="count", entity="shipment", where={"late": ("1",)}, bounds={"kg": (1, None)}, period=day)
    net = Aggregate(how="sum", entity="order_line", field="net")
    rate = Rate(of=Aggregate(how="count", entity="ticket"), holds={"topic": ("bill",)}, given={"agent": ("Ann",)})
    assert measure_needs(Ratio(top=GrowthOver(of=sent, periods=2), bottom=net)) == {
        "shipment": {"late", "kg", DATE},
        "order_line": {"net"},
    }
    assert measure_needs(Product(left=sent, right=net)) == {"shipment": {"late", "kg", DATE}, "order_line": {"net"}}
    assert measure_needs(rate) == {"ticket": {"topic", "agent"}}
    rank = Rank(of=Scaled(of=net, factor=2), entity="order_line", by="region", member="North")
    assert measure_needs(rank) == {"order_line": {"net", "region"}}
    assert measure_needs(TopShare(of=net, entity="order_line", by="customer", n=3)) == {
        "order_line": {"net", "customer"}
    }
