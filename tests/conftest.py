"""What many suites share: one sanitized demo company a test run, labs opened on it, a search for what must not leak."""

from __future__ import annotations

import base64
import binascii
import fcntl
import gzip
import hashlib
import io
import os
import re
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import hypothesis
import pytest
from playwright.sync_api import Browser, sync_playwright

from mondaylab.datasets import pseudonyms
from mondaylab.datasets.demo_company.export import generate
from mondaylab.datasets.sanitize import sanitize
from mondaylab.files import file_hash, write_file
from mondaylab.forms.keys import KeyStore
from mondaylab.hub.proxy import ensure_proxy
from mondaylab.labs.material import Material
from mondaylab.labs.quarterly.releases import Release
from mondaylab.settings import Site

ROOT = Path(__file__).resolve().parent.parent
# nbgrader calls a program of the environment (alembic) by name; make puts them on the path, a bare pytest does not
os.environ["PATH"] = f"{Path(sys.prefix, 'bin')}{os.pathsep}{os.environ['PATH']}"
QUARTER = "2026Q4"
PREVIOUS = "2026Q3"
LAB = "finance/weekly_margin_memo"


# `make test` draws the same each time, so that a failure is the change's; `make deep` draws anew, and says from what
_DRAW = "MONDAYLAB_TESTS_DRAW"
_SETTLED = "settled"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--draw", default=_SETTLED, help="what the tests' secrets are made from; `new`: others each time")


def pytest_configure(config: pytest.Config) -> None:
    draw = config.getoption("--draw")
    if not hasattr(config, "workerinput"):  # a worker has its controller's environment
        os.environ[_DRAW] = os.urandom(4).hex() if draw == "new" else draw
    # no deadline: two cores, shared, a slow first run says nothing
    hypothesis.settings.register_profile("tests", deadline=None, derandomize=draw == _SETTLED)
    hypothesis.settings.load_profile("tests")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if (draw := os.environ[_DRAW]) != _SETTLED:
        terminalreporter.write_line(f"the same again, but for hypothesis: --draw {draw}")


def settled(name: str) -> bytes:
    """32 secret bytes for `name`, the same in every run that draws from the same."""
    return hashlib.sha256(f"{os.environ[_DRAW]}: {name}".encode()).digest()


@contextmanager
def once(folder: Path) -> Iterator[bool]:
    """Lets one xdist worker do the work in `folder`; yields whether it is still to be done."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / ".done"
        yield not done.exists()
        done.touch()


def settle_secret(site: Site, company: str) -> None:
    """Gives a company the secret that it has in every run: pseudonyms, so what is drawn, are then always the same."""
    path = pseudonyms.secret_path(site, company)
    path.parent.mkdir(mode=0o700, parents=True)
    write_file(path, settled(company), mode=0o600)


def settle_forms(site: Site, cohort: str) -> None:
    """Gives a cohort the secret that its forms are drawn from in every run."""
    write_file(KeyStore(site).folder(cohort) / "cohort.secret", settled(cohort), mode=0o600)


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Site:
    """The demo company exported and sanitized for two quarters, in a state folder that all workers share. Read only."""
    base = tmp_path_factory.getbasetemp()
    site = Site(ROOT, (base if worker_id == "master" else base.parent) / "demo-var")
    with once(site.var) as to_do:
        if to_do:
            settle_secret(site, "demo")
            for quarter in (PREVIOUS, QUARTER):
                generate(site, "demo", quarter)
                sanitize(site, "demo", quarter)
    return site


@pytest.fixture(scope="session")
def finance(demo_site: Site) -> Material:
    """The finance lab on the demo snapshot."""
    return Material.open(demo_site, LAB, company="demo", quarter=QUARTER)


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


# -- searching for what must not be there, also where it is packed or encoded
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")


def layers(data: bytes, depth: int = 3) -> Iterator[bytes]:
    """The bytes, and whatever is packed or encoded in them, three layers deep."""
    yield data
    if depth == 0:
        return
    for inner in [*_unpacked(data), *_decoded(data)]:
        yield from layers(inner, depth - 1)


def _unpacked(data: bytes) -> Iterator[bytes]:
    if data[:2] == b"\x1f\x8b":
        with suppress(OSError, EOFError, zlib.error):  # what looks packed by chance
            yield gzip.decompress(data)
    if data[:1] == b"\x78":
        with suppress(zlib.error):
            yield zlib.decompress(data)
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
            yield archive.comment
    if data[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            yield from (archive.extractfile(member).read() for member in archive if member.isfile())


def _decoded(data: bytes) -> Iterator[bytes]:
    for match in _BASE64.finditer(data):
        text = match[0].replace(b"-", b"+").replace(b"_", b"/")
        try:
            yield base64.b64decode(text + b"=" * (-len(text) % 4))
        except (binascii.Error, ValueError):
            continue


@pytest.fixture(scope="session")
def found_in() -> Callable[[Path, list[str]], list[str]]:
    """Where words occur below a folder: in names, in files, and inside archives and encodings in them."""

    def search(place: Path, words: list[str]) -> list[str]:
        wanted = [word.encode() for word in words]
        hits = []
        for path in [place, *place.rglob("*")]:
            hits += [f"name of {path}" for word in words if word in path.name]
            if path.is_file() and not path.is_symlink():
                for layer in layers(path.read_bytes()):
                    hits += [f"{path}: {word.decode()}" for word in wanted if word in layer]
        return hits

    return search
