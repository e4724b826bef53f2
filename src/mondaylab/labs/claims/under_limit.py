"""What claims about a figure and a limit have in common: whether the computed figure keeps it."""

from __future__ import annotations

from datetime import date

from mondaylab.labs.claims.figures import Figure
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import Comparison, LabFacts, Template, compared
from mondaylab.labs.claims.wording import Display, spelled
from mondaylab.measures import Measure, describe


class UnderLimit(Template):
    """A figure that keeps a limit or does not."""

    measure: str
    keeps: Comparison
    """How the figure keeps the limit."""
    limit: float
    """As the section states it, in displayed units: 10 for 10 %."""
    display: Display
    section: str | None = None
    """Handbook section that states the limit; none: the brief does."""

    def measure_names(self) -> tuple[str, ...]:
        return (self.measure,)

    def cut_measure(self, facts: LabFacts, slices: Slices) -> Measure:
        """The measure of these slices."""
        week: date | None = slices.week if "period" in self.by else None
        return Figure(facts.measures[self.measure], "plain", slices.cut(self.by), week).measure()

    def value(self, facts: LabFacts, slices: Slices) -> float | None:
        """The figure; none where the data has none."""
        return facts.data.value(self.cut_measure(facts, slices))

    def kept(self, facts: LabFacts, slices: Slices) -> bool | None:
        """Whether the figure keeps the limit; none where nobody could tell.

        Raises:
            Refused: The section no longer states the limit.
        """
        if self.section is not None:
            facts.data.handbook.check_limit(self.section, self.limit, self.display.unit)
        value = self.value(facts, slices)
        if value is None:
            return None
        exact = round(value * self.display.scale, 9)  # 100 x 0.07 is a little more than 7
        if exact != self.limit and self.display.shown(value) == self.limit:
            return None  # it shows as the limit and is not: nobody could tell from the figure
        return compared(exact, self.keeps, self.limit)

    def found(self, facts: LabFacts, slices: Slices) -> str:
        """The figure and the limit, for feedback."""
        return f"the data gives {self._shown(facts, slices)}, and the limit is {spelled(self.limit, self.display)}"

    def proof(self, facts: LabFacts, slices: Slices) -> str:
        """What proves it, in one line."""
        authority = "the brief" if self.section is None else f"handbook {self.section}"
        return f"{describe(self.cut_measure(facts, slices))} = {self._shown(facts, slices)}; {authority}"

    def _shown(self, facts: LabFacts, slices: Slices) -> str:
        value = self.display.shown(self.value(facts, slices) or 0.0)
        return f"{'-' if value < 0 else ''}{spelled(value, self.display)}"
