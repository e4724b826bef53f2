"""The mail: who writes to whom about what, the text, and below it the mail that it answers."""

from __future__ import annotations

from html import escape

from mondaylab.forms.formats.draft_format import NOT_AI, Body, DraftFormat, escaped_lines, quoted_lines
from mondaylab.records import Record


class MailLayout(Record):
    """What an author says beside the text."""

    sender: str
    to: str
    subject: str
    received: str | None = None
    """The mail it answers; not the AI's words."""
    received_line: str | None = None
    """What that mail is, such as "The customer's mail of 12 November"."""

    def head(self) -> tuple[tuple[str, str], ...]:
        """The lines above the text."""
        return ("From", self.sender), ("To", self.to), ("Subject", self.subject)

    def origin(self) -> str:
        """The line above the mail that is answered."""
        return f"{(self.received_line or 'The mail that it answers').rstrip('.')}. {NOT_AI}"


def _html(body: Body, layout: MailLayout) -> str:
    head = "".join(f"<tr><th>{name}</th><td>{escape(said)}</td></tr>" for name, said in layout.head())
    head = f'<table class="mail-head"><tbody>{head}</tbody></table>'
    if layout.received is None:
        return f"{head}{body.html}"
    origin = f"<p><strong>{escape(layout.origin())}</strong></p>"
    received = f"<p>{escaped_lines(layout.received)}</p>"
    return f'{head}{body.html}<blockquote class="mail-received">{origin}{received}</blockquote>'


def _text(body: Body, layout: MailLayout) -> str:
    parts = ["\n".join(f"{name + ':':8} {said}" for name, said in layout.head()), body.text]
    if layout.received is not None:
        parts.append(f"{layout.origin()}\n{quoted_lines(layout.received)}")
    return "\n\n".join(parts)


MAIL = DraftFormat(
    label="mail",
    html=_html,
    text=_text,
    layout=MailLayout,
    panel=f"""\
LAYOUTS.mail = (body, layout) => [
  el(
    "article",
    {{ class: "paper" }},
    el(
      "div",
      {{ class: "mail-lines" }},
      [["From", layout.sender], ["To", layout.to], ["Subject", layout.subject]].map(([name, said]) =>
        el("p", {{}}, el("span", {{}}, name), el("span", {{}}, said)),
      ),
    ),
    body,
    layout.received
      ? el(
          "blockquote",
          {{ class: "mail-received" }},
          el("p", {{}}, el("strong", {{}}, `${{(layout.received_line ?? "The mail that it answers").replace(/\\.$/, "")}}. {NOT_AI}`)),
          el("p", {{ class: "lines" }}, layout.received),
        )
      : null,
  ),
];
""",
    style="""\
table.mail-head { border-collapse: collapse; border: 0; margin: 0 0 12px; }
.mail-head :is(th, td) { border: 0; text-align: left; padding: 1px 12px 1px 0; font-weight: 400; background: none; }
.mail-head th { opacity: 0.75; }
.mail-lines { padding-bottom: 12px; font-size: 14px; line-height: 21px; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
.mail-lines p { display: grid; grid-template-columns: 64px minmax(0, 1fr); gap: 8px; margin: 0 0 2px; }
.mail-lines span:first-child { opacity: 0.75; }
.mail-received { margin: 22px 0 0; padding: 0 0 0 14px; font-size: 14.5px; line-height: 23px; background: none;
  border-left: 3px solid color-mix(in srgb, currentColor 25%, transparent); color: inherit; }
.mail-received p { margin: 0; }
.mail-received strong { font-size: 13px; font-weight: 600; }
""",
)
