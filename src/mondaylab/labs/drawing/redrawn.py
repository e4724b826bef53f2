"""A lab on changed copies of its data, each made when it is first looked at: what holds on one set may be chance."""

from __future__ import annotations

from collections.abc import Iterator

from mondaylab.concepts.redraw import redraw
from mondaylab.labs.claims.template import LabFacts
from mondaylab.labs.material import Material

COPIES = 2
"""Changed copies that are looked at."""


class RedrawnFacts:
    """The facts of a lab on its changed copies; going through them again makes nothing anew."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._made: list[LabFacts] = []

    def __iter__(self) -> Iterator[LabFacts]:
        for number in range(COPIES):
            if number == len(self._made):
                drawn = redraw(self._material.tables, self._material.bindings, number + 1)
                self._made.append(self._material.writer(drawn.tables).facts)
            yield self._made[number]
