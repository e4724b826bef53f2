"""A learner at work, and what comes between: a reload, a busy kernel, a killed server, a colleague's malicious page.

The tests run in order; each goes on where the one before it ended.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.e2e.lab_page import (
    SAVED,
    idle,
    judge_all,
    kill_server_of,
    open_notebook,
    press_on_first_claim,
    probability_of_first,
    run_all,
    save,
    save_state,
    sources,
    start_again,
    write,
)
from tests.e2e.tries import PAGE, POSTS, TRIES, tokens_of, worked
from tests.support.open_panel import answer_all
from tests.support.served_lab import COHORT, LAB

from mondaylab.files import write_file
from mondaylab.forms.shown import ShownForm
from mondaylab.judging.store import JudgementStore

pytestmark = [pytest.mark.e2e, pytest.mark.deep]
LEARNER, INSTRUCTOR, ATTACKER = "lena", "iris", "tomek"
NAME = LAB.partition("/")[2]
SLEEP = "import time; time.sleep(600)"


@pytest.fixture(scope="module")
def form(served) -> ShownForm:
    form = served.form(LEARNER)
    store = JudgementStore(served.site.judgement_database)
    answer_all(store, form, "first", commit=True, learner=LEARNER)
    store.dispose()
    return form


@pytest.fixture(scope="module")
def notebook(served) -> str:
    return served.fetched(LEARNER)


def test_answers_survive_reload_kernel_restart_and_a_busy_kernel(served, form, notebook):
    with served.signed_in(LEARNER) as (_, page):
        open_notebook(served, page, notebook)
        run_all(page)
        expect(page.locator("text=First look committed").first).to_be_visible()
        judge_all(page, form, dict.fromkeys(form.rows(), "2u"))
        expect(save_state(page)).to_have_text(SAVED)
        page.reload()
        page.wait_for_selector(".jp-Notebook")
        idle(page)
        run_all(page)
        expect(page.locator(f"text=All {len(form.rows())} judged").first).to_be_visible()
        idle(page)
        page.click(".lm-MenuBar-itemLabel:has-text('Kernel')")
        page.click("text=Restart Kernel…")
        page.click(".jp-Dialog button:has-text('Restart')")
        expect(page.locator(".jp-Dialog")).to_have_count(0)
        press_on_first_claim(served, page, form, "4")
        assert probability_of_first(served, form) == 40
        idle(page)
        file = served.site.homes / LEARNER / NAME / f"{NAME}.ipynb"
        source = next(source for source in sources(file) if "quarter =" in source)
        write(page, "quarter =", SLEEP)
        page.keyboard.press("Control+Enter")
        expect(page.locator("text=Python 3 (ipykernel) | Busy")).to_be_visible()
        press_on_first_claim(served, page, form, "1")
        assert probability_of_first(served, form) == 10
        page.click(".lm-MenuBar-itemLabel:has-text('Kernel')")
        page.click("text=Interrupt Kernel")
        page.keyboard.press("Escape")
        # a page that is closed sooner may not have sent it, and the kernel would sleep on under the next test
        expect(page.locator("text=Python 3 (ipykernel) | Idle")).to_be_visible()
        # JupyterLab saves by itself every half minute, and the next test would run what sleeps
        write(page, SLEEP, source)
        save(page, file, holds=source, lacks=SLEEP)


def test_a_killed_server_loses_no_saved_answer(served, form, notebook):
    """The server dies while its learner judges; what the panel called saved is kept, what it did not arrives later."""
    with served.signed_in(LEARNER, watched=False) as (_, page):
        open_notebook(served, page, notebook)
        run_all(page)
        press_on_first_claim(served, page, form, "6")
        kill_server_of(LEARNER, served.hub)
        page.keyboard.press("7")
        expect(page.locator("section.panel .pval").last).to_contain_text("70%")
        expect(save_state(page)).not_to_have_text(SAVED)
        served.shot(page, "04b-server-killed")
        assert probability_of_first(served, form) == 60
        start_again(served, page, LEARNER)
        open_notebook(served, page, notebook)
        run_all(page)
        expect(save_state(page)).to_have_text(SAVED)
        assert probability_of_first(served, form) == 70


@pytest.mark.parametrize("visitor", [LEARNER, INSTRUCTOR])
def test_a_page_of_a_learners_server_cannot_act_as_whoever_opens_it(served, visitor):
    """Tomek's own process serves it to anybody; not one of the tries works, by script, by form or by cookie."""
    config = served.site.homes / ATTACKER / ".jupyter" / "jupyter_server_config.py"
    if not config.exists():
        write_file(config, PAGE.replace("{name}", ATTACKER))
        with served.signed_in(ATTACKER, watched=False) as (_, page):
            page.wait_for_selector("#jp-main-dock-panel", timeout=180_000)
    with served.signed_in(visitor, watched=False) as (_, page):
        page.wait_for_url(re.compile(rf"/user/{LEARNER}/lab|/mondaylab/cohort"), timeout=180_000)
        before = tokens_of(visitor, served, page)
        assert worked(visitor, served, page, cohort=COHORT, attacker=ATTACKER, learner=LEARNER) == []
        assert len(TRIES) + len(POSTS) >= 25
        assert tokens_of(visitor, served, page) == before, "no token was made, and the visitor is who they were"


def test_nobody_complains(served):
    assert not served.seen.complaints, "\n".join(served.seen.complaints)
