"""A claim that one group does better than another among like cases: true after taking the mix of cases out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from mondaylab.labs.claims.claim import Statement
from mondaylab.labs.claims.figures import Figure
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts, Template
from mondaylab.measures import Measure, describe
from mondaylab.measures.needs import Needs, together

DECIDED = 0.02
"""Least standardised difference (in the measure's own units, such as shares) that is worth a sentence."""


class ComparisonTemplate(Template):
    """Which of two groups has the higher rate at an equal mix of strata.

    Direct standardisation: each stratum's difference is weighted by the stratum's share of all cases (Rothman, Modern
    Epidemiology, ch. 4). The flaw states what the pooled rates say where the mix turns it round (Simpson's paradox).
    """

    known_operators: ClassVar[tuple[str, ...]] = ("mix_effect",)

    kind: Literal["comparison"] = "comparison"
    measure: str
    """A rate or mean."""
    cases: str
    """Measure that counts the cases, for the weights."""
    group: str
    """``entity.field`` of the two groups."""
    first: str
    """Slot or word of the one group."""
    second: str
    stratum: str
    """Field of the same entity that must be equal."""
    names: dict[str, str] = Field(default_factory=dict)
    """Member -> how a sentence calls it; members without a name are called as they are."""
    operators: tuple[str, ...] = ("mix_effect",)

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        higher = self._standardised(facts, slices)
        return () if higher is None else (self._said(slices, first=higher > 0),)

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        higher, pooled = self._standardised(facts, slices), self._pooled(facts, slices)
        if higher is None or pooled is None or higher * pooled >= 0:
            return ()
        return (self._said(slices, first=pooled > 0),)

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        higher = self._standardised(facts, slices)
        return higher is not None and statement == self._said(slices, first=higher > 0)

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        higher = self._standardised(facts, slices) or 0.0
        better = self._said(slices, first=higher > 0)["better"]
        found = f"at an equal mix of {self.stratum}, {better} is higher"
        return f"True: {found}." if says is None else f"{found[0].upper()}{found[1:]}: {says}."

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        return f"{describe(self._cut(facts, slices, {}))} by {self.group}, within each {self.stratum}"

    def fact(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        pair = " ".join(sorted((slices.slots[self.first], slices.slots[self.second])))
        return f"{self.query(facts, slices, statement)} {pair}"

    def measure_names(self) -> tuple[str, ...]:
        return (self.measure, self.cases)

    def slot_names(self) -> tuple[str, ...]:
        return (*super().slot_names(), self.first, self.second)

    def needs(self, measures: Mapping[str, Measure]) -> Needs:
        entity, _, field = self.group.partition(".")
        return together(super().needs(measures), {entity: {field, self.stratum}})

    def _said(self, slices: Slices, *, first: bool) -> dict[str, str]:
        one, other = slices.slots[self.first], slices.slots[self.second]
        one, other = self.names.get(one, one), self.names.get(other, other)
        return {"better": one if first else other, "worse": other if first else one}

    def _cut(self, facts: LabFacts, slices: Slices, more: dict[str, str], measure: str | None = None) -> Measure:
        week: date | None = slices.week if "period" in self.by else None
        return Figure(facts.measures[measure or self.measure], "plain", slices.cut(self.by) | more, week).measure()

    def _pooled(self, facts: LabFacts, slices: Slices) -> float | None:
        return self._difference(facts, slices, {})

    def _difference(self, facts: LabFacts, slices: Slices, more: dict[str, str]) -> float | None:
        _, _, field = self.group.partition(".")
        one, other = (
            facts.data.value(self._cut(facts, slices, {**more, field: slices.slots[slot]}))
            for slot in (self.first, self.second)
        )
        return None if one is None or other is None else one - other

    def _standardised(self, facts: LabFacts, slices: Slices) -> float | None:
        if slices.slots[self.first] == slices.slots[self.second]:
            return None
        entity, _, _ = self.group.partition(".")
        total, weights = 0.0, 0.0
        for member in facts.data.catalog.members(entity, self.stratum):
            weight = facts.data.value(self._cut(facts, slices, {self.stratum: member}, self.cases)) or 0.0
            difference = self._difference(facts, slices, {self.stratum: member})
            if difference is not None:
                total, weights = total + weight * difference, weights + weight
        return total / weights if weights and abs(total / weights) >= DECIDED else None
