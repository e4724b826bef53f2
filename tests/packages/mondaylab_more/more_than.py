"""Claims that say which of two has more of something, and the flaw that names the other one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from mondaylab.labs.claims.claim import Said
from mondaylab.labs.claims.figures import Figure
from mondaylab.labs.claims.slots import Drawn
from mondaylab.labs.claims.template import Desk, Template


class MoreTemplate(Template):
    """Which of two members of a field has the higher figure."""

    known_operators: ClassVar[tuple[str, ...]] = ("wrong_winner",)
    own_words: ClassVar[tuple[str, ...]] = ("winner", "loser")

    kind: Literal["more"] = "more"
    measure: str
    field: str
    first: str
    """Slot of the one member; `second` is the other's."""
    second: str
    operators: tuple[str, ...] = ("wrong_winner",)

    def sound(self, desk: Desk, drawn: Drawn) -> Sequence[Said]:
        pair = self._pair(desk, drawn)
        return () if pair is None else ({"winner": pair[0], "loser": pair[1]},)

    def wrong(self, desk: Desk, drawn: Drawn, operator: str) -> Sequence[Said]:
        pair = self._pair(desk, drawn)
        return () if pair is None else ({"winner": pair[1], "loser": pair[0]},)

    def holds(self, desk: Desk, drawn: Drawn, said: Said) -> bool:
        return self._pair(desk, drawn) == (said["winner"], said["loser"])

    def why(self, desk: Desk, drawn: Drawn, said: Said, says: str | None) -> str:
        winner, loser = self._pair(desk, drawn) or ("", "")
        found = f"{winner} has more than {loser}"
        return f"True: {found}." if says is None else f"{found}: {says}."

    def query(self, desk: Desk, drawn: Drawn, said: Said) -> str:
        one, other = sorted((drawn.slots[self.first], drawn.slots[self.second]))
        return f"{self.measure} by {self.field}, {one} against {other}, {drawn.words()['week']}, {drawn.cut(self.by)}"

    def measure_names(self) -> tuple[str, ...]:
        return (self.measure,)

    def slot_names(self) -> tuple[str, ...]:
        return (*super().slot_names(), self.first, self.second)

    def _pair(self, desk: Desk, drawn: Drawn) -> tuple[str, str] | None:
        """Who has more, and who less; none where it is the same one, or nobody has more."""
        week = drawn.week if "period" in self.by else None
        values = {}
        for member in (drawn.slots[self.first], drawn.slots[self.second]):
            cut = drawn.cut(self.by) | {self.field: member}
            values[member] = desk.ground.value(Figure(desk.measures[self.measure], "plain", cut, week).measure())
        if len(set(values.values())) < 2 or None in values.values():
            return None
        winner, loser = sorted(values, key=lambda member: values[member], reverse=True)
        return winner, loser
