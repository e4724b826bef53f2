"""Which keys a part of a lab.toml may have: for the author who wrote another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from mondaylab.records import Record


def keys_at(record: type[Record], place: Sequence[str | int]) -> list[str]:
    """The keys beside one that is not known, sorted.

    Args:
        record: What the whole file is.
        place: Where the unknown key stands, as pydantic tells it: with the kind of a union's member in it.
    """
    here = [record]
    for part in place[:-1]:
        of_kind = [one for one in here if "kind" in one.model_fields and one.model_fields["kind"].default == part]
        named = [
            one.model_fields[part].annotation for one in here if isinstance(part, str) and part in one.model_fields
        ]
        inner = [found for annotation in named for found in _records(annotation)]
        here = of_kind or inner or here  # an index, or the name of an entry, leads nowhere else
    return sorted({name for one in here for name in one.model_fields})


def _records(annotation: Any) -> list[type[Record]]:
    """The records that an annotation is made of."""
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return [annotation]
    return [found for part in get_args(annotation) for found in _records(part)]
