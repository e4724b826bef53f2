"""A mail: who writes to whom about what, and the mail that it answers."""

from __future__ import annotations

from html import escape

from mondaylab.forms.draft_format import DraftFormat
from mondaylab.forms.native.files import beside
from mondaylab.forms.shown import ShownDraft
from mondaylab.records import Record

NOT_AI = "Not AI, nothing to judge."


class MailLayout(Record):
    """What stands around the text of a mail."""

    sender: str
    to: str
    subject: str
    received: str = ""
    """The mail that it answers, as somebody wrote it."""
    received_line: str = "The mail that it answers."

    def head(self) -> dict[str, str]:
        """Name -> value."""
        return {"From": self.sender, "To": self.to, "Subject": self.subject}


def _html(body: str, layout: MailLayout, _: ShownDraft) -> str:
    head = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in layout.head().items())
    quoted = ""
    if layout.received:
        quoted = (
            f'<blockquote class="mail-received"><p><b>{escape(layout.received_line)} {NOT_AI}</b></p>'
            f"<p>{escape(layout.received)}</p></blockquote>"
        )
    return f'<dl class="mail-head">{head}</dl>{body}{quoted}'


def _text(body: str, layout: MailLayout, _: ShownDraft) -> str:
    head = "\n".join(f"{name}: {value}" for name, value in layout.head().items())
    quoted = f"\n\n{layout.received_line} {NOT_AI}\n> {layout.received}" if layout.received else ""
    return f"{head}\n\n{body}{quoted}"


MAIL = DraftFormat(
    label="mail", html=_html, text=_text, layout=MailLayout, panel=beside("mail.js"), style=beside("mail.css")
)
