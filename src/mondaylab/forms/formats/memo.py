"""The memo: a text on a sheet of paper, with a heading if it has one. Every draft that says nothing else is one."""

from __future__ import annotations

from html import escape

from mondaylab.forms.formats.draft_format import Body, DraftFormat
from mondaylab.records import Record


class MemoLayout(Record):
    """What an author may say beside the text."""

    heading: str | None = None
    """Above the text, such as "Margin memo, week 46"."""


def _html(body: Body, layout: MemoLayout) -> str:
    heading = "" if layout.heading is None else f'<p class="memo-heading">{escape(layout.heading)}</p>'
    return f"{heading}{body.html}"


def _text(body: Body, layout: MemoLayout) -> str:
    return body.text if layout.heading is None else f"{layout.heading}\n\n{body.text}"


MEMO_FORMAT = DraftFormat(
    label="memo",
    html=_html,
    text=_text,
    layout=MemoLayout,
    panel="""\
LAYOUTS.memo = (body, layout) => [
  el("article", { class: "paper" }, layout.heading ? el("p", { class: "memo-heading" }, layout.heading) : null, body),
];
""",
    style=".memo-heading { font-size: 1.15em; font-weight: 600; }\n",
)
