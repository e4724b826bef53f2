"""The summary: a document that was made from others, with a line that names these."""

from __future__ import annotations

from html import escape

from mondaylab.forms.formats.draft_format import Body, DraftFormat
from mondaylab.records import Record


class SummaryLayout(Record):
    """What an author may say beside the text."""

    source: str | None = None
    """What it was made from, such as "Sources: handbook chapter 7, applications of the vacancy"."""


def _html(body: Body, layout: SummaryLayout) -> str:
    source = "" if layout.source is None else f'<p class="summary-source">{escape(layout.source)}</p>'
    return f"{body.html}{source}"


def _text(body: Body, layout: SummaryLayout) -> str:
    return body.text if layout.source is None else f"{body.text}\n\n({layout.source})"


SUMMARY = DraftFormat(
    label="summary",
    html=_html,
    text=_text,
    layout=SummaryLayout,
    panel="""\
LAYOUTS.summary = (body, layout) => [
  el(
    "article",
    { class: "paper" },
    body,
    layout.source ? el("p", { class: "summary-source" }, layout.source) : null,
  ),
];
""",
    style="""\
.summary-source { margin-top: 20px; padding-top: 10px; font-size: 13.5px; line-height: 20px; font-style: italic;
  border-top: 1px solid color-mix(in srgb, currentColor 30%, transparent); }
""",
)
