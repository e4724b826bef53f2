from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from mondaylab.datasets import exports
from mondaylab.datasets.demo_company import generate
from mondaylab.datasets.exports import Exports
from mondaylab.datasets.policy import Policy
from mondaylab.datasets.snapshot import Snapshot, latest
from mondaylab.settings import Site


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
