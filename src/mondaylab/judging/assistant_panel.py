"""What ``lab.ask`` shows: the messages as they are sent, how far the answer is, and the answer as it comes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from html import escape
from typing import Any

import anywidget
import traitlets

from mondaylab.forms.shown import ShownSheet
from mondaylab.judging.page import NO_ASSISTANT, assistant_help
from mondaylab.judging.panel import bundle
from mondaylab.judging.talk import Heard, Talk
from mondaylab.judging.told import Told, told_by
from mondaylab.plural import counted

_SYSTEM = (
    "You are the assistant of a company and write for its own staff. What comes with the request "
    "is from the company's tables and handbook. You know nothing else about the company."
)
_NOTHING = "The prompt is empty: write one, and run this cell again."


class Progress(Told):
    """How far an answer is, for the page. What a page makes of it is neither sent nor kept."""

    messages = traitlets.List(traitlets.Dict()).tag(sync=True)
    """What was sent: ``role`` and ``content`` of each."""
    phase = traitlets.Unicode("asking").tag(sync=True)
    """As `mondaylab.judging.talk.Phase`."""
    status = traitlets.Unicode("").tag(sync=True)
    """How far it is, in words that are read out as they change."""
    pace = traitlets.Unicode("").tag(sync=True)
    """What changes too often to be read out."""
    answer = traitlets.Unicode("").tag(sync=True)
    """What was written so far, as harmless HTML."""


class AssistantPanel(anywidget.AnyWidget):
    """One prompt and its answer. The answer is Markdown, shown as HTML that does nothing and leads nowhere.

    Args:
        prompt: What is asked.
        environment: Where the assistant is.
        sheet: What the company's tool adds to a request; none: the prompt goes alone.
    """

    _esm = bundle("dom.js", "told.js", "assistant.js")
    _css = bundle("base.css", "assistant.css")

    told = told_by(Progress)

    def __init__(
        self, prompt: str, environment: Mapping[str, str] = os.environ, sheet: ShownSheet | None = None
    ) -> None:
        self._prompt, self._sheet = prompt, sheet
        super().__init__(told=Progress(messages=self._sent))
        self._environment = environment
        self._talk: Talk | None = None
        self.on_msg(self._on_message)

    def ask(self) -> None:
        """Sends the messages; an answer that is still coming is stopped."""
        self.stop()
        if not self._prompt.strip():
            self.told.phase, self.told.status = "nobody", _NOTHING
            return
        self.told.messages = self._sent
        talk = Talk(self._sent, lambda heard: self._hear(talk, heard), self._environment)
        self._talk = talk
        self._show(talk.heard)
        talk.start()

    @property
    def _sent(self) -> list[dict[str, str]]:
        if self._sheet is None:
            return [{"role": "user", "content": self._prompt}]
        told = f"{self._prompt.rstrip()}\n\n{self._sheet.words()}"
        return [{"role": "system", "content": _SYSTEM}, {"role": "user", "content": told}]

    def stop(self) -> None:
        """Ends the answer at once; what there is of it stays."""
        if self._talk is not None:
            self._talk.stop()

    def wait(self, seconds: float | None = None) -> bool:
        """Waits until the answer has ended; whether it has."""
        return self._talk is None or self._talk.wait(seconds)

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self._talk is None or self._talk.ended

    @property
    def text(self) -> str:
        """The answer so far, as it was written."""
        return "" if self._talk is None else self._talk.heard.text

    def close(self) -> None:
        self.stop()
        self.told.close()
        super().close()

    def _on_message(self, _widget: Any, content: object, _buffers: Any) -> None:
        match content:
            case {"do": "stop"}:
                self.stop()
            case {"do": "again"} if self.ended:
                self.ask()

    def _hear(self, talk: Talk, heard: Heard) -> None:
        if talk is self._talk:  # not what an earlier one still had to say
            self._show(heard)

    def _show(self, heard: Heard) -> None:
        with self.told.hold_sync():
            self.told.phase = heard.phase
            self.told.status, self.told.pace = status_of(heard), pace_of(heard)
            self.told.answer = _harmless(heard.text)

    # -- where no widget can be shown: on paper, in a file, in a terminal
    def __repr__(self) -> str:
        sent = "\n".join(f"{one['role']}: {one['content']}" for one in self._sent)
        return "\n\n".join(filter(None, (f"Sent to the assistant\n{sent}", self.told.status, self.text)))

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        shown = super()._repr_mimebundle_(**kwargs)
        data, more = shown if isinstance(shown, tuple) else (shown, {})
        if data is None:
            return shown
        sent = "".join(f"<pre>{escape(one['role'])}: {escape(one['content'])}</pre>" for one in self._sent)
        html = f"<p>Sent to the assistant</p>{sent}<p><b>{escape(self.told.status)}</b></p>{_harmless(self.text)}"
        return {**data, "text/plain": repr(self), "text/html": html}, more


def _harmless(text: str) -> str:
    # as a lab opens, nobody has asked yet: 60 ms of imports
    from mondaylab.harmless import markdown  # noqa: PLC0415

    return str(markdown(text, tags=False)) if text else ""


def status_of(heard: Heard) -> str:
    """How far an answer is, in words."""
    words = counted(heard.words, "word", "words")
    match heard.phase:
        case "waiting":
            return f"Waiting, {heard.before} before you"
        case "done":
            return _done(heard, words)
        case "failed":
            told = assistant_help(heard.error) if heard.error is not None else ""
            return f"Broke off after {words}. {told}" if heard.words else told
    begun = {"thinking": "Writing", "stopped": f"Stopped after {words}"}
    bare = {"nobody": NO_ASSISTANT, "asking": "Asking the assistant", "thinking": "Thinking", "stopped": "Stopped"}
    return begun.get(heard.phase, bare[heard.phase]) if heard.words else bare[heard.phase]


def _done(heard: Heard, words: str) -> str:
    by = f", by {heard.model}" if heard.model else ""
    if not heard.words:
        return f"Done without a word{by}. Ask again, or say more of what you want."
    limit = ", cut off at its limit" if heard.cut else ""
    return f"Done, {words} in {max(1, round(heard.seconds))} s{limit}{by}"


def pace_of(heard: Heard) -> str:
    """How fast an answer comes, once that can be said."""
    if heard.phase != "thinking" or heard.seconds < 1 or not heard.words:
        return ""
    speed = heard.words / heard.seconds
    return f"{speed:.0f} words a second" if speed >= 1.5 else f"{60 * speed:.0f} words a minute"
