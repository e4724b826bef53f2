"""The body of a draft as plain text: paragraphs, bullets, quotes, tables with aligned columns."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mondaylab.forms.draft_tree import IN_LINE, in_paragraphs, numeric, table_rows, texts_of, words
from mondaylab.forms.shown import DraftPart, ShownDraft


def body_text(draft: ShownDraft, numbers: Mapping[str, int] | None = None) -> str:
    """The elements of a draft, an empty line between them.

    Args:
        draft: The draft.
        numbers: Claim id -> what number stands behind it, in brackets; a claim without one is not marked.
    """
    known, texts = numbers or {}, texts_of(draft)
    marked = {claim: f"{text} [{known[claim]}]" if claim in known else text for claim, text in texts.items()}
    writer = _Writer(marked, texts, known)
    return "\n\n".join(filter(None, ("\n".join(writer.lines(part)) for part in in_paragraphs(draft))))


class _Writer:
    def __init__(self, marked: Mapping[str, str], texts: Mapping[str, str], numbers: Mapping[str, int]) -> None:
        self._marked = marked
        self._texts = texts
        self._numbers = numbers

    def lines(self, part: DraftPart) -> list[str]:
        """An element, line by line."""
        match part.tag:
            case "ul" | "ol":
                return [line for place, one in enumerate(part.parts, 1) for line in self._entry(part.tag, place, one)]
            case "blockquote":
                return [f"> {line}".rstrip() for line in self._inside(part)]
            case "table":
                return self._table(part)
            case "pre":
                lines = words(part, self._texts).split("\n")
                return [f"{number:4}  {line}" for number, line in enumerate(lines, 1)]
            case _:
                return self._inside(part)

    def _inside(self, part: DraftPart) -> list[str]:
        """What stands in an element: its own words, and the elements in it."""
        if part.tag is None or part.tag in IN_LINE:
            return self._inline((part,)).splitlines()
        lines: list[str] = []
        inline: list[DraftPart] = []
        for one in (*part.parts, None):
            if one is not None and (one.tag is None or one.tag in IN_LINE):
                inline.append(one)
                continue
            lines += [line.strip() for line in self._inline(tuple(inline)).splitlines() if line.strip()]
            inline = []
            if one is not None:
                lines += self.lines(one)
        return lines

    def _inline(self, parts: tuple[DraftPart, ...]) -> str:
        return "".join(self._said(part) for part in parts)

    def _said(self, part: DraftPart) -> str:
        if part.claim_id is not None:
            return self._marked.get(part.claim_id, "")
        if part.tag == "br":
            return "\n"
        number = self._numbers.get(part.about or "")
        mark = "" if number is None else f" [{number}]"
        return f"{part.text or ''}{mark}{self._inline(part.parts)}"

    def _entry(self, tag: str, place: int, part: DraftPart) -> list[str]:
        sign = "- " if tag == "ul" else f"{place}. "
        return [(sign if at == 0 else " " * len(sign)) + line for at, line in enumerate(self._inside(part) or [""])]

    def _table(self, table: DraftPart) -> list[str]:
        rows = [[re.sub(r"\s+", " ", " ".join(self._inside(cell))) for cell in row] for _, row in table_rows(table)]
        wide = max((len(row) for row in rows), default=0)
        rows = [row + [""] * (wide - len(row)) for row in rows]
        sizes = [max(len(row[column]) for row in rows) for column in range(wide)]
        right = [*numeric(table, self._texts), *[False] * wide]
        lines = [
            "  ".join(
                text.rjust(size) if side else text.ljust(size)
                for text, size, side in zip(row, sizes, right, strict=False)
            ).rstrip()
            for row in rows
        ]
        heads = sum(head for head, _ in table_rows(table))
        return [*lines[:heads], *(["  ".join("-" * size for size in sizes)] if heads else []), *lines[heads:]]
