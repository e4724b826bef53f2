"""A pasted text is text on every screen: no markup, no script, no address in it comes to life."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.support.adopt_page import open_page, talk
from tests.support.authoring_site import TOLD, checkout, thirteen_sentences, workplace
from tests.support.sampled import sampled

from mondaylab.authoring.screen import AdoptScreen
from mondaylab.labs.material import Material
from mondaylab.settings import Site

ATTACKS = [
    "<img src=x onerror=window.hit=1>",
    "<script>window.hit=1</script>",
    '"><svg onload=window.hit=1>',
    "<style>*{display:none}</style>",
    "[see](javascript:window.hit=1)",
    "![x](https://example.org/x.png)",
    "</textarea></pre></main><iframe srcdoc='<script>parent.hit=1</script>'>",
    "{{constructor.constructor('window.hit=1')()}} ${window.hit=1}",
]


pytestmark = pytest.mark.deep


@pytest.fixture(scope="module")
def screen(demo_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AdoptScreen]:
    made = AdoptScreen(workplace(checkout(demo_site, tmp_path_factory.mktemp("checkout"))))
    yield made
    made.close()


Open = Callable[[], Page]


@pytest.fixture
def opened(chromium: Browser, screen: AdoptScreen) -> Iterator[Open]:
    """Opens the screen as it stands; when the test ends, nothing in it has come to life."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)  # a busy machine of two cores
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    yield lambda: open_page(context, screen)
    for page in context.pages:
        assert page.evaluate("window.hit") is None
        assert page.locator("main img, main iframe, main script, main a").count() == 0
    assert [url for url in asked if not url.startswith(("data:", "about:"))] == []
    context.close()


def send(screen: AdoptScreen, order: str, *texts: str, **more: Any) -> dict[str, Any]:
    return talk(screen, {"do": order, "id": 1, **more}, [one.encode() for one in texts])[-1]


@pytest.mark.parametrize("attack", sampled(ATTACKS, 4))
def test_it_is_shown_as_it_was_typed(screen: AdoptScreen, opened: Open, attack: str):
    send(screen, "restart")
    text = (
        f"Net sales came to €78,578, {attack} and so on. {attack} Gross margin was 33.0 %. It came to 5 EUR {attack}."
    )
    told = send(screen, "paste", text, f"How did it do? {attack}", **TOLD)
    if told["state"]["answer"] is None:  # what hides its letters is not even taken
        assert told["error"]["what"] and attack not in str(told)
        return
    send(screen, "bind")
    page = opened()
    shown = page.get_by_role("listbox")
    expect(shown).to_contain_text("Gross margin was")
    kept = told["state"]["answer"]["text"]
    assert ("onerror" in kept) == ("onerror" in shown.inner_text()) and ("<" in kept) == ("<" in shown.inner_text())
    for option in page.locator("[role=option][data-number]").all():
        option.click()
        expect(page.locator(".insp .hd")).to_contain_text(f"Place {option.get_attribute('data-number')} ")


@pytest.mark.parametrize("attack", sampled(ATTACKS, 4))
def test_a_field_of_it_is_text_too(screen: AdoptScreen, opened: Open, attack: str):
    send(screen, "restart")
    told = send(screen, "paste", "Gross margin was 33.0 %.", "", **{**TOLD, "tool": attack, "model": attack})
    page = opened()
    if told["error"] is None:
        page.get_by_role("button", name="Find the claims").click()
        expect(page.locator(".pv")).to_contain_text(attack)


@pytest.mark.parametrize("attack", sampled(ATTACKS[:5], 5))
def test_what_learners_would_get_is_text_too(screen: AdoptScreen, opened: Open, finance: Material, attack: str):
    send(screen, "restart")
    text = thirteen_sentences(finance).replace("Hi, here", f"Hi {attack}, here")
    answer = send(screen, "paste", text, "", **TOLD)["state"]["answer"]
    if answer is None:
        return
    number = next(row["number"] for row in answer["rows"] if row["state"] == "open")
    meaning = {"measure": "cost", "cut": {"region": "Central"}, "when": "week", "against": ""}
    send(screen, "mean", number=number, meaning=meaning)
    told = send(screen, "preview")
    page = opened()
    if told["error"] is None:
        expect(page.locator(".paper").first).to_contain_text("Gross margin was")
        page.get_by_text("Show its text").click()
        expect(page.locator("pre.file")).to_contain_text("Gross margin was")
