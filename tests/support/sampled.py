"""Many cases of one contract: some are tried each time, all of them with `make deep`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def sampled(cases: Iterable[Any], one_in: int, ids: Iterable[str] | None = None) -> list[Any]:
    """The cases as parameters, all but each `one_in`-th marked deep; a tuple is several arguments, named by `ids`."""
    cases = list(cases)
    names = [getattr(case, "id", None) for case in cases] if ids is None else ids
    return [
        pytest.param(*_values(case), id=name, marks=pytest.mark.deep if place % one_in else ())
        for place, (case, name) in enumerate(zip(cases, names, strict=True))
    ]


def _values(case: Any) -> tuple[Any, ...]:
    if isinstance(case, tuple):  # pytest's own parameter is one too, and holds its values
        return tuple(getattr(case, "values", case))
    return (case,)


def tried(request: pytest.FixtureRequest, name: str) -> list[Any]:
    """The values of a parameter that tests of this module have in this run: what a fixture has to make, and no more."""
    mine = [item for item in request.session.items if item.path == request.path and hasattr(item, "callspec")]
    return list({id(value): value for item in mine if (value := item.callspec.params.get(name)) is not None}.values())
