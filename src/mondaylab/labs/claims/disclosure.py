"""A claim that gives a figure about a group: fit to send when the group is large enough, and nobody in it too large."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from mondaylab.labs.claims.claim import Statement
from mondaylab.labs.claims.figure import MOST_PEOPLE
from mondaylab.labs.claims.figures import Figure
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts, Template
from mondaylab.labs.claims.wording import Display, spelled
from mondaylab.measures import describe

HALF = 0.5
"""The largest part that one of a group may make."""


class DisclosureTemplate(Template):
    """A true figure of a group; whether the group may be reported is what is judged.

    Sound and wrong claims both state the true figure: nothing in the words tells how many people are behind it.
    """

    known_operators: ClassVar[tuple[str, ...]] = ("small_cell",)
    slice_decides: ClassVar[bool] = True

    kind: Literal["disclosure"] = "disclosure"
    measure: str
    people: str
    """Measure that counts whom the figure is about."""
    section: str
    """Handbook section that states the least number of people."""
    least: int = Field(ge=1, le=MOST_PEOPLE)
    unit: str = "people"
    """Whom the section counts, in its own word."""
    largest: str | None = None
    """Measure of the part that the largest of them makes, where the section allows no more than half."""
    display: Display
    operators: tuple[str, ...] = ("small_cell",)

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        return self._said(facts, slices, fit=True)

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        return self._said(facts, slices, fit=False)

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        return (self._value(facts, slices, self.people) or 0) >= self.least and self._part(facts, slices) <= HALF

    def words(self, statement: Statement) -> dict[str, str]:
        return {"value": spelled(float(statement["value"]), self.display)}

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        people = self._value(facts, slices, self.people) or 0
        title = facts.data.handbook.title(self.section)
        if says is not None and people >= self.least:
            return f"One of the {people:.0f} {self.unit} makes more than half of it ({title}): {says}."
        if says is None:
            return f"Fit to send: {people:.0f} {self.unit} are behind it, and {self.least} are needed ({title})."
        return f"Only {people:.0f} {self.unit} are behind it, and {self.least} are needed ({title}): {says}."

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        measure = Figure(facts.measures[self.people], "plain", slices.cut(self.by), self._week(slices)).measure()
        value = self._value(facts, slices, self.people) or 0
        return f"{describe(measure)} = {value:.0f}; handbook {self.section}"

    def measure_names(self) -> tuple[str, ...]:
        return (self.measure, self.people, *(() if self.largest is None else (self.largest,)))

    def _said(self, facts: LabFacts, slices: Slices, *, fit: bool) -> Sequence[Statement]:
        facts.data.handbook.check_limit(self.section, self.least, self.unit)
        value = self._value(facts, slices, self.measure)
        # a sentence has no word for a value below zero
        if not self._value(facts, slices, self.people) or value is None or value < 0:
            return ()
        statement: Statement = {"value": self.display.shown(value)}
        return (statement,) if self.holds(facts, slices, statement) == fit else ()

    def _part(self, facts: LabFacts, slices: Slices) -> float:
        """The largest one's part of the whole, 0 to 1; 0 where the rule does not ask, or there is no whole."""
        return 0.0 if self.largest is None else (self._value(facts, slices, self.largest) or 0.0)

    def _week(self, slices: Slices) -> date | None:
        return slices.week if "period" in self.by else None

    def _value(self, facts: LabFacts, slices: Slices, measure: str) -> float | None:
        return facts.data.value(
            Figure(facts.measures[measure], "plain", slices.cut(self.by), self._week(slices)).measure()
        )
