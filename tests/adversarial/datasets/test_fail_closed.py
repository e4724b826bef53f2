"""Whatever the policy does not foresee refuses, says where, and publishes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from mondaylab.datasets.sanitize import sanitize
from mondaylab.errors import NotFound, Refused
from mondaylab.settings import Site

QUARTER = "2026Q4"


def refusal(site: Site) -> str:
    with pytest.raises(Refused) as caught:
        sanitize(site, "demo", QUARTER)
    published = list(site.snapshots.rglob("*")) if site.snapshots.exists() else []
    assert [path for path in published if path != site.snapshots / "demo"] == []
    return str(caught.value)


def edit(path: Path, change: Callable[[str], str]) -> None:
    text = path.read_text("utf-8")
    changed = change(text)
    assert changed != text
    path.write_text(changed, "utf-8")


def add_column(text: str, name: str, value: str) -> str:
    lines = text.splitlines()
    return "\n".join([f"{lines[0]},{name}", *(f"{line},{value}" for line in lines[1:])]) + "\n"


def test_an_extra_column(site: Site, raw: Path) -> None:
    edit(raw / "suppliers.csv", lambda text: add_column(text, "owner_mobile", "0171 3920011"))
    words = refusal(site)
    assert "table suppliers: column 8 of 8 is not in the policy" in words
    assert "NAME: {do: drop" in words  # the line to add
    assert "3920011" not in words
    assert "owner_mobile" not in words  # a name that the policy lacks may be a cell
    assert not (site.var / "secrets").exists()


def test_all_problems_are_named_at_once(site: Site, raw: Path) -> None:
    edit(raw / "suppliers.csv", lambda text: add_column(text, "one", "1"))
    edit(raw / "products.csv", lambda text: add_column(text, "two", "2"))
    (raw / "extra.csv").write_text("a\n1\n")
    words = refusal(site)
    assert all(f"table {table}: column {place} of" in words for table, place in (("suppliers", 8), ("products", 8)))
    assert "extra.csv" in words


def test_a_missing_column(site: Site, raw: Path) -> None:
    edit(raw / "employees.csv", lambda text: text.replace("salary", "pay", 1))
    words = refusal(site)
    assert "column 'salary' is listed in the policy and missing" in words
    assert "column 11 of 11 is not in the policy" in words
    assert "pay" not in words.replace("policy", "")


def test_a_column_twice(site: Site, raw: Path) -> None:
    edit(raw / "suppliers.csv", lambda text: add_column(text, "country", "DE"))
    assert "column 'country' occurs twice" in refusal(site)


@pytest.mark.parametrize("name", ["payroll.csv", "notes.md", "orders.csv.bak", ".orders.csv.swp", "Orders.csv"])
def test_an_unlisted_file(site: Site, raw: Path, name: str) -> None:
    (raw / name).write_text("anything\n")
    assert f"{name} is not in the policy" in refusal(site)


def test_a_missing_file(site: Site, raw: Path) -> None:
    (raw / "tickets.csv").unlink()
    assert "tickets.csv is listed in the policy and missing" in refusal(site)


def test_a_folder_or_a_link(site: Site, raw: Path) -> None:
    (raw / "more").mkdir()
    assert "more is not a plain file" in refusal(site)
    (raw / "more").rmdir()
    (raw / "orders.csv").rename(site.var / "elsewhere.csv")
    (raw / "orders.csv").symlink_to(site.var / "elsewhere.csv")
    assert "orders.csv is not a plain file" in refusal(site)


def test_no_exports_at_all(site: Site) -> None:
    with pytest.raises(NotFound, match="no raw exports"):
        sanitize(site, "demo", "2026Q1")


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", ",surplus\n").replace(",surplus", "", 1),  # a cell more in every row
        lambda text: text + "T1,only,three\n",
        lambda text: text.replace("O0", "O\0", 1),
        lambda text: text + '"never closed',
    ],
)
def test_a_table_that_is_not_clean_csv(site: Site, raw: Path, change: Callable[[str], str]) -> None:
    edit(raw / "shipments.csv", change)
    words = refusal(site)
    assert "shipments.csv" in words
    assert re.search(r"not clean CSV|zero bytes", words)


def test_a_table_in_another_encoding_or_empty(site: Site, raw: Path) -> None:
    (raw / "shipments.csv").write_bytes("shipment_id,Größe\n".encode("latin-1"))
    assert "not UTF-8" in refusal(site)
    (raw / "shipments.csv").write_bytes(b"")
    assert "is empty" in refusal(site)


MISFITS = [
    ("order_lines", "net_amount", "ask Anna"),
    ("order_lines", "quantity", "12.5"),
    ("order_lines", "product_id", "Anna Baker"),
    ("orders", "order_date", "30.11.2026"),
    ("orders", "channel", "Anna called"),
    ("orders", "customer_id", "Anna Baker"),
    ("orders", "discount_approved_by", "Anna"),
    ("ledger", "reference", "paid to Anna"),
    ("ledger", "cost_center", "Anna Baker"),
    ("customers", "since", "long ago"),
    ("customers", "credit_limit", "as Anna says"),
    ("customers", "region", "Northwest"),
    ("suppliers", "country", "Germany"),
    ("shipments", "late", "yes"),
]


def spoil(raw: Path, table: str, column: str, cell: str) -> None:
    rows = pd.read_csv(raw / f"{table}.csv", dtype=str, keep_default_na=False)
    rows.loc[0, column] = cell
    rows.to_csv(raw / f"{table}.csv", index=False)


def test_cells_that_do_not_fit_are_all_named_and_never_quoted(site: Site, raw: Path) -> None:
    for misfit in MISFITS:
        spoil(raw, *misfit)
    words = refusal(site)
    for table, column, cell in MISFITS:
        assert f"table {table}: column '{column}': 1 of" in words
        assert f"line '{column}: {{do:" in words
        assert cell not in words


@pytest.mark.parametrize("misfit", [MISFITS[0], MISFITS[5], MISFITS[7]])
def test_one_such_cell_is_enough(site: Site, raw: Path, misfit: tuple[str, str, str]) -> None:
    spoil(raw, *misfit)
    assert refusal(site).count("1 of") == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{do: drop, holds: person}", "{do: ignore}"),
        ("{do: drop, holds: person}", "{do: drop, holds: person, unless: boss}"),
        ("{do: bin, width: 5000}", "{do: bin, width: wide}"),
        ("{do: pseudonym, domain: entry}", "{do: pseudonym, domain: things}"),
        ("company: demo", "company: other"),
        ("handbook.md: scrub", "handbook.md: publish"),
    ],
)
def test_a_policy_that_is_not_understood(site: Site, old: str, new: str) -> None:
    edit(site.company("demo") / "policy.yaml", lambda text: text.replace(old, new, 1))
    assert "policy" in refusal(site)


def test_a_secret_that_others_can_read(site: Site) -> None:
    (site.var / "secrets").mkdir()
    (site.var / "secrets" / "demo.key").write_bytes(b"k" * 32)
    (site.var / "secrets" / "demo.key").chmod(0o644)
    assert "readable by others" in refusal(site)
