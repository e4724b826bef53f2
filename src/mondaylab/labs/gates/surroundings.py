"""What stands around a draft's claims: its title, its audience, the case it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mondaylab.forms.sentences import said_together
from mondaylab.forms.shown import DraftPart, ShownDraft
from mondaylab.labs.claims.wording import numbers_in
from mondaylab.records import canonical_json

_CLAIMS = {"claims", "missing", "parts", "draft_id"}


def surroundings(draft: ShownDraft) -> str:
    """Everything that a draft shows but its claims and the words between them, in one spelling."""
    between = [one.text for part in draft.parts for one in part.walk() if one.text]
    return canonical_json({**_kept(draft), "between": between})


def around_claims(draft: ShownDraft) -> dict[str, tuple[str, str]]:
    """Claim -> what stands before and behind it in its sentence, or in its row of a table; other claims are told."""
    texts = {claim.claim_id: claim.text for claim in draft.claims}
    found: dict[str, tuple[str, str]] = {}
    for part in draft.parts:
        for group in said_together(_with_texts(part, texts)):
            pieces = [one for each in group for one in each.walk() if one.text is not None]
            for place, piece in enumerate(pieces):
                if piece.claim_id is not None:
                    found[piece.claim_id] = (_told(pieces[:place]), _told(pieces[place + 1 :]))
    return found


def _told(pieces: list[DraftPart]) -> str:
    return "".join(one.text or "" for one in pieces)


def _with_texts(part: DraftPart, texts: Mapping[str, str]) -> DraftPart:
    if part.claim_id is not None:
        return DraftPart(claim_id=part.claim_id, text=texts.get(part.claim_id, ""))
    return part.model_copy(update={"parts": tuple(_with_texts(one, texts) for one in part.parts)})


def numbers_around(draft: ShownDraft) -> frozenset[str]:
    """The numbers in a draft's title and in whatever else stands beside its text: these a draft may repeat."""
    return frozenset(number for text in strings(_kept(draft)) for number in numbers_in(text))


def strings(data: Any) -> Iterator[str]:
    """Every text in plain data, field names left out."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from strings(value)
    elif isinstance(data, list):
        for value in data:
            yield from strings(value)


def _kept(draft: ShownDraft) -> dict[str, Any]:
    return {name: value for name, value in draft.model_dump(mode="json").items() if name not in _CLAIMS}
