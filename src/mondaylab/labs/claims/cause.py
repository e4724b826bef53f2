"""A claim that a change went with a driver: true when the driver moved the way it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from mondaylab.labs.claims.claim import Statement
from mondaylab.labs.claims.figures import Figure
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts, Template
from mondaylab.measures import Measure, describe, leaves
from mondaylab.measures.needs import DATE, Needs, together


class CauseTemplate(Template):
    """A claim that names a reason."""

    known_operators: ClassVar[tuple[str, ...]] = ("unsupported_cause",)

    kind: Literal["cause"] = "cause"
    driver: str
    """Measure that the claim names as the reason."""
    threshold: float = Field(gt=0)
    """Least absolute change of the driver (its own units) for the claim to be decidable."""
    operators: tuple[str, ...] = ("unsupported_cause",)

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        rose = self._rose(facts, slices)
        return () if rose is None else ({"rose": rose},)

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        rose = self._rose(facts, slices)
        return () if rose is None else ({"rose": not rose},)

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        return self._rose(facts, slices) == statement["rose"]

    def direction(self, statement: Statement) -> bool | None:
        return bool(statement["rose"])

    def words(self, statement: Statement) -> dict[str, str]:
        return {"driver_direction": "rose" if statement["rose"] else "fell"}

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        moved = "rose" if self._rose(facts, slices) else "fell"
        return f"True: the named driver {moved} that week." if says is None else f"The named driver {moved} that week."

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        return describe(self._driver(facts, slices))

    def measure_names(self) -> tuple[str, ...]:
        return (self.driver,)

    def needs(self, measures: Mapping[str, Measure]) -> Needs:
        # weeks, whether or not it is cut by one
        days = {part.entity: {DATE} for part in leaves(measures[self.driver])}
        return together(super().needs(measures), days)

    def _driver(self, facts: LabFacts, slices: Slices) -> Measure:
        return Figure(facts.measures[self.driver], "points", slices.cut(self.by), slices.week).measure()

    def _rose(self, facts: LabFacts, slices: Slices) -> bool | None:
        moved = facts.data.value(self._driver(facts, slices))
        return None if moved is None or abs(moved) < self.threshold else moved > 0
