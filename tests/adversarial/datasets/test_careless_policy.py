"""A policy that keeps everything publishes no personal column; a reason, by name, lets a harmless one through."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from faker import Faker

from mondaylab.datasets.sanitize import sanitize
from mondaylab.errors import Refused
from mondaylab.settings import Site

QUARTER = "2026Q4"
ROWS = 25


def erp() -> dict[str, pd.DataFrame]:
    fake = Faker("de_DE")
    italian = Faker("it_IT")
    for one in (fake, italian):
        one.seed_instance(7)
    row = range(ROWS)
    customers = {
        "customer_no": [str(10_000 + i) for i in row],
        "full_name": [f"{fake.first_name()} {fake.last_name()}" for _ in row],
        "mail": [fake.email() for _ in row],
        "phone": [f"+49 30 {fake.random_number(8, fix_len=True)}" for _ in row],
        "card": [fake.credit_card_number("visa16") for _ in row],
        "bank": [fake.iban() for _ in row],
        "turnover": [f"{fake.pyfloat(min_value=10, max_value=9000):.2f}" for _ in row],
        "segment": [fake.random_element(["Trade", "Retail"]) for _ in row],
    }
    users = {
        "login": [fake.email() for _ in row],
        "hash": [fake.sha256() for _ in row],
        "born": [str(fake.date_of_birth(minimum_age=20, maximum_age=64)) for _ in row],
        "first": [fake.first_name() for _ in row],
        "last": [fake.last_name() for _ in row],
        "ssn": [italian.ssn() for _ in row],
        "grade": [str(i % 4) for i in row],
    }
    return {"customers": pd.DataFrame(customers), "users": pd.DataFrame(users)}


CARELESS: dict[str, dict[str, Any]] = {
    "customers": {
        "customer_no": {"do": "keep", "type": "integer"},
        "full_name": {"do": "keep", "type": "text"},
        "mail": {"do": "keep", "type": "text", "public": "we have always shown it"},
        "phone": {"do": "keep", "type": "code", "pattern": ".+"},
        "card": {"do": "keep", "type": "integer"},
        "bank": {"do": "keep", "type": "code", "pattern": ".+"},
        "turnover": {"do": "keep", "type": "number"},
        "segment": {"do": "keep", "type": "text"},
    },
    "users": {
        "login": {"do": "keep", "type": "text"},
        "hash": {"do": "keep", "type": "code", "pattern": ".+"},
        "born": {"do": "keep", "type": "date"},
        "first": {"do": "keep", "type": "text"},
        "last": {"do": "prefix", "length": 4},
        "ssn": {"do": "keep", "type": "text"},
        "grade": {"do": "keep", "type": "integer"},
    },
}
PERSONAL = {
    "customers": {"full_name", "mail", "phone", "card", "bank"},
    "users": {"login", "hash", "born", "first", "ssn"},
}


def site_with(root: Path, policy: dict[str, Any], tables: dict[str, pd.DataFrame]) -> Site:
    site = Site(root, root / "var")
    raw = site.raw / "erp" / QUARTER
    raw.mkdir(parents=True, exist_ok=True)
    (root / "datasets" / "erp").mkdir(parents=True, exist_ok=True)
    whole = {"company": "erp", "steward": "x", "tables": {name: {"columns": rules} for name, rules in policy.items()}}
    (root / "datasets" / "erp" / "policy.yaml").write_text(yaml.safe_dump(whole), "utf-8")
    for name, table in tables.items():
        table.to_csv(raw / f"{name}.csv", index=False)
    return site


def refusal(site: Site) -> str:
    with pytest.raises(Refused) as caught:
        sanitize(site, "erp", QUARTER)
    assert not [path for path in site.snapshots.rglob("*") if path.is_file()]
    return str(caught.value)


def test_a_policy_that_keeps_everything_publishes_no_personal_column(tmp_path: Path) -> None:
    tables = erp()
    words = refusal(site_with(tmp_path, CARELESS, tables))
    for table, columns in PERSONAL.items():
        for column in tables[table].columns:
            assert (f"{table}.{column}: " in words) == (column in columns)
            if column in columns:
                assert not any(cell in words for cell in tables[table][column])


def test_each_personal_column_refuses_by_itself(tmp_path: Path) -> None:
    tables = erp()
    for table, columns in PERSONAL.items():
        for column in sorted(columns):
            rules = {column: CARELESS[table][column], "plain": {"do": "keep", "type": "integer"}}
            frame = tables[table][[column]].assign(plain=range(ROWS))
            assert f"t.{column}: " in refusal(site_with(tmp_path / column, {"t": rules}, {"t": frame}))


ACTIONS = [
    ({"do": "bin", "width": 1e-9}, [str(1000 + 37 * i) for i in range(ROWS)], "leave every number by itself"),
    ({"do": "prefix", "length": 20}, erp()["users"]["last"].tolist(), "stay whole"),
]


@pytest.mark.parametrize(("action", "cells", "words"), ACTIONS)
def test_an_action_that_does_nothing_refuses(tmp_path: Path, action: dict, cells: list[str], words: str) -> None:
    frame = pd.DataFrame({"x": cells, "plain": range(len(cells))})
    policy = {"t": {"x": action, "plain": {"do": "keep", "type": "integer"}}}
    assert words in refusal(site_with(tmp_path, policy, {"t": frame}))


def test_scrubbing_a_column_of_names_refuses(tmp_path: Path) -> None:
    names = erp()["customers"]["full_name"]
    policy = {
        "a": {"n": {"do": "drop", "holds": "person"}, "k": {"do": "keep", "type": "integer"}},
        "b": {"n": {"do": "scrub"}},
    }
    tables = {"a": pd.DataFrame({"n": names, "k": range(ROWS)}), "b": pd.DataFrame({"n": names})}
    assert "nothing but personal data" in refusal(site_with(tmp_path, policy, tables))


def test_people_are_not_public_in_a_table_about_people(tmp_path: Path) -> None:
    frame = erp()["customers"][["full_name", "mail"]]
    named = {"do": "keep", "type": "text", "public": "names are fine"}
    rules = {"full_name": named, "mail": {"do": "drop", "holds": "email"}}
    assert "t.full_name: 25 cells" in refusal(site_with(tmp_path / "about", {"t": rules}, {"t": frame}))
    rules["full_name"] = named | {"overrule": {"name": "all of them agreed, see ticket 4711"}}
    assert sanitize(site_with(tmp_path / "about", {"t": rules}, {"t": frame}), "erp", QUARTER)


def test_a_column_of_streets_refuses(tmp_path: Path) -> None:
    frame = pd.DataFrame({"at": [f"Lerchenfeldstr. {number}" for number in range(ROWS)]})
    words = refusal(site_with(tmp_path, {"t": {"at": {"do": "keep", "type": "text"}}}, {"t": frame}))
    assert "look like postal addresses" in words and "Lerchenfeld" not in words


def test_an_overrule_by_name_lets_through_and_stands_in_the_manifest(tmp_path: Path) -> None:
    frame = erp()["customers"][["card", "segment"]]
    reason = "article numbers, checked with sales on 2026-11-03"
    keep = {"do": "keep", "type": "integer"}
    rules = {"card": keep | {"overrule": {"phone": reason}}, "segment": CARELESS["customers"]["segment"]}
    assert "t.card: 25 cells (rows 1, 2, 3, ...) look like payment cards" in refusal(
        site_with(tmp_path, {"t": rules}, {"t": frame})
    )
    rules["card"] = keep | {"overrule": {"card": reason}}
    snapshot = sanitize(site_with(tmp_path, {"t": rules}, {"t": frame}), "erp", QUARTER)
    [accepted] = snapshot.manifest.accepted
    assert accepted.startswith("t.card: ") and accepted.endswith(f"look like payment cards: {reason}")


@pytest.mark.parametrize("overrule", [{"cards": "a long reason"}, {"card": ""}, {"card": "no"}])
def test_an_overrule_of_an_unknown_kind_or_without_a_reason_refuses(tmp_path: Path, overrule: dict[str, str]) -> None:
    rules = {"card": {"do": "keep", "type": "integer", "overrule": overrule}}
    assert "overrule" in refusal(site_with(tmp_path, {"t": rules}, {"t": erp()["customers"][["card"]]}))
