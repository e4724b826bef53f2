"""A claim that forecasts a range for next week: fair when such a range would have held most weeks of the quarter."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from mondaylab.labs.claims.claim import Statement
from mondaylab.labs.claims.figures import Figure
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts, Template
from mondaylab.labs.claims.wording import Display, spelled
from mondaylab.measures import Measure, describe, leaves
from mondaylab.measures.needs import DATE, Needs, together

FAIR = 0.8
"""A fair range would have held in at least this share of the changes from one week to the next."""
RASH = 0.5
"""An over-confident one would have held in at most this share."""

Width = Annotated[int, Field(ge=1, le=1_000)]


class ForecastTemplate(Template):
    """A range around this week's figure, said to hold next week."""

    known_operators: ClassVar[tuple[str, ...]] = ("overconfident_forecast",)

    kind: Literal["forecast"] = "forecast"
    measure: str
    display: Display
    wide: tuple[Width, Width] = (30, 40)
    """Half widths in percent of this week's figure. Each must be fair for some slices and rash for others."""
    operators: tuple[str, ...] = ("overconfident_forecast",)
    least_weeks: int = Field(6, ge=4)
    """Weeks that are needed to judge a range."""

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        return [statement for statement, share in self._ranges(facts, slices) if share >= FAIR]

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        return [statement for statement, share in self._ranges(facts, slices) if share <= RASH]

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        values = self._weekly(facts, slices)
        return self._share(values, _half(statement)) >= FAIR

    def direction(self, statement: Statement) -> bool | None:
        return float(statement["half_width"]) == self.wide[1] / 100

    def words(self, statement: Statement) -> dict[str, str]:
        return {name: spelled(float(statement[name]), self.display) for name in ("low", "high")}

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        values = self._weekly(facts, slices)
        share = self._share(values, _half(statement))
        held = f"a range this wide would have held in {share:.0%} of the {len(_moves(values))} weeks of the quarter"
        return f"Fair: {held}." if says is None else f"{held[0].upper()}{held[1:]}: {says}."

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        return f"{describe(self._figure(facts, slices, slices.week).measure())}, each week against the one before"

    def measure_names(self) -> tuple[str, ...]:
        return (self.measure,)

    def needs(self, measures: Mapping[str, Measure]) -> Needs:
        # weeks, whether or not it is cut by one
        days = {part.entity: {DATE} for part in leaves(measures[self.measure])}
        return together(super().needs(measures), days)

    def _figure(self, facts: LabFacts, slices: Slices, week: date) -> Figure:
        return Figure(facts.measures[self.measure], "plain", slices.cut(self.by), week)

    def _weekly(self, facts: LabFacts, slices: Slices) -> list[float]:
        """The figure of every full week of the quarter; not a number in a week without one."""
        values = (facts.data.value(self._figure(facts, slices, week).measure()) for week in facts.data.weeks)
        return [value or math.nan for value in values]

    def _ranges(self, facts: LabFacts, slices: Slices) -> list[tuple[Statement, float]]:
        values = self._weekly(facts, slices)
        now = facts.data.value(self._figure(facts, slices, slices.week).measure())
        if len(_moves(values)) < self.least_weeks or not now:
            return []
        shown = self.display.shown
        made: list[tuple[Statement, float]] = []
        for percent in self.wide:
            half = percent / 100
            low, high = shown(now * (1 - half)), shown(now * (1 + half))
            if not 0 <= low < high:  # too coarse a display, or a loss: no range that a sentence could give
                continue
            statement: Statement = {"low": low, "high": high, "half_width": half}
            made.append((statement, self._share(values, _half(statement))))
        return made

    @staticmethod
    def _share(values: list[float], half: float) -> float:
        """Share of weeks whose figure lay within the range around the week before."""
        moves = _moves(values)
        return float(np.mean(moves <= half)) if len(moves) else math.nan


def _moves(values: list[float]) -> NDArray[np.float64]:
    """By what share the figure moved from each week to the next; over a week without one nothing is compared."""
    now, then = np.array(values[1:]), np.array(values[:-1])
    moves: NDArray[np.float64] = np.abs(now / then - 1)
    return moves[~np.isnan(moves)]


def _half(statement: Statement) -> float:
    """Half the width of a range as it is shown, as a share of its middle: what a reader can judge it by."""
    low, high = float(statement["low"]), float(statement["high"])
    return (high - low) / (high + low)
