"""A recommendation under a limit, of the handbook or of the brief: true to the rule when it keeps within it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from mondaylab.labs.claims.claim import Said
from mondaylab.labs.claims.figures import Figure
from mondaylab.labs.claims.slots import Drawn
from mondaylab.labs.claims.template import Comparison, Desk, Template, compared

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

    def sound(self, desk: Desk, drawn: Drawn) -> Sequence[Said]:
        if self._before(desk, drawn) is None:
            return ()
        return [said for said in self._amounts(desk, self.within) if self.holds(desk, drawn, said)]

    def wrong(self, desk: Desk, drawn: Drawn, operator: str) -> Sequence[Said]:
        if self._before(desk, drawn) is None:
            return ()
        bounds = self.within if self.beyond is None else self.beyond
        return [said for said in self._amounts(desk, bounds) if not self.holds(desk, drawn, said)]

    def holds(self, desk: Desk, drawn: Drawn, said: Said) -> bool:
        before = self._before(desk, drawn)
        return before is not None and compared(float(said["amount"]) + before, self.keeps, self.limit)

    def words(self, said: Said) -> dict[str, str]:
        return {"amount": amount_words(float(said["amount"]), self.unit)}

    def why(self, desk: Desk, drawn: Drawn, said: Said, says: str | None) -> str:
        verdict = "keeps" if self.holds(desk, drawn, said) else "breaks"
        limit = amount_words(self.limit, self.unit)
        amount = amount_words(float(said["amount"]), self.unit)
        if self.already is not None:
            amount += f" on top of {amount_words(self._before(desk, drawn) or 0.0, self.unit)}"
        return f"{amount} {verdict} the limit of {limit} ({self._authority(desk)})."

    def query(self, desk: Desk, drawn: Drawn, said: Said) -> str:
        return self._authority(desk)

    def fact(self, desk: Desk, drawn: Drawn, said: Said) -> str:
        return f"{self.id} {self._authority(desk)} {said['amount']} {drawn.cut(self.by) if self.already else ''}"

    def measure_names(self) -> tuple[str, ...]:
        return () if self.already is None else (self.already,)

    def _amounts(self, desk: Desk, bounds: tuple[int, int]) -> list[Said]:
        if self.section is not None:
            desk.ground.handbook.check_limit(self.section, self.limit, self.unit)
        return [{"amount": float(amount)} for amount in range(bounds[0], bounds[1] + 1, self.step)]

    def _before(self, desk: Desk, drawn: Drawn) -> float | None:
        """What counts towards the limit already; none where the data does not say."""
        if self.already is None:
            return 0.0
        return (
            desk.ground.value(Figure(desk.measures[self.already], "plain", drawn.cut(self.by), None).measure()) or 0.0
        )

    def _authority(self, desk: Desk) -> str:
        if self.section is None:
            return f"the brief: {self.keeps.replace('_', ' ')} {amount_words(self.limit, self.unit)}"
        return f"handbook {self.section}: {desk.ground.handbook.title(self.section)}"


def amount_words(amount: float, unit: str) -> str:
    """An amount with its unit: ``EUR 60``, ``15 %``, ``30 days``."""
    number = f"{amount:,.2f}".rstrip("0").rstrip(".")
    return f"€{number}" if unit == "EUR" else f"{number} {unit}"
