"""A summary with citations: a document, and what it was written from."""

from __future__ import annotations

from html import escape

from mondaylab.forms.draft_format import DraftFormat
from mondaylab.forms.native.files import beside
from mondaylab.forms.shown import ShownDraft
from mondaylab.records import Record


class SummaryLayout(Record):
    """What stands around a summary."""

    source: str = ""
    """What it was written from, such as *handbook, chapter 7; applications of the vacancy*."""


def _html(body: str, layout: SummaryLayout, _: ShownDraft) -> str:
    source = f'<p class="summary-source">Written from: {escape(layout.source)}</p>' if layout.source else ""
    return f"{body}{source}"


def _text(body: str, layout: SummaryLayout, _: ShownDraft) -> str:
    return f"{body}\n\nWritten from: {layout.source}" if layout.source else body


SUMMARY = DraftFormat(
    label="summary",
    html=_html,
    text=_text,
    layout=SummaryLayout,
    panel=beside("summary.js"),
    style=beside("summary.css"),
)
