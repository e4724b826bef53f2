"""What many suites share: one sanitized demo company a test run, labs opened on it, a search for what must not leak."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.support import packed
from tests.support.once import once, shared_folder
from tests.support.places import LAB, PREVIOUS, QUARTER, ROOT
from tests.support.settled import DRAW, SETTLED, settle_secret

from mondaylab.datasets.demo_company.export import generate
from mondaylab.datasets.sanitize import sanitize
from mondaylab.files import file_hash, write_file
from mondaylab.hub.proxy import ensure_proxy
from mondaylab.labs.building.build import build_lab
from mondaylab.labs.building.builds import build_folder
from mondaylab.labs.material import Material
from mondaylab.labs.quarterly.releases import Release
from mondaylab.settings import Site

# nbgrader calls a program of the environment (alembic) by name; make puts them on the path, a bare pytest does not
os.environ["PATH"] = f"{Path(sys.prefix, 'bin')}{os.pathsep}{os.environ['PATH']}"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--draw", default=SETTLED, help="what the tests' secrets are made from; `new`: others each time")


def pytest_configure(config: pytest.Config) -> None:
    draw = config.getoption("--draw")
    if not hasattr(config, "workerinput"):  # a worker has its controller's environment
        os.environ[DRAW] = os.urandom(4).hex() if draw == "new" else draw
    # no deadline: two cores, shared, a slow first run says nothing
    hypothesis.settings.register_profile("tests", deadline=None, derandomize=draw == SETTLED)
    hypothesis.settings.load_profile("tests")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if (draw := os.environ[DRAW]) != SETTLED:
        terminalreporter.write_line(f"the same again, but for hypothesis: --draw {draw}")


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Site:
    """The demo company exported and sanitized for two quarters, in a state folder that all workers share. Read only."""
    site = Site(ROOT, shared_folder(tmp_path_factory, worker_id, "demo-var"))
    with once(site.var) as to_do:
        if to_do:
            settle_secret(site, "demo")
    # all workers come here first: one begins with one quarter, the next with the other
    quarters = (PREVIOUS, QUARTER) if worker_id.endswith(("0", "r")) else (QUARTER, PREVIOUS)
    for quarter in quarters:
        with once(site.var.with_name(f"demo-{quarter}")) as to_do:
            if to_do:
                generate(site, "demo", quarter)
                sanitize(site, "demo", quarter)
    return site


@pytest.fixture(scope="session")
def finance(demo_site: Site) -> Material:
    """The finance lab on the demo snapshot."""
    return Material.open(demo_site, LAB, company="demo", quarter=QUARTER)


@pytest.fixture(scope="session")
def finance_build(demo_site: Site, finance: Material, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The build of the finance lab on the demo snapshot, made once for all workers: to copy to where a site has it.

    It is a build of every checkout whose labs, company and grader are as they are here.
    """
    site = Site(ROOT, shared_folder(tmp_path_factory, worker_id, "built-var"))
    with once(site.var) as to_do:
        if to_do:
            site.snapshots.unlink(missing_ok=True)
            site.snapshots.symlink_to(demo_site.snapshots)
            build_lab(site, finance)
    return build_folder(site, LAB, QUARTER, company="demo")


@pytest.fixture(scope="session")
def proxy() -> Path:
    """The hub's proxy, installed once for the checkout as `make demo` does it."""
    checkout = Site(ROOT, ROOT / "var")
    checkout.var.mkdir(exist_ok=True)
    with (checkout.var / ".proxy.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ensure_proxy(checkout)
    return checkout.var / "proxy"


@pytest.fixture(scope="session")
def write_release() -> Callable[..., Path]:
    """Writes a release as `make_release` leaves it, of made-up files, for suites that need only its folder."""

    def write(site: Site, lab: str, files: dict[str, str] | None = None) -> Path:
        folder = site.var / "releases" / lab / f"{QUARTER}-0"
        files = {"data/manifest.json": "{}"} if files is None else files
        for name, text in files.items():
            write_file(folder / name, text)
        hashes = {name: file_hash(folder / name) for name in files}
        told = {"release": folder.name, "lab": lab, "quarter": QUARTER, "company": "demo", "snapshot": "x"}
        record = Release.parse({**told, "made_from": "x", "released": "2026-11-25", "files": hashes}, where=folder)
        write_file(folder / "release.json", record.canonical())
        return folder

    return write


CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, for one module: while Playwright is there its event loop runs, and no other could."""
    if not CHROMIUM.exists():
        pytest.skip(f"NO BROWSER: {CHROMIUM} is missing; as root `make test` installs it, or apt-get install chromium")
    flags = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=[*flags, *sandbox])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def found_in() -> Callable[[Path, list[str]], list[str]]:
    """Where words occur below a folder: in names, in files, and inside archives and encodings in them."""
    return packed.found_in
