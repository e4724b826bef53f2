"""Code: a file that the assistant wrote, its lines numbered, and what it says about it."""

from __future__ import annotations

import re
from html import escape

from mondaylab.forms.draft_format import DraftFormat
from mondaylab.forms.native.files import beside
from mondaylab.forms.shown import ShownDraft
from mondaylab.records import Record

KEYWORDS = (
    "SELECT|FROM|JOIN|LEFT|INNER|USING|ON|WHERE|AND|OR|NOT|IN|IS|NULL|BETWEEN|AS|DISTINCT|CASE|WHEN|THEN|"
    "ELSE|END|GROUP|ORDER|BY|LIMIT|SUM|AVG|COUNT|MIN|MAX|CAST|NULLIF|COALESCE|ROUND|FLOOR|DATE|INTEGER"
)
"""Words of SQL that are set off, as its authors write them: in capital letters."""
_LINE = re.compile(r'(?<=<span class="code-line">)[^<]*')
_TOLD = re.compile(rf"&#x27;.*?&#x27;|\b(?:{KEYWORDS})\b")


class CodeLayout(Record):
    """What stands around a file."""

    file: str = ""
    """The file's name, such as ``weekly.sql``."""


def _html(body: str, layout: CodeLayout, _: ShownDraft) -> str:
    file = f'<p class="code-file"><b>{escape(layout.file)}</b></p>' if layout.file else ""
    return f'<div class="code-sheet">{file}{_LINE.sub(_set_off, body)}</div>'


def _set_off(line: re.Match[str]) -> str:
    """A line with its keywords set off; a word in quotes is none."""
    return _TOLD.sub(lambda word: word[0] if word[0].startswith("&") else f"<b>{word[0]}</b>", line[0])


def _text(body: str, layout: CodeLayout, _: ShownDraft) -> str:
    return f"{layout.file}\n\n{body}" if layout.file else body


CODE = DraftFormat(
    label="code", html=_html, text=_text, layout=CodeLayout, panel=beside("code.js"), style=beside("code.css")
)
