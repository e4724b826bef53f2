"""A claim that gives a figure about a group of people: fit to send when the group is large enough."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Literal

from mondaylab.labs.figures import Figure
from mondaylab.labs.kinds.claim import Said
from mondaylab.labs.kinds.template import Desk, Template
from mondaylab.labs.measures import describe
from mondaylab.labs.slots import Drawn
from mondaylab.labs.wording import Display, spelled


class DisclosureTemplate(Template):
    """A true figure of a group; whether the group may be reported is what is judged.

    Sound and wrong claims both state the true figure: nothing in the words tells how many people are behind it.
    """

    known_operators: ClassVar[tuple[str, ...]] = ("small_cell",)

    kind: Literal["disclosure"] = "disclosure"
    measure: str
    people: str
    """Measure that counts whom the figure is about."""
    section: str
    """Handbook section that states the least number of people."""
    least: int
    unit: str = "people"
    """Whom the section counts, in its own word."""
    display: Display
    operators: tuple[str, ...] = ("small_cell",)

    def sound(self, desk: Desk, drawn: Drawn) -> Sequence[Said]:
        return self._said(desk, drawn, small=False)

    def wrong(self, desk: Desk, drawn: Drawn, operator: str) -> Sequence[Said]:
        return self._said(desk, drawn, small=True)

    def holds(self, desk: Desk, drawn: Drawn, said: Said) -> bool:
        return (self._value(desk, drawn, self.people) or 0) >= self.least

    def words(self, said: Said) -> dict[str, str]:
        return {"value": spelled(float(said["value"]), self.display)}

    def why(self, desk: Desk, drawn: Drawn, said: Said, says: str | None) -> str:
        people = self._value(desk, drawn, self.people) or 0
        title = desk.ground.handbook.title(self.section)
        if says is None:
            return f"Fit to send: {people:.0f} {self.unit} are behind it, and {self.least} are needed ({title})."
        return f"Only {people:.0f} {self.unit} are behind it, and {self.least} are needed ({title}): {says}."

    def query(self, desk: Desk, drawn: Drawn, said: Said) -> str:
        measure = Figure(desk.measures[self.people], "plain", drawn.cut(self.by), self._week(drawn)).measure()
        return f"{describe(measure)}; handbook {self.section}"

    def measure_names(self) -> tuple[str, ...]:
        return (self.measure, self.people)

    def _said(self, desk: Desk, drawn: Drawn, *, small: bool) -> Sequence[Said]:
        desk.ground.handbook.check_limit(self.section, self.least, self.unit)
        people = self._value(desk, drawn, self.people)
        value = self._value(desk, drawn, self.measure)
        # a sentence has no word for a value below zero
        if not people or value is None or value < 0 or (people < self.least) != small:
            return ()
        return ({"value": self.display.shown(value)},)

    def _week(self, drawn: Drawn) -> date | None:
        return drawn.week if "period" in self.by else None

    def _value(self, desk: Desk, drawn: Drawn, measure: str) -> float | None:
        return desk.ground.value(
            Figure(desk.measures[measure], "plain", drawn.cut(self.by), self._week(drawn)).measure()
        )
