"""The screen in Chromium: light and dark, wide and narrow, by keyboard alone, and without a kernel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.support.accessible import barriers
from tests.support.adopt_page import open_page, talk
from tests.support.authoring_site import TOLD, thirteen_sentences
from tests.support.sampled import sampled

from mondaylab.authoring.screen import AdoptScreen
from mondaylab.labs.material import Material

SIZES = [(1280, "light"), (1280, "dark"), (760, "light"), (400, "dark")]
Open = Callable[..., Page]


@pytest.fixture
def opened(chromium: Browser, screen: AdoptScreen) -> Iterator[Open]:
    """Opens the screen at a width, in a theme; a page error fails the test."""
    expect.set_options(timeout=60_000)  # a busy machine of two cores
    problems: list[str] = []
    contexts = []

    def open_at(width: int = 1280, theme: str = "light") -> Page:
        contexts.append(chromium.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce"))
        contexts[-1].set_default_timeout(60_000)
        contexts[-1].on("weberror", lambda error: problems.append(str(error.error)))
        return open_page(contexts[-1], screen, theme=theme)

    yield open_at
    for context in contexts:
        context.close()
    assert problems == []


def send(screen: AdoptScreen, order: str, *texts: str, **more: Any) -> dict[str, Any]:
    return talk(screen, {"do": order, "id": 1, **more}, [one.encode() for one in texts])[-1]


def sound(page: Page) -> None:
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("width", "theme"), sampled(SIZES, 4))
def test_nobody_is_kept_out_of_any_step(screen: AdoptScreen, opened: Open, finance: Material, width: int, theme: str):
    page = opened(width, theme)
    expect(page.get_by_role("button", name="Take out names")).to_be_visible()
    sound(page)
    page.get_by_role("button", name="Take out names").click()
    expect(page.get_by_role("alert")).to_contain_text("The tool is missing")
    page.get_by_label("The answer, as it was").fill(thirteen_sentences(finance))
    page.get_by_label("Tool").fill("Sales Copilot")
    page.get_by_label("Region").select_option("Central")
    page.get_by_label("Week", exact=True).select_option("43")
    page.get_by_role("button", name="Take out names").click()
    expect(page.locator(".red")).to_have_text("e-mail address")
    expect(page.get_by_role("alert")).to_be_empty()
    sound(page)
    page.get_by_role("button", name="Find the claims").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("Ten claims are bound. One place needs you.")
    expect(page.locator(".insp legend").first).to_contain_text("Which figure is it?")
    sound(page)
    expect(page.get_by_role("button", name="Preview as a learner")).to_have_attribute("aria-disabled", "true")
    page.get_by_label("Cost of goods of Central in week 43").check()
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("Eleven claims are bound. Nothing needs you.")
    page.get_by_role("option", name="Completed orders came to").click()
    expect(page.locator(".versus")).to_contain_text("A natural error")
    sound(page)
    page.get_by_role("button", name="Preview as a learner").click()
    expect(page.locator(".paper")).to_have_count(2)
    sound(page)


def test_by_keyboard_alone(screen: AdoptScreen, opened: Open, finance: Material):
    send(screen, "paste", thirteen_sentences(finance), "", **TOLD)
    send(screen, "bind")
    page = opened()
    expect(page.locator(".insp legend").first).to_be_visible()
    page.locator("[role=option][aria-selected=true]").focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator("[role=option][aria-selected=true]")).to_contain_text("Cancelled orders")
    expect(page.locator("[role=option][aria-selected=true]")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".insp legend").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("[data-at=place]")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".insp input[type=radio]:checked")).to_be_focused()
    for _ in range(5):
        page.keyboard.press("ArrowDown")
        if "cost of goods" in page.locator("label:has(:checked)").inner_text().lower():
            break
    while page.evaluate("document.activeElement.textContent") != "Confirm":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2)).to_contain_text("Nothing needs you")
    expect(page.locator("[data-at=place]")).to_be_focused()
    assert [*screen.sitting.decisions.means.values()] == ["cost, region=Central, week"]


@pytest.mark.deep
def test_the_sentence_of_menus_says_what_the_option_takes(screen: AdoptScreen, opened: Open):
    send(screen, "paste", "It came to 31.2 %, and fell.", "", **TOLD)
    send(screen, "bind")
    page = opened()
    page.get_by_label("Measure", exact=True).select_option("margin")
    page.get_by_label("Region").select_option("")
    page.get_by_label("When", exact=True).select_option("week before")
    expect(page.get_by_label("When", exact=True)).to_be_focused()
    page.get_by_role("button", name="Confirm, next that needs me").click()
    expect(page.locator(".insp .hd")).to_contain_text("Place 2 of 2")
    assert screen.sitting.decisions.means == {1: "margin, whole company, week before"}
    page.get_by_label("Measure", exact=True).select_option("net")
    page.get_by_label("Against", exact=True).select_option("week before")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", level=2)).to_contain_text("Two claims are bound")
    assert screen.sitting.decisions.means[2] == "net, region=Central, week against week before"
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("heading", level=2)).to_contain_text("One place needs you")
    assert set(screen.sitting.decisions.means) == {1}


@pytest.mark.deep
def test_a_page_that_is_loaded_again_shows_what_was_decided(screen: AdoptScreen, opened: Open):
    send(screen, "paste", "It came to 31.2 %, and fell.", "", **TOLD)
    send(screen, "mean", number=1, meaning={"measure": "margin", "cut": {}, "when": "week", "against": ""})
    page = opened()
    page.locator("[role=option][data-number='1']").click()
    expect(page.locator(".insp")).to_contain_text("You said it means")


@pytest.mark.deep
def test_what_is_typed_stays_when_something_is_refused(opened: Open):
    page = opened()
    page.get_by_label("The answer, as it was").fill("Net sales were 5 EUR \\_ so.")
    page.get_by_label("Tool").fill("Copilot")
    page.get_by_role("button", name="Take out names").click()
    expect(page.get_by_role("alert")).to_contain_text("Next: paste it as plain text.")
    expect(page.get_by_label("The answer, as it was")).to_have_value("Net sales were 5 EUR \\_ so.")


@pytest.mark.deep
def test_what_was_decided_is_not_thrown_away_by_one_press(screen: AdoptScreen, opened: Open):
    send(screen, "paste", "It came to 31.2 %, and fell.", "", **TOLD)
    send(screen, "mean", number=1, meaning={"measure": "margin", "cut": {}, "when": "week", "against": ""})
    page = opened()
    page.get_by_role("button", name="Adopt another answer").click()
    page.get_by_role("button", name="Sure? What you decided is lost").click()
    expect(page.get_by_role("button", name="Take out names")).to_be_visible()
    assert screen.sitting is None


@pytest.mark.deep
def test_a_double_click_does_not_answer_its_own_question(screen: AdoptScreen, opened: Open):
    send(screen, "paste", "It came to 31.2 %, and fell.", "", **TOLD)
    send(screen, "mean", number=1, meaning={"measure": "margin", "cut": {}, "when": "week", "against": ""})
    page = opened()
    page.get_by_role("button", name="Adopt another answer").dblclick()
    expect(page.get_by_role("button", name="Sure? What you decided is lost")).to_be_visible()
    assert screen.sitting is not None


def test_a_state_that_cannot_be_told_leaves_what_is_shown(
    screen: AdoptScreen, opened: Open, monkeypatch: pytest.MonkeyPatch
):
    send(screen, "paste", "It came to 31.2 %, and fell.", "", **TOLD)
    page = opened()
    monkeypatch.setattr(AdoptScreen, "state", lambda _: 1 / 0)
    page.get_by_role("button", name="Find the claims").click()
    expect(page.get_by_role("alert")).to_contain_text("ZeroDivisionError")
    expect(page.get_by_role("button", name="Find the claims")).to_be_visible()
    expect(page.locator(".adopt")).to_have_attribute("aria-busy", "false")


def test_the_name_that_was_typed_is_sent_with_add(screen: AdoptScreen, opened: Open, finance: Material):
    rows = send(screen, "paste", thirteen_sentences(finance), "", **TOLD)["state"]["answer"]["rows"]
    number = next(row["number"] for row in rows if row["state"] == "open")
    meaning = {"measure": "cost", "cut": {"region": "Central"}, "when": "week", "against": ""}
    send(screen, "mean", number=number, meaning=meaning)
    assert send(screen, "preview")["error"] is None
    page = opened()
    page.get_by_label("Name of this version").fill("no name")
    page.get_by_role("button", name="Add to the lab").click()
    expect(page.get_by_role("alert")).to_contain_text("'no name' is no name of a version")


@pytest.mark.deep
def test_a_kernel_that_is_gone_is_told(screen: AdoptScreen, opened: Open):
    send(screen, "paste", "It came to 31.2 %, and fell.", "", **TOLD)
    page = opened()
    page.evaluate("() => { window.toKernel = async () => []; }")
    page.get_by_role("button", name="Find the claims").click()
    expect(page.get_by_role("alert")).to_contain_text("run the cell again. What you had not added is lost")
