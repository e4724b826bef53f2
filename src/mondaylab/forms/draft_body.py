"""The body of a draft: its elements as HTML and as text, each claim in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from mondaylab.forms.shown import DraftPart, ShownDraft, Tag

_VOID: frozenset[Tag] = frozenset({"br"})
_BLOCK: frozenset[Tag] = frozenset({"p", "h3", "h4", "caption", "blockquote"})


def body_html(draft: ShownDraft, numbers: Mapping[str, int] | None = None) -> str:
    """The elements as HTML; a claim is a ``span``, with its number where there is one.

    Args:
        draft: The draft.
        numbers: Claim id -> the number that people know it by.
    """
    texts = {claim.claim_id: claim.text for claim in draft.claims}

    def one(part: DraftPart) -> str:
        if part.claim_id is not None:
            number = (numbers or {}).get(part.claim_id)
            mark = "" if number is None else f"<sup>{number}</sup>"
            return f'<span class="claim">{escape(texts.get(part.claim_id, ""))}{mark}</span>'
        if part.tag is None:
            return escape(part.text or "")
        if part.tag in _VOID:
            return f"<{part.tag}>"
        scope = ' scope="col"' if part.tag == "th" else ""
        return f"<{part.tag}{scope}>{''.join(map(one, part.parts))}</{part.tag}>"

    return "".join(map(one, in_elements(draft.parts)))


def body_text(draft: ShownDraft) -> str:
    """The elements as text: paragraphs apart, entries of lists with a dash, cells of tables with bars."""
    texts = {claim.claim_id: claim.text for claim in draft.claims}
    return "\n\n".join(text for part in in_elements(draft.parts) if (text := _told(part, texts)))


def in_elements(parts: Sequence[DraftPart]) -> tuple[DraftPart, ...]:
    """Pieces that stand in no element, as in forms of before, put into a paragraph."""
    if all(part.tag is not None for part in parts):
        return tuple(parts)
    spaced = [piece for part in parts for piece in (DraftPart(text=" "), part)][1:]
    return (DraftPart(tag="p", parts=tuple(spaced)),)


def _told(part: DraftPart, texts: Mapping[str, str]) -> str:
    if part.claim_id is not None:
        return texts.get(part.claim_id, "")
    if part.tag is None:
        return part.text or ""
    inner = [_told(one, texts) for one in part.parts]
    if part.tag in ("ul", "ol", "table", "thead", "tbody"):
        return "\n".join(inner)
    run = _run(part.parts, inner)
    return {"br": "\n", "tr": f"| {' | '.join(inner)} |", "li": f"- {run}"}.get(part.tag, run)


def _run(parts: Sequence[DraftPart], told: Sequence[str]) -> str:
    """Pieces one after the other, each block on lines of its own."""
    pieces = (f"\n{text}\n" if one.tag in _BLOCK else text for one, text in zip(parts, told, strict=True))
    return "".join(pieces).strip()
