"""The table: a sheet with lettered columns and numbered rows, and the text around it."""

from __future__ import annotations

from html import escape

from mondaylab.forms.formats.draft_format import Body, DraftFormat
from mondaylab.records import Record


class TableLayout(Record):
    """What an author may say beside the table."""

    file: str | None = None
    """What the sheet is called, such as ``regions_week46.xlsx``."""


def _html(body: Body, layout: TableLayout) -> str:
    file = "" if layout.file is None else f'<p class="table-file">{escape(layout.file)}</p>'
    return f'<div class="table-sheet">{file}{body.html}</div>'


def _text(body: Body, layout: TableLayout) -> str:
    return body.text if layout.file is None else f"[{layout.file}]\n\n{body.text}"


TABLE = DraftFormat(
    label="table",
    html=_html,
    text=_text,
    layout=TableLayout,
    panel="""\
LAYOUTS.table = (body, layout) => [
  el(
    "article",
    { class: "paper table-sheet" },
    layout.file ? el("p", { class: "table-file" }, el("b", {}, layout.file), " filled by the assistant") : null,
    body,
  ),
];
""",
    style="""\
.table-sheet { --table-line: color-mix(in srgb, currentColor 20%, transparent); --table-sunk: color-mix(in srgb, currentColor 6%, transparent); }
.table-sheet table { border-collapse: collapse; counter-reset: table-row; }
.table-sheet thead tr { counter-reset: table-column; }
.table-sheet tr { counter-increment: table-row; }
.table-sheet :is(tr::before, th, td) { border: 1px solid var(--table-line); }
.table-sheet tr::before { content: counter(table-row) / ""; display: table-cell; width: 34px; padding: 0 6px; font-size: 12px;
  text-align: center; vertical-align: middle; background: var(--table-sunk); opacity: 0.9; }
.table-sheet thead tr::before { vertical-align: bottom; padding-bottom: 8px; }
.table-sheet thead th { counter-increment: table-column; }
.table-sheet thead th::before { content: counter(table-column, upper-alpha) / ""; display: block; margin: 0 -10px 7px; font-size: 12px; line-height: 21px;
  font-weight: 400; text-align: center; background: var(--table-sunk); border-bottom: 1px solid var(--table-line); }
.table-sheet thead th { padding: 0 10px 7px; }
""",
)
