"""A chat: what somebody asked, and what the assistant answered."""

from __future__ import annotations

from html import escape

from mondaylab.forms.draft_format import DraftFormat, NoLayout
from mondaylab.forms.native.files import beside
from mondaylab.forms.shown import ShownDraft


def _html(body: str, _: NoLayout, draft: ShownDraft) -> str:
    asked = "" if draft.prompt is None else f'<div class="chat-asked"><p>{escape(draft.prompt)}</p></div>'
    return f'<p class="chat-by">You asked</p>{asked}<p class="chat-by">The assistant answered</p>{_answer(body)}'


def _answer(body: str) -> str:
    return f'<div class="chat-answer">{body}</div>'


def _text(body: str, _: NoLayout, draft: ShownDraft) -> str:
    return body if draft.prompt is None else f"You asked: {draft.prompt}\n\n{body}"


CHAT = DraftFormat(label="chat answer", html=_html, text=_text, panel=beside("chat.js"), style=beside("chat.css"))
