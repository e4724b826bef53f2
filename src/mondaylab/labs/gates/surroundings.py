"""What stands around a draft's claims: its title, its audience, the case it is about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mondaylab.forms.shown import ShownDraft
from mondaylab.labs.claims.wording import numbers_in
from mondaylab.records import canonical_json

_CLAIMS = {"claims", "missing", "parts", "draft_id"}


def surroundings(draft: ShownDraft) -> str:
    """Everything that a draft shows but its claims and the words between them, in one spelling."""
    return canonical_json({**_kept(draft), "between": [part.text for part in draft.parts if part.text]})


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
