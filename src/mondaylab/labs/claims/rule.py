"""A recommendation under a limit, of the handbook or of the brief: true to the rule when it keeps within it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from mondaylab.forms.shown import LooksIn
from mondaylab.labs.claims.claim import Statement
from mondaylab.labs.claims.figures import Figure
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import Comparison, LabFacts, Template, compared
from mondaylab.measures import Measure

Amount = Annotated[int, Field(ge=-(10**12), le=10**12)]
MOST_AMOUNTS = 10_000
"""Amounts between which a claim chooses, at the most."""


class RuleTemplate(Template):
    """A claim that proposes an amount."""

    known_operators: ClassVar[tuple[str, ...]] = ("policy_breach", "instruction_ignored")
    own_words: ClassVar[tuple[str, ...]] = ("amount",)

    kind: Literal["rule"] = "rule"
    section: str | None = None
    """Handbook section that states the limit (the engine checks that it still stands there); none: the brief does."""
    limit: float
    unit: str
    keeps: Comparison = "at_most"
    """How an amount keeps the rule."""
    within: tuple[Amount, Amount]
    """Range of amounts that keep the rule; with `already`, of all amounts that are proposed."""
    beyond: tuple[Amount, Amount] | None = None
    """Range of amounts that break it; none with `already`."""
    step: int = Field(1, ge=1)
    """Amounts are whole steps from the range's start."""
    already: str | None = None
    """Measure of what counts towards the limit before this amount, in the limit's unit: then only the data decides."""
    operators: tuple[str, ...] = ("policy_breach",)

    @model_validator(mode="after")
    def _ranges_fit(self) -> Self:
        if (self.beyond is None) != (self.already is not None):
            raise ValueError("give either 'beyond' or 'already'")
        for name, bounds, kept in (("within", self.within, True), ("beyond", self.beyond, False)):
            if bounds is not None and bounds[0] > bounds[1]:
                raise ValueError(f"{name} runs from {bounds[0]} down to {bounds[1]}")
            if bounds is not None and (bounds[1] - bounds[0]) // self.step > MOST_AMOUNTS:
                raise ValueError(f"{name} holds more than {MOST_AMOUNTS:,} amounts: give it a larger step")
            plain = bounds is not None and self.already is None
            if plain and any(compared(amount, self.keeps, self.limit) != kept for amount in bounds or ()):
                raise ValueError(f"{name} {bounds} is not {name} the limit {self.limit:g}")
        return self

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        if self._before(facts, slices) is None:
            return ()
        return [statement for statement in self._amounts(facts, self.within) if self.holds(facts, slices, statement)]

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        if self._before(facts, slices) is None:
            return ()
        bounds = self.within if self.beyond is None else self.beyond
        return [statement for statement in self._amounts(facts, bounds) if not self.holds(facts, slices, statement)]

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        before = self._before(facts, slices)
        return before is not None and compared(float(statement["amount"]) + before, self.keeps, self.limit)

    def words(self, statement: Statement) -> dict[str, str]:
        return {"amount": amount_words(float(statement["amount"]), self.unit)}

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        verdict = "keeps" if self.holds(facts, slices, statement) else "breaks"
        limit = amount_words(self.limit, self.unit)
        amount = amount_words(float(statement["amount"]), self.unit)
        if self.already is not None:
            amount += f" on top of {amount_words(self._before(facts, slices) or 0.0, self.unit)}"
        return f"{amount} {verdict} the limit of {limit} ({self._authority(facts)})."

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        return self._authority(facts)

    def fact(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        return f"{self.id} {self._authority(facts)} {statement['amount']} {slices.cut(self.by) if self.already else ''}"

    def measure_names(self) -> tuple[str, ...]:
        return () if self.already is None else (self.already,)

    def looks_in(self, measures: Mapping[str, Measure]) -> LooksIn:
        return super().looks_in(measures) if self.section is None else LooksIn()

    def _amounts(self, facts: LabFacts, bounds: tuple[int, int]) -> list[Statement]:
        if self.section is not None:
            facts.data.handbook.check_limit(self.section, self.limit, self.unit)
        return [{"amount": float(amount)} for amount in range(bounds[0], bounds[1] + 1, self.step)]

    def _before(self, facts: LabFacts, slices: Slices) -> float | None:
        """What counts towards the limit already; none where the data does not say."""
        if self.already is None:
            return 0.0
        return (
            facts.data.value(Figure(facts.measures[self.already], "plain", slices.cut(self.by), None).measure()) or 0.0
        )

    def _authority(self, facts: LabFacts) -> str:
        if self.section is None:
            return f"the brief: {self.keeps.replace('_', ' ')} {amount_words(self.limit, self.unit)}"
        return facts.data.handbook.cited(self.section)


def amount_words(amount: float, unit: str) -> str:
    """An amount with its unit: ``EUR 60``, ``15 %``, ``30 days``."""
    number = f"{amount:,.2f}".rstrip("0").rstrip(".")
    return f"€{number}" if unit == "EUR" else f"{number} {unit}"
