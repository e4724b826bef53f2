"""Separation: data on which a figure and each of its rivals differ, so that a wrong measure cannot pass for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from mondaylab.errors import Refused
from mondaylab.forms.keys import EvidenceKey
from mondaylab.labs.claims.company_data import value_or_none
from mondaylab.labs.drawing.rivals import Rival
from mondaylab.measures import Measure
from mondaylab.measures.catalog import Catalog

FURTHER = 4
"""Usual redraws that are tried beyond the wanted ones, where the figure has no value on some."""
DEALT = 20
"""Redraws with the subjects dealt out anew that are tried for one figure; each is drawn once for all figures of a lab.
A handful of forms in a thousand, of the smallest slices, need more than four."""


class Data(Protocol):
    """Tables that a figure can be computed on."""

    @property
    def catalog(self) -> Catalog:
        """Computes it."""


D = TypeVar("D", bound=Data)
D_co = TypeVar("D_co", bound=Data, covariant=True)


class Draw(Protocol[D_co]):
    """Such as `mondaylab.grader.cells.replay.Replay.dataset`."""

    def __call__(self, number: int, *, dealt: bool = False) -> D_co:
        """Draws the dataset, or gives what was drawn."""


@dataclass(frozen=True)
class Separation(Generic[D]):
    """The data that one figure is replayed on.

    Attributes:
        datasets: The lab's own first, then redrawn ones; on all of them the figure has a value.
        expected: The true figure on each, in the asked unit.
        rivals: The wrong measures.
        pasted: Whether one fixed number would be right on all of the datasets.
    """

    datasets: tuple[D, ...]
    expected: tuple[float, ...]
    rivals: tuple[Rival, ...]
    pasted: bool


def agrees(value: float, expected: float, tolerance: float) -> bool:
    """Whether a figure lies within the tolerance of the true one, both in the asked unit."""
    return math.isfinite(value) and abs(value - expected) <= tolerance + 1e-9 * max(1.0, abs(expected))


def separate(key: EvidenceKey, rivals: tuple[Rival, ...], draw: Draw[D], redraws: int) -> Separation[D]:
    """Chooses redrawn datasets so that each rival differs from the figure on one of them, and a fixed number as well.

    The usual ones come first. Where these do not tell them all apart, more are tried, in which what describes the
    subjects is dealt out anew: a filter on what happens to be nowhere in the slice then counts. A rival that even these
    do not tell apart is refused: whoever computes it would pass. Usual ones that are not needed make way, so that
    learner code runs on no more datasets than it has to.

    Args:
        key: The figure.
        rivals: What must not pass for it.
        draw: Gives datasets.
        redraws: Redrawn datasets at the least.

    Raises:
        Refused: The figure has no value on the lab's own data, or on too few redrawn ones; or a rival is the same on
            all that were tried. `where` names its operator, as learners may see the rest.
    """
    chosen = [draw(0)]
    expected = [chosen[0].catalog.evaluate(key.measure) * key.scale]
    alike = rivals
    usual = ((number, False) for number in range(1, redraws + FURTHER + 1))
    dealt = ((number, True) for number in range(1, DEALT + 1))
    for number, deal in (*usual, *dealt):
        full = len(chosen) > redraws
        if full and (not deal or not (alike or _fixed(expected, key.tolerance))):
            continue
        dataset = draw(number, dealt=deal)
        value = value_of(key, key.measure, dataset)
        if value is None:
            continue
        left = tuple(one for one in alike if not _apart(value_of(key, one.measure, dataset), value, key.tolerance))
        helps = len(left) < len(alike) or (
            _fixed(expected, key.tolerance) and not _fixed([*expected, value], key.tolerance)
        )
        if not full or helps:
            chosen.append(dataset)
            expected.append(value)
            alike = left
    if len(chosen) <= redraws:
        raise Refused("the figure has no value on most redrawn data", where="evidence task")
    if alike:
        names = ", ".join(sorted({one.operator for one in alike}))
        raise Refused(
            "a wrong way to compute the figure cannot be told from the right one on any redrawn data",
            where=f"evidence task, operator {names}",
            fix="ask for another measure, or cut it by other fields",
        )
    kept = _needed(key, rivals, chosen, expected, redraws)
    return Separation(
        tuple(chosen[one] for one in kept),
        tuple(expected[one] for one in kept),
        rivals,
        _fixed([expected[one] for one in kept], key.tolerance),
    )


def _needed(
    key: EvidenceKey, rivals: tuple[Rival, ...], chosen: Sequence[Data], expected: list[float], redraws: int
) -> list[int]:
    """Which datasets to keep: at least `redraws` beside the own one, and all that are needed to tell rivals apart."""
    kept = list(range(len(chosen)))
    if len(kept) == redraws + 1:
        return kept
    told = [
        {place for place, one in enumerate(rivals) if _apart(value_of(key, one.measure, dataset), value, key.tolerance)}
        for dataset, value in zip(chosen, expected, strict=True)
    ]
    fixed = _fixed(expected, key.tolerance)
    for number in range(redraws, 0, -1):  # usual ones, the last first
        left = [one for one in kept if one != number]
        whole = set[int]().union(*(told[one] for one in left[1:])) == set(range(len(rivals)))
        if len(kept) > redraws + 1 and whole and _fixed([expected[one] for one in left], key.tolerance) == fixed:
            kept = left
    return kept


def value_of(key: EvidenceKey, measure: Measure, dataset: Data) -> float | None:
    """What a measure comes to on a dataset, in the asked unit; none where it has no value."""
    value = value_or_none(dataset.catalog, measure)
    return None if value is None else value * key.scale


def _apart(value: float | None, expected: float, tolerance: float) -> bool:
    return value is None or not agrees(value, expected, tolerance)


def _fixed(expected: Sequence[float], tolerance: float) -> bool:
    """Whether one number lies within the tolerance of all of them."""
    middle = (min(expected) + max(expected)) / 2
    return all(agrees(middle, one, tolerance) for one in expected)
