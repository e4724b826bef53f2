"""A claim that one figure is more than another, without saying by how much: a rise, one carrier beside another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from mondaylab.labs.claims.claim import Statement
from mondaylab.labs.claims.figures import WEEK, Figure
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts, Template
from mondaylab.labs.claims.wording import Display, spelled, words_of
from mondaylab.measures import Measure, describe
from mondaylab.records import content_hash

_LEAST = 2
"""Displayed steps between the two: what is told apart only by its rounding is worth no sentence."""


class MoreTemplate(Template):
    """Which of two figures of one measure is more; the flaw turns it round."""

    known_operators: ClassVar[tuple[str, ...]] = ("wrong_sign",)
    own_words: ClassVar[tuple[str, ...]] = ("direction", "comparison")

    kind: Literal["more"] = "more"
    measure: str
    display: Display
    """How feedback shows the two figures."""
    than: dict[str, str] | None = None
    """Field -> slot: the cut of the other figure; empty: the whole company. None: the same a week before."""
    operators: tuple[str, ...] = ("wrong_sign",)

    @model_validator(mode="after")
    def _two_figures(self) -> Self:
        if self.than is None and "period" not in self.by:
            raise ValueError("without 'than' the week before is meant, and 'by' has no period")
        if self.than is not None and ("period" in self.than) != ("period" in self.by):
            raise ValueError("'by' and 'than' have a period both, or neither: a week is no match for a quarter")
        if self.than == self.by:
            raise ValueError("'than' is the same figure as 'by'")
        if not {*words_of(self.judged_as)} & {*self.own_words}:
            raise ValueError("'judged_as' says neither {direction} nor {comparison}, by which it is judged")
        return self

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        more = self._is_more(facts, slices)
        return () if more is None else ({"more": more},)

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        more = self._is_more(facts, slices)
        return () if more is None else ({"more": not more},)

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        one, other = self._figures(facts, slices)
        return one is not None and other is not None and one != other and (one > other) == statement["more"]

    def words(self, statement: Statement) -> dict[str, str]:
        more = bool(statement["more"])
        return {"direction": "rose" if more else "fell", "comparison": "higher" if more else "lower"}

    def direction(self, statement: Statement) -> bool | None:
        return bool(statement["more"])

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        told = " against ".join(
            "no figure" if value is None else spelled(value, self.display) for value in self._figures(facts, slices)
        )
        return f"True: the data gives {told}." if says is None else f"The data gives {told}: {says}."

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        return " against ".join(describe(measure) for measure in self._measures(facts, slices))

    def fact(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        return content_hash([one.model_dump(mode="json") for one in self._measures(facts, slices)])

    def measure_names(self) -> tuple[str, ...]:
        return (self.measure,)

    def slot_names(self) -> tuple[str, ...]:
        other = (slot for field, slot in (self.than or {}).items() if field != "period")  # a week draws no value
        return (*super().slot_names(), *other)

    def _is_more(self, facts: LabFacts, slices: Slices) -> bool | None:
        one, other = self._figures(facts, slices)
        if one is None or other is None or abs(one - other) < _LEAST * self.display.step * (1 - 1e-9):
            return None
        return one > other

    def _figures(self, facts: LabFacts, slices: Slices) -> tuple[float | None, float | None]:
        """Both as they are shown."""
        one, other = (facts.data.value(measure) for measure in self._measures(facts, slices))
        return (
            None if one is None else self.display.shown(one),
            None if other is None else self.display.shown(other),
        )

    def _measures(self, facts: LabFacts, slices: Slices) -> tuple[Measure, Measure]:
        base, week = facts.measures[self.measure], slices.week if "period" in self.by else None
        one = Figure(base, "plain", slices.cut(self.by), week)
        if self.than is not None:
            return one.measure(), one.with_(cut=slices.cut(self.than)).measure()
        return one.measure(), one.with_(week=slices.week - timedelta(days=WEEK)).measure()
