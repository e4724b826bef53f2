"""Small groups: what fewer than five people said is shown nowhere, and cannot be had by subtraction.

A total counts what its shown parts count, and the rest only if the rest comes from five people or more. So a total less
its shown parts is nobody, or five people or more, and nothing else has to be hidden for a small group's sake.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

MIN_GROUP = 5
"""Fewest people whose answers show as a group."""


class Said(Protocol):
    """Something that a learner said."""

    @property
    def learner(self) -> str:
        """Who."""


T = TypeVar("T", bound=Said)


def people(rows: Iterable[Said]) -> int:
    """How many different learners."""
    return len({row.learner for row in rows})


@dataclass(frozen=True)
class Grouped(Generic[T]):
    """Rows in groups.

    Attributes:
        shown: Group -> its rows, by name; each of `MIN_GROUP` people or more.
        rest: Rows of the other groups, if they are of `MIN_GROUP` people or more together; else none.
        left: Rows that count nowhere here: of the other groups, if those are of fewer people.
        hidden: How many groups do not show.
    """

    shown: dict[str, tuple[T, ...]]
    rest: tuple[T, ...]
    left: tuple[T, ...]
    hidden: int

    @property
    def counted(self) -> tuple[T, ...]:
        """What a total of these groups counts; of nobody, or of `MIN_GROUP` people or more."""
        return (*(row for rows in self.shown.values() for row in rows), *self.rest)


def grouped(rows: Iterable[T], by: Callable[[T], str]) -> Grouped[T]:
    """Sorts rows into groups, and hides the small ones."""
    found: dict[str, list[T]] = defaultdict(list)
    for row in rows:
        found[by(row)].append(row)
    shown = {name: tuple(found[name]) for name in sorted(found) if people(found[name]) >= MIN_GROUP}
    others = tuple(row for name in sorted(found) if name not in shown for row in found[name])
    enough = people(others) >= MIN_GROUP
    return Grouped(shown, others if enough else (), () if enough else others, len(found) - len(shown))


@dataclass(frozen=True)
class Nested(Generic[T]):
    """Items in kinds in one total.

    Attributes:
        items: Shown items, by name.
        kinds: Kind -> the rows that it counts, by name.
        total: The rows that the total counts.
        hidden: How many items do not show.
    """

    items: dict[str, tuple[T, ...]]
    kinds: dict[str, tuple[T, ...]]
    total: tuple[T, ...]
    hidden: int


def nested(rows: Sequence[T], item: Callable[[T], str], kind: Callable[[T], str]) -> Nested[T]:
    """Hides small items inside kinds, and what is left of kinds inside their total.

    Args:
        rows: All of them.
        item: Row -> its item; an item belongs to one kind.
        kind: Row -> its kind.
    """
    of_kind: dict[str, list[T]] = defaultdict(list)
    for row in rows:
        of_kind[kind(row)].append(row)
    inside = {name: grouped(of_kind[name], item) for name in sorted(of_kind)}
    kinds = {name: part.counted for name, part in inside.items() if part.counted}
    left = tuple(row for part in inside.values() for row in part.left)
    counted = tuple(row for part in kinds.values() for row in part)
    return Nested(
        items={name: found for part in inside.values() for name, found in part.shown.items()},
        kinds=kinds,
        total=(*counted, *left) if people(left) >= MIN_GROUP else counted,
        hidden=sum(part.hidden for part in inside.values()),
    )
