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
.table-sheet tr { counter-increment: table-row; }
.table-sheet :is(th, td) { height: 36px; padding: 0 10px; border: 1px solid var(--table-line); vertical-align: middle; }
.table-sheet tr::before { content: counter(table-row) / ""; display: table-cell; width: 34px; padding: 0 6px; font-size: 12px; text-align: center;
  vertical-align: middle; background: var(--table-sunk); border: 1px solid var(--table-line); }
.table-sheet thead tr { counter-reset: table-column; }
.table-sheet thead tr::before { vertical-align: bottom; padding-bottom: 7px; }
.table-sheet thead th { counter-increment: table-column; padding: 0 10px 7px; vertical-align: bottom; }
.table-sheet thead th::before { content: counter(table-column, upper-alpha) / ""; display: block; margin: 0 -10px 7px; font-size: 12px; line-height: 22px;
  font-weight: 400; text-align: center; background: var(--table-sunk); border-bottom: 1px solid var(--table-line); }
.mdl .panel .table-sheet { padding: 0; overflow: hidden; }
.mdl .panel .table-sheet > * + * { margin-top: 0; }
.mdl .panel .table-sheet > .table-file { padding: 8px 14px; font-size: 13px; line-height: 20px; border-bottom: 1px solid var(--table-line); }
.mdl .panel .table-sheet > :is(p, h3, h4, ul, ol, blockquote):not(.table-file) { padding: 10px 14px; font-size: 15px; line-height: 24px; }
.mdl .panel .table-sheet > :is(ul, ol) { padding-left: 34px; }
.mdl .panel .table-sheet table { font-size: 14px; line-height: 20px; }
.mdl .panel .table-sheet :is(th, td) { height: 36px; padding: 0 10px; border: 1px solid var(--table-line); vertical-align: middle; }
.mdl .panel .table-sheet thead th { padding: 0 10px 7px; font-size: 14px; color: inherit; }
.mdl .panel .table-sheet tr > :last-child { border-right: 0; }
.mdl .panel .table-sheet tr::before { border-left: 0; }
.mdl .panel .table-sheet thead th, .mdl .panel .table-sheet thead tr::before { border-top: 0; }
.mdl .panel .table-sheet .wide:last-child tbody tr:last-child > * { border-bottom: 0; }
.mdl .panel .table-sheet td.cell { padding: 0; }
.mdl .panel .table-sheet td.cell .claim { display: flex; align-items: center; min-height: 35px; padding: 0 10px; margin: 0; border-radius: 0;
  text-decoration: none; }
.mdl .panel .table-sheet td.cell.num .claim { justify-content: flex-end; }
.mdl .panel .table-sheet td.cell .last { text-decoration: underline dotted 1.5px var(--mdl-control); text-underline-offset: 4px; }
.mdl .panel .table-sheet td.cell .done .last { text-decoration: underline solid 1.5px var(--mdl-accent); }
.mdl .panel .table-sheet td.cell [aria-pressed="true"] { box-shadow: inset 0 0 0 2px var(--mdl-accent); }
.mdl .panel .table-sheet td.cell .mark { vertical-align: 0; min-width: 27px; }
""",
)
