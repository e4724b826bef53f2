"""A lab's notebook in JupyterLab, as a person at it works: open, run, judge, type, save."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from pathlib import Path

import nbformat
import psutil
from nbformat.reader import NotJSONError
from playwright.sync_api import Page, TimeoutError, expect

from mondaylab.forms.shown import ShownForm
from mondaylab.hub.run import RunningHub
from mondaylab.judging.store import JudgementStore

CLAIMS = "[role=group][aria-label^='The draft '] [role=button]"
SAVED = re.compile(r"^Saved")
LOADED = re.compile(r"^(Saved|Nothing to save)")


def open_notebook(served, page: Page, address: str) -> None:
    """Opens a notebook at its address in the hub; returns when its kernel waits."""
    page.goto(served.at(address))
    page.wait_for_selector(".jp-Notebook")
    idle(page)


def idle(page: Page) -> None:
    expect(page.locator("text=Python 3 (ipykernel) | Idle")).to_be_visible(timeout=180_000)


def run_all(page: Page) -> None:
    """Runs the notebook; returns when its own panel is loaded and all cells are through.

    A notebook whose kernel lives shows the panel of the run before until its cell runs again, and what is typed
    into that one while it is taken away goes to nobody.
    """
    page.evaluate("() => document.querySelectorAll('section.panel').forEach(old => old.classList.add('of-old-run'))")
    page.click(".lm-MenuBar-itemLabel:has-text('Run')")
    page.click("text=Run All Cells")
    page.wait_for_selector(f"section.panel:not(.of-old-run) {CLAIMS}", timeout=240_000)
    idle(page)
    expect(save_state(page)).to_have_text(LOADED)


def judge_all(page: Page, form: ShownForm, keys: dict[str, str]) -> None:
    """Judges every row with single keys: claim id -> what to press on it."""
    order = [row.claim_id for draft in form.drafts for row in draft.rows()]
    page.locator("[role=tablist][aria-label=Drafts] [role=tab]").first.click()
    page.locator(CLAIMS).first.click()
    for number, claim in enumerate(order):
        for key in keys[claim]:
            page.keyboard.press(key)
        if number + 1 < len(order):
            page.keyboard.press("j")


def press_on_first_claim(served, page: Page, form: ShownForm, key: str) -> None:
    """Presses a digit on the first claim; returns when the service has the answer and the panel calls it saved."""
    page.locator("[role=tablist][aria-label=Drafts] [role=tab]").first.click()
    page.locator(CLAIMS).first.click()
    page.keyboard.press(key)
    expect(page.locator("section.panel .pval").last).to_contain_text(f"{key}0%")
    # the panel waits for more typing first, and says until then that all is saved, as it was
    for _ in range(240):
        if probability_of_first(served, form) == int(key) * 10:
            break
        page.wait_for_timeout(250)
    expect(save_state(page)).to_have_text(SAVED)


def probability_of_first(served, form: ShownForm) -> int | None:
    """What the service has of the first claim after checking."""
    answer = answers(served, form).check.get(form.drafts[0].claims[0].claim_id)
    return answer.p if answer else None


def save_state(page: Page):
    return page.locator("section.panel header .save [role=status]").last


def answers(served, form: ShownForm):
    """What the service has of a form."""
    store = JudgementStore(served.site.judgement_database)
    found = store.answers(form.form_id)
    store.dispose()
    return found


def write(page: Page, marker: str, source: str) -> None:
    """Puts code into the cell that holds `marker`, as typing would but without auto-indent."""
    page.locator(".jp-CodeCell .cm-content").filter(has_text=marker).first.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(source)


def sources(notebook: Path) -> list[str]:
    """The cells on disk; Jupyter empties the file when it begins to save, and it is read again then."""
    for _ in range(100):
        with suppress(NotJSONError):
            return [cell.source.strip() for cell in nbformat.read(notebook, as_version=4).cells]
        time.sleep(0.1)
    raise AssertionError(f"{notebook} stays unreadable")


def save(page: Page, notebook: Path, *, holds: str, lacks: str = "nothing") -> None:
    """Saves; returns when a cell on disk is `holds` and none is `lacks`."""
    page.keyboard.press("Control+S")
    for _ in range(400):
        saved = sources(notebook)
        if holds.strip() in saved and lacks not in saved:
            return
        page.wait_for_timeout(150)
        expect(page.locator(".jp-Notebook")).to_be_visible()  # a dialog is answered when something is expected
    raise AssertionError(f"not saved: {holds}")


def kill_server_of(learner: str, hub: RunningHub) -> None:
    """Ends a learner's server as a crash would."""
    family = psutil.Process(hub.pid).children(recursive=True)
    servers = [process for process in family if is_server_of(process, learner)]
    assert servers, "the learner's server runs"
    for process in servers:
        process.kill()


def start_again(served, page: Page, learner: str) -> None:
    """Asks for a new server; the hub may still be clearing up after the old one, and then shows another page."""
    for _ in range(24):
        page.goto(f"{served.hub.url}hub/spawn/{learner}")
        with suppress(TimeoutError):
            page.wait_for_selector("#jp-main-dock-panel", timeout=15_000)
            return
    raise AssertionError("the server did not come back")


def is_server_of(process: psutil.Process, learner: str) -> bool:
    try:
        command = process.cmdline() or [""]
        named = "bwrap" not in command[0] and any("jupyterhub-singleuser" in word for word in command)
        return named and process.environ().get("JUPYTERHUB_USER") == learner
    except psutil.Error:
        return False


def wider_than_the_notebook(page: Page) -> list[str]:
    """What of a cell's output ends further right than its cell: it could not be read, nor reached.

    What stands in a box that scrolls for itself may.
    """
    return page.evaluate(
        """() => [...document.querySelectorAll('.jp-Notebook .jp-OutputArea-output *')].map(one => {
            const end = one.closest('.jp-Cell').getBoundingClientRect().right;
            const {right, width} = one.getBoundingClientRect();
            const scrolls = up => up.matches('.jp-OutputArea-output') ? false
                : up !== one && getComputedStyle(up).overflowX !== 'visible' || scrolls(up.parentElement);
            return width > 1 && right > end + 1 && !scrolls(one) ? [one, right - end] : null;
        }).filter(Boolean).map(([one, by]) => `${by} px: ${one.tagName}.${one.className}`)"""
    )
