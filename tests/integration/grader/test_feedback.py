"""The feedback page: all facts there, and in real Chromium both themes, two widths, no message, no side scrolling."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from tests.support.accessible import barriers

from mondaylab.grader.autograde.batch import Batch

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="module")
def page_path(own_box, right_validator) -> Path:
    own_box.hand_in("careful", own_box.answered(validator_answer=right_validator))
    Batch.open(own_box.site, own_box.cohort, own_box.lab).grade("careful")
    own_box.store.close(own_box.cohort, own_box.lab)
    own_box.course.generate_feedback(own_box.name, "careful")
    return own_box.course.folder / "feedback" / "careful" / own_box.name / f"{own_box.name}.html"


def test_it_leads_with_counts_and_shows_every_truth(own_box, page_path):
    text = page_path.read_text()
    key = own_box.forms["careful"].key
    flaws = sum(claim.flawed for claim in key.claims)
    title = re.search(r"<h1>(.*?)</h1>", text)[1]
    assert title == f"You caught {flaws - 1} of {flaws} flaws and raised 1 false alarm."
    assert text.count('<li class="row ') == len(key.claims)
    assert text.count('class="row caught"') == flaws - 1
    assert text.count('class="row missed"') == text.count('class="row doubted"') == 1
    assert text.count("Shown by") == len(key.claims)
    assert text.count("would have cost") == 3, "the missed flaw, the false alarm, and the best single action"
    assert "What you would do with each statement" in text and "No prompt was handed in: it is as released." in text
    order = [row.text for draft in own_box.forms["careful"].shown.drafts for row in draft.rows()]
    starts = [html.escape(one)[:25] for one in order if not one.startswith("Nothing")]
    place = 0
    for start in starts:  # two sentences may begin alike
        place = text.find(f"</span>{start}", place) + 1
        assert place > 0, start


@pytest.mark.deep
def test_it_reads_well_in_a_browser(page_path, chromium):
    for width in (1280, 420):
        for scheme in ("light", "dark"):
            page = chromium.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
            said = []
            page.on("console", lambda message, said=said: said.append(message.text))
            page.on("request", lambda request, said=said: said.append(request.url))
            page.goto(page_path.as_uri())
            assert said == [page_path.as_uri()], "no message, no other request"
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(_SMALLEST) >= 12
            assert page.locator("svg[role=img]:not([aria-label])").count() == 0
            assert barriers(page) == []
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.className") == "skip"
            page.close()


_SMALLEST = """Math.min(...[...document.querySelectorAll('body *')]
    .filter(e => e.childNodes.length && [...e.childNodes].some(n => n.nodeType == 3 && n.textContent.trim()))
    .filter(e => e.getClientRects().length).map(e => parseFloat(getComputedStyle(e).fontSize)))"""
