"""The panel in real Chromium, in front of the real service."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from tests.support.accessible import barriers
from tests.support.open_panel import Open, answer_all, first_claim, saved
from tests.support.sampled import sampled

from mondaylab.forms.formats import pictured
from mondaylab.forms.shown import ShownForm
from mondaylab.judging.answers import Answer
from mondaylab.judging.panel import JudgementPanel
from mondaylab.judging.store import JudgementStore

pytestmark = pytest.mark.e2e

PACKAGE = Path(__file__).parents[2] / "packages" / "mondaylab_more"


def test_keyboard_from_unset_to_saved(opened: Open, mine: ShownForm, store: JudgementStore):
    page = opened(mine)
    rows = list(mine.rows())
    slider = page.get_by_label("How likely is it wrong?")
    assert slider.get_attribute("aria-valuetext") == "not set"
    expect(page.locator(".slide")).to_have_class("slide unset")
    page.keyboard.press("Tab")  # the drafts
    page.keyboard.press("Tab")  # the claims
    expect(first_claim(page)).to_be_focused()
    for keys, p, action in [("7f", 70, "fix"), ("0u", 0, "use"), ("5]v", 55, "verify"), ("9[e", 85, "escalate")]:
        for letter in keys:
            page.keyboard.press(letter)
        saved(page)
        assert store.answers(mine.form_id).first[rows[0]] == Answer(p=p, action=action)
    assert slider.get_attribute("aria-valuetext") == "85 percent, probably wrong"
    page.keyboard.press("j")
    expect(page.locator(".claim").nth(1)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("k")
    expect(page.locator(".claim").nth(1)).to_be_focused()
    for stop in (page.locator(".previous"), page.locator(".next"), slider):
        page.keyboard.press("Tab")
        expect(stop).to_be_focused()
    page.keyboard.press("ArrowRight")
    saved(page)
    assert store.answers(mine.form_id).first[rows[1]].p == 55
    page.keyboard.press("Tab")  # the actions
    page.keyboard.press("Space")
    saved(page)
    assert store.answers(mine.form_id).first[rows[1]].action == "use"


def test_a_format_of_a_package_arranges_the_claims_and_they_are_judged_as_ever(
    opened: Open, mine: ShownForm, store: JudgementStore, monkeypatch: pytest.MonkeyPatch
):
    script = (PACKAGE / "ticket_note.js").read_text()
    monkeypatch.setattr(JudgementPanel, "_esm", f"{JudgementPanel._esm}\n{script}")
    first, *others = mine.drafts
    note = first.model_copy(update={"format": "ticket", "layout": {"ticket": "Ticket 12"}})
    form = mine.model_copy(
        update={"form_id": f"{mine.form_id}-note", "drafts": (note, *others), "attempt": mine.attempt + 1}
    )
    store.register(form, "finance-demo", "ann")
    page = opened(form)
    expect(page.locator(".ticket-line")).to_have_text("Ticket 12")
    assert page.locator(".ticket-note .claim").count() == len(note.claims)
    first_claim(page).click()
    page.keyboard.press("7")
    page.keyboard.press("f")
    saved(page)
    assert store.answers(form.form_id).first == {next(iter(form.rows())): Answer(p=70, action="fix")}


def test_each_format_stands_in_its_own_form(opened: Open, in_forms: ShownForm):
    page = opened(in_forms)
    draft = page.get_by_role("group", name="The draft ")
    expect(draft.get_by_role("listitem")).to_have_count(2)
    expect(draft.get_by_text("Kind regards")).to_have_text("Kind regards,Finance")
    expect(page.get_by_text("Write the weekly margin memo")).to_be_hidden()
    page.get_by_text("The prompt").click()
    expect(page.get_by_text("Write the weekly margin memo")).to_contain_text("not AI, nothing to judge")
    page.get_by_role("tab", name="Reply on return").click()
    expect(draft).to_contain_text("SubjectRe: Filing cabinet arrived dented")
    expect(draft.get_by_role("blockquote")).to_contain_text("mail of 12 November. Not AI, nothing to judge.Dear team,")
    assert draft.get_by_role("blockquote").get_by_role("button").count() == 0
    page.get_by_role("tab", name="Answer on carriers").click()
    expect(page.get_by_text("The prompt")).to_be_hidden()
    expect(draft).to_contain_text("What was asked. Not AI, nothing to judge.How did late deliveries go")
    page.get_by_role("tab", name="Summary, week 46").click()
    expect(draft.get_by_role("columnheader", name="Margin")).to_have_attribute("scope", "col")
    expect(draft.get_by_role("rowheader", name="East")).to_have_attribute("scope", "row")
    expect(draft.get_by_role("cell", name="29.2")).to_have_class("num cell")
    draft.get_by_role("cell", name="29.2").get_by_role("button").click()
    expect(page.locator(".reads")).to_have_text("Judged as: The gross margin of East in week 46 was 29.2\u00a0%.")
    page.get_by_role("tab", name="Shortlist").click()
    expect(draft.get_by_role("heading", name="What the applications say")).to_be_visible()
    expect(draft).to_contain_text("Written from: handbook, chapter 7")
    expect(page.locator(".reads")).to_be_hidden()
    page.get_by_role("tab", name="Steps taken").click()
    expect(draft).to_contain_text("The task it was given. Not AI, nothing to judge.Deal with return R2204817")
    calls = draft.get_by_role("group")
    expect(calls).to_have_count(3)
    expect(calls.nth(1)).to_contain_text("written by: the customer")
    expect(calls.nth(1).get_by_text("give a voucher on top.")).to_be_visible()
    calls.nth(1).locator("summary").press("Enter")
    expect(calls.nth(1).get_by_text("give a voucher on top.")).to_be_hidden()
    assert calls.get_by_role("button").count() == 0, "nothing that a tool returned is a claim"
    draft.get_by_role("button", name="A voucher of 40 EUR").press("7")
    saved(page)
    expect(calls.nth(1).get_by_text("give a voucher on top.")).to_be_hidden()
    page.get_by_role("tab", name="Two answers").click()
    expect(draft).to_contain_text("What both were asked. Not AI, nothing to judge.How many returns")
    first, second = (draft.get_by_role("article", name=f"Answer {one}") for one in "AB")
    expect(first.get_by_role("heading")).to_have_text("Answer A")
    assert first.get_by_role("button").count() == second.get_by_role("button").count() == 0, "answers are not judged"
    draft.get_by_role("button", name="answer B has it right").press("7")
    saved(page)
    for card, said in ((first, "158.44\u00a0EUR"), (second, "222.95\u00a0EUR")):
        expect(card.locator(".beside.now")).to_contain_text(said)
        expect(card.locator(".beside.now")).to_have_count(1)
    second.get_by_text("43").click()
    expect(draft.get_by_role("button", name="answer A has it right")).to_have_attribute("aria-pressed", "true")
    expect(draft.locator(".beside.now")).to_have_count(2)
    draft.get_by_role("button", name="The one to send is B").press("7")
    expect(draft.locator(".beside.now")).to_have_count(0)


CUT_OFF = """texts => texts.filter(text => {
  const [of, picture] = [text, text.ownerSVGElement].map(one => one.getBoundingClientRect());
  return of.left < picture.left - 1 || of.right > picture.right + 1;
}).map(text => text.textContent)"""
"""The words of a picture that stand out of it."""


def test_a_chart_is_drawn_by_the_service_and_its_numbers_unfold_below(opened: Open, in_forms: ShownForm):
    page = opened(in_forms, form=None)
    page.get_by_role("tab", name="Charts on carriers").click()
    chart = page.get_by_role("img", name="Bar chart, number: Aldrin </svg><script>alert(1)</script> 2,184, Brakke")
    expect(chart.locator(".chart-bars path")).to_have_count(3)
    fill = "node => getComputedStyle(node).fill"
    drawn = [chart.locator(".chart-bars path").first.evaluate(fill)]
    page.emulate_media(color_scheme="dark")
    drawn.append(chart.locator(".chart-bars path").first.evaluate(fill))
    assert "rgb(0, 0, 0)" not in drawn and len(set(drawn)) == 2, "in the accent of either"
    page.add_style_tag(content=".chart-picture { font-family: 'DejaVu Sans' !important }")  # a fifth wider than most
    assert chart.locator("text").evaluate_all(CUT_OFF) == []
    numbers = page.locator(".chart-figure")
    expect(numbers.get_by_role("row", name="Carlow 905")).to_be_hidden()
    page.get_by_text("The chart's numbers").press("Enter")
    expect(numbers.get_by_role("row", name="Carlow 905")).to_be_visible()
    expect(numbers.get_by_role("rowheader").first).to_have_text("Aldrin </svg><script>alert(1)</script>")
    expect(numbers).to_contain_text("Bars from top to bottom; the axis goes from 500 to 2,500.")
    assert page.locator(".chart-sheet script").count() == 0


def test_without_its_picture_a_chart_shows_its_numbers_until_one_comes(opened: Open, in_forms: ShownForm):
    page, drawn = opened(in_forms), threading.Event()

    def without_pictures(route: Any) -> None:
        if drawn.is_set():  # and the route stays: a page whose calls are no longer held up while it asks may hang
            route.continue_()
            return
        told = route.fetch().json()
        for draft in told["form"]["drafts"]:
            draft.pop("pictures", None)
        route.fulfill(json=told)

    page.route(f"**/forms/{in_forms.form_id}", without_pictures)
    page.reload()  # as a kernel has a form that had no picture from the service, and the service has none either
    page.get_by_role("tab", name="Charts on carriers").click()
    expect(page.locator(".chart-figure")).to_contain_text("could not be drawn here; these are its numbers")
    expect(page.get_by_role("row", name="Brakke & Sons 1,730")).to_be_visible()
    drawn.set()
    page.reload()
    page.get_by_role("tab", name="Charts on carriers").click()
    expect(page.get_by_role("img", name="Bar chart, number")).to_be_visible()


@pytest.mark.parametrize("scheme", sampled(["dark", "light"], 2))
def test_no_format_bars_the_way_in_light_or_dark(opened: Open, in_forms: ShownForm, scheme: str):
    page = opened(in_forms)
    page.emulate_media(color_scheme=scheme)
    for draft in in_forms.drafts:
        page.get_by_role("tab", name=draft.title).click()
        # what stands around a draft is the same for each
        assert barriers(page, None if draft == in_forms.drafts[0] else ".form") == [], draft.format
    faint = '<p style="color: #ccc; background: #fff">faint</p><img src="data:,">'
    page.evaluate("html => document.querySelector('.form').insertAdjacentHTML('beforeend', html)", faint)
    for found in (barriers(page), barriers(page, ".form")):
        assert {one.split()[0] for one in found} == {"color-contrast", "image-alt"}, "or none would be found"


def test_claims_are_one_stop_in_reading_order(opened: Open, in_forms: ShownForm):
    page = opened(in_forms)
    claims = page.locator(".claim")
    assert [claim.get_attribute("data-claim") for claim in claims.all()] == [
        r.claim_id for r in in_forms.drafts[0].rows()
    ]
    assert page.locator(".claim[tabindex='0']").count() == 1
    page.get_by_role("tab", name="Margin memo").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_text("The prompt")).to_be_focused()
    page.keyboard.press("Tab")
    for key, place in (("ArrowRight", 1), ("ArrowDown", 2), ("ArrowLeft", 1), ("ArrowUp", 0)):
        page.keyboard.press(key)
        expect(claims.nth(place)).to_be_focused()
        expect(claims.nth(place)).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_label("How likely is it wrong?")).to_be_focused()


LINES = """() => [...document.querySelectorAll('.form :is(p, li, td, .claim)')].flatMap((node) =>
  [...node.getClientRects()].map((box) => [box.left, box.top, box.width, box.height].map(Math.round).join()))"""
APART = """() => [...document.querySelectorAll('.form .tail')].filter((node) => {
  const [last, mark] = ['.last', '.mark'].map((one) => node.querySelector(one).getBoundingClientRect());
  return mark.bottom < last.top || mark.top > last.bottom;
}).map((node) => node.textContent)"""


def test_nothing_moves_when_a_claim_is_chosen_or_judged(opened: Open, in_forms: ShownForm):
    page = opened(in_forms)
    page.set_viewport_size({"width": 1280, "height": 2000})
    for tab in page.locator(".draft").all():
        tab.click()
        before = page.evaluate(LINES)
        page.locator(".form .claim").last.click()
        for letter in "7f":
            page.keyboard.press(letter)
        assert page.evaluate(LINES) == before


def test_a_number_stays_with_the_last_word_of_its_claim(opened: Open, in_forms: ShownForm):
    page = opened(in_forms, form=pictured(in_forms).model_dump(mode="json"))
    for tab in page.locator(".draft").all():
        tab.click()
        for width in (340, 470, 620):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(APART) == []
            assert page.evaluate(STICKS_OUT) == []


SPACE = """(claim) => {
  const range = document.createRange();
  const words = document.createTreeWalker(claim, NodeFilter.SHOW_TEXT).nextNode();
  range.setStart(words, 0);
  range.setEnd(words, words.length - 1);
  return claim.querySelector('.last').getBoundingClientRect().left - range.getBoundingClientRect().right;
}"""


def test_a_claim_in_a_cell_keeps_the_space_before_its_last_word(
    opened: Open, in_forms: ShownForm, store: JudgementStore
):
    at, sheet = next((n, one) for n, one in enumerate(in_forms.drafts) if one.format == "table")
    claim = sheet.claims[0].model_copy(update={"text": "70 points"})
    drafts = list(in_forms.drafts)
    drafts[at] = sheet.model_copy(update={"claims": (claim, *sheet.claims[1:])})
    form = in_forms.model_copy(
        update={"form_id": f"{in_forms.form_id}-cell", "drafts": tuple(drafts), "attempt": in_forms.attempt + 1}
    )
    store.register(form, "finance-demo", "ann")
    page = opened(form)
    page.locator(".draft").nth(at).click()
    cell = page.locator(f".form [data-claim='{claim.claim_id}']")
    expect(cell).to_be_visible()
    assert cell.evaluate(SPACE) > 2


def test_where_it_is_narrow_the_form_is_docked_below_and_does_not_hide_the_claim(opened: Open, in_forms: ShownForm):
    page = opened(in_forms)
    page.set_viewport_size({"width": 760, "height": 800})
    for claim in page.locator(".claim").all():
        claim.focus()
        sheet, box = page.locator(".sheet").bounding_box(), claim.bounding_box()
        assert sheet is not None and box is not None
        assert sheet["y"] + sheet["height"] <= 800 and box["y"] + box["height"] <= sheet["y"]
    expect(claim).to_contain_text("Nothing material is missing")


def test_shortcuts_stay_inside_and_can_be_turned_off(opened: Open, mine: ShownForm, store: JudgementStore):
    page = opened(mine)
    page.evaluate("addEventListener('keydown', (event) => (window.heard = (window.heard ?? '') + event.key))")
    assert page.locator(".panel").get_attribute("data-lm-suppress-shortcuts") == "true"
    first_claim(page).click()
    for letter in "j00k":
        page.keyboard.press(letter)
    assert page.evaluate("window.heard ?? ''") == ""
    page.get_by_label("Single-key shortcuts").uncheck()
    first_claim(page).click()
    before = first_claim(page).text_content()
    page.keyboard.press("9")
    page.keyboard.press("j")
    expect(first_claim(page)).to_have_attribute("aria-pressed", "true")
    assert first_claim(page).text_content() == before
    page.reload()
    expect(page.get_by_label("Single-key shortcuts")).not_to_be_checked()


def test_a_click_in_the_middle_counts_and_looking_does_not(opened: Open, mine: ShownForm, store: JudgementStore):
    page = opened(mine)
    for number in range(3):
        page.locator(".claim").nth(number).click()
    page.wait_for_timeout(500)
    assert store.answers(mine.form_id).first == {}
    box = page.locator(".slide input").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    saved(page)
    assert store.answers(mine.form_id).first == {list(mine.rows())[2]: Answer(p=50)}


def test_dragging_keeps_the_slider_and_sends_one_event(opened: Open, mine: ShownForm, store: JudgementStore, lab: Any):
    answer_all(store, mine, "first", commit=True)
    page = opened(mine)
    page.evaluate("window.slider = document.querySelector('.slide input')")
    page.clock.install()
    # the page's clock goes as a hand would: a busy machine takes longer over one drag than the panel waits
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))
    box = page.locator(".slide input").bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 60, middle)
    page.mouse.down()
    for step in range(1, 12):  # across 50%, where the questions about the flaw open
        page.mouse.move(box["x"] + 60 + step * (box["width"] - 120) / 11, middle)
        page.clock.run_for(25)
    expect(page.locator(".flaw")).to_be_visible()
    page.mouse.up()
    assert page.evaluate("window.slider === document.querySelector('.slide input')")
    expect(page.locator(".slide input")).to_be_focused()
    assert lab.posted == []
    page.clock.resume()
    saved(page)
    assert len(lab.posted) == 1
    assert 85 <= store.answers(mine.form_id).check[next(iter(mine.rows()))].p <= 100


def test_markup_in_a_draft_is_shown_and_never_run(opened: Open, mine: ShownForm, running: Any, store: JudgementStore):
    text = json.loads(mine.model_dump_json())
    nasty = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
    text["form_id"], text["attempt"], text["title"] = mine.form_id + "x", mine.attempt + 1, nasty
    text["drafts"][0]["claims"][0]["text"] = nasty
    text["drafts"][0]["parts"][0]["text"] = nasty
    text["drafts"][0]["audience"] = nasty
    text["groups"][0]["label"] = nasty
    form = ShownForm.model_validate(text)
    store.register(form, "finance-demo", "ann")
    page = opened(form)
    expect(first_claim(page)).to_contain_text("<img src=x")
    page.wait_for_timeout(100)
    assert page.evaluate("window.hacked") is None
    assert page.locator(".panel img, .panel script").count() == 0


def test_names_and_roles(opened: Open, mine: ShownForm, store: JudgementStore):
    answer_all(store, mine, "first", commit=True)
    page = opened(mine)
    drafts = page.get_by_role("tablist", name="Drafts")
    expect(drafts.get_by_role("tab")).to_have_count(3)
    draft = page.get_by_role("group", name="The draft Weekly margin memo, 6 claims to judge")
    expect(draft.get_by_role("button")).to_have_count(6)
    expect(draft.get_by_role("button", name="claim 2, not judged, first look 30 percent")).to_contain_text(
        "Gross margin"
    )
    expect(page.get_by_role("region", name="Judgement of claim 1")).to_be_visible()
    expect(page.locator("[aria-current=step]")).to_have_text("2After checking")
    expect(page.locator(".prov .src")).to_have_text("Simulated draft")
    expect(page.locator(".top .sample")).to_have_text("sample data")
    drafts.get_by_role("tab").first.press("ArrowRight")
    expect(page.locator(".prov .src")).to_have_text("Recorded from model X on 2026-10-03")
    last = page.locator(".claim").last
    expect(last).to_contain_text("Nothing material is missing")
    last.press("8")
    expect(page.get_by_role("group", name="What is wrong with it?")).to_be_visible()
    expect(page.get_by_label("The correct value")).to_be_hidden()
    small = page.locator(".panel :is(button, input[type=radio], .claim.whole):visible").evaluate_all(
        "(nodes) => nodes.map((node) => node.getBoundingClientRect().height).filter((height) => height < 27.9)"
    )
    assert small == []
    expect(page.locator(".save [role=status]")).to_have_count(1)


def test_nothing_sticks_out(opened: Open, mine: ShownForm, store: JudgementStore):
    answer_all(store, mine, "first", commit=True)
    page = opened(mine)
    first_claim(page).press("9")
    for width in (360, 560, 760, 1100):
        page.set_viewport_size({"width": width, "height": 900})
        out = page.evaluate(STICKS_OUT)
        assert out == [], width
        tracks = page.locator(".body").evaluate(
            "(node) => getComputedStyle(node).gridTemplateColumns.split(' ').length"
        )
        assert tracks == (2 if width >= 960 else 1)


def test_warm_up_teaches_what_a_number_costs(chromium: Browser, lab: Any, form: ShownForm):
    lab.widget = "warm_up"
    lab.traits = {"claims": [claim.model_dump(mode="json") for claim in form.warm_up], "hint": ""}
    page = chromium.new_page()
    page.goto(lab.url)
    shows, sliders = page.get_by_role("button", name="Show"), page.locator(".slide input")
    shows.first.click(force=True)
    expect(page.locator(".told").first).to_have_text("Set a number first: there is no right one, only an honest one.")
    for number, p in enumerate((70, 100, 50)):  # truth: wrong, right, wrong
        sliders.nth(number).evaluate("(node, p) => { node.value = p; node.dispatchEvent(new Event('input')); }", p)
        shows.first.click()
    told = page.locator(".told")
    expect(told.nth(0)).to_contain_text("It was wrong. Your 70% cost 9 of 100. You leaned the right way")
    expect(told.nth(0)).to_contain_text("312 orders carry a Saturday")
    expect(told.nth(1)).to_contain_text("Your 100% cost 100 of 100: nothing costs more than being sure and mistaken")
    expect(told.nth(2)).to_contain_text("50% costs 25 of 100 either way")
    expect(page.locator(".sum")).to_contain_text("Your numbers cost 45 of 100 on average")
    expect(page.locator(".sum")).to_contain_text("An honest 70 beats a bold 100")
    assert lab.posted == []
    lab.traits = {"claims": [], "hint": "Open this lab in the hub"}
    page.reload()
    expect(page.locator(".empty")).to_contain_text("Open this lab in the hub")
    page.close()


STICKS_OUT = """() => [...document.querySelectorAll('.panel *')].filter((node) => {
          if (node.closest('.vh, .wide, .code-lines') || !node.getClientRects().length) return false;
          const edge = document.querySelector('.panel').getBoundingClientRect();
          const box = node.getBoundingClientRect();
          return box.right > edge.right + 1 || box.left < edge.left - 1;
        }).map((node) => node.className || node.tagName)"""
