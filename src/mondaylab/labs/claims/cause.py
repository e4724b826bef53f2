"""A claim that a change went with a driver: true when the driver moved the way it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from mondaylab.labs.claims.claim import Said
from mondaylab.labs.claims.figures import Figure
from mondaylab.labs.claims.slots import Drawn
from mondaylab.labs.claims.template import Desk, Template
from mondaylab.measures import Measure, describe, leaves
from mondaylab.measures.needs import DATE, Needs, together


class CauseTemplate(Template):
    """A claim that names a reason."""

    known_operators: ClassVar[tuple[str, ...]] = ("unsupported_cause",)
    own_words: ClassVar[tuple[str, ...]] = ("driver_direction",)

    kind: Literal["cause"] = "cause"
    driver: str
    """Measure that the claim names as the reason."""
    threshold: float = Field(gt=0)
    """Least absolute change of the driver (its own units) for the claim to be decidable."""
    operators: tuple[str, ...] = ("unsupported_cause",)

    def sound(self, desk: Desk, drawn: Drawn) -> Sequence[Said]:
        rose = self._rose(desk, drawn)
        return () if rose is None else ({"rose": rose},)

    def wrong(self, desk: Desk, drawn: Drawn, operator: str) -> Sequence[Said]:
        rose = self._rose(desk, drawn)
        return () if rose is None else ({"rose": not rose},)

    def holds(self, desk: Desk, drawn: Drawn, said: Said) -> bool:
        return self._rose(desk, drawn) == said["rose"]

    def direction(self, said: Said) -> bool | None:
        return bool(said["rose"])

    def words(self, said: Said) -> dict[str, str]:
        return {"driver_direction": "rose" if said["rose"] else "fell"}

    def why(self, desk: Desk, drawn: Drawn, said: Said, says: str | None) -> str:
        moved = "rose" if self._rose(desk, drawn) else "fell"
        return f"True: the named driver {moved} that week." if says is None else f"The named driver {moved} that week."

    def query(self, desk: Desk, drawn: Drawn, said: Said) -> str:
        return describe(self._driver(desk, drawn))

    def measure_names(self) -> tuple[str, ...]:
        return (self.driver,)

    def needs(self, measures: Mapping[str, Measure]) -> Needs:
        # weeks, whether or not it is cut by one
        days = {part.entity: {DATE} for part in leaves(measures[self.driver])}
        return together(super().needs(measures), days)

    def _driver(self, desk: Desk, drawn: Drawn) -> Measure:
        return Figure(desk.measures[self.driver], "points", drawn.cut(self.by), drawn.week).measure()

    def _rose(self, desk: Desk, drawn: Drawn) -> bool | None:
        moved = desk.ground.value(self._driver(desk, drawn))
        return None if moved is None or abs(moved) < self.threshold else moved > 0
