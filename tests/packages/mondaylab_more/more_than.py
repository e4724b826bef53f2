"""Claims that say which of two has more of something, and the flaw that names the other one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from mondaylab.labs.claims.claim import Statement
from mondaylab.labs.claims.figures import Figure
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts, Template


class MoreTemplate(Template):
    """Which of two members of a field has the higher figure."""

    known_operators: ClassVar[tuple[str, ...]] = ("wrong_winner",)
    own_words: ClassVar[tuple[str, ...]] = ("winner", "loser")

    kind: Literal["ahead"] = "ahead"
    measure: str
    field: str
    first: str
    """Slot of the one member; `second` is the other's."""
    second: str
    operators: tuple[str, ...] = ("wrong_winner",)

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        pair = self._pair(facts, slices)
        return () if pair is None else ({"winner": pair[0], "loser": pair[1]},)

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        pair = self._pair(facts, slices)
        return () if pair is None else ({"winner": pair[1], "loser": pair[0]},)

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        return self._pair(facts, slices) == (statement["winner"], statement["loser"])

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        winner, loser = self._pair(facts, slices) or ("", "")
        found = f"{winner} has more than {loser}"
        return f"True: {found}." if says is None else f"{found}: {says}."

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        one, other = sorted((slices.slots[self.first], slices.slots[self.second]))
        return f"{self.measure} by {self.field}, {one} against {other}, {slices.words()['week']}, {slices.cut(self.by)}"

    def measure_names(self) -> tuple[str, ...]:
        return (self.measure,)

    def slot_names(self) -> tuple[str, ...]:
        return (*super().slot_names(), self.first, self.second)

    def _pair(self, facts: LabFacts, slices: Slices) -> tuple[str, str] | None:
        """Who has more, and who less; none where it is the same one, or nobody has more."""
        week = slices.week if "period" in self.by else None
        values = {}
        for member in (slices.slots[self.first], slices.slots[self.second]):
            cut = slices.cut(self.by) | {self.field: member}
            values[member] = facts.data.value(Figure(facts.measures[self.measure], "plain", cut, week).measure())
        if len(set(values.values())) < 2 or None in values.values():
            return None
        winner, loser = sorted(values, key=lambda member: values[member], reverse=True)
        return winner, loser
