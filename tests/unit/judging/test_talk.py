"""One request to the assistant: what is heard of it, in order, and that it ends at once when it is stopped."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest
from tests.support import answering as support
from tests.support.answering import END, KEY, event, place

from mondaylab.judging.talk import ANSWER_TOKENS, ENDED, Heard, Talk

real_server = support.real_server
answering = support.answering
SENT = [{"role": "user", "content": "Write a memo."}]


class Listener:
    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self._changed = threading.Condition()

    def __call__(self, heard: Heard) -> None:
        with self._changed:
            self.heard.append(heard)
            self._changed.notify_all()

    def until(self, phase: str, text: str = "") -> Heard:
        def found() -> Heard | None:
            return next((one for one in self.heard if one.phase == phase and text in one.text), None)

        with self._changed:
            assert self._changed.wait_for(found, 60), [(one.phase, one.text, one.error) for one in self.heard]
            return found()

    @property
    def phases(self) -> list[str]:
        told = [one.phase for one in self.heard]
        return [phase for at, phase in enumerate(told) if at == 0 or told[at - 1] != phase]


@pytest.fixture
def listener() -> Listener:
    return Listener()


def test_an_answer_is_heard_from_its_place_to_its_end(answering, listener) -> None:
    answering.pieces = [place(2), place(1), place(0), event("Net sales "), event("rose."), event(finish="stop"), END]
    talk = Talk(SENT, listener, answering.environment)
    talk.start()
    assert talk.wait(60) and talk.ended
    assert listener.phases == ["waiting", "thinking", "done"]
    assert [one.before for one in listener.heard][:3] == [2, 1, 0]
    assert (talk.heard.text, talk.heard.words, talk.heard.model) == ("Net sales rose.", 3, "small-1b")
    assert not talk.heard.cut and talk.heard.seconds > 0
    [asked] = answering.asked
    assert asked == {
        "model": "assistant",
        "messages": SENT,
        "max_tokens": ANSWER_TOKENS,
        "stream": True,
        "authorization": f"Bearer {KEY}",
    }


def test_words_come_while_it_is_written(answering, listener) -> None:
    answering.pieces = [event("First "), None, event("second."), END]
    talk = Talk(SENT, listener, answering.environment)
    talk.start()
    assert listener.until("thinking", "First").text == "First "
    assert not talk.wait(0.05) and not talk.ended
    answering.go.set()
    assert talk.wait(60) and talk.heard.text == "First second."


def test_stopping_ends_the_connection_at_once_and_keeps_what_came(answering, listener) -> None:
    answering.pieces = [event("First "), None, event("second."), END]
    talk = Talk(SENT, listener, answering.environment)
    talk.start()
    listener.until("thinking", "First")
    began = time.monotonic()
    talk.stop()
    assert talk.wait(60) and answering.left.wait(60) and time.monotonic() - began < 10
    assert (talk.heard.phase, talk.heard.text) == ("stopped", "First ")
    talk.stop()  # once more does nothing
    assert listener.phases[-1] == "stopped"


def test_nothing_is_told_after_the_end(answering) -> None:
    """Whoever stops it as it ends, as a widget does that is thrown away."""
    told: list[str] = []

    def hear(heard: Heard) -> None:
        told.append(heard.phase)
        if heard.phase in ENDED:
            talk.stop()

    talk = Talk(SENT, hear, answering.environment)
    talk.start()
    assert talk.wait(60) and told[-1] == "done" and talk.heard.phase == "done"
    assert sum(phase in ENDED for phase in told) == 1


def test_who_waits_for_a_turn_is_stopped_as_quickly(answering, listener) -> None:
    answering.pieces = [place(3), None, END]
    talk = Talk(SENT, listener, answering.environment)
    talk.start()
    listener.until("waiting")
    talk.stop()
    assert talk.wait(60) and answering.left.wait(60) and talk.heard.phase == "stopped"


def test_stopped_before_it_began_nothing_is_sent(answering, listener) -> None:
    talk = Talk(SENT, listener, answering.environment)
    talk.stop()
    talk.start()
    assert talk.wait(60) and talk.heard.phase == "stopped" and answering.asked == []


def test_an_answer_that_met_its_limit_says_so(answering, listener) -> None:
    answering.pieces = [event("Half a"), event(finish="length"), END]
    talk = Talk(SENT, listener, answering.environment)
    talk.start()
    assert talk.wait(60) and talk.heard.cut


@pytest.mark.parametrize(
    "environment",
    [{}, {"OPENAI_API_KEY": KEY}, {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}, {"OPENAI_BASE_URL": " "}],
)
def test_where_no_assistant_is_named_nobody_is_asked(listener, environment) -> None:
    """A key alone would have the client ask its own makers."""
    talk = Talk(SENT, listener, environment)
    talk.start()
    assert talk.wait(1) and listener.phases == ["nobody"]


@pytest.mark.parametrize(
    ("pieces", "kind"),
    [
        ([event("So "), b'data: {"error": {"message": "away", "type": "mondaylab", "code": 502}}\n\n'], "APIError"),
        ([event("So "), b"data: {nonsense\n\n"], "JSONDecodeError"),
        ([b'data: {"choices": null}\n\n'], "TypeError"),
    ],
)
def test_a_broken_answer_is_an_error_and_never_an_exception(answering, listener, pieces, kind) -> None:
    answering.pieces = pieces
    talk = Talk(SENT, listener, answering.environment)
    talk.start()
    assert talk.wait(60) and talk.heard.phase == "failed" and type(talk.heard.error).__name__ == kind


def test_nothing_that_listens_is_an_error_too(listener) -> None:
    talk = Talk(SENT, listener, {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "OPENAI_API_KEY": KEY})
    talk.start()
    assert talk.wait(60) and type(talk.heard.error).__name__ == "APIConnectionError"
    assert talk.heard.phase in ENDED


def test_no_proxy_that_somebody_set_is_on_the_way_to_this_machine(answering, listener, monkeypatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    talk = Talk(SENT, listener, answering.environment)
    talk.start()
    assert talk.wait(60) and talk.heard.phase == "done"


def test_a_process_ends_although_an_answer_still_comes(answering) -> None:
    answering.pieces = [event("First "), None, END]
    code = (
        "import sys, time, mondaylab.judging.talk as t\n"
        f"talk = t.Talk([], lambda heard: None, {answering.environment!r})\n"
        "talk.start()\n"
        "while not talk.heard.text: time.sleep(.01)\n"
    )
    subprocess.run([sys.executable, "-c", code], timeout=90, check=True)
    assert answering.left.wait(60)
