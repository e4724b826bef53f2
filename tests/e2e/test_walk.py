"""Learner, instructor, learner: the whole main job in a real browser against the real hub, in one walk.

The tests run in order; each goes on where the one before it ended.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.e2e.lab_page import (
    SAVED,
    answers,
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
    wider_than_the_notebook,
    write,
)
from tests.e2e.tries import PAGE, POSTS, TRIES, tokens_of, worked
from tests.support.accessible import barriers
from tests.support.served_lab import MAIL_COHORT, MAIL_LAB

from mondaylab.files import write_file
from mondaylab.forms.flaws import FlawTable
from mondaylab.forms.shown import ShownForm
from mondaylab.grader.course.course import open_course
from mondaylab.grader.course.gradebook import marks
from mondaylab.hub.rehearsal.learner import PROMPT
from mondaylab.judging.store import JudgementStore
from mondaylab.labs.drawing.issuing import issued, keys_of
from mondaylab.measures import Ratio

pytestmark = pytest.mark.e2e
LAB, COHORT, NAME = "finance/weekly_margin_memo", "finance-demo", "weekly_margin_memo"
LEARNER, INSTRUCTOR, ATTACKER = "lena", "iris", "tomek"
SLEEP = "import time; time.sleep(600)"
NOTEBOOK = f"/user/{LEARNER}/lab/tree/{NAME}/{NAME}.ipynb"


@pytest.fixture(scope="module")
def form(served) -> ShownForm:
    store = JudgementStore(served.site.judgement_database)
    form = store.form(store.latest_form(COHORT, LAB, LEARNER))
    store.dispose()
    return form


def test_the_learner_fetches_the_lab_and_takes_a_first_look(served, form):
    with served.signed_in(LEARNER) as (_, page):
        page.wait_for_selector("#jp-main-dock-panel", timeout=180_000)
        page.click(".lm-MenuBar-itemLabel:has-text('Nbgrader')")
        served.shot(page, "01-menu")
        page.click(".lm-Menu-itemLabel:has-text('Assignment List')")
        page.click("button:has-text('Fetch')")
        page.wait_for_selector("button:has-text('Submit')")
        served.shot(page, "02-fetched")
        open_notebook(served, page, NOTEBOOK)
        served.shot(page, "03-brief")
        run_all(page)
        judge_all(page, form, dict.fromkeys(form.rows(), "3v"))
        expect(save_state(page)).to_have_text(SAVED)
        served.shot(page, "04-first-look")
        page.click("button:has-text('Commit first look')")
        expect(page.locator("text=First look committed").first).to_be_visible()
        assert {answer.p for answer in answers(served, form).first.values()} == {30}


def test_answers_survive_reload_kernel_restart_and_a_busy_kernel(served, form):
    with served.signed_in(LEARNER) as (_, page):
        open_notebook(served, page, NOTEBOOK)
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
        notebook = notebook_of(served)
        source = next(source for source in sources(notebook) if "quarter =" in source)
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
        save(page, notebook, holds=source, lacks=SLEEP)


def test_a_killed_server_loses_no_saved_answer(served, form):
    """The server dies while its learner judges; what the panel called saved is kept, what it did not arrives later."""
    with served.signed_in(LEARNER, watched=False) as (_, page):
        open_notebook(served, page, NOTEBOOK)
        run_all(page)
        press_on_first_claim(served, page, form, "6")
        kill_server_of(LEARNER, served.hub)
        page.keyboard.press("7")
        expect(page.locator("section.panel .pval").last).to_contain_text("70%")
        expect(save_state(page)).not_to_have_text(SAVED)
        served.shot(page, "04b-server-killed")
        assert probability_of_first(served, form) == 60
        start_again(served, page, LEARNER)
        open_notebook(served, page, NOTEBOOK)
        run_all(page)
        expect(save_state(page)).to_have_text(SAVED)
        assert probability_of_first(served, form) == 70


def test_the_learner_checks_answers_and_submits(served, form):
    key = served.key(LEARNER)
    flawed = [claim for claim in key.claims if claim.flawed]
    missed = flawed[0].claim_id
    pressed = {claim.claim_id: "9f" if claim.flawed and claim.claim_id != missed else "1u" for claim in key.claims}
    solution: dict = {}
    source = (Path(served.site.lab(LAB)) / "solution.py").read_text()
    exec(compile(source, "solution.py", "exec"), solution)
    with served.signed_in(LEARNER, color_scheme="dark") as (_, page):
        open_notebook(served, page, NOTEBOOK)
        expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
        run_all(page)
        judge_all(page, form, pressed)
        for claim in flawed[1:]:
            draft = next(draft for draft in form.drafts if draft.draft_id == claim.draft_id)
            page.click(f"[role=tablist][aria-label=Drafts] [role=tab][title='{draft.title}']")
            page.locator(f"[role=tabpanel] [data-claim='{claim.claim_id}']").click()
            page.locator(f"section.panel input[type=radio][value='{claim.kinds[0]}']").check(force=True)
            page.locator(f"section.panel input[type=radio][value='{claim.severity}']").check(force=True)
            if claim.truth is not None:
                page.locator("section.panel input.inp").first.fill(str(claim.truth))
        expect(save_state(page)).to_have_text(SAVED)
        served.shot(page, "05-after-checking")
        page.locator("select:has(option:text-is('A minus B, divided by C'))").select_option("A minus B, divided by C")
        page.click("button:has-text('Copy A to the others')")
        page.click("button:has-text('Save as my evidence')")
        expect(page.locator("text=/Saved. Receipt/")).to_be_visible()
        served.shot(page, "05b-evidence-builder")
        assert isinstance(answers(served, form).evidence, Ratio), (
            "the built measure is kept until a function replaces it"
        )
        write(page, "prompt =", PROMPT)
        write(page, "def evidence", solution["evidence_source"](form.evidence.text))
        write(page, "def validator", solution["VALIDATOR"])
        save(page, notebook_of(served), holds=solution["VALIDATOR"])
        page.click("button:has-text('Hand in judgements')")
        expect(page.locator("text=Handed in").first).to_be_visible()
        served.shot(page, "06-handed-in")
        page.click(".lm-MenuBar-itemLabel:has-text('Nbgrader')")
        page.click(".lm-Menu-itemLabel:has-text('Assignment List')")
        page.click("button:has-text('Submit')")
        page.wait_for_selector("text=Submitted assignments")
        expect(page.locator(".nbgrader-SubmittedAssignments, #submitted_assignments_list")).to_contain_text(NAME)
        served.shot(page, "07-submitted")


def notebook_of(served) -> Path:
    return served.site.homes / LEARNER / NAME / f"{NAME}.ipynb"


def test_the_instructor_collects_grades_closes_and_releases(served):
    with served.signed_in(INSTRUCTOR) as (_, page):
        grader = served.at(f"/services/{COHORT}/formgrader/")
        page.goto(grader)
        row = page.locator("tr", has=page.locator("td.name", has_text=NAME))
        row.locator(".collect a").click()
        dismiss(page, "Success")
        expect(row.locator(".num-submissions")).to_contain_text("1")
        served.shot(page, "08-formgrader")
        page.goto(f"{grader}manage_submissions/{NAME}")
        submission = page.locator("tr", has=page.locator("td", has_text=LEARNER))
        submission.locator(".autograde a").click()
        dismiss(page, "Success")
        served.shot(page, "09-autograded")
        earned = marks(f"sqlite:///{open_course(served.site, COHORT).folder / 'gradebook.db'}", NAME, NAME, LEARNER)
        assert earned["prompt"].points == 5 and not earned["decision"].needs_manual
        page.goto(f"{grader}gradebook/{NAME}/{NAME}")
        page.locator("tbody a", has_text="Submission").first.click()
        # none is enabled before the stored marks have come
        expect(page.locator("input.score:enabled").first).to_be_visible()
        expect(page.get_by_text("Found in another place")).to_have_count(0)
        served.shot(page, "10-by-hand")
        marked = [box for box in page.locator("input.score").all() if is_to_mark(box)]
        assert marked
        for box in marked:
            with page.expect_response("**/api/grade/*") as stored:
                box.fill("4")
                box.blur()
            assert stored.value.ok
        served.shot(page, "11-marked")
        page.goto(served.at(f"/services/{COHORT}/mondaylab/cohort"))
        served.shot(page, "12-cohort")
        page.emulate_media(color_scheme="dark")
        served.shot(page, "12-cohort-dark")
        assert barriers(page) == []
        page.emulate_media(color_scheme="light")
        page.click("text=Close the lab")
        served.shot(page, "13-close")
        page.click("form button")
        page.wait_for_url("**/mondaylab/cohort")
        served.shot(page, "14-closed")
        page.goto(grader)
        for step in (".generate-feedback a", ".release-feedback a"):
            row.locator(step).click()
            dismiss(page, "Success")


def is_to_mark(box: Locator) -> bool:
    """Whether an instructor has still to give these points."""
    empty = not box.input_value() and box.get_attribute("placeholder") in ("", None, "0.0", "0")
    return box.is_enabled() and empty


def dismiss(page: Page, title: str) -> None:
    """Closes formgrader's dialog, which must say that it went well."""
    box = page.locator(".modal.in, .modal.show").last
    expect(box).to_contain_text(title, timeout=180_000)
    box.locator("button", has_text="OK").or_(box.locator("button.close, button.btn-primary")).first.click()
    expect(page.locator(".modal-backdrop")).to_have_count(0)


def test_the_learner_reads_feedback(served):
    with served.signed_in(LEARNER) as (_, page):
        page.wait_for_selector("#jp-main-dock-panel", timeout=180_000)
        page.click(".lm-MenuBar-itemLabel:has-text('Nbgrader')")
        page.click(".lm-Menu-itemLabel:has-text('Assignment List')")
        page.click("button:has-text('Fetch Feedback')")
        page.wait_for_selector("text=View Feedback")
        served.shot(page, "15-feedback-fetched")
    pages = sorted((served.site.homes / LEARNER).rglob("feedback/**/*.html"))
    assert pages, "the feedback is in the learner's home"
    for theme in ("light", "dark"):
        view = served.browser.new_page(viewport={"width": 1280, "height": 1000}, color_scheme=theme)
        served.seen.watch(view).goto(pages[-1].as_uri())
        served.shot(view, f"16-feedback-{theme}")
        caught = len([claim for claim in served.key(LEARNER).claims if claim.flawed]) - 1
        expect(view.locator("h1")).to_contain_text(f"caught {caught} of {caught + 1}")
        view.close()


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


def test_a_colleague_in_support_judges_mails_and_a_summary_and_checks_a_claim(served):
    """Every format that the finance lab lacks, on a wide bright screen, then on a narrow dark one: no barrier."""
    store = JudgementStore(served.site.judgement_database)
    form = store.form(store.latest_form(MAIL_COHORT.cohort, MAIL_LAB, "sami"))
    store.dispose()
    assert {draft.format for draft in form.drafts} == {"mail", "summary"}
    name = MAIL_LAB.partition("/")[2]
    with served.signed_in("sami") as (_, page):
        page.wait_for_selector("#jp-main-dock-panel", timeout=180_000)
        page.click(".lm-MenuBar-itemLabel:has-text('Nbgrader')")
        page.click(".lm-Menu-itemLabel:has-text('Assignment List')")
        page.click("button:has-text('Fetch')")
        page.wait_for_selector("button:has-text('Submit')")
        open_notebook(served, page, f"/user/sami/lab/tree/{name}/{name}.ipynb")
        expect(
            page.locator(".jp-InputPlaceholder").first
        ).to_be_visible()  # who writes no code sees no call of a widget
        run_all(page)
        judge_all(page, form, dict.fromkeys(form.rows(), "4v"))
        expect(save_state(page)).to_have_text(SAVED)
        page.click("button:has-text('Commit first look')")
        expect(page.locator("text=First look committed").first).to_be_visible()
        page.click(".jp-SideBar.jp-mod-left .lm-TabBar-tab[title*='File Browser']")  # away: the notebook has the width
        expect(page.locator("#filebrowser")).to_be_hidden()
        for theme, width in (("light", 1280), ("dark", 400)):
            page.emulate_media(color_scheme=theme)
            expect(page.locator("body")).to_have_attribute("data-jp-theme-light", str(theme == "light").lower())
            page.set_viewport_size({"width": width, "height": 900})
            look_at_all(served, page, form, f"{theme}-{width}")


def look_at_all(served, page: Page, form: ShownForm, screen: str) -> None:
    """Each draft in its format, and a claim looked up and come back to."""
    claim = page.locator("[role=tabpanel] [data-claim]").first
    for number, draft in enumerate(form.drafts):
        page.click(f"[role=tablist][aria-label=Drafts] [role=tab][title='{draft.title}']")
        expect(claim).to_have_attribute("data-claim", draft.claims[0].claim_id)
        served.shot(page, f"17-{draft.format}-{number}-{screen}")
        assert barriers(page, "section.panel") == []
        assert wider_than_the_notebook(page) == []
    claim.click()
    page.click("button:has-text('Check this')")
    back = page.get_by_role("button", name="Back to the claim")
    expect(back).to_be_in_viewport()
    served.shot(page, f"18-check-this-{screen}")
    assert wider_than_the_notebook(page) == []
    back.click()
    expect(claim).to_be_in_viewport()
    expect(claim).to_be_focused()
    served.shot(page, f"19-back-{screen}")
    page.get_by_role("button", name="Save as my evidence").scroll_into_view_if_needed()
    served.shot(page, f"20-evidence-{screen}")
    assert wider_than_the_notebook(page) == []


def test_nobody_complains(served):
    assert not served.seen.complaints, "\n".join(served.seen.complaints)


def test_the_form_in_the_page_holds_no_truth(served, form):
    text = json.dumps(form.model_dump(mode="json"))
    key = served.key(LEARNER)
    # an operator that is a plain word, such as stale, is a kind of flaw that learners choose from
    operators = {claim.operator for claim in key.claims if claim.operator and "_" in claim.operator}
    assert key.canary not in text and not [name for name in operators if name in text]


def test_nothing_a_learner_can_read_holds_anothers_truth(served, found_in):
    """After the whole walk: homes, hand-out, hand-in, logs and the page of feedback, searched also inside encodings."""
    keys = keys_of(served.site, COHORT, issued(served.site, COHORT, LAB, "2026Q4"))
    operators = [name for name in FlawTable.of(served.site.grader).operators if "_" in name]
    canaries = [key.canary for key in keys.values()]
    others = [claim.why for name, key in keys.items() if name != LEARNER for claim in key.claims if claim.flawed]
    mine = {claim.why for claim in keys[LEARNER].claims}
    for place in (served.site.homes, served.site.exchange, served.site.logs):
        assert found_in(place, [*operators, *canaries, *(why for why in others if why not in mine)]) == []
