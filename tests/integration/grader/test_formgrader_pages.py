"""Formgrader's pages in a real browser: every button works under the content policy, and nothing complains."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.integration.grader.served import TOKEN, formgrader

NAME = "weekly_margin_memo"


@pytest.fixture(scope="module")
def server(own_box, tmp_path_factory):
    for learner in ("careful", "perfect"):
        notebook = own_box.answered(oversight_check_point="I check **the margins** in [the ledger](https://x.example/a).")
        own_box.hand_in(learner, notebook)
        own_box.autograde(learner)
    with formgrader(own_box, tmp_path_factory.mktemp("server")) as base:
        yield base


@pytest.fixture(scope="module")
def page(server, chromium):
    view = chromium.new_page(viewport={"width": 1280, "height": 1000})
    view.complaints = []
    view.on("console", lambda line: line.type in ("error", "warning") and view.complaints.append(line.text))
    view.on("pageerror", lambda error: view.complaints.append(str(error)))
    view.goto(f"{server}/?token={TOKEN}")
    yield view
    assert not view.complaints
    view.close()


def test_every_list_is_there(page, server):
    for path, told in {
        "": NAME,
        f"manage_submissions/{NAME}": "careful",
        "gradebook": NAME,
        f"gradebook/{NAME}": NAME,
        f"gradebook/{NAME}/{NAME}": "Submission #1",
        "manage_students": "careful",
        "manage_students/careful": NAME,
        f"manage_students/careful/{NAME}": NAME,
    }.items():
        page.goto(f"{server}/formgrader/{path}")
        expect(page.locator("#main-table")).to_contain_text(told)
        expect(page.locator("table.dataTable")).to_be_visible()
        page.screenshot(path=f"/tmp/pages-shot-{path.replace('/', '-') or 'start'}.png")
    assert not page.complaints


def test_marks_and_comments_are_given_by_keyboard_and_button(page, server, own_box):
    page.goto(f"{server}/formgrader/gradebook/{NAME}/{NAME}")
    expect(page.locator("table.dataTable")).to_be_visible()
    page.click("#toggle_names")
    page.locator("a.name-shown", has_text="careful").click()
    box = page.locator("#oversight_check_point")
    expect(page.locator("body")).to_contain_text("I check the margins in the ledger https://x.example/a")
    box.fill("2")
    box.press("Tab")
    page.locator("#oversight_check_point-comment").fill("Say <b>when</b>.")
    page.locator("#oversight_check_point-comment").blur()
    panel = page.locator(".nbgrader_cell", has=page.locator("#oversight_disclosure"))
    with page.expect_response("**/api/grade/*"):
        panel.locator(".full-credit").click()
    page.locator("span.glyphicon-eye-open").click()
    expect(page.locator("span.name-shown").first).to_be_visible()
    page.screenshot(path="/tmp/pages-shot-submission.png")
    marks = own_box.marks("careful")
    assert marks["oversight_check_point"].points == 2 and not marks["oversight_disclosure"].needs_manual
    page.reload()
    expect(page.locator("#oversight_check_point-comment")).to_have_value("Say <b>when</b>.")
    page.keyboard.press("Control+Shift+F")
    expect(page.locator("#statusmessage")).to_contain_text("flagged")
    page.click(".help")
    expect(page.locator("#help-dialog")).to_contain_text("Flag the submission")
    page.screenshot(path="/tmp/pages-shot-help.png")
    page.locator("#help-dialog button.btn").click()
    before = page.url
    page.click("text=Next")
    page.wait_for_url(lambda url: url != before)
    assert not page.complaints


def test_the_buttons_of_the_lists_work(page, server):
    page.goto(f"{server}/formgrader/manage_submissions/{NAME}")
    row = page.locator("tr", has=page.locator("td", has_text="careful"))
    row.locator(".autograde a").click()
    expect(page.locator(".modal.in")).to_contain_text("Successfully autograded", timeout=60_000)
    page.screenshot(path="/tmp/pages-shot-autograded.png")
    page.locator(".modal.in .modal-footer button").click()
    page.goto(f"{server}/formgrader/manage_students")
    page.click("#add-student")
    expect(page.locator(".modal.in")).to_be_visible()
    page.goto(f"{server}/formgrader/manage_assignments")
    page.click("#add-assignment")
    expect(page.locator(".modal.in")).to_be_visible()
    expect(page.locator("#create-error")).to_be_hidden()
    assert not page.complaints
