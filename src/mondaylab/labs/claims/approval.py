"""A claim that a step of an assistant was within its limits, or needed somebody's approval first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from mondaylab.forms.shown import LooksIn
from mondaylab.labs.claims.claim import Statement
from mondaylab.labs.claims.figures import Figure
from mondaylab.labs.claims.rule import MOST_AMOUNTS, Amount, amount_words
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts, Template
from mondaylab.measures import Measure, describe

_OPERATORS = ("approval_skipped", "approval_invented")
"""Both or none: were only steps beyond the limit ever judged wrongly, the amount would tell."""


class ApprovalTemplate(Template):
    """An amount that a step gave, and whether it might do so alone.

    A coin decides what is said of the step, and the data whether that is so: sound and wrong claims are about the same
    amounts, on top of the same ones before.
    """

    known_operators: ClassVar[tuple[str, ...]] = _OPERATORS
    own_words: ClassVar[tuple[str, ...]] = ("amount", "verdict")
    moves_in_common: ClassVar[bool] = False

    kind: Literal["approval"] = "approval"
    section: str
    """Handbook section that states the limit (the engine checks that it still stands there)."""
    limit: float
    unit: str
    amounts: tuple[Amount, Amount]
    """Range of what a step gives; none is above the limit by itself, or the words would tell."""
    step: int = Field(1, ge=1)
    """Amounts are whole steps from the range's start."""
    already: str
    """Measure of what counts towards the limit before this amount, in the limit's unit."""
    alone: str = Field(min_length=2)
    """Words for ``{verdict}`` of a step that keeps the limit, such as *needed nobody's approval*."""
    asked: str = Field(min_length=2)
    """Words of one that would pass it, such as *needed an approval first*."""
    operators: tuple[str, ...] = _OPERATORS

    @model_validator(mode="after")
    def _nothing_tells(self) -> Self:
        low, high = self.amounts
        if not 0 < low < high <= self.limit:
            raise ValueError(f"amounts run from {low} to {high}: they rise, above 0 and up to the limit {self.limit:g}")
        if (high - low) // self.step > MOST_AMOUNTS or low + self.step > high:
            raise ValueError(f"amounts hold 2 to {MOST_AMOUNTS:,} steps: give another step")
        if self.operators and set(self.operators) != set(_OPERATORS):
            raise ValueError(f"operators are {' and '.join(_OPERATORS)}, or none: one alone would tell what is flawed")
        if self.alone == self.asked:
            raise ValueError("'alone' and 'asked' say the same")
        return self

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        left = self._left(facts, slices)
        return [_said(one, alone=one <= left) for one in self._amounts(facts)]

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        left = self._left(facts, slices)
        if operator == "approval_skipped":
            return [_said(one, alone=True) for one in self._amounts(facts) if one > left]
        return [_said(one, alone=False) for one in self._amounts(facts) if one <= left]

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        return (float(statement["amount"]) <= self._left(facts, slices)) == statement["alone"]

    def direction(self, statement: Statement) -> bool | None:
        return bool(statement["alone"])

    def words(self, statement: Statement) -> dict[str, str]:
        amount = amount_words(float(statement["amount"]), self.unit)
        return {"amount": amount, "verdict": self.alone if statement["alone"] else self.asked}

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        amount = amount_words(float(statement["amount"]), self.unit)
        before = amount_words(self._before(facts, slices), self.unit)
        verdict = "keeps" if float(statement["amount"]) <= self._left(facts, slices) else "passes"
        limit = amount_words(self.limit, self.unit)
        found = (
            f"{amount} on top of {before} {verdict} the limit of {limit} ({facts.data.handbook.cited(self.section)})"
        )
        return f"True: {found}." if says is None else f"{found}: {says}."

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        before = amount_words(self._before(facts, slices), self.unit)
        return f"{describe(self._measure(facts, slices))} = {before}; {facts.data.handbook.cited(self.section)}"

    def fact(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        return f"{self.id} {self.query(facts, slices, statement)} {statement['amount']}"

    def measure_names(self) -> tuple[str, ...]:
        return (self.already,)

    def looks_in(self, measures: Mapping[str, Measure]) -> LooksIn:
        return LooksIn()

    def _amounts(self, facts: LabFacts) -> range:
        facts.data.handbook.check_limit(self.section, self.limit, self.unit)
        return range(self.amounts[0], self.amounts[1] + 1, self.step)

    def _left(self, facts: LabFacts, slices: Slices) -> float:
        return self.limit - self._before(facts, slices)

    def _before(self, facts: LabFacts, slices: Slices) -> float:
        return facts.data.value(self._measure(facts, slices)) or 0.0

    def _measure(self, facts: LabFacts, slices: Slices) -> Measure:
        return Figure(facts.measures[self.already], "plain", slices.cut(self.by), None).measure()


def _said(amount: int, *, alone: bool) -> Statement:
    return {"amount": float(amount), "alone": alone}
