"""A draft's elements, made ready to be written down: paragraphs throughout, and what its tables hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import zip_longest

from mondaylab.forms.shown import DraftPart, ShownDraft

IN_LINE = frozenset({"strong", "em", "code", "br"})
_SPACE = DraftPart(text=" ")
_NUMBER = re.compile(r"[+\-\u2212]?\s?[€$£]?\s?\d[\d.,\s]*(?:%|[A-Za-z€]{1,6})?")


def texts_of(draft: ShownDraft) -> dict[str, str]:
    """Claim id -> its words as they stand in the draft."""
    return {claim.claim_id: claim.text for claim in draft.claims}


def words(part: DraftPart, texts: Mapping[str, str]) -> str:
    """All words of a piece, claims by `texts`."""
    if part.claim_id is not None:
        return texts.get(part.claim_id, "")
    return (part.text or "") + "".join(words(one, texts) for one in part.parts)


def in_paragraphs(draft: ShownDraft) -> list[DraftPart]:
    """The elements of a draft; pieces in none, as older forms have them, become paragraphs with spaces in between."""
    texts = texts_of(draft)
    blocks: list[DraftPart] = []
    line: list[DraftPart] = []
    for part in (*draft.parts, None):
        if part is not None and (part.tag is None or part.tag in IN_LINE):
            if line and not (words(line[-1], texts)[-1:].isspace() or words(part, texts)[:1] in (*" \n\t.,;:!?)", "")):
                line.append(_SPACE)
            line.append(part)
            continue
        if line:
            blocks.append(DraftPart(tag="p", parts=tuple(line)))
            line = []
        if part is not None:
            blocks.append(part)
    return blocks


def table_rows(table: DraftPart) -> list[tuple[bool, tuple[DraftPart, ...]]]:
    """The rows of a table: whether each is of its head, and its cells."""
    rows = []
    for part in table.parts:
        for row in part.parts if part.tag in ("thead", "tbody") else (part,):
            if row.tag == "tr":
                rows.append((part.tag == "thead", tuple(cell for cell in row.parts if cell.tag in ("th", "td"))))
    return rows


def numeric(table: DraftPart, texts: Mapping[str, str]) -> list[bool]:
    """Whether each column of a table holds numbers: these stand right."""
    cells = [[words(cell, texts).strip() for cell in row] for head, row in table_rows(table) if not head]
    columns = (
        [text for text in column if text and text not in "-\u2013\u2212"]
        for column in zip_longest(*cells, fillvalue="")
    )
    return [bool(filled) and all(_NUMBER.fullmatch(text) for text in filled) for filled in columns]
