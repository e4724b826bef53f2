"""Crosswise slices: where the slice alone decides whether a claim is fit, its words must not tell which it is.

Of a large department most groups are large, of a small one few: drawn freely, the department's name would tell whether
a group may be reported. So slices are drawn in fours that cross two fields: A with X and B with Y are fit, A with Y and
B with X are not, or the other way round. Each word then stands in fit and unfit claims equally often.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from mondaylab.labs.claims.slots import Slices

ENOUGH = 2
"""Slices that are returned: the first may be taken already."""
TRIES = 200
"""Fours that are tried for them."""


def crosswise(
    draw: Callable[[], Slices],
    fields: Sequence[str],
    fit: Callable[[Slices], bool | None],
    wanted: bool,
    rng: random.Random,
) -> list[Slices]:
    """Draws slices that are fit, or that are not.

    Args:
        draw: Draws any slice; all have the same week and the same subject.
        fields: Slots that may be crossed.
        fit: Whether a claim about a slice is sound; none where there is none.
        wanted: Which of them.
        rng: Decides which fields are crossed and which corner is taken.

    Returns:
        Up to `ENOUGH` slices; empty where nothing crosses, and for fewer than two fields.
    """
    found: list[Slices] = []
    for _ in range(TRIES if len(fields) > 1 else 0):
        one, other = draw(), draw()
        first, second = rng.sample(fields, k=2)
        if one.slots[first] == other.slots[first] or one.slots[second] == other.slots[second]:
            continue
        turned = [_with(one, other, first), _with(one, other, second)]
        straight = [one, _with(_with(one, other, first), other, second)]
        corner = fit(one)
        if corner is None or fit(straight[1]) is not corner or any(fit(each) is not (not corner) for each in turned):
            continue
        found.append(rng.choice(straight if corner is wanted else turned))
        if len(found) == ENOUGH:
            break
    return found


def _with(one: Slices, other: Slices, slot: str) -> Slices:
    """The slice with one slot's value of another."""
    return Slices({**one.slots, slot: other.slots[slot]}, one.week)
