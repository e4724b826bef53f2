from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.adversarial.datasets.small_installation import Company

from mondaylab.datasets.demo_company import generate
from mondaylab.datasets.sanitize import sanitize
from mondaylab.datasets.snapshot import Snapshot
from mondaylab.settings import Site

REPO = Path(__file__).resolve().parents[3]
QUARTER = "2026Q4"


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The demo's policy, a small version of its company, one quarter's raw exports. Not to be written to."""
    root = tmp_path_factory.mktemp("pristine")
    shutil.copytree(REPO / "datasets" / "demo", root / "datasets" / "demo")
    settings = root / "datasets" / "demo" / "company.yaml"
    text = settings.read_text("utf-8").replace("customers: 1200", "customers: 150")
    settings.write_text(text.replace("orders_a_quarter: 8600", "orders_a_quarter: 300"), "utf-8")
    site = Site(root, root / "var")
    generate(site, "demo", QUARTER)
    return site


@pytest.fixture
def site(pristine: Site, tmp_path: Path) -> Site:
    """A copy to spoil: policy and raw exports, nothing sanitized."""
    shutil.copytree(pristine.root / "datasets", tmp_path / "datasets")
    shutil.copytree(pristine.raw, tmp_path / "var" / "raw")
    return Site(tmp_path, tmp_path / "var")


@pytest.fixture
def raw(site: Site) -> Path:
    """The copy's raw folder."""
    return site.raw / "demo" / QUARTER


@pytest.fixture(scope="session")
def sanitized(pristine: Site) -> Snapshot:
    """The pristine snapshot. Not to be written to."""
    return sanitize(pristine, "demo", QUARTER)


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Company:
    """The small company, fresh for each test."""
    return Company(tmp_path, monkeypatch)
