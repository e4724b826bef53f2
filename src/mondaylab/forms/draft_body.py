"""The body of a draft as HTML: its elements, every word escaped."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from mondaylab.forms.draft_tree import in_paragraphs, numeric, texts_of, words
from mondaylab.forms.native.files import beside
from mondaylab.forms.shown import DraftPart, ShownDraft

STYLE = beside("draft.css")
"""How such HTML looks wherever it stands: in a notebook, in the preview, on a feedback page."""


def body_html(draft: ShownDraft, numbers: Mapping[str, int] | None = None) -> str:
    """The elements of a draft.

    Args:
        draft: The draft.
        numbers: Claim id -> what number stands behind it; a claim without one is not marked.
    """
    writer = _Writer(texts_of(draft), numbers or {})
    return "".join(writer.part(part) for part in in_paragraphs(draft))


class _Writer:
    def __init__(self, texts: Mapping[str, str], numbers: Mapping[str, int]) -> None:
        self._texts = texts
        self._numbers = numbers

    def part(self, part: DraftPart) -> str:
        if part.claim_id is not None:
            return self._claim(part.claim_id)
        if part.tag is None:
            return self._words(part)
        if part.tag == "br":
            return "<br>"
        if part.tag == "table":
            return self._table(part)
        if part.tag == "pre":
            lines = words(part, self._texts).split("\n")
            told = "".join(f'<span class="code-line">{escape(line) or " "}</span>' for line in lines)
            # a long line scrolls, which keyboards must be able to do
            return (
                f'<pre class="code-lines" tabindex="0" role="region" aria-label="Code, {len(lines)} lines">{told}</pre>'
            )
        return f"<{part.tag}>{self._all(part)}</{part.tag}>"

    def _all(self, part: DraftPart) -> str:
        return "".join(map(self.part, part.parts))

    def _words(self, part: DraftPart) -> str:
        text = escape(part.text or "")
        if part.about is None or part.about not in self._numbers:
            return text
        return f'<span class="beside">{text}{self._number(part.about)}</span>'

    def _claim(self, claim: str) -> str:
        text = escape(self._texts.get(claim, ""))
        if claim not in self._numbers:
            return text
        return f'<span class="claim">{text}{self._number(claim)}</span>'

    def _number(self, claim: str) -> str:
        return f'<sup class="claim-number">{self._numbers[claim]}</sup>'

    def _table(self, table: DraftPart) -> str:
        right = numeric(table, self._texts)
        inner = []
        for part in table.parts:
            if part.tag in ("thead", "tbody"):
                rows = "".join(self._row(row, right, head=part.tag == "thead") for row in part.parts)
                inner.append(f"<{part.tag}>{rows}</{part.tag}>")
            else:
                inner.append(self._row(part, right, head=False) if part.tag == "tr" else self.part(part))
        return f'<div class="draft-wide"><table>{"".join(inner)}</table></div>'

    def _row(self, row: DraftPart, right: list[bool], *, head: bool) -> str:
        cells = []
        for column, cell in enumerate(row.parts):
            names = column == 0 and all(one.claim_id is None for one in cell.walk())
            tag = "th" if head or names or cell.tag == "th" else "td"
            scope = "" if tag == "td" else f' scope="{"col" if head else "row"}"'
            side = ' class="num"' if column < len(right) and right[column] else ""
            cells.append(f"<{tag}{scope}{side}>{self._all(cell)}</{tag}>")
        return f"<tr>{''.join(cells)}</tr>"
