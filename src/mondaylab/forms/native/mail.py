"""A mail: who writes to whom about what, and the mail that it answers."""

from __future__ import annotations

from html import escape

from mondaylab.forms.draft_format import NOT_AI, DraftFormat, escaped_lines, quoted_lines
from mondaylab.forms.native.files import beside
from mondaylab.forms.shown import ShownDraft
from mondaylab.records import Record


class MailLayout(Record):
    """What stands around the text of a mail."""

    sender: str
    to: str
    subject: str
    received: str = ""
    """The mail that it answers, as somebody wrote it."""
    received_line: str = "The mail that it answers"
    """What that is, such as *The customer's mail of 12 November*."""

    def head(self) -> dict[str, str]:
        """Name -> value."""
        return {"From": self.sender, "To": self.to, "Subject": self.subject}

    def origin(self) -> str:
        """The line above the mail that is answered."""
        return f"{self.received_line.rstrip('.')}. {NOT_AI}"


def _html(body: str, layout: MailLayout, _: ShownDraft) -> str:
    lines = "".join(f"<p><span>{name}</span> <span>{escape(value)}</span></p>" for name, value in layout.head().items())
    quoted = ""
    if layout.received:
        quoted = (
            f'<blockquote class="mail-received"><p><b>{escape(layout.origin())}</b></p>'
            f"<p>{escaped_lines(layout.received)}</p></blockquote>"
        )
    return f'<div class="mail-lines">{lines}</div>{body}{quoted}'


def _text(body: str, layout: MailLayout, _: ShownDraft) -> str:
    head = "\n".join(f"{name + ':':8} {value}" for name, value in layout.head().items())
    quoted = f"\n\n{layout.origin()}\n{quoted_lines(layout.received)}" if layout.received else ""
    return f"{head}\n\n{body}{quoted}"


MAIL = DraftFormat(
    label="mail", html=_html, text=_text, layout=MailLayout, panel=beside("mail.js"), style=beside("mail.css")
)
