"""What lab.ask shows: words for each state, an answer that cannot do anything, and the same on paper."""

from __future__ import annotations

import threading

import openai
import pytest
from tests.support import answering as support
from tests.support.answering import END, event

from mondaylab.forms.shown import ShownSheet
from mondaylab.judging.assistant_panel import AssistantPanel, pace_of, status_of
from mondaylab.judging.page import NO_ASSISTANT
from mondaylab.judging.talk import Heard

real_server = support.real_server
answering = support.answering


@pytest.mark.parametrize(
    ("heard", "status", "pace"),
    [
        (Heard(), "Asking the assistant", ""),
        (Heard("nobody"), NO_ASSISTANT, ""),
        (Heard("waiting", before=2), "Waiting, 2 before you", ""),
        (Heard("thinking"), "Thinking", ""),
        (Heard("thinking", "one " * 40, seconds=5.0), "Writing", "8 words a second"),
        (Heard("thinking", "one " * 5, seconds=10.0), "Writing", "30 words a minute"),
        (Heard("thinking", "one two", seconds=0.4), "Writing", ""),
        (Heard("done", "a " * 143, model="small-1b", seconds=21.2), "Done, 143 words in 21 s, by small-1b", ""),
        (Heard("done", "word", seconds=0.1), "Done, 1 word in 1 s", ""),
        (Heard("done", "a b", model="m", seconds=9, cut=True), "Done, 2 words in 9 s, cut off at its limit, by m", ""),
        (Heard("stopped", "a b"), "Stopped after 2 words", ""),
        (Heard("stopped"), "Stopped", ""),
    ],
)
def test_each_state_has_its_words(heard, status, pace) -> None:
    assert (status_of(heard), pace_of(heard)) == (status, pace)


def test_an_answer_without_words_and_a_failure_are_told() -> None:
    assert "without a word" in status_of(Heard("done"))
    error = openai.APITimeoutError.__new__(openai.APITimeoutError)
    assert status_of(Heard("failed", error=error)).startswith("The assistant took too long")
    assert status_of(Heard("failed", "a b", error=error)).startswith("Broke off after 2 words. The assistant took")


HOSTILE = """# Title

<script>fetch("https://evil.example")</script><img src="https://evil.example/a.png" onerror="alert(1)">
<iframe src="https://evil.example"></iframe><style>body { display: none }</style><a href="javascript:alert(1)">here</a>
<form action="https://evil.example"><input name="x"></form><svg onload="alert(1)"></svg>

[click](https://evil.example/path) ![seen](https://evil.example/b.png) <https://evil.example/c>

| a | b |
|---|--:|
| **1** | 2 |
"""


def test_what_a_model_writes_is_shown_and_does_nothing(answering) -> None:
    answering.pieces = [event(HOSTILE), END]
    panel = AssistantPanel("Write.", answering.environment)
    panel.ask()
    assert panel.wait(60) and panel.told.phase == "done"
    assert (
        "<h1>Title</h1>" in panel.told.answer
        and "<strong>1</strong>" in panel.told.answer
        and 'align="right"' in panel.told.answer
    )
    assert "https://evil.example/path" in panel.told.answer, "where it would lead can be read"
    assert "&lt;script&gt;fetch" in panel.told.answer, "and so can what it wrote in place of words"
    for never in ("<script", "<iframe", "<img", "<style", "<a", "<form", "<input", "<svg"):
        assert never not in panel.told.answer
    assert panel.text == HOSTILE


def test_on_paper_it_says_the_same_and_does_nothing_either(answering) -> None:
    answering.pieces = [event("<script>alert(1)</script>\n\n**So**"), END]
    panel = AssistantPanel("Say <b>so</b>.", answering.environment)
    panel.ask()
    panel.wait(60)
    data, _ = panel._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert "user: Say <b>so</b>." in data["text/plain"] and "**So**" in data["text/plain"]
    assert "Say &lt;b&gt;so" in data["text/html"] and "<strong>So</strong>" in data["text/html"]
    assert "<script" not in data["text/html"] and "Done, 2 words" in data["text/html"]


def test_buttons_stop_it_and_ask_again(answering) -> None:
    answering.pieces = [event("First "), None, event("second."), END]
    panel = AssistantPanel("Write.", answering.environment)
    begun = threading.Event()
    panel.told.observe(lambda change: begun.set() if "First" in change.new else None, "answer")
    panel.ask()
    assert begun.wait(60)
    panel._on_message(panel, {"do": "again"}, [])  # while it is written, that is no order
    panel._on_message(panel, {"do": "dance"}, [])
    assert len(answering.asked) == 1
    panel._on_message(panel, {"do": "stop"}, [])
    assert panel.wait(60) and answering.left.wait(60)
    assert (panel.told.status, panel.text) == ("Stopped after 1 word", "First ")
    answering.go.set()
    panel._on_message(panel, {"do": "again"}, [])
    assert panel.wait(60) and panel.text == "First second." and len(answering.asked) == 2


def test_closing_it_ends_the_answer(answering) -> None:
    answering.pieces = [event("First "), None, END]
    panel = AssistantPanel("Write.", answering.environment)
    panel.ask()
    panel.close()
    assert panel.wait(60) and panel.ended


@pytest.mark.parametrize(("prompt", "told"), [("Write.", "No assistant is set up"), (" \n", "prompt is empty")])
def test_without_an_assistant_or_a_prompt_it_says_what_to_do(prompt, told) -> None:
    panel = AssistantPanel(prompt, {})
    panel.ask()
    assert panel.ended and panel.told.phase == "nobody" and told in panel.told.status
    assert panel.told.messages == [{"role": "user", "content": prompt}]


def test_what_the_assistant_says_of_itself_is_told_in_its_words(answering) -> None:
    told = {"message": "You have 10 requests waiting.", "type": "mondaylab", "code": 429}
    answering.refusal = (429, {"error": told})
    panel = AssistantPanel("Write.", answering.environment)
    panel.ask()
    assert panel.wait(60)
    assert (panel.told.phase, panel.told.status) == ("failed", "You have 10 requests waiting.")


def test_what_a_page_writes_over_is_neither_sent_nor_kept(answering) -> None:
    panel = AssistantPanel("Write.", answering.environment)
    panel.told.messages = [{"role": "user", "content": "Something else."}]
    panel.ask()
    assert panel.wait(60)
    panel.told.answer = "<script>alert(1)</script>"
    assert answering.asked[0]["messages"] == [{"role": "user", "content": "Write."}] == panel.told.messages[:1]
    assert "Something else" not in repr(panel)
    data, _ = panel._repr_mimebundle_()
    assert "<script>" not in data["text/html"] and "Write." in data["text/html"]


def test_the_fact_sheet_goes_with_the_prompt_and_is_shown_as_it_was_sent(answering) -> None:
    answering.pieces = [event("So."), END]
    sheet = ShownSheet(
        about="North, week 46", figures=("- Net sales, North: €10 in week 46",), handbook="1.5: Says\nAll."
    )
    panel = AssistantPanel("Write a memo.", answering.environment, sheet)
    panel.ask()
    assert panel.wait(60)
    asked = answering.asked[-1]["messages"]
    assert asked == panel.told.messages and [one["role"] for one in asked] == ["system", "user"]
    assert asked[1]["content"] == (
        "Write a memo.\n\nFigures (North, week 46):\n- Net sales, North: €10 in week 46\n\nFrom our 1.5: Says\nAll."
    )
    assert "- Net sales, North" in repr(panel)
