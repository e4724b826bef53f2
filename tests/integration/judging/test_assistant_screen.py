"""What lab.ask shows in Chromium: states, buttons and answer, for the eye, the keyboard and a screen reader."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.support.accessible import barriers

from mondaylab.harmless import markdown
from mondaylab.judging.assistant_panel import AssistantPanel, pace_of, status_of
from mondaylab.judging.page import NO_ASSISTANT
from mondaylab.judging.talk import Heard

pytestmark = pytest.mark.e2e

ANSWER = """### Margin memo, week 46

Net sales in **North** came to 12,400 EUR, *up 3.1 %* on the week before.

1. Orders: 640 completed.
2. See `handbook` section 4.2, or <https://elsewhere.example/margin>.

| Region | Net sales, EUR | Gross margin, % | Change on the week before, points |
|---|--:|--:|--:|
| North | 12,400 | 33.1 | 0.4 |

```python
weekly = completed.groupby(["week", "region"])[["net", "cost"]].sum()["a line too long for a column"]
```
"""
LONG = "Compare net sales per region of 2026Q4 with the quarter before. Cite the rows. " * 12
STATES = {
    "waiting": Heard("waiting", before=2),
    "writing": Heard("thinking", ANSWER[:120], seconds=4.0, model="qwen2.5-coder-1.5b-instruct"),
    "done": Heard("done", ANSWER, seconds=21.0, model="qwen2.5-coder-1.5b-instruct"),
    "stopped": Heard("stopped", ANSWER[:60]),
    "nobody": Heard("nobody"),
    "failed": Heard("failed", error=TimeoutError()),
}
HARNESS = """
const traits = %s, listeners = {};
window.sent = [];
window.tell = (changed) => {
  Object.assign(traits, changed);
  for (const name of Object.keys(changed)) listeners[`change:${name}`]?.();
};
const told = {
  get: (name) => traits[name],
  on: (name, heard) => (listeners[name] = heard),
  off: (name) => delete listeners[name],
};
const model = {
  get: (name) => ({ told: "IPY_MODEL_7" })[name],
  send: (content) => window.sent.push(content),
  widget_manager: { get_model: async (id) => ({ 7: told })[id] },
};
const made = await import(URL.createObjectURL(new Blob([%s], { type: "text/javascript" })));
window.close_widget = await made.default.render({ model, el: document.getElementById("host") });
window.heard = () => Object.keys(listeners).length;
"""
Show = Callable[..., Page]


def traits(heard: Heard, prompt: str = "Write a margin memo <b>now</b>.") -> dict[str, object]:
    """What the kernel tells."""
    return {
        "messages": [{"role": "user", "content": prompt}],
        "phase": heard.phase,
        "status": status_of(heard),
        "pace": pace_of(heard),
        "answer": str(markdown(heard.text, tags=False)) if heard.text else "",
    }


def script_of(value: object) -> str:
    return json.dumps(value).replace("<", "\\u003c")


@pytest.fixture
def show(chromium: Browser) -> Iterator[Show]:
    """Shows a state as JupyterLab would; whatever the page asks for or complains of fails the test."""
    problems: list[str] = []
    context = chromium.new_context(viewport={"width": 900, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(30_000)  # a guard on a busy machine, and no test of speed
    expect.set_options(timeout=30_000)

    def put(heard: Heard, theme: str = "light", **more: str) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda one: one.url.startswith("blob:") or problems.append(f"asked for {one.url}"))
        harness = HARNESS % (script_of(traits(heard, **more)), script_of(AssistantPanel._esm))
        page.set_content(
            f'<!doctype html><html lang="en"><title>lab</title><style>{AssistantPanel._css}'
            f"body {{ margin: 0; padding: 8px; background: {'#fff' if theme == 'light' else '#111'} }}</style>"
            f'<body data-jp-theme-light="{str(theme == "light").lower()}"><main id="host"></main>'
            f'<script type="module">{harness}</script></body></html>'
        )
        expect(page.get_by_role("heading", name="Assistant")).to_be_visible()
        return page

    yield put
    context.close()
    assert problems == []


def test_everybody_can_use_it_in_each_state_in_light_and_dark(show: Show):
    # the colours of writing are those of waiting and done, those of nobody those of stopped; done comes opened
    for theme, states in (("light", STATES.keys() - {"done"}), ("dark", {"writing", "nobody", "failed"})):
        page = show(STATES["waiting"], theme)
        for state in sorted(states):
            page.evaluate("tell", traits(STATES[state]))
            assert barriers(page) == [], state
        page.locator("summary").click()
        page.evaluate("tell", traits(STATES["done"]))
        assert barriers(page) == []
        page.close()


def test_it_fits_a_narrow_column(show: Show):
    page = show(STATES["done"], prompt=LONG + "x" * 300)
    page.set_viewport_size({"width": 400, "height": 900})
    page.locator("summary").click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for button in page.get_by_role("button").all():
        assert button.bounding_box()["height"] >= 34
    code = page.locator(".answer pre")
    assert code.evaluate("e => e.scrollWidth > e.clientWidth"), "the code scrolls, not the page"
    code.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.answer pre').scrollLeft > 0")


def test_what_is_sent_is_shown_word_by_word_when_opened(show: Show):
    page = show(STATES["done"])
    words = page.locator(".sent .words")
    expect(words).to_be_hidden()
    page.keyboard.press("Tab")  # Stop
    page.keyboard.press("Tab")  # Ask again
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(words).to_be_visible()
    assert words.inner_text() == "Write a margin memo <b>now</b>."
    expect(page.locator("summary")).to_contain_text("1 message, 31 characters")


def test_buttons_do_only_what_makes_sense_and_keep_the_focus(show: Show):
    page = show(STATES["writing"])
    stop, again = page.get_by_role("button", name="Stop"), page.get_by_role("button", name="Ask again")
    again.click(force=True)
    stop.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("window.sent") == [{"do": "stop"}]
    page.evaluate("tell", traits(STATES["stopped"]))
    expect(stop).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("window.sent.length") == 1
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.evaluate("window.sent") == [{"do": "stop"}, {"do": "again"}]


def test_states_are_read_out_and_words_are_not(show: Show):
    """A screen reader hears what changes within the status: the state, not each word, and not the pace."""
    page = show(STATES["waiting"])
    status = page.get_by_role("status")
    assert status.inner_text() == "Waiting, 2 before you"
    page.evaluate(
        "window.read = []; const told = document.querySelector('[role=status]');"
        "new MutationObserver(() => window.read.push(told.innerText))"
        ".observe(told, { childList: true, characterData: true, subtree: true })"
    )
    answer = page.get_by_role("group", name="Answer")
    for words in range(1, 30):
        text = " ".join(ANSWER.split(" ")[:words])
        page.evaluate("tell", traits(Heard("thinking", text, seconds=2.0 + words)))
        assert answer.get_attribute("aria-busy") == "true"
    assert "words a" in page.locator(".line").inner_text() and "words a" not in status.inner_text()
    page.evaluate("tell", traits(STATES["done"]))
    page.wait_for_function("window.read.length > 1")
    assert page.evaluate("window.read") == ["Writing", status_of(STATES["done"])]
    assert answer.get_attribute("aria-busy") == "false" and answer.get_attribute("aria-live") is None


def test_nothing_that_a_model_writes_does_anything(show: Show):
    page = show(STATES["waiting"])
    hostile = (
        "<img src=x onerror='window.ran=1'>\n\n<script>window.ran=1</script>\n\n[a](javascript:window.ran=1)\n\n"
        "<svg><style><img src=x onerror=window.ran=1></style></svg>\n\n<math><mtext><table><mglyph><style><!--</style>"
        "<img title='--&gt;&lt;img src=1 onerror=window.ran=1&gt;'>\n\n![p](https://elsewhere.example/a.png)\n\n"
        "<form id=f></form><button form=f formaction=javascript:window.ran=1>x</button> <iframe srcdoc='<p>x'></iframe>"
    )
    page.evaluate("tell", traits(Heard("done", hostile)))
    expect(page.locator(".answer")).to_contain_text("https://elsewhere.example/a.png")
    expect(page.locator(".answer")).to_contain_text("<script>window.ran=1</script>")  # as it was written
    assert page.locator(".answer :is(a, script, svg, math, iframe, form, button, style, [src], [onerror])").count() == 0
    assert page.evaluate("window.ran") is None


def test_keys_stay_in_it_and_a_widget_that_goes_listens_no_more(show: Show):
    page = show(STATES["done"])
    page.evaluate("window.keys = 0; document.addEventListener('keydown', () => (window.keys += 1))")
    page.get_by_role("button", name="Stop").press("j")
    assert page.evaluate("window.keys") == 0
    page.evaluate("window.close_widget()")
    assert page.evaluate("window.heard()") == 0 and page.locator(".assistant").count() == 0


def test_without_an_assistant_it_says_so(show: Show):
    page = show(STATES["nobody"])
    assert page.get_by_role("status").inner_text() == NO_ASSISTANT
    expect(page.get_by_role("group", name="Answer")).to_be_hidden()
