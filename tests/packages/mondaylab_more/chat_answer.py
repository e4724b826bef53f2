"""A format of drafts: what somebody asked an assistant, and what it answered."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from mondaylab.forms.formats import DraftFormat, Piece
from mondaylab.records import Record


class ChatLayout(Record):
    """What an author says beside the text."""

    asked: str


def _html(pieces: Sequence[Piece], layout: ChatLayout) -> str:
    said = "".join(f"<p>{piece.html}</p>" for piece in pieces)
    return f'<div class="chat-asked">{escape(layout.asked)}</div><div class="chat-said">{said}</div>'


def _text(pieces: Sequence[Piece], layout: ChatLayout) -> str:
    return "\n".join([f"> {layout.asked}", *(piece.text for piece in pieces)])


CHAT = DraftFormat(
    label="chat answer",
    html=_html,
    text=_text,
    layout=ChatLayout,
    panel=Path(__file__).with_name("chat_answer.js").read_text("utf-8"),
    style=".chat-asked { margin-left: 4em } .chat-said { border-left: 3px solid; padding-left: 1em }",
)
