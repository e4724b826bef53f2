"""A whole lab served for a browser: demo data, built lab, cohort, running hub; and a browser that keeps what it saw."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.support.settled import settle_forms

from mondaylab.forms.keys import FormKey
from mondaylab.forms.shown import ShownForm
from mondaylab.hub.accounts import Accounts
from mondaylab.hub.checks import user_namespaces
from mondaylab.hub.cohorts import Cohort
from mondaylab.hub.demo import Steps, demo_cohort, open_cohort
from mondaylab.hub.origins import LOCAL_HOST
from mondaylab.hub.run import RunningHub, running_hub
from mondaylab.judging.store import JudgementStore
from mondaylab.labs.building.build import build_lab
from mondaylab.labs.building.builds import build_folder
from mondaylab.labs.drawing.issuing import issued, keys_of
from mondaylab.labs.material import Material
from mondaylab.labs.quarterly.releases import make_release
from mondaylab.settings import Site

CHROMIUM = Path("/usr/bin/chromium")
LAB, QUARTER, COHORT = "finance/weekly_margin_memo", "2026Q4", "finance-demo"
MAIL_LAB = "support/refund_reply"
"""The lab that has the formats which the finance lab has not: mails, and a summary with citations."""
MAIL_COHORT = Cohort(
    cohort="support-demo",
    company="demo",
    role="support",
    quarter=QUARTER,
    labs=(MAIL_LAB,),
    learners=("sami",),
    instructors=("sonja",),
)


@dataclass
class Seen:
    """What a browser complained about."""

    complaints: list[str] = field(default_factory=list)
    host: str = LOCAL_HOST
    """Where what it watches is served; its subdomains are ours too."""

    def watch(self, page: Page) -> Page:
        page.on("console", lambda m: self.complaints.append(f"console: {m.text}") if self._ours(m) else None)
        page.on("pageerror", lambda error: self.complaints.append(f"page: {error}") if self._broken(error) else None)
        page.on("request", self._outside)
        return page

    @staticmethod
    def _broken(error) -> bool:
        # anywidget gives a widget's script two seconds; when a busy machine takes longer, it rejects a promise that
        # nothing outside it can reach. Ours work all the same, as the walk proves with scripts that come late
        late = error.message == "[anywidget] Failed to initialize model."
        return not (late and "/lab/extensions/anywidget/static/" in (error.stack or ""))

    @staticmethod
    def _ours(message) -> bool:
        # JupyterLab saves a notebook with its widgets, and its widget manager complains when a fresh kernel lacks them
        theirs = "widget model not found" in message.text and "jupyterlab-manager" in message.text
        return message.type == "error" and not theirs

    def _outside(self, request) -> None:
        parts = urlsplit(request.url)
        ours = parts.hostname == self.host or (parts.hostname or "").endswith(f".{self.host}")
        if not ours and parts.scheme not in ("data", "blob", "about", "file"):
            self.complaints.append(f"a request left the machine: {request.url}")


class Served:
    """A running hub with a lab, its people, and one browser."""

    def __init__(self, site: Site, hub: RunningHub, browser: Browser, shots: Path | None) -> None:
        self.site, self.hub, self.browser, self.shots = site, hub, browser, shots
        self.seen = Seen()

    @contextmanager
    def signed_in(self, name: str, *, watched: bool = True, **options) -> Iterator[tuple[BrowserContext, Page]]:
        """A browser of one person's own; `watched`: its complaints count."""
        context = self.browser.new_context(viewport={"width": 1400, "height": 1000}, **options)
        page = self.seen.watch(context.new_page()) if watched else context.new_page()
        page.set_default_timeout(120_000)
        # JupyterLab takes its own saving, while it is under way, for somebody else's, and asks
        changed = page.locator(".jp-Dialog", has_text="File Changed")
        page.add_locator_handler(changed, lambda box: box.locator("button", has_text="Overwrite").click())
        page.goto(f"{self.hub.url}hub/login")
        page.fill("input[name=username]", name)
        page.fill("input[name=password]", Accounts(self.site).initial_passwords()[name])
        page.click("#login_submit")
        yield context, page
        context.close()

    def at(self, path: str) -> str:
        """The whole address of a path of the hub, a service or a server."""
        return self.hub.settings.addresses.of(path)

    def shot(self, page: Page, name: str) -> None:
        """Keeps a picture in the folder that ``MONDAYLAB_SHOTS`` names; a second of work each, so only if it is set."""
        if self.shots is not None:
            self.shots.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=self.shots / f"{name}.png")

    def key(self, learner: str) -> FormKey:
        return keys_of(self.site, COHORT, issued(self.site, COHORT, LAB, QUARTER))[learner]

    def form(self, learner: str, cohort: str = COHORT, lab: str = LAB) -> ShownForm:
        """What a learner is shown."""
        store = JudgementStore(self.site.judgement_database)
        try:
            return store.form(store.latest_form(cohort, lab, learner))
        finally:
            store.dispose()

    def fetched(self, learner: str, cohort: str = COHORT, lab: str = LAB) -> str:
        """Puts the handed-out lab into a learner's home, as fetching does; the address of its notebook."""
        name = lab.partition("/")[2]
        shutil.copytree(self.site.exchange / cohort / "outbound" / name, self.site.homes / learner / name)
        return f"/user/{learner}/lab/tree/{name}/{name}.ipynb"


@pytest.fixture(scope="module")
def site_to_serve(demo_site: Site, proxy: Path, tmp_path_factory) -> Site:
    """A site with the demo company's data and nothing else; skipped, loudly, where nothing can be served."""
    if not CHROMIUM.exists():
        pytest.skip(f"NO BROWSER: {CHROMIUM} is missing; as root `make test` installs it, or apt-get install chromium")
    if no_jail := user_namespaces():
        pytest.skip(f"NO JAILS on this machine, so no learner's server can start: {no_jail}")
    site = Site(demo_site.root, tmp_path_factory.mktemp("e2e-var"))
    for name in ("raw", "snapshots", "secrets"):
        (site.var / name).symlink_to(demo_site.var / name)
    (site.var / "proxy").symlink_to(proxy)
    return site


@pytest.fixture(scope="module")
def served(site_to_serve: Site, finance_build: Path, request) -> Iterator[Served]:
    """The finance lab, served to the demo's cohort."""
    shutil.copytree(finance_build, build_folder(site_to_serve, LAB, QUARTER, company="demo"))
    with serving(site_to_serve, demo_cohort(site_to_serve), request) as served:
        yield served


@pytest.fixture(scope="module")
def served_mails(site_to_serve: Site, request) -> Iterator[Served]:
    """The lab of mails and a summary, served to a colleague in support."""
    build_lab(site_to_serve, Material.open(site_to_serve, MAIL_LAB, company="demo", quarter=QUARTER))
    with serving(site_to_serve, MAIL_COHORT, request) as served:
        yield served


@contextmanager
def serving(site: Site, cohort: Cohort, request) -> Iterator[Served]:
    """Releases a cohort's built lab, opens the cohort and runs the hub."""
    expect.set_options(timeout=60_000)  # a busy machine of two cores
    shots = Path(os.environ["MONDAYLAB_SHOTS"]) if "MONDAYLAB_SHOTS" in os.environ else None
    make_release(site, cohort.labs[0], QUARTER, unchecked=True, company="demo")
    settle_forms(site, cohort.cohort)
    open_cohort(site, cohort, Steps(lambda _: None))
    with running_hub(site, port=free_port()) as hub:
        yield Served(site, hub, request.getfixturevalue("chromium"), shots)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
