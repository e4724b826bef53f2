"""A practitioner adopts an answer in JupyterLab: from paste to file to build, and what was pasted is kept nowhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, expect
from tests.e2e.lab_page import idle
from tests.support.authoring_site import CANARY, checkout, thirteen_sentences
from tests.support.places import LAB, QUARTER, ROOT
from tests.support.served_lab import CHROMIUM, Seen, free_port

from mondaylab.cli import main
from mondaylab.files import write_file
from mondaylab.labs.material import Material
from mondaylab.labs.sources.manuscript import Manuscript
from mondaylab.settings import ROOT_VARIABLE, VAR_VARIABLE, Site

pytestmark = [pytest.mark.e2e, pytest.mark.deep]

CELL = f"from mondaylab.authoring import Author\n\nlab = Author({LAB!r}, quarter={QUARTER!r})\nlab.adopt()"
SETTINGS = {
    "@jupyter-widgets/jupyterlab-manager/plugin": {"saveState": True},  # widgets are saved in notebooks
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
WIDGETS = "application/vnd.jupyter.widget-state+json"
TALKATIVE = "c = get_config()\nc.IPKernelApp.log_level = 10\n"


@dataclass
class Desk:
    """An author's JupyterLab in a checkout of their own, with widgets saved in notebooks and a kernel that logs all.

    Attributes:
        site: The checkout.
        url: Of the server, with its token.
        home: Settings, history and runtime files of JupyterLab and IPython.
        log: What server and kernels write.
    """

    site: Site
    url: str
    home: Path
    log: Path


@pytest.fixture
def desk(demo_site: Site, tmp_path: Path) -> Iterator[Desk]:
    if not CHROMIUM.exists():
        pytest.skip(f"NO BROWSER: {CHROMIUM} is missing; as root `make test` installs it, or apt-get install chromium")
    (tmp_path / "checkout").mkdir()
    site, home, log, port = (
        checkout(demo_site, tmp_path / "checkout"),
        tmp_path / "home",
        tmp_path / "lab.log",
        free_port(),
    )
    profile = home / "ipython" / "profile_default"
    for folder in (profile, home / "runtime"):
        folder.mkdir(parents=True)
    for name, settings in SETTINGS.items():
        write_file(home / "settings" / f"{name}.jupyterlab-settings", json.dumps(settings))
    (profile / "ipython_kernel_config.py").write_text(TALKATIVE)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    nbformat.write(notebook, site.root / "adopt.ipynb")
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "HOME": str(home),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
    }
    for name in (ROOT_VARIABLE, VAR_VARIABLE):
        environment.pop(name, None)
    root = ["--allow-root"] if os.geteuid() == 0 else []
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--debug", f"--port={port}", *root]
    command += ["--ServerApp.port_retries=0", "--IdentityProvider.token=of-a-test", "--ServerApp.ip=127.0.0.1"]
    with log.open("wb") as file:
        server = subprocess.Popen(command, cwd=site.root, env=environment, stdout=file, stderr=file)
    yield Desk(site, f"http://127.0.0.1:{port}/lab/tree/adopt.ipynb?token=of-a-test", home, log)
    server.terminate()
    server.wait(60)


@pytest.fixture
def page(chromium: Browser, desk: Desk) -> Iterator[Page]:
    expect.set_options(timeout=120_000)  # a busy machine of two cores
    context = chromium.new_context(viewport={"width": 1500, "height": 1100})
    seen = Seen(host="127.0.0.1")
    page = seen.watch(context.new_page())
    page.set_default_timeout(120_000)
    _goto_once_it_serves(page, desk.url)
    yield page
    context.close()
    assert seen.complaints == []


def _goto_once_it_serves(page: Page, url: str) -> None:
    for _ in range(240):
        try:
            page.goto(url)
        except Exception:  # refused: the server is still starting
            page.wait_for_timeout(500)
        else:
            return
    raise AssertionError("the server did not start")


def saved(page: Page, desk: Desk) -> None:
    """Saves by the menu; returns when the notebook on disk has the screen, its widget's state with it."""
    path = desk.site.root / "adopt.ipynb"
    before = path.stat().st_mtime_ns
    page.click(".lm-MenuBar-itemLabel:text-is('File')")
    page.click(".lm-Menu-itemLabel:has-text('Save Notebook'):not(:has-text('As'))")
    for _ in range(400):
        if path.stat().st_mtime_ns > before and WIDGETS in path.read_text("utf-8"):
            return
        page.wait_for_timeout(150)
    raise AssertionError("not saved")


def panel(page: Page):
    return page.locator("section.panel.adopt")


def shot(page: Page, name: str) -> None:
    """Keeps a picture of the screen in the folder that ``MONDAYLAB_SHOTS`` names, if it is set."""
    if "MONDAYLAB_SHOTS" in os.environ:
        panel(page).screenshot(path=Path(os.environ["MONDAYLAB_SHOTS"]) / f"adopt-in-jupyterlab-{name}.png")


def test_from_paste_to_build(
    desk: Desk, page: Page, finance: Material, found_in: Callable[[Path, list[str]], list[str]]
) -> None:
    page.wait_for_selector(".jp-Notebook")
    idle(page)
    page.click(".lm-MenuBar-itemLabel:has-text('Run')")
    page.click("text=Run All Cells")
    screen = panel(page)
    screen.get_by_label("The answer, as it was").fill(thirteen_sentences(finance))
    screen.get_by_label("Tool").fill("Sales Copilot")
    screen.get_by_label("Answered on").fill("2026-11-17")
    screen.get_by_label("Region").select_option("Central")
    screen.get_by_label("Week", exact=True).select_option("43")
    screen.get_by_label("What was typed").fill(f"How did Central do in week 43? For {CANARY}")
    shot(page, "paste")
    screen.get_by_role("button", name="Take out names").click()
    expect(screen.locator(".red")).to_have_text("e-mail address")
    saved(page, desk)
    screen.get_by_role("button", name="Find the claims").click()
    expect(screen.get_by_role("heading", level=2)).to_have_text("Ten claims are bound. One place needs you.")
    assert screen.get_by_role("option").count() >= 12
    expect(screen.get_by_label("Cost of goods of Central in week 43")).to_be_visible()
    shot(page, "bind")
    screen.get_by_label("Cost of goods of Central in week 43").check()
    screen.get_by_role("button", name="Confirm").click()
    expect(screen.get_by_role("heading", level=2)).to_have_text("Eleven claims are bound. Nothing needs you.")
    saved(page, desk)

    page.reload()  # what was decided lives in the kernel
    expect(panel(page).get_by_role("heading", level=2)).to_have_text("Eleven claims are bound. Nothing needs you.")
    screen = panel(page)
    screen.get_by_role("button", name="Preview as a learner").click()
    expect(screen.locator(".paper")).to_have_count(2)
    shot(page, "preview")
    screen.get_by_role("button", name="Add to the lab").click()
    expect(screen.get_by_role("heading", level=2)).to_have_text("It is in the lab.")
    shot(page, "added")
    command = screen.get_by_label("Next command").inner_text().split()
    saved(page, desk)

    file = desk.site.lab(LAB) / "drafts" / "memo" / "sales_copilot_region_week_43.md"
    answer = Manuscript.read(file).answer
    assert answer is not None and len(answer.claims) == 11 and answer.varies
    assert answer.prompt == "How did {region} do in {week}? For «EMAIL»"
    environment = {ROOT_VARIABLE: str(desk.site.root), VAR_VARIABLE: str(desk.site.var)}
    built = CliRunner().invoke(main, command[1:], env=environment)
    assert built.exit_code == 0, built.output

    notebook = (desk.site.root / "adopt.ipynb").read_text("utf-8")
    assert WIDGETS in notebook, "widgets were to be saved: the search would be idle"
    assert "'do': 'paste'" in desk.log.read_text("utf-8", errors="replace"), "the kernel was to log its messages"
    own = [path for path in desk.site.root.iterdir() if path.name != "var"]
    own += [path for path in desk.site.var.iterdir() if not path.is_symlink()]
    hits = [hit for place in [*own, desk.home, desk.log] for hit in found_in(place, [CANARY, CANARY.split("@")[0]])]
    assert hits == []
    assert "net sales in Central came to" not in notebook, "the answer is no state of the notebook's"
