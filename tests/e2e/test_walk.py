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
    judge_all,
    open_notebook,
    run_all,
    save,
    save_state,
    write,
)
from tests.support import answering as support
from tests.support.accessible import barriers

from mondaylab.forms.flaws import FlawTable
from mondaylab.forms.shown import ShownForm
from mondaylab.grader.course.course import open_course
from mondaylab.grader.course.gradebook import marks
from mondaylab.hub.rehearsal.learner import PROMPT
from mondaylab.labs.drawing.issuing import issued, keys_of
from mondaylab.measures import Ratio

pytestmark = pytest.mark.e2e
LAB, COHORT, NAME = "finance/weekly_margin_memo", "finance-demo", "weekly_margin_memo"
LEARNER, INSTRUCTOR = "lena", "iris"
NOTEBOOK = f"/user/{LEARNER}/lab/tree/{NAME}/{NAME}.ipynb"
LATE = """
const address = URL.createObjectURL;
URL.createObjectURL = (blob) => {
    const script = address.call(URL, blob);
    if (blob.type !== "text/javascript") return script;
    const late = `await new Promise((go) => setTimeout(go, 2200)); export { default } from "${script}";`;
    return address.call(URL, new Blob([late], { type: blob.type }));
};
"""
"""Makes the scripts of widgets take longer than the two seconds that anywidget gives them, as on a busy machine."""
ASK = "lab.ask(prompt)"
ASKED = f"""from unittest.mock import patch
with patch.dict("os.environ", %s):
    asked = {ASK}
asked"""
"""The cell that asks, with an assistant for this once."""
real_server = support.real_server
answering = support.answering


@pytest.fixture(scope="module")
def form(served) -> ShownForm:
    return served.form(LEARNER)


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


def asked_and_looked_up(page: Page) -> None:
    """The assistant's answer comes, and a claim's look-up opens."""
    panel = page.locator("section.assistant")
    expect(panel.get_by_role("status")).to_have_text(re.compile("^Done, 2 words in .*, by small-1b$"))
    expect(panel.get_by_role("group", name="Answer")).to_have_text("Hello Lena.")
    page.click("button:has-text('Check this')")
    expect(page.get_by_role("button", name="Back to the claim")).to_be_in_viewport()


def test_the_learner_checks_answers_and_submits(served, form, answering):
    """With widgets that come late: anywidget drops what is meant for such a one; they hear the kernel all the same."""
    key = served.key(LEARNER)
    flawed = [claim for claim in key.claims if claim.flawed]
    missed = flawed[0].claim_id
    pressed = {claim.claim_id: "9f" if claim.flawed and claim.claim_id != missed else "1u" for claim in key.claims}
    solution: dict = {}
    source = (Path(served.site.lab(LAB)) / "solution.py").read_text()
    exec(compile(source, "solution.py", "exec"), solution)
    with served.signed_in(LEARNER, color_scheme="dark") as (context, page):
        context.add_init_script(LATE)
        late: list[str] = []
        page.on("pageerror", lambda error: late.append(error.message))
        open_notebook(served, page, NOTEBOOK)
        expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
        write(page, ASK, ASKED % answering.environment)
        run_all(page)
        asked_and_looked_up(page)
        write(page, ASK, ASK)
        assert set(late) == {"[anywidget] Failed to initialize model."}, "they were late"
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
