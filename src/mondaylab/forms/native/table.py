"""A table: a sheet that the assistant filled, with lettered columns and numbered rows, and what it says about it."""

from __future__ import annotations

from html import escape

from mondaylab.forms.draft_format import DraftFormat
from mondaylab.forms.native.files import beside
from mondaylab.forms.shown import ShownDraft
from mondaylab.records import Record


class TableLayout(Record):
    """What stands around a sheet."""

    file: str = ""
    """The file's name, such as ``freight.xlsx``."""


def _html(body: str, layout: TableLayout, _: ShownDraft) -> str:
    file = f'<p class="table-file"><b>{escape(layout.file)}</b></p>' if layout.file else ""
    return f'<div class="table-sheet">{file}{body}</div>'


def _text(body: str, layout: TableLayout, _: ShownDraft) -> str:
    return f"{layout.file}\n\n{body}" if layout.file else body


TABLE = DraftFormat(
    label="table", html=_html, text=_text, layout=TableLayout, panel=beside("table.js"), style=beside("table.css")
)
