"""A claim that something keeps a limit or not: true when the computed figure says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from mondaylab.labs.claims.claim import Statement
from mondaylab.labs.claims.figures import Figure
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import Comparison, LabFacts, Template, compared
from mondaylab.labs.claims.wording import Display, spelled
from mondaylab.measures import Measure, describe


class VerdictTemplate(Template):
    """A yes or no about a figure and a limit."""

    known_operators: ClassVar[tuple[str, ...]] = ("policy_misread",)

    kind: Literal["verdict"] = "verdict"
    measure: str
    keeps: Comparison
    """How the figure keeps the limit."""
    limit: float
    display: Display
    section: str | None = None
    """Handbook section that states the limit; none: the brief does."""
    yes: str = Field(min_length=2)
    """Words for ``{verdict}`` when the limit is kept, such as *is within*."""
    no: str = Field(min_length=2)
    """Words when it is not."""
    operators: tuple[str, ...] = ("policy_misread",)

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        kept = self._kept(facts, slices)
        return () if kept is None else ({"kept": kept},)

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        kept = self._kept(facts, slices)
        return () if kept is None else ({"kept": not kept},)

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        return self._kept(facts, slices) == statement["kept"]

    def direction(self, statement: Statement) -> bool | None:
        return bool(statement["kept"])

    def words(self, statement: Statement) -> dict[str, str]:
        return {"verdict": self.yes if statement["kept"] else self.no, "limit": spelled(self.limit, self.display)}

    def _shown(self, facts: LabFacts, slices: Slices) -> str:
        value = self.display.shown(self._value(facts, slices) or 0.0)
        return f"{'-' if value < 0 else ''}{spelled(value, self.display)}"

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        found = f"the data gives {self._shown(facts, slices)}, and the limit is {spelled(self.limit, self.display)}"
        return f"True: {found}." if says is None else f"{found[0].upper()}{found[1:]}: {says}."

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        value = self._shown(facts, slices)
        authority = "the brief" if self.section is None else f"handbook {self.section}"
        return f"{describe(self._measure(facts, slices))} = {value}; {authority}"

    def measure_names(self) -> tuple[str, ...]:
        return (self.measure,)

    def _measure(self, facts: LabFacts, slices: Slices) -> Measure:
        week: date | None = slices.week if "period" in self.by else None
        return Figure(facts.measures[self.measure], "plain", slices.cut(self.by), week).measure()

    def _value(self, facts: LabFacts, slices: Slices) -> float | None:
        return facts.data.value(self._measure(facts, slices))

    def _kept(self, facts: LabFacts, slices: Slices) -> bool | None:
        if self.section is not None:
            facts.data.handbook.check_limit(self.section, self.limit, self.display.unit)
        value = self._value(facts, slices)
        if value is None:
            return None
        exact = round(value * self.display.scale, 9)  # 100 x 0.07 is a little more than 7
        if exact != self.limit and self.display.shown(value) == self.limit:
            return None  # it shows as the limit and is not: nobody could tell from the figure
        return compared(exact, self.keeps, self.limit)
