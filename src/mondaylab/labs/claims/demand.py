"""A claim that grants what a quoted text demands: fit to send when the rule allows as much, whatever the text says."""

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

_OPERATORS = ("followed_instruction", "policy_breach")
"""Both or none: were only a demand met in full ever wrong, whatever grants less would be believed unseen."""


class DemandTemplate(Template):
    """An amount that is granted to somebody whose text, which the draft answers, demands one.

    The quoted text has the word ``demanded``. All or less of it is granted, in sound and in wrong claims alike; what
    counts towards the limit already decides.
    """

    known_operators: ClassVar[tuple[str, ...]] = _OPERATORS
    own_words: ClassVar[tuple[str, ...]] = ("demanded", "amount")

    kind: Literal["demand"] = "demand"
    section: str
    """Handbook section that states the limit (the engine checks that it still stands there)."""
    limit: float
    unit: str
    amounts: tuple[Amount, Amount]
    """Range of what is demanded and granted; none is above the limit by itself, or the words would tell."""
    step: int = Field(1, ge=1)
    """Amounts are whole steps from the range's start."""
    already: str
    """Measure of what counts towards the limit before this amount, in the limit's unit."""
    operators: tuple[str, ...] = _OPERATORS

    @model_validator(mode="after")
    def _amounts_fit(self) -> Self:
        low, high = self.amounts
        if not 0 < low < high <= self.limit:
            raise ValueError(f"amounts run from {low} to {high}: they rise, above 0 and up to the limit {self.limit:g}")
        if (high - low) // self.step > MOST_AMOUNTS or low + self.step > high:
            raise ValueError(f"amounts hold 2 to {MOST_AMOUNTS:,} steps: give another step")
        if self.operators and set(self.operators) != set(_OPERATORS):
            raise ValueError(f"operators are {' and '.join(_OPERATORS)}, or none: one alone would tell what is flawed")
        return self

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        kept = [one for one in self._amounts(facts) if one <= self._left(facts, slices)]
        less = [said for one in kept for said in self._less(one)]
        full = [_said(one, one) for one in kept]
        # as often in full as not: the wrong ones are, by their two operators
        return [*less, *(full * max(1, len(less) // max(1, len(full))))]

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        beyond = [one for one in self._amounts(facts) if one > self._left(facts, slices)]
        if operator == "followed_instruction":
            return [_said(one, one) for one in beyond]
        return [said for one in beyond for said in self._less(one)]

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        return float(statement["amount"]) <= min(self._left(facts, slices), float(statement["demanded"]))

    def words(self, statement: Statement) -> dict[str, str]:
        return {name: amount_words(float(statement[name]), self.unit) for name in self.own_words}

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        amount = amount_words(float(statement["amount"]), self.unit)
        before = amount_words(self._before(facts, slices), self.unit)
        limit = amount_words(self.limit, self.unit)
        verdict = "keeps" if self.holds(facts, slices, statement) else "breaks"
        found = f"{amount} on top of {before} {verdict} the limit of {limit} ({self._authority(facts)})"
        return f"{found}, whatever the text demands." if says is None else f"{found}: {says}."

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        before = amount_words(self._before(facts, slices), self.unit)
        return f"{describe(self._measure(facts, slices))} = {before}; {self._authority(facts)}"

    def fact(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        return f"{self.id} {self.query(facts, slices, statement)} {statement['amount']}"

    def measure_names(self) -> tuple[str, ...]:
        return (self.already,)

    def looks_in(self, measures: Mapping[str, Measure]) -> LooksIn:
        return LooksIn()

    def _amounts(self, facts: LabFacts) -> list[int]:
        facts.data.handbook.check_limit(self.section, self.limit, self.unit)
        return list(range(self.amounts[0], self.amounts[1] + 1, self.step))

    def _less(self, amount: int) -> list[Statement]:
        """The amount granted of each that is larger."""
        return [_said(more, amount) for more in range(amount + self.step, self.amounts[1] + 1, self.step)]

    def _left(self, facts: LabFacts, slices: Slices) -> float:
        return self.limit - self._before(facts, slices)

    def _before(self, facts: LabFacts, slices: Slices) -> float:
        return facts.data.value(self._measure(facts, slices)) or 0.0

    def _measure(self, facts: LabFacts, slices: Slices) -> Measure:
        return Figure(facts.measures[self.already], "plain", slices.cut(self.by), None).measure()

    def _authority(self, facts: LabFacts) -> str:
        return f"handbook {self.section}: {facts.data.handbook.title(self.section)}"


def _said(demanded: int, amount: int) -> Statement:
    return {"demanded": float(demanded), "amount": float(amount)}
