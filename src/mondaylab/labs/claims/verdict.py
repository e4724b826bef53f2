"""A claim that something keeps a limit or not: true when the computed figure says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from mondaylab.labs.claims.claim import Said
from mondaylab.labs.claims.figures import Figure
from mondaylab.labs.claims.slots import Drawn
from mondaylab.labs.claims.template import Comparison, Desk, Template, compared
from mondaylab.labs.claims.wording import Display, spelled
from mondaylab.measures import Measure, describe


class VerdictTemplate(Template):
    """A yes or no about a figure and a limit."""

    known_operators: ClassVar[tuple[str, ...]] = ("policy_misread",)
    own_words: ClassVar[tuple[str, ...]] = ("verdict", "limit")

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

    def sound(self, desk: Desk, drawn: Drawn) -> Sequence[Said]:
        kept = self._kept(desk, drawn)
        return () if kept is None else ({"kept": kept},)

    def wrong(self, desk: Desk, drawn: Drawn, operator: str) -> Sequence[Said]:
        kept = self._kept(desk, drawn)
        return () if kept is None else ({"kept": not kept},)

    def holds(self, desk: Desk, drawn: Drawn, said: Said) -> bool:
        return self._kept(desk, drawn) == said["kept"]

    def direction(self, said: Said) -> bool | None:
        return bool(said["kept"])

    def words(self, said: Said) -> dict[str, str]:
        return {"verdict": self.yes if said["kept"] else self.no, "limit": spelled(self.limit, self.display)}

    def _shown(self, desk: Desk, drawn: Drawn) -> str:
        value = self.display.shown(self._value(desk, drawn) or 0.0)
        return f"{'-' if value < 0 else ''}{spelled(value, self.display)}"

    def why(self, desk: Desk, drawn: Drawn, said: Said, says: str | None) -> str:
        found = f"the data gives {self._shown(desk, drawn)}, and the limit is {spelled(self.limit, self.display)}"
        return f"True: {found}." if says is None else f"{found[0].upper()}{found[1:]}: {says}."

    def query(self, desk: Desk, drawn: Drawn, said: Said) -> str:
        value = self._shown(desk, drawn)
        authority = "the brief" if self.section is None else f"handbook {self.section}"
        return f"{describe(self._measure(desk, drawn))} = {value}; {authority}"

    def measure_names(self) -> tuple[str, ...]:
        return (self.measure,)

    def _measure(self, desk: Desk, drawn: Drawn) -> Measure:
        week: date | None = drawn.week if "period" in self.by else None
        return Figure(desk.measures[self.measure], "plain", drawn.cut(self.by), week).measure()

    def _value(self, desk: Desk, drawn: Drawn) -> float | None:
        return desk.ground.value(self._measure(desk, drawn))

    def _kept(self, desk: Desk, drawn: Drawn) -> bool | None:
        if self.section is not None:
            desk.ground.handbook.check_limit(self.section, self.limit, self.display.unit)
        value = self._value(desk, drawn)
        if value is None:
            return None
        exact = round(value * self.display.scale, 9)  # 100 x 0.07 is a little more than 7
        if exact != self.limit and self.display.shown(value) == self.limit:
            return None  # it shows as the limit and is not: nobody could tell from the figure
        return compared(exact, self.keeps, self.limit)
