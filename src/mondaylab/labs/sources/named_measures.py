"""Measures by name: in a lab.toml a plain name inside a measure means the measure that is declared under it."""

from __future__ import annotations

from typing import Any

from mondaylab.yaml_file import Place

PARTS = ("left", "right", "top", "bottom", "now", "before", "of")
"""Keys of a measure under which another one stands."""
DEEPEST = 40
"""How deep measures may stand in each other, a name counted like what it stands for."""
MOST = 200
"""Of how many measures one may be made: each name counts as all that stands behind it."""


class BadMeasure(Exception):
    """Measures that name each other in a way that comes to nothing; the text says how.

    Attributes:
        name: The declared measure in which it was seen.
    """

    def __init__(self, name: str, what: str) -> None:
        super().__init__(what)
        self.name = name


def resolved(measures: dict[str, Any]) -> tuple[dict[str, Any], set[Place]]:
    """Replaces names of other measures inside measures by what they name.

    Returns:
        The measures; and the places in the file where a name stood.

    Raises:
        BadMeasure: A name is not declared, or means itself; or a measure becomes too large.
    """
    named: set[Place] = set()
    whole: dict[str, Any] = {}
    for name, part in measures.items():
        reader = _Reader(name, measures)
        whole[name] = reader.resolve(part, (name,), ("measures", name))
        named |= reader.named
    return whole, named


class _Reader:
    """Resolves one declared measure."""

    def __init__(self, name: str, measures: dict[str, Any]) -> None:
        self.named: set[Place] = set()
        self._name, self._measures, self._left = name, measures, MOST

    def resolve(self, part: Any, seen: tuple[str, ...], place: Place) -> Any:
        if isinstance(part, dict | str):
            self._count(len(seen) + len(place))
        if isinstance(part, str):
            if part in seen:
                raise BadMeasure(self._name, f"measure {part!r} is declared by itself")
            if part not in self._measures:
                there = ", ".join(sorted(self._measures))
                raise BadMeasure(self._name, f"measure {part!r} is used but not declared (there are {there})")
            self.named.add(place)
            return self.resolve(self._measures[part], (*seen, part), place)
        if not isinstance(part, dict):  # whatever it is, the records say that it is no measure
            return part
        return {key: self.resolve(value, seen, (*place, key)) if key in PARTS else value for key, value in part.items()}

    def _count(self, deep: int) -> None:
        self._left -= 1
        if self._left < 0 or deep > DEEPEST:
            raise BadMeasure(
                self._name, f"measure {self._name!r} is made of too many others: {MOST} at the most, {DEEPEST} deep"
            )
