"""The demo's bindings against its sanitized snapshot."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from mondaylab.concepts.bindings import Bindings
from mondaylab.measures import Aggregate, Growth, Minus, Period, Rank, Ratio
from mondaylab.measures.catalog import Catalog
from mondaylab.settings import Site


@pytest.fixture(scope="session")
def catalog(demo_site: Site, tables: dict[str, pd.DataFrame]) -> Catalog:
    return Catalog(Bindings.of(demo_site.company("demo")), tables)


EXPECTED = {
    "order_line": "net cost quantity discount region segment category channel status product customer order",
    "order": "region segment channel status customer",
    "shipment": "freight late carrier region status",
    "ticket": "topic priority refund region order order_date",
    "return": "intake reason decision requested refunded voucher days opened freight_paid_by carrier late freight "
    "region segment category order_date customer order line ticket",
    "application": "vacancy department required_skill applicant work_sample interview skills_match certificates stage "
    "part_time parental_leave age_band gap_months commute",
    "vacancy": "title department positions closed_date",
    "hire": "work_sample interview commute trial_rating",
}


@pytest.mark.parametrize("entity", sorted(EXPECTED))
def test_every_concept_is_bound_and_joins_keep_rows(
    catalog: Catalog, tables: dict[str, pd.DataFrame], entity: str
) -> None:
    bound = catalog.bindings.entity(entity)
    frame = catalog.frame(entity)
    assert set(EXPECTED[entity].split()) <= set(frame.columns)
    assert len(frame) == len(tables[bound.table])
    assert frame["_key"].is_unique
    assert frame["_date"].notna().all()
    for field in ("region", "segment", "status", "category"):
        if field in frame.columns:
            assert frame[field].notna().all()
    assert set(catalog.bindings.tables([entity])) <= set(tables)


def test_measures_agree_with_pandas(catalog: Catalog, tables: dict[str, pd.DataFrame]) -> None:
    week = Period.week(date(2026, 11, 16))
    done = {"status": ("completed",)}
    net, cost = (
        Aggregate(how="sum", entity="order_line", field=field, where=done, period=week) for field in ("net", "cost")
    )
    margin = Ratio(top=Minus(left=net, right=cost), bottom=net)
    wide = tables["order_lines"].merge(tables["orders"], on="order_id")
    rows = wide[(wide["status"] == "completed") & wide["order_date"].between("2026-11-16", "2026-11-22")]
    expected = 1 - rows["cost_amount"].sum() / rows["net_amount"].sum()
    assert catalog.evaluate(margin) == pytest.approx(expected)
    places = [
        catalog.evaluate(Rank(of=margin, entity="order_line", by="region", member=member))
        for member in catalog.members("order_line", "region")
    ]
    assert sorted(places) == [1, 2, 3, 4, 5]
    before = net.model_copy(update={"period": week.shifted(-7)})
    assert abs(catalog.evaluate(Growth(now=net, before=before))) < 0.5


def test_every_field_evaluates(catalog: Catalog) -> None:
    for name, entity in catalog.bindings.entities.items():
        for field in entity.fields:
            numeric = pd.api.types.is_numeric_dtype(catalog.frame(name)[field])
            measure = Aggregate(how="mean" if numeric else "distinct", entity=name, field=field)
            assert catalog.evaluate(measure) >= 0
