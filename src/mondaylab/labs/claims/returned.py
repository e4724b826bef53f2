"""A claim on what a tool returned: true when the transcript shows that figure under that name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from mondaylab.forms.shown import LooksIn
from mondaylab.labs.claims.claim import Numbers, Statement
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts, Template
from mondaylab.labs.claims.wording import Display, spelled
from mondaylab.measures import Measure
from mondaylab.measures.needs import Needs

_APART = 2
"""Displayed steps that two of the figures differ by, or one could pass for the other."""


class ReturnedTemplate(Template):
    """One of several figures that a tool returned about the draft's record, under the name of one of them.

    Wrong claims give it the figure of another: each name and each figure stands in sound and in wrong ones as often.
    Where one is mostly the larger, name and size together tell something; all of them stand in the transcript.
    """

    known_operators: ClassVar[tuple[str, ...]] = ("misreported_result",)
    own_words: ClassVar[tuple[str, ...]] = ("label", "value")

    kind: Literal["returned"] = "returned"
    entity: str
    """Concept of the record, whose table *Check this* opens."""
    figures: dict[str, str] = Field(min_length=2)
    """Word of the record's slot, as the transcript shows it -> what the sentence calls it."""
    display: Display
    operators: tuple[str, ...] = ("misreported_result",)

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if len({*self.figures.values()}) < len(self.figures):
            raise ValueError("two figures are called the same")
        return self

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        return [{"figure": name, "value": value} for name, value in self._shown(slices).items()]

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        shown = self._shown(slices)
        return [{"figure": name, "value": shown[other]} for name, other in permutations(shown, 2)]

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        return self._shown(slices).get(str(statement["figure"])) == statement["value"]

    def words(self, statement: Statement) -> dict[str, str]:
        value = spelled(float(statement["value"]), self.display)
        return {"label": self.figures[str(statement["figure"])], "value": value}

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        value = spelled(self._shown(slices)[str(statement["figure"])], self.display)
        found = f"the tool returned {value} as {self.figures[str(statement['figure'])]}"
        return f"True: {found}." if says is None else f"{found[0].upper()}{found[1:]}: {says}."

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        name = str(statement["figure"])
        about = ", ".join(slices.cut(self.by).values())
        return f"the transcript, {self.entity} {about}: {self.figures[name]} = {slices.slots[name]}"

    def numbers(self, facts: LabFacts, slices: Slices, statement: Statement) -> Numbers | None:
        truth = self._shown(slices)[str(statement["figure"])]
        return Numbers(float(statement["value"]), truth, self.display.unit, self.display.step / 2)

    def slot_names(self) -> tuple[str, ...]:
        return (*super().slot_names(), *self.figures)

    def needs(self, measures: Mapping[str, Measure]) -> Needs:
        return {self.entity: set(self.by)}

    def looks_in(self, measures: Mapping[str, Measure]) -> LooksIn:
        return LooksIn(concept=self.entity)

    def _shown(self, slices: Slices) -> dict[str, float]:
        """The figures as the transcript shows them, in displayed units; none where two are as good as the same."""
        try:
            shown = {name: self.display.shown(float(slices.slots[name])) for name in self.figures}
        except ValueError:  # what a tool returned there is no number
            return {}
        apart = _APART * self.display.step
        near = any(abs(shown[one] - shown[other]) <= apart for one, other in permutations(shown, 2))
        return {} if near or min(shown.values()) < 0 else shown
