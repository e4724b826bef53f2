"""A claim that the data does not show something: true where it has no row; where it has, a known figure is hidden."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from mondaylab.labs.claims.claim import Statement
from mondaylab.labs.claims.figures import Figure
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts, Template
from mondaylab.labs.claims.wording import Display, spelled
from mondaylab.measures import Measure, describe


class AbsenceTemplate(Template):
    """That there is nothing to tell of a slice.

    Sound and wrong claims say the same words; only the slice, and so the data, decides.
    """

    known_operators: ClassVar[tuple[str, ...]] = ("hidden_figure",)
    own_words: ClassVar[tuple[str, ...]] = ("says",)
    slice_decides: ClassVar[bool] = True

    kind: Literal["absence"] = "absence"
    rows: str
    """Measure that counts what is said not to be there."""
    says: str = Field(min_length=2)
    """What a sentence calls it, such as *late shipments*."""
    display: Display
    """How feedback shows how many there are."""
    operators: tuple[str, ...] = ("hidden_figure",)

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        return () if self.counted(facts, slices, self.rows) else ({"there": False},)

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        return ({"there": False},) if self.counted(facts, slices, self.rows) else ()

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        return bool(self.counted(facts, slices, self.rows)) == statement["there"]

    def words(self, statement: Statement) -> dict[str, str]:
        return {"says": self.says}

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        if says is None:
            return f"True: the data has no {self.says} there."
        return f"The data has {self._told(facts, slices)} there: {says}."

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        return f"{describe(self._measure(facts, slices))} = {self._told(facts, slices)}"

    def measure_names(self) -> tuple[str, ...]:
        return (self.rows,)

    def _told(self, facts: LabFacts, slices: Slices) -> str:
        return spelled(self.display.shown(self.counted(facts, slices, self.rows)), self.display)

    def _measure(self, facts: LabFacts, slices: Slices) -> Measure:
        week = slices.week if "period" in self.by else None
        return Figure(facts.measures[self.rows], "plain", slices.cut(self.by), week).measure()
