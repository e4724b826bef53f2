"""The panel while its link to the service is down, slow or lost: no answer is lost, none overwritten."""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect
from tests.support.open_panel import Open, answer_all, first_claim, saved

from mondaylab.forms.shown import ShownForm
from mondaylab.judging.answers import Answer, AnswerEvent
from mondaylab.judging.store import JudgementStore

pytestmark = pytest.mark.e2e


def test_offline_keeps_counts_blocks_and_replays(opened: Open, mine: ShownForm, store: JudgementStore, lab: Any):
    answer_all(store, mine, "first", but=2)
    page = opened(mine)
    lab.failing = "cut"
    page.locator(".draft").last.click()
    page.locator(".claim").nth(4).click()
    for letter in "7fj3":
        page.keyboard.press(letter)
    expect(page.locator(".save")).to_have_text("Offline: 2 answers kept here, not saved")
    page.keyboard.press("4")
    page.keyboard.press("u")
    expect(page.locator(".need")).to_have_text("You can commit when the link is back.")
    page.locator(".commit").click(force=True)
    page.reload()  # what is not sent outlives the page, and so does what was saved
    expect(page.locator(".save")).to_have_text("Offline: 2 answers kept here, not saved")
    expect(page.locator(".prog")).to_contain_text("19 of 19")
    assert len(store.answers(mine.form_id).first) == 17
    assert store.answers(mine.form_id).first_committed is None
    assert lab.commits == 0
    lab.failing = None
    expect(page.locator(".save")).to_contain_text("Saved", timeout=10_000)
    rows = list(mine.rows())
    answers = store.answers(mine.form_id).first
    assert (answers[rows[17]], answers[rows[18]]) == (Answer(p=70, action="fix"), Answer(p=40, action="use"))
    page.locator(".commit").click()
    expect(page.locator(".note.lock")).to_be_visible()


def test_nothing_is_handed_in_while_the_link_is_down(opened: Open, mine: ShownForm, store: JudgementStore, lab: Any):
    answer_all(store, mine, "first")
    page = opened(mine)
    lab.failing = "cut"
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # as when the learner comes back to the tab
    expect(page.locator(".save")).to_have_text("Offline")
    expect(page.locator(".commit")).to_have_attribute("aria-disabled", "true")
    page.locator(".commit").click(force=True)
    page.wait_for_timeout(500)
    assert lab.commits == 0
    lab.failing = None
    expect(page.locator(".commit")).to_have_attribute("aria-disabled", "false", timeout=10_000)
    page.locator(".commit").click()
    expect(page.locator(".note.lock")).to_be_visible()
    assert store.answers(mine.form_id).first_committed is not None


def test_a_lost_receipt_is_asked_for_again(opened: Open, mine: ShownForm, store: JudgementStore, lab: Any):
    page = opened(mine)
    lab.failing = "lose answer"
    first_claim(page).press("7")
    expect(page.locator(".save")).to_contain_text("not saved")
    assert store.answers(mine.form_id).first[next(iter(mine.rows()))].p == 70  # it is there, but nobody said so
    lab.failing = None
    expect(page.locator(".save")).to_contain_text("Saved", timeout=10_000)
    assert len({event["event_id"] for event in lab.posted}) == 1
    expect(page.locator(".note")).to_have_count(0)  # it knows its own answer again


def test_error_names_the_claim_and_saves_again(opened: Open, mine: ShownForm, store: JudgementStore, lab: Any):
    page = opened(mine)
    lab.failing = 500
    first_claim(page).press("7")
    expect(page.get_by_role("alert")).to_contain_text("Claim 1 was not saved (the disk is full)")
    expect(page.locator(".save")).to_have_text("Not saved")
    expect(page.locator(".pval")).to_contain_text("70%")
    lab.failing = None
    page.get_by_role("button", name="Save again").click()
    saved(page)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert store.answers(mine.form_id).first[next(iter(mine.rows()))].p == 70


def test_an_answer_before_the_service_has_told_its_state(
    opened: Open, mine: ShownForm, store: JudgementStore, lab: Any
):
    page = opened(mine)
    first_claim(page).press("7")
    saved(page)
    lab.delay = 0.6
    page.reload()
    first_claim(page).press("4")
    expect(page.locator(".pval")).to_contain_text("40%")
    expect(page.locator("[data-state=ok]")).to_be_visible()
    expect(page.locator(".note")).to_have_count(0)
    assert store.answers(mine.form_id).first[next(iter(mine.rows()))].p == 40


def test_leaving_the_page_at_once_loses_nothing(opened: Open, mine: ShownForm, store: JudgementStore, lab: Any):
    page = opened(mine)
    rows = list(mine.rows())[:4]
    first_claim(page).focus()
    page.keyboard.type("6j7j8j9")
    page.goto("about:blank")  # within the pause before sending
    expected = dict(zip(rows, (60, 70, 80, 90), strict=True))
    deadline = time.monotonic() + 5
    told: dict[str, int | None] = {}
    while told != expected and time.monotonic() < deadline:
        told = {claim: answer.p for claim, answer in store.answers(mine.form_id).first.items()}
        time.sleep(0.05)
    assert told == expected
    page.goto(lab.url)
    saved(page)
    expect(page.locator(".pval")).to_contain_text("90%")  # where the learner was
    expect(page.locator(".note")).to_have_count(0)


@pytest.mark.deep
def test_service_killed_while_judging(opened: Open, mine: ShownForm, store: JudgementStore, running: Any):
    page = opened(mine)
    rows = list(mine.rows())
    first_claim(page).press("6")
    saved(page)
    running.stop(9)
    page.keyboard.press("v")
    expect(page.locator(".save")).to_contain_text("Offline: 1 answer kept here")
    running.start()
    expect(page.locator(".save")).to_contain_text("Saved", timeout=10_000)
    assert store.answers(mine.form_id).first[rows[0]] == Answer(p=60, action="verify")


def test_unsent_answer_does_not_overwrite_a_newer_one(opened: Open, mine: ShownForm, store: JudgementStore, lab: Any):
    page = opened(mine)
    claim = next(iter(mine.rows()))
    lab.failing = "cut"
    first_claim(page).press("2")
    expect(page.locator(".save")).to_contain_text("not saved")
    store.record(mine.form_id, "ann", AnswerEvent(event_id=uuid4(), stage="first", claim_id=claim, answer=Answer(p=90)))
    lab.failing = None
    expect(page.locator(".note.info")).to_contain_text("claim 1 was set aside", timeout=10_000)
    expect(page.locator(".pval")).to_contain_text("90%")
    assert store.answers(mine.form_id).first[claim].p == 90
