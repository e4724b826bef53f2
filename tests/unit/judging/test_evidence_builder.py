"""The builder makes measures, shows what they mean and are worth, and opens on what was saved."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from mondaylab.concepts.bindings import Bindings
from mondaylab.errors import Refused
from mondaylab.forms.shown import ShownQuestion
from mondaylab.judging.client import ServiceAway
from mondaylab.judging.evidence_builder import EvidenceBuilder, parts
from mondaylab.measures import Aggregate, Growth, Measure, Minus, Period, Rank, Ratio
from mondaylab.measures.catalog import Catalog
from mondaylab.quarter import Quarter

QUARTER = Quarter(2026, 4)


@pytest.fixture
def catalog() -> Catalog:
    bindings = Bindings.model_validate(
        {
            "company": "test",
            "currency": "EUR",
            "entities": {
                "line": {
                    "label": "order line",
                    "table": "lines",
                    "key": "line_id",
                    "date": "lines.day",
                    "fields": {
                        "net": {"column": "lines.net", "unit": "EUR", "label": "net sales"},
                        "cost": {"column": "lines.cost", "unit": "EUR"},
                        "region": {"column": "lines.region"},
                        "<b>": {"column": "lines.region"},
                    },
                },
                "shop": {"table": "shops", "key": "shop_id", "fields": {"town": {"column": "shops.town"}}},
            },
        }
    )
    lines = pd.DataFrame(
        {
            "line_id": ["1", "2", "3", "4"],
            "day": ["2026-10-05", "2026-10-06", "2026-10-12", "2026-12-31"],
            "net": [100.0, 300.0, 50.0, 50.0],
            "cost": [60.0, 200.0, 30.0, 10.0],
            "region": ["North", "South", "North", "North"],
        }
    )
    shops = pd.DataFrame({"shop_id": ["s1"], "town": ["Ulm"]})
    return Catalog(bindings, {"lines": lines, "shops": shops})


NET = Aggregate(how="sum", entity="line", field="net")
NORTH = Aggregate(how="sum", entity="line", field="net", where={"region": ("North",)})
COST = Aggregate(how="sum", entity="line", field="cost", period=Period.week(date(2026, 10, 5)))
DAYS = Aggregate(how="mean", entity="line", field="net", period=Period(start=date(2026, 10, 6), end=date(2026, 10, 7)))


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        (NET, 500.0),
        (Aggregate(how="count", entity="line"), 4.0),
        (Aggregate(how="distinct", entity="line", field="region"), 2.0),
        (Aggregate(how="distinct", entity="shop", field="town"), 1.0),
        (DAYS, 300.0),
        (Minus(left=NET, right=COST), 240.0),
        (Ratio(top=NORTH, bottom=NET), 0.4),
        (Ratio(top=Minus(left=NET, right=COST), bottom=NET), 0.48),
        (Growth(now=NET, before=NORTH), 1.5),
    ],
)
def test_saved_measures_open_as_they_were(catalog: Catalog, measure: Measure, value: float):
    builder = EvidenceBuilder(catalog, QUARTER, saved=measure)
    assert builder.measure == measure
    assert builder.value_now() == pytest.approx(value)
    assert "Saved before" in builder._note


def test_menus_to_a_saved_measure(catalog: Catalog):
    kept: list[Any] = []

    def save(measure: Measure | None) -> str:
        kept.append(measure)
        return "0123abcd"

    builder = EvidenceBuilder(catalog, QUARTER, save=save, question=ShownQuestion(text="<i>Margin?</i>", unit="%"))
    assert "&lt;i&gt;" in builder.children[0].value
    term = builder._terms[0]
    term._field.value = "net"
    field, members = term._filters[0]
    field.value = "region"
    assert members.options == ("North", "South")
    assert "choose at least one region" in builder._result.value
    with pytest.raises(Refused):
        builder.measure  # noqa: B018 - raises
    members.value = ("North",)
    builder._copy.click()
    builder._shape.value = "margin"
    builder._terms[1]._field.value = "cost"
    assert "(sum(net) - sum(cost)) / sum(net) over line where region = North" in builder._result.value
    builder._copy.click()
    builder._terms[1]._field.value = "cost"
    assert "0.5 = 50.00 %" in builder._result.value
    builder._button.click()
    assert builder._told.value == "Saved. Receipt 0123abcd"
    assert kept == [builder.measure]
    term._span.value = "week"
    assert builder.measure.top.left.period == Period.week(date(2026, 10, 5))  # type: ignore[union-attr]


def test_what_cannot_be_computed_or_saved_is_said(catalog: Catalog):
    def save(measure: Measure | None) -> str:
        raise ServiceAway("the judgement service does not answer")

    builder = EvidenceBuilder(catalog, QUARTER, save=save)
    term = builder._terms[0]
    term._how.value = "mean"
    term._span.value = "days"
    term._start.value, term._end.value = date(2026, 11, 1), date(2026, 11, 2)
    assert "No value" in builder._result.value
    builder._button.click()
    assert builder._told.value.startswith("Not saved: ")
    term._end.value = date(2026, 10, 1)
    assert "must run forwards" in builder._result.value
    term._span.value = "all"
    builder._button.click()
    assert "the judgement service does not answer" in builder._told.value


def test_without_a_service_it_says_where_to_go(catalog: Catalog):
    builder = EvidenceBuilder(catalog, QUARTER)
    assert builder._button.disabled
    assert "in the hub" in builder._told.value
    assert builder.value_now() == 500.0


def test_measures_that_the_menus_cannot_make(catalog: Catalog):
    rank = Rank(of=NET, entity="line", by="region", member="North")
    assert parts(rank) is None
    assert parts(Minus(left=rank, right=NET)) is None
    builder = EvidenceBuilder(catalog, QUARTER, saved=rank, save=lambda measure: "x")
    assert "replaces it" in builder._told.value
