"""The panel from first look to handed in, and what it shows to who may not judge."""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, expect
from tests.support.open_panel import Open, answer_all, first_claim, saved

from mondaylab.forms.shown import ShownForm
from mondaylab.judging.answers import Answer, AnswerEvent
from mondaylab.judging.store import JudgementStore

pytestmark = pytest.mark.e2e


def test_first_look_asks_two_things_only_and_locks(opened: Open, mine: ShownForm, store: JudgementStore):
    answer_all(store, mine, "first", but=2)
    page = opened(mine)
    rows = list(mine.rows())
    first_claim(page).press("9")
    expect(page.locator(".flaw")).to_be_hidden()
    expect(page.get_by_text("How you checked")).to_be_hidden()
    commit = page.locator(".commit")
    expect(commit).to_have_text("Commit first look (2 left)")
    expect(commit).to_have_attribute("aria-disabled", "true")
    commit.click(force=True)  # says what is missing and jumps there
    expect(page.locator(".draft").last).to_have_attribute("aria-selected", "true")
    expect(page.locator(".need")).to_have_text("Claim 18: set how likely it is wrong")
    expect(page.get_by_label("How likely is it wrong?")).to_be_focused()
    for letter in "2uj3v":
        page.keyboard.press(letter)
    expect(commit).to_have_text("Commit first look")
    commit.click()
    expect(page.locator(".note.lock")).to_contain_text("First look committed at")
    answers = store.answers(mine.form_id)
    assert answers.first_committed is not None
    assert answers.first[rows[0]] == Answer(p=90, action="verify")
    assert answers.first[rows[18]] == Answer(p=30, action="verify")
    expect(page.locator(".ghost i")).to_have_text("first look 90%")
    expect(page.locator(".slide")).to_have_class("slide unset has")
    expect(page.locator(".was:visible")).to_have_count(1)
    page.keyboard.press("1")
    saved(page)
    answers = store.answers(mine.form_id)
    assert (answers.first[rows[0]].p, answers.check[rows[0]].p) == (90, 10)


def test_after_checking_to_handed_in(opened: Open, mine: ShownForm, store: JudgementStore):
    answer_all(store, mine, "first", commit=True)
    page = opened(mine)
    rows = list(mine.rows())
    page.get_by_role("button", name="Same as first look: 30%, Verify").click()
    expect(page.locator(".need")).to_have_text("Claim 1 is done")
    first_claim(page).press("8")
    page.keyboard.press("f")
    expect(page.locator(".need")).to_have_text("Claim 1: choose what is wrong")
    page.get_by_role("radio", name="scope or period").check()
    page.get_by_role("radio", name="Critical").check()
    value = page.get_by_label("The correct value in EUR, optional")
    value.fill("about ten")
    expect(page.locator(".read")).to_have_text("Write a number, such as 1234.5")
    value.fill("412.380,5")
    expect(page.locator(".read")).to_have_text("Read as 412,380.5 EUR")
    page.get_by_label("How you checked optional").fill("<b>orders</b> ju9")
    saved(page)
    expected = Answer(p=80, action="fix", kind="scope", severity="critical", value=412380.5, note="<b>orders</b> ju9")
    assert store.answers(mine.form_id).check[rows[0]] == expected
    page.reload()
    expect(page.get_by_label("How you checked optional")).to_have_value("<b>orders</b> ju9")
    expect(value).to_have_value("412,380.5")
    first_claim(page).press("4")  # no doubt: the questions about the flaw go, and their answers are not sent
    expect(page.locator(".flaw")).to_be_hidden()
    saved(page)
    assert store.answers(mine.form_id).check[rows[0]].kind is None
    for claim_id in rows[1:]:
        answer = Answer(p=10, action="use")
        store.record(
            mine.form_id, "ann", AnswerEvent(event_id=uuid4(), stage="check", claim_id=claim_id, answer=answer)
        )
    page.reload()
    page.get_by_role("button", name="Hand in judgements").click()
    expect(page.locator(".note.lock")).to_contain_text("Handed in at")
    assert store.answers(mine.form_id).check_committed is not None
    expect(page.locator(".commit")).to_be_hidden()
    expect(page.locator(".slide input")).to_be_disabled()
    first_claim(page).press("9")
    assert store.answers(mine.form_id).check[rows[0]].p == 40


def test_lock_by_another_tab_is_noticed(opened: Open, mine: ShownForm, store: JudgementStore):
    page = opened(mine)
    answer_all(store, mine, "first", commit=True)
    first_claim(page).press("9")
    expect(page.locator(".note.lock")).to_contain_text("First look committed")
    expect(page.locator(".note.info")).to_contain_text("came after the lock")
    assert store.answers(mine.form_id).first[next(iter(mine.rows()))].p == 30


def test_signed_out_and_not_yours_and_empty(
    chromium: Browser, lab: Any, mine: ShownForm, opened: Open, running: Any, registered: Any
):
    page = opened(mine)
    lab.failing = 403
    first_claim(page).press("9")
    expect(page.locator(".note.off")).to_contain_text("You are signed out.")
    lab.failing = None
    theirs = registered(running, "bob")
    lab.traits = {"form_id": theirs.form_id, "form": None, "user": "ann"}
    page.reload()
    expect(page.locator(".empty")).to_contain_text("This form is not yours")
    lab.traits = {"form_id": "", "form": None, "hint": "Run the cell above first."}
    page.reload()
    expect(page.locator(".empty")).to_contain_text("Run the cell above first.")


def test_closed_lab_is_read_only(opened: Open, running: Any, registered: Any, store: JudgementStore):
    form = registered(running, "ann", f"closing-{time.time_ns()}")
    store.close(store.cohort(form.form_id), form.lab)
    page = opened(form)
    expect(page.locator(".note.lock")).to_contain_text("This lab is closed.")
    expect(page.locator(".slide input")).to_be_disabled()
    first_claim(page).press("9")
    page.wait_for_timeout(400)
    assert store.answers(form.form_id).first == {}


def test_check_this_comes_after_the_first_look_by_keyboard_and_where_somebody_listens(
    opened: Open, mine: ShownForm, store: JudgementStore
):
    first = next(iter(mine.rows()))
    page = opened(mine, can_check=True)
    check = page.get_by_role("button", name="Check this")
    expect(check).to_be_hidden()
    answer_all(store, mine, "first", commit=True)
    page.reload()
    expect(check).to_be_visible()
    first_claim(page).focus()
    for stop in (page.locator(".previous"), page.locator(".next"), check):
        page.keyboard.press("Tab")
        expect(stop).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("window.sent") == [{"check": first}]
    told = page.locator(".checking [role=status]")
    expect(told).to_have_text("Opening the look-up…")
    page.evaluate(f"window.listeners['msg:custom']({{check: '{first}', trouble: 'there is no table'}})")
    expect(told).to_have_text("there is no table")
    check.click()
    page.evaluate(f"window.listeners['msg:custom']({{check: '{first}'}})")
    expect(told).to_have_text("The look-up is open below.")
    page.evaluate(f"window.listeners['msg:custom']({{back: '{first}'}})")
    expect(first_claim(page)).to_be_focused()
    page.keyboard.press("j")
    expect(told).to_have_text("")
    page.close()
    page = opened(mine)
    expect(page.get_by_label("How likely is it wrong?")).to_be_visible()
    expect(page.get_by_role("button", name="Check this")).to_be_hidden()
