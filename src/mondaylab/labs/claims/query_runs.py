"""What queries and measures come to on a company's data: each computed once, as long as the tables live."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary, ref

import pandas as pd

from mondaylab.concepts.queries import Queries
from mondaylab.concepts.tables import in_words
from mondaylab.errors import Refused
from mondaylab.measures.catalog import Catalog

Made = TypeVar("Made")
_QUERIES: WeakKeyDictionary[Catalog, Queries] = WeakKeyDictionary()
_MADE: WeakKeyDictionary[Catalog, dict[Hashable, tuple[object, Any]]] = WeakKeyDictionary()


def run(catalog: Catalog, text: str, concepts: Collection[str]) -> float | None:
    """The number that a query gives on a catalog's rows; raises as `Queries.value`."""
    if catalog not in _QUERIES:
        _QUERIES[catalog] = Queries(catalog.bindings.entities, _frames(catalog))
    return _QUERIES[catalog].value(text, concepts)


def made_once(catalog: Catalog, whose: object, asked: Hashable, make: Callable[[], Made]) -> Made:
    """What was made for this question, or is now.

    Args:
        catalog: What it was made from.
        whose: Who asks, by identity: it is kept, so that no other takes its place.
        asked: The question, with the identity of `whose` in it.
        make: Makes it.
    """
    known = _MADE.setdefault(catalog, {})
    if asked not in known:
        known[asked] = (whose, make())
    made: Made = known[asked][1]
    return made


def _frames(catalog: Catalog) -> Callable[[str], pd.DataFrame]:
    """A concept's rows as learners get them; holds the catalog weakly, or neither would ever go."""
    held = ref(catalog)

    def frame(name: str) -> pd.DataFrame:
        there = held()
        if there is None:
            raise Refused(f"the rows of {name!r} are gone")
        return in_words(there.frame(name))

    return frame
