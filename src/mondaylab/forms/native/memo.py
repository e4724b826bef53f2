"""A memo: a text on a sheet of paper, with a heading if it has one. A draft that says nothing else is one."""

from __future__ import annotations

from html import escape

from mondaylab.forms.draft_format import DraftFormat
from mondaylab.forms.native.files import beside
from mondaylab.forms.shown import ShownDraft
from mondaylab.records import Record


class MemoLayout(Record):
    """What stands around a memo."""

    heading: str = ""
    """Above the text, such as *Margin memo, week 46*."""


def _html(body: str, layout: MemoLayout, _: ShownDraft) -> str:
    return f'<p class="memo-heading">{escape(layout.heading)}</p>{body}' if layout.heading else body


def _text(body: str, layout: MemoLayout, _: ShownDraft) -> str:
    return f"{layout.heading}\n\n{body}" if layout.heading else body


MEMO = DraftFormat(
    label="memo", html=_html, text=_text, layout=MemoLayout, panel=beside("memo.js"), style=beside("memo.css")
)
