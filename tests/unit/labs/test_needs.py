"""What labs need, against what a company binds."""

from __future__ import annotations

from pathlib import Path

import pytest

from mondaylab.concepts.bindings import Bindings
from mondaylab.labs.needs import claim_needs, lab_needs, missing_for
from mondaylab.labs.sources.declaration import LabDeclaration
from mondaylab.measures.needs import DATE

ROOT = Path(__file__).resolve().parents[3]
LABS = sorted(path.parent for path in (ROOT / "labs").glob("*/*/lab.toml"))


@pytest.fixture(scope="module")
def finance() -> LabDeclaration:
    return LabDeclaration.of(ROOT / "labs" / "finance" / "weekly_margin_memo")


@pytest.fixture(scope="module")
def demo() -> Bindings:
    return Bindings.of(ROOT / "datasets" / "demo")


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
