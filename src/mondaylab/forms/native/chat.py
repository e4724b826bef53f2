"""A chat: what somebody asked, and what the assistant answered."""

from __future__ import annotations

from mondaylab.forms.draft_format import NOT_AI, DraftFormat, NoLayout, escaped_lines, quoted_lines
from mondaylab.forms.native.files import beside
from mondaylab.forms.shown import ShownDraft

_ASKED = f"What was asked. {NOT_AI}"
_ANSWERED = "The assistant answered"


def _html(body: str, _: NoLayout, draft: ShownDraft) -> str:
    asked = ""
    if draft.prompt:
        asked = f'<div class="chat-asked"><p class="chat-by">{_ASKED}</p><p>{escaped_lines(draft.prompt)}</p></div>'
    return f'{asked}<div class="chat-answer"><p class="chat-by">{_ANSWERED}</p>{body}</div>'


def _text(body: str, _: NoLayout, draft: ShownDraft) -> str:
    asked = f"{_ASKED}\n{quoted_lines(draft.prompt)}\n\n" if draft.prompt else ""
    return f"{asked}{_ANSWERED}:\n\n{body}"


CHAT = DraftFormat(
    label="chat answer",
    html=_html,
    text=_text,
    panel=beside("chat.js"),
    style=beside("chat.css"),
    shows_prompt=True,
)
