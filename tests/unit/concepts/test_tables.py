"""What learners and their code get: tables as they are, concepts in the lab's words, and both told apart."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from mondaylab.concepts.bindings import Bindings
from mondaylab.concepts.in_words import described
from mondaylab.concepts.tables import LabTables
from mondaylab.errors import Refused

SALES = pd.DataFrame(
    {
        "no": ["s1", "s2", "s3"],
        "shop": ["a", "b", "a"],
        "at": pd.to_datetime(["2026-12-27 18:30", "2026-12-28 09:00", "2027-01-04 00:00"]),
        "price": [10.0, 2.5, 4.0],
        "pieces": [1, 2, 3],
    }
)
SHOPS = pd.DataFrame({"shop": ["a", "b"], "country": ["Norway", "Chile"]})
WHY = "nobody wrote down a cost"
ENTITY: dict[str, Any] = {
    "label": "sale at a till",
    "table": "sale",  # a company may well call a table what labs call a concept
    "key": "no",
    "date": "sale.at",
    "joins": {"shops": {"source": "sale", "key": "shop"}},
    "derived": {
        "price": {"do": "product", "of": ["sale.price"], "factor": 100},
        "net": {"do": "product", "of": ["sale.price", "sale.pieces"]},
        "rate": {"do": "dealt", "of": "sale.no", "shares": {"0.4": 0.5, "0.6": 0.5}, "assumed": WHY},
        "cost": {"do": "product", "of": ["derived.net", "derived.rate"]},
        "gross": {"do": "difference", "of": "derived.net", "less": "derived.cost"},
    },
    "fields": {
        "net": {"column": "derived.net", "unit": "EUR", "label": "net sales"},
        "gross": {"column": "derived.gross", "unit": "EUR"},
        "country": {"column": "shops.country"},
    },
}


def lab_tables(**changes: Any) -> LabTables:
    bindings = Bindings.parse(
        {"company": "toy", "currency": "EUR", "entities": {"sale": {**ENTITY, **changes}}}, where="test"
    )
    return LabTables({"sale": SALES, "shops": SHOPS}, bindings)


def test_a_concept_is_joined_derived_and_dated():
    frame = lab_tables().concept("sale")
    assert list(frame.columns) == ["id", "day", "week", "week_start", "net", "gross", "country"]
    assert frame["id"].tolist() == ["s1", "s2", "s3"]
    assert frame["net"].tolist() == [10, 5, 12]
    assert frame["country"].tolist() == ["Norway", "Chile", "Norway"]
    assert frame["week"].tolist() == [52, 53, 1], "a Sunday, the Monday after it, and the first week of a year"
    days = ["2026-12-27", "2026-12-28", "2027-01-04"]
    assert frame["day"].dt.strftime("%Y-%m-%d %H:%M").tolist() == [f"{day} 00:00" for day in days]
    assert frame["week_start"].dt.date.astype("str").tolist() == ["2026-12-21", "2026-12-28", "2027-01-04"]


def test_a_table_of_the_concepts_name_stays_a_table():
    tables = lab_tables()
    assert list(tables) == ["sale", "shops"]
    assert tables.concepts == ("sale",)
    assert list(tables["sale"].columns) == list(SALES.columns)
    assert "net" in tables.concept("sale").columns


def test_what_is_done_to_a_frame_stays_with_it():
    tables = lab_tables()
    frame = tables.concept("sale")
    frame["net"] = 0
    assert tables.concept("sale")["net"].tolist() == [10, 5, 12]


def test_a_missing_day_has_no_week():
    tables = LabTables({"sale": SALES.assign(at=[None, *SALES["at"][1:]]), "shops": SHOPS}, lab_tables().bindings)
    frame = tables.concept("sale")
    assert frame["week"].isna().tolist() == [True, False, False]
    assert frame[frame["week"] == 53]["id"].tolist() == ["s2"]


def test_without_a_day_there_are_no_weeks():
    assert list(lab_tables(date=None).concept("sale").columns) == ["id", "net", "gross", "country"]


def test_every_column_is_told_with_its_source_and_what_was_assumed():
    columns = {column.name: column for column in described(lab_tables().bindings, "sale")}
    assert list(columns) == list(lab_tables().concept("sale").columns)
    assert (columns["id"].means, columns["id"].source) == ("names the sale at a till", "sale.no")
    assert columns["day"].source == "sale.at"
    assert columns["country"].source == "shops.country"
    assert (columns["net"].means, columns["net"].unit) == ("net sales", "EUR")
    assert columns["net"].source == "sale.price \u00d7 sale.pieces"
    assert columns["net"].assumed == ()
    assert "dealt by sale.no" in columns["gross"].source
    assert columns["gross"].assumed == (WHY,), "what a derived column is made from was assumed"


@pytest.mark.parametrize("name", ["id", "day", "week", "week_start"])
def test_a_field_may_not_take_a_concepts_own_column(name: str):
    with pytest.raises(Refused, match=f"fields may not be called {name}"):
        lab_tables(fields={name: {"column": "sale.at"}})


def test_amounts_are_found_behind_what_is_derived_from_them():
    fields = {"price": {"column": "derived.price", "unit": "EUR"}, "net": {"column": "derived.net", "unit": "EUR"}}
    assert lab_tables(fields=fields).bindings.amounts() == ["sale.price"]
    assert lab_tables(fields={"net": fields["net"]}).bindings.amounts() == [], "price or pieces: nothing tells which"
    stored = {"price": {"column": "sale.price", "unit": "EUR"}}
    assert lab_tables(fields=stored).bindings.amounts() == ["sale.price"]
