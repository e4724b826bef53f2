from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.datasets.demo_company import generate, identities, seasons
from mondaylab.datasets.demo_company import handbook as demo_handbook
from mondaylab.datasets.demo_company.catalogue import cost_index
from mondaylab.datasets.demo_company.company import Company, days_of
from mondaylab.datasets.handbook import sections
from mondaylab.errors import NotFound, Refused
from mondaylab.quarter import Quarter
from mondaylab.settings import Site

REPO = Path(__file__).resolve().parents[3]
REAL = REPO / "datasets" / "demo"


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site whose demo company is a tenth of the size, with two quarters exported."""
    root = tmp_path_factory.mktemp("small")
    folder = root / "datasets" / "demo"
    folder.mkdir(parents=True)
    text = (REAL / "company.yaml").read_text("utf-8")
    text = text.replace("customers: 1200", "customers: 150").replace("orders_a_quarter: 8600", "orders_a_quarter: 700")
    (folder / "company.yaml").write_text(text, "utf-8")
    site = Site(root, root / "var")
    for quarter in ("2026Q3", "2026Q4"):
        generate(site, "demo", quarter)
    return site


def _hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_same_seed_and_quarter_give_the_same_bytes(small: Site, tmp_path: Path) -> None:
    again = Site(small.root, tmp_path)
    first, second = _hashes(small.raw / "demo" / "2026Q4"), _hashes(generate(again, "demo", "2026Q4"))
    assert first == second
    assert len(first) == 14


def test_another_seed_or_quarter_gives_other_files(small: Site, tmp_path: Path) -> None:
    folder = tmp_path / "datasets" / "demo"
    folder.mkdir(parents=True)
    text = (small.root / "datasets" / "demo" / "company.yaml").read_text("utf-8")
    (folder / "company.yaml").write_text(text.replace("seed: 20260701", "seed: 7"), "utf-8")
    other = _hashes(generate(Site(tmp_path, tmp_path / "var"), "demo", "2026Q4"))
    mine, before = _hashes(small.raw / "demo" / "2026Q4"), _hashes(small.raw / "demo" / "2026Q3")
    assert all(other[name] != mine[name] for name in mine if name != "handbook.md")
    assert mine["orders.csv"] != before["orders.csv"]


def test_master_data_agree_between_quarters(small: Site) -> None:
    for table, key, drifting in (
        ("customers", "customer_id", []),
        ("employees", "employee_id", []),
        ("suppliers", "supplier_id", []),
        ("products", "product_id", ["unit_cost", "list_price"]),
    ):
        old, new = (
            pd.read_csv(small.raw / "demo" / quarter / f"{table}.csv", dtype=str, keep_default_na=False)
            .set_index(key)
            .drop(columns=drifting)
            for quarter in ("2026Q3", "2026Q4")
        )
        assert len(new) >= len(old)
        pd.testing.assert_frame_equal(new.loc[old.index], old)


def test_identifiers_of_transactions_differ_between_quarters(small: Site) -> None:
    for table, key in (
        ("orders", "order_id"),
        ("order_lines", "line_id"),
        ("tickets", "ticket_id"),
        ("ledger", "entry_id"),
        ("returns", "return_id"),
        ("vacancies", "vacancy_id"),
        ("applications", "application_id"),
    ):
        old, new = (set(pd.read_csv(small.raw / "demo" / q / f"{table}.csv")[key]) for q in ("2026Q3", "2026Q4"))
        assert not old & new


def test_a_quarter_before_the_first_refuses(small: Site, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="began in 2025Q1"):
        generate(Site(small.root, tmp_path), "demo", "2024Q4")
    assert not (tmp_path / "raw").exists()


def test_a_real_company_is_not_generated(small: Site) -> None:
    with pytest.raises(NotFound):
        generate(small, "acme", "2026Q4")


def test_raw_exports_are_for_their_owner_only(small: Site) -> None:
    assert (small.raw / "demo").stat().st_mode & 0o077 == 0
    assert (small.raw / "demo" / "2026Q4").stat().st_mode & 0o077 == 0


@given(st.integers(0, 2**32))
def test_account_check_digits_are_valid(seed: int) -> None:
    account = identities.iban(np.random.Generator(np.random.PCG64(seed)))
    turned = account[4:] + account[:4]
    assert int("".join(str(int(c, 36)) for c in turned)) % 97 == 1
    assert len(account) == {"DE": 22, "AT": 20}[account[:2]]


@given(st.integers(0, 2**32), st.integers(0, 100))
def test_a_phone_number_is_the_same_in_every_style(seed: int, style: int) -> None:
    number = identities.any_phone(np.random.Generator(np.random.PCG64(seed)))
    digits = "".join(c for c in identities.phone_text(number, style) if c.isdigit())
    assert digits.endswith("".join(number)) or digits.endswith("0" + "".join(number))


def test_costs_of_the_past_do_not_depend_on_how_far_one_looks() -> None:
    company = Company.of(REAL)
    early, late = cost_index(company, Quarter(2026, 3).end), cost_index(company, Quarter(2027, 2).end)
    np.testing.assert_array_equal(early, late[: len(early)])


def test_seasons() -> None:
    year = [days_of(Quarter(2026, number)) for number in (1, 2, 3, 4)]
    means = [seasons.demand(days).mean() for days in year]
    assert max(means) == means[3]
    assert min(means) == min(means[0], means[2])
    christmas = seasons.demand(np.array(["2026-12-25"], "datetime64[D]"))[0]
    november = seasons.demand(np.array(["2026-11-20"], "datetime64[D]"))[0]
    assert christmas < november / 5


def test_handbook_has_stable_sections_and_the_limits_of_the_settings() -> None:
    company = Company.of(REAL)
    found = sections(demo_handbook.markdown(company, Quarter(2026, 4), "Somebody", "030 23125 000"))
    written = {section.number: section for section in demo_handbook.sections(company)}
    assert found == written
    numbers = "1.1 1.2 1.3 1.4 1.5 1.6 1.7 1.8 2.1 2.2 2.3 3.1 3.2 3.3 3.4 3.5 3.6 3.7 4.1 4.2 4.3 5.1 5.2 5.3 6.1 6.2"
    assert " ".join(found) == f"{numbers} 6.3 6.4 6.5 6.6 7.1 7.2 7.3 7.4 7.5 7.6 7.7 7.8 7.9"
    assert "15 %" in found["2.1"].text
    assert "25 %" in found["2.1"].text
    assert "EUR 250" in found["3.1"].text
    assert "completed orders" in found["1.1"].text
    assert "Monday to Sunday" in found["1.2"].text
    assert "at least 50 %" in found["1.6"].text and "20 rows" in found["1.6"].text
    assert "named person" in found["6.1"].text
    assert "30 days" in found["3.3"].text
    assert "EUR 60" in found["3.5"].text
    assert "5 people" in found["7.3"].text
    assert "6 months" in found["7.5"].text
