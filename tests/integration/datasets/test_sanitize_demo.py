"""The demo company's exports through the whole path."""

from __future__ import annotations

import shutil
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mondaylab.datasets.aliases import looks_like_alias
from mondaylab.datasets.demo_company import handbook as demo_handbook
from mondaylab.datasets.demo_company.company import Company
from mondaylab.datasets.exports import Exports
from mondaylab.datasets.handbook import sections
from mondaylab.datasets.latest import latest
from mondaylab.datasets.policy import Policy, Pseudonym
from mondaylab.datasets.sanitize import sanitize
from mondaylab.datasets.snapshot import Snapshot
from mondaylab.settings import Site


def _ids(policy: Policy) -> dict[str, list[tuple[str, str]]]:
    users: dict[str, list[tuple[str, str]]] = {}
    for table, column, action in policy.actions():
        if isinstance(action, Pseudonym):
            for domain in action.all_domains():
                users.setdefault(domain, []).append((table, column))
    return users


def test_every_join_survives(policy: Policy, raw: Exports, tables: dict[str, pd.DataFrame]) -> None:
    joined = 0
    for places in _ids(policy).values():
        for (left, one), (right, two) in product(places, places):
            there = set(raw.tables[right][two].tolist()) - {""}
            before = sum(value in there for value in raw.tables[left][one].tolist())
            there = set(tables[right][two].dropna().tolist())
            after = sum(value in there for value in tables[left][one].tolist())
            assert before == after
            joined += before
    assert joined > 100_000


def test_rows_and_figures_are_the_same(raw: Exports, tables: dict[str, pd.DataFrame]) -> None:
    assert {name: len(frame) for name, frame in raw.tables.items()} == {name: len(f) for name, f in tables.items()}
    for table, column in (("order_lines", "net_amount"), ("shipments", "freight_cost"), ("ledger", "amount")):
        np.testing.assert_allclose(
            np.sort(pd.to_numeric(raw.tables[table][column])), np.sort(tables[table][column]), rtol=0, atol=0
        )
    lines, orders = raw.tables["order_lines"], raw.tables["orders"]
    wide = lines.merge(orders, on="order_id").merge(raw.tables["customers"], on="customer_id")
    before = pd.to_numeric(wide["net_amount"]).groupby([wide["region"], wide["order_date"]]).sum()
    clean = tables["order_lines"].merge(tables["orders"], on="order_id").merge(tables["customers"], on="customer_id")
    after = clean.groupby(["region", clean["order_date"].dt.strftime("%Y-%m-%d")])["net_amount"].sum()
    assert len(before) == len(after) > 300
    np.testing.assert_allclose(before.to_numpy(), after.to_numpy())


def test_columns_are_what_the_policy_says(policy: Policy, tables: dict[str, pd.DataFrame]) -> None:
    for name, rules in policy.tables.items():
        kept = [column for column, action in rules.columns.items() if action.do != "drop"]
        assert list(tables[name].columns) == kept
    assert tables["orders"]["order_date"].dtype == "datetime64[us]"
    assert tables["customers"]["since"].dtype == "int64"
    assert (tables["customers"]["credit_limit"] % 5000 == 0).all()
    assert tables["customers"]["postcode"].str.len().max() == 1
    assert tables["orders"]["discount_approved_by"].isna().any()


def test_the_raw_order_is_lost(raw: Exports, tables: dict[str, pd.DataFrame]) -> None:
    assert tables["customers"]["customer_id"].is_monotonic_increasing
    assert tables["orders"]["order_date"].is_monotonic_increasing
    assert raw.tables["customers"]["segment"].tolist() != tables["customers"]["segment"].tolist()


def test_the_handbook_loses_its_contact_and_nothing_else(demo_site: Site, snapshot: Snapshot) -> None:
    text = snapshot.text("handbook")
    written = demo_handbook.sections(Company.of(demo_site.company("demo")))
    assert list(sections(text).values()) == list(written)
    assert "Questions: [PERSON], finance, [PHONE]." in text


def test_free_text_stays_readable(tables: dict[str, pd.DataFrame]) -> None:
    bodies = tables["tickets"]["body"]
    words = bodies.str.replace(r"\[[A-Z ]+\]", "", regex=True).str.split().str.len()
    assert words.median() > 15
    assert bodies.str.contains(r"\[PERSON\]").mean() > 0.5
    assert tables["tickets"]["subject"].str.contains("Price on invoice").any()
    assert tables["ledger"]["memo"].str.contains("Freight Corvo Express").any()


def test_identifiers_in_free_text_still_point_at_the_order(tables: dict[str, pd.DataFrame]) -> None:
    mentioned = tables["tickets"]["subject"].str.extract(r"\b([A-Z][a-z]+(?:[A-Z][a-z]+)+)\b")[0]
    rows = mentioned.notna() & tables["tickets"]["order_id"].notna()
    assert rows.sum() > 50
    assert (mentioned[rows] == tables["tickets"]["order_id"][rows]).all()


def test_pseudonyms_can_be_read(tables: dict[str, pd.DataFrame], policy: Policy) -> None:
    for table, column in {place for places in _ids(policy).values() for place in places}:
        found = tables[table][column].dropna()
        assert all(map(looks_like_alias, found.unique()[:20])), (table, column)
        assert not found.str.contains(r"[\d_]").any()
    people = tables["applications"]["employee_id"].str.findall("[A-Z][a-z]+").str.len()
    assert people.max() == 2


@pytest.mark.deep
def test_quarters_share_no_pseudonym_and_sanitizing_again_changes_nothing(small: Site) -> None:
    old, new = (sanitize(small, "demo", quarter) for quarter in ("2026Q3", "2026Q4"))
    for table, column in (("customers", "customer_id"), ("employees", "employee_id"), ("suppliers", "supplier_id")):
        before, after = set(old.table(table)[column]), set(new.table(table)[column])
        assert len(before) > 5
        assert not before & after

    steps: list[str] = []
    again = sanitize(small, "demo", "2026Q3", steps.append)
    assert again.id == old.id
    assert again.manifest == old.manifest  # the snapshot that exists is returned
    assert len(steps) >= 4
    assert latest(small, "demo", "2026Q3") == old.folder
    assert latest(small, "demo", "2026Q4") == new.folder
    beside = {path.name for path in old.folder.parent.iterdir()}
    assert beside == {"2026Q3.latest", "2026Q4.latest", old.id, new.id}


@pytest.mark.deep
def test_another_secret_or_policy_gives_another_snapshot(small: Site, tmp_path: Path) -> None:
    first = sanitize(small, "demo", "2026Q4")
    (tmp_path / "raw").symlink_to(small.raw)
    other = sanitize(Site(small.root, tmp_path), "demo", "2026Q4")
    assert other.id != first.id
    ours, theirs = (set(one.table("customers")["customer_id"]) for one in (first, other))
    assert len(ours & theirs) < len(ours) / 10, "by chance one pseudonym of some thousands is another value's"

    root = tmp_path / "stricter"
    shutil.copytree(small.root / "datasets", root / "datasets")
    policy = root / "datasets" / "demo" / "policy.yaml"
    policy.write_text(policy.read_text("utf-8").replace("{do: bin, width: 5000}", "{do: bin, width: 10000}"), "utf-8")
    stricter = sanitize(Site(root, small.var), "demo", "2026Q4")
    assert stricter.manifest.policy != first.manifest.policy
    assert stricter.id != first.id
    assert latest(small, "demo", "2026Q4") == stricter.folder
    assert sanitize(small, "demo", "2026Q4").id == first.id
    assert latest(small, "demo", "2026Q4") == first.folder
