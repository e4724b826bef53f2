"""What labs need, against what a company binds."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mondaylab.concepts.bindings import Bindings
from mondaylab.labs.needs import DATE, claim_needs, lab_needs, measure_needs, missing_for
from mondaylab.labs.sources.declaration import LabDeclaration
from mondaylab.measures import Aggregate, GrowthOver, Period, Rank, Rate, Ratio, Scaled, TopShare

ROOT = Path(__file__).resolve().parents[3]
LABS = sorted(path.parent for path in (ROOT / "labs").glob("*/*/lab.toml"))


@pytest.fixture(scope="module")
def finance() -> LabDeclaration:
    return LabDeclaration.of(ROOT / "labs" / "finance" / "weekly_margin_memo")


@pytest.fixture(scope="module")
def demo() -> Bindings:
    return Bindings.of(ROOT / "datasets" / "demo")


def test_every_part_of_a_measure_counts() -> None:
    day = Period.week(date(2026, 11, 9))
    sent = Aggregate(how="count", entity="shipment", where={"late": ("1",)}, bounds={"kg": (1, None)}, period=day)
    net = Aggregate(how="sum", entity="order_line", field="net")
    rate = Rate(of=Aggregate(how="count", entity="ticket"), holds={"topic": ("bill",)}, given={"agent": ("Ann",)})
    assert measure_needs(Ratio(top=GrowthOver(of=sent, periods=2), bottom=net)) == {
        "shipment": {"late", "kg", DATE},
        "order_line": {"net"},
    }
    assert measure_needs(rate) == {"ticket": {"topic", "agent"}}
    rank = Rank(of=Scaled(of=net, factor=2), entity="order_line", by="region", member="North")
    assert measure_needs(rank) == {"order_line": {"net", "region"}}
    assert measure_needs(TopShare(of=net, entity="order_line", by="customer", n=3)) == {
        "order_line": {"net", "customer"}
    }


def test_the_finance_lab_needs_what_it_reads(finance: LabDeclaration) -> None:
    needs = lab_needs(finance)
    assert set(needs) == set(finance.entities)
    assert {"net", "cost", "status", "region", "channel", "order", DATE} <= needs["order_line"]
    assert {"freight", "carrier", "late", DATE} <= needs["shipment"]
    cut = {"net", "status", "category", "region", DATE}
    assert claim_needs(finance, finance.claim("memo_net")) == {"order_line": cut}


@pytest.mark.parametrize("folder", LABS, ids=lambda folder: folder.name)
def test_the_demo_company_can_run_every_lab(folder: Path, demo: Bindings) -> None:
    assert missing_for(demo, lab_needs(LabDeclaration.of(folder))) == []


def test_what_is_missing_is_named(finance: LabDeclaration, demo: Bindings) -> None:
    data = demo.model_dump()
    del data["entities"]["shipment"]
    del data["entities"]["order_line"]["fields"]["cost"]
    data["entities"]["order_line"]["date"] = None
    poorer = Bindings.parse(data, where="test")
    assert missing_for(poorer, lab_needs(finance)) == ["order_line.cost", "order_line.date", "shipment"]
