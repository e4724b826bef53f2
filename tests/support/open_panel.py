"""The panel in a browser, open on a form of ann's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.support.drafts_in_form import each_format

from mondaylab.forms.shown import ShownForm
from mondaylab.judging.answers import Answer, AnswerEvent, CommitEvent
from mondaylab.judging.store import JudgementStore

Open = Callable[..., Page]


@pytest.fixture
def mine(running: Any, registered: Any) -> ShownForm:
    """A fresh form of ann's."""
    return registered(running, "ann")  # type: ignore[no-any-return]


@pytest.fixture
def store(running: Any) -> Iterator[JudgementStore]:
    made = JudgementStore(running.database)
    yield made
    made.dispose()


@pytest.fixture
def problems() -> list[str]:
    return []


@pytest.fixture
def opened(chromium: Browser, lab: Any, problems: list[str]) -> Iterator[Open]:
    """Opens a page with the panel of a form; a page error fails the test."""
    context = chromium.new_context(viewport={"width": 900, "height": 1000}, reduced_motion="reduce")
    context.set_default_timeout(30_000)  # a guard on a busy machine, and no test of speed
    expect.set_options(timeout=30_000)

    def open_page(form: ShownForm, /, **more: object) -> Page:
        lab.traits = {"form_id": form.form_id, "form": form.model_dump(mode="json"), "user": "ann", **more}
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(lab.url)
        expect(page.locator("[data-state=ok]")).to_be_visible()
        return page

    yield open_page
    context.close()
    assert problems == []


@pytest.fixture
def in_forms(mine: ShownForm, store: JudgementStore) -> ShownForm:
    """A form of ann's with one draft of each format."""
    form = mine.model_copy(
        update={"form_id": f"{mine.form_id}-forms", "drafts": each_format(), "attempt": mine.attempt + 1}
    )
    store.register(form, "finance-demo", "ann")
    return form


def answer_all(
    store: JudgementStore, form: ShownForm, stage: Any, but: int = 0, commit: bool = False, learner: str = "ann"
) -> None:
    for claim_id in list(form.rows())[: len(form.rows()) - but]:
        answer = Answer(p=30, action="verify")
        event = AnswerEvent(event_id=uuid4(), stage=stage, claim_id=claim_id, answer=answer)
        store.record(form.form_id, learner, event)
    if commit:
        store.commit(form.form_id, learner, CommitEvent(event_id=uuid4(), stage=stage))


def saved(page: Page) -> None:
    expect(page.locator(".save")).to_contain_text("Saved")


def first_claim(page: Page) -> Any:
    return page.locator(".claim").first
