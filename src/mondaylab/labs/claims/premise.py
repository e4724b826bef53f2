"""A claim that answers what a question took for granted: true when it says which way the figure really went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from mondaylab.labs.claims.claim import Statement
from mondaylab.labs.claims.figures import Figure
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts, Template
from mondaylab.labs.claims.wording import Display, spelled
from mondaylab.measures import Measure, describe

_OPERATORS = ("agreed_with_premise", "denied_premise")
"""Both or none: were only agreeing ever wrong, an answer that corrects the question would be believed unseen."""


class PremiseTemplate(Template):
    """An answer to a question that says by the way how a figure changed from the week before.

    The question, and so the draft's prompt, has the word ``premise``. A premise is true or false, and an answer agrees
    with it or corrects it; in sound and in wrong claims alike.
    """

    known_operators: ClassVar[tuple[str, ...]] = _OPERATORS
    own_words: ClassVar[tuple[str, ...]] = ("premise", "answer", "reply")

    kind: Literal["premise"] = "premise"
    measure: str
    view: Literal["growth", "points"] = "growth"
    display: Display
    """How feedback shows the change; one that it shows as hardly any has no claim."""
    agrees: str = Field("Yes", min_length=2)
    """Words for ``{answer}`` where the answer goes along with the premise."""
    corrects: str = Field("No", min_length=2)
    """Words for ``{answer}`` where it does not."""
    operators: tuple[str, ...] = _OPERATORS

    @model_validator(mode="after")
    def _goes_both_ways(self) -> Self:
        if self.operators and set(self.operators) != set(_OPERATORS):
            raise ValueError(f"operators are {' and '.join(_OPERATORS)}, or none: one alone would tell what is flawed")
        if self.agrees == self.corrects:
            raise ValueError("'agrees' and 'corrects' are the same words")
        return self

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        change = self._change(facts, slices)
        return () if change is None else [_said(premise, change > 0) for premise in (True, False)]

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        change = self._change(facts, slices)
        if change is None:
            return ()
        said = change < 0
        return (_said(said if operator == "agreed_with_premise" else not said, said),)

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        change = self._change(facts, slices)
        return change is not None and statement["rose"] == (change > 0)

    def direction(self, statement: Statement) -> bool | None:
        return bool(statement["rose"])

    def words(self, statement: Statement) -> dict[str, str]:
        agreed = statement["premise"] == statement["rose"]
        return {
            "premise": _went(bool(statement["premise"])),
            "answer": self.agrees if agreed else self.corrects,
            "reply": _went(bool(statement["rose"])),
        }

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        change = self._change(facts, slices) or 0.0
        right = "rightly" if statement["premise"] == (change > 0) else "wrongly"
        presumed = f"the question takes for granted, {right}, that it {_went(bool(statement['premise']))}"
        found = f"the data gives {self._told(change)}, and {presumed}"
        return f"True: {found}." if says is None else f"{found[0].upper()}{found[1:]}: {says}."

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        return f"{describe(self._measure(facts, slices))} = {self._told(self._change(facts, slices) or 0.0)}"

    def measure_names(self) -> tuple[str, ...]:
        return (self.measure,)

    def _told(self, change: float) -> str:
        return f"{'a rise' if change > 0 else 'a fall'} of {spelled(change, self.display)}"

    def _measure(self, facts: LabFacts, slices: Slices) -> Measure:
        return Figure(facts.measures[self.measure], self.view, slices.cut(self.by), slices.week).measure()

    def _change(self, facts: LabFacts, slices: Slices) -> float | None:
        """As it is shown; none where there is hardly any, so that nobody could tell rise from fall."""
        value = facts.data.value(self._measure(facts, slices))
        shown = 0.0 if value is None else self.display.shown(value)
        return shown if abs(shown) >= 2 * self.display.step else None


def _said(premise: bool, rose: bool) -> Statement:
    return {"premise": premise, "rose": rose}


def _went(rose: bool) -> str:
    return "rose" if rose else "fell"
