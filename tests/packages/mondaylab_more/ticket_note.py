"""A format of drafts: a note that an assistant puts into a ticket."""

from __future__ import annotations

from html import escape
from pathlib import Path

from mondaylab.forms.draft_format import DraftFormat
from mondaylab.forms.shown import ShownDraft
from mondaylab.records import Record


class TicketLayout(Record):
    """What an author says beside the text."""

    ticket: str


def _html(body: str, layout: TicketLayout, _: ShownDraft) -> str:
    return f'<p class="ticket-line">{escape(layout.ticket)}</p><div class="ticket-note">{body}</div>'


def _text(body: str, layout: TicketLayout, _: ShownDraft) -> str:
    return f"[{layout.ticket}]\n\n{body}"


TICKET = DraftFormat(
    label="ticket note",
    html=_html,
    text=_text,
    layout=TicketLayout,
    panel=Path(__file__).with_name("ticket_note.js").read_text("utf-8"),
    style=".ticket-line { font-weight: 600 } .ticket-note { border-left: 3px solid; padding-left: 1em }",
)
