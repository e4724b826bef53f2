from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from mondaylab.datasets import exports
from mondaylab.datasets.demo_company import generate
from mondaylab.datasets.exports import Exports
from mondaylab.datasets.latest import latest
from mondaylab.datasets.policy import Policy
from mondaylab.datasets.snapshot import Snapshot
from mondaylab.settings import Site

REPO = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def policy(demo_site: Site) -> Policy:
    return Policy.of(demo_site.company("demo"))


@pytest.fixture(scope="session")
def raw(demo_site: Site, policy: Policy) -> Exports:
    """The raw exports of 2026Q4, every cell a string."""
    return exports.read(demo_site.raw / "demo" / "2026Q4", policy)


@pytest.fixture(scope="session")
def snapshot(demo_site: Site) -> Snapshot:
    return Snapshot.open(latest(demo_site, "demo", "2026Q4"))


@pytest.fixture(scope="session")
def tables(snapshot: Snapshot) -> dict[str, pd.DataFrame]:
    return snapshot.tables()


@pytest.fixture(scope="session")
def both_quarters(
    demo_site: Site, tmp_path_factory: pytest.TempPathFactory, raw: Exports
) -> dict[str, dict[str, pd.DataFrame]]:
    """Raw tables of 2026Q3 and 2026Q4 with numbers and dates as such."""
    site = Site(demo_site.root, tmp_path_factory.mktemp("third-quarter"))
    generate(site, "demo", "2026Q3")
    folders: dict[str, Path] = {
        "2026Q3": site.raw / "demo" / "2026Q3",
        "2026Q4": demo_site.raw / "demo" / "2026Q4",
    }
    return {
        quarter: {path.stem: pd.read_csv(path) for path in sorted(folder.glob("*.csv"))}
        for quarter, folder in folders.items()
    }


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site with the demo's policy and a small version of its company; both quarters exported."""
    root = tmp_path_factory.mktemp("small")
    shutil.copytree(REPO / "datasets" / "demo", root / "datasets" / "demo")
    settings = root / "datasets" / "demo" / "company.yaml"
    text = settings.read_text("utf-8").replace("customers: 1200", "customers: 150")
    settings.write_text(text.replace("orders_a_quarter: 8600", "orders_a_quarter: 400"), "utf-8")
    site = Site(root, root / "var")
    for quarter in ("2026Q3", "2026Q4"):
        generate(site, "demo", quarter)
    return site
