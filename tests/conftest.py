"""What many suites share: one sanitized demo company a test run, and labs opened on it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from mondaylab.datasets.sanitize import sanitize

from mondaylab.datasets.demo_company.export import generate
from mondaylab.labs.material import Material
from mondaylab.settings import Site

ROOT = Path(__file__).resolve().parent.parent
QUARTER = "2026Q4"
LAB = "finance/weekly_margin_memo"


@contextmanager
def once(folder: Path) -> Iterator[bool]:
    """Lets one xdist worker do the work in `folder`; yields whether it is still to be done."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / ".done"
        yield not done.exists()
        done.touch()


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Site:
    """The demo company exported and sanitized for one quarter, in a state folder that all workers share. Read only."""
    base = tmp_path_factory.getbasetemp()
    site = Site(ROOT, (base if worker_id == "master" else base.parent) / "demo-var")
    with once(site.var) as to_do:
        if to_do:
            generate(site, "demo", QUARTER)
            sanitize(site, "demo", QUARTER)
    return site


@pytest.fixture(scope="session")
def finance(demo_site: Site) -> Material:
    """The finance lab on the demo snapshot."""
    return Material.open(demo_site, LAB, company="demo", quarter=QUARTER)
