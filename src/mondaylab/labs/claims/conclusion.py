"""A claim that states a figure and what follows from it by a section of the handbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from mondaylab.forms.shown import LooksIn
from mondaylab.labs.claims.claim import Statement
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts
from mondaylab.labs.claims.under_limit import UnderLimit
from mondaylab.labs.claims.wording import spelled
from mondaylab.measures import Measure
from mondaylab.records import content_hash


class ConclusionTemplate(UnderLimit):
    """A figure, always the right one, and what follows from it: true when the figure lies on that side of the limit.

    The sentence need not give the limit: whoever judges it looks it up in the section.
    """

    known_operators: ClassVar[tuple[str, ...]] = ("unsupported_conclusion",)
    own_words: ClassVar[tuple[str, ...]] = ("value", "conclusion", "section")

    kind: Literal["conclusion"] = "conclusion"
    section: str = Field(min_length=1)
    """Handbook section that states the limit, and what follows from it: nothing follows from a brief alone."""
    yes: str = Field(min_length=2)
    """Words for ``{conclusion}`` where the figure keeps the limit, such as *the region is taken up with its lead*."""
    no: str = Field(min_length=2)
    """Words where it does not."""
    operators: tuple[str, ...] = ("unsupported_conclusion",)

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        if self.yes == self.no:
            raise ValueError("yes and no are the same words")
        return self

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        return self._stated(facts, slices, right=True)

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        return self._stated(facts, slices, right=False)

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        value, kept = self.value(facts, slices), self.kept(facts, slices)
        if value is None or kept is None:
            return False
        same = abs(float(statement["value"]) - self.display.shown(value)) <= self.display.step / 2
        return same and kept == statement["kept"]

    def direction(self, statement: Statement) -> bool | None:
        return bool(statement["kept"])

    def looks_in(self, measures: Mapping[str, Measure]) -> LooksIn:
        return LooksIn()  # the figure is always right: what follows from it stands in the section

    def words(self, statement: Statement) -> dict[str, str]:
        return {
            "value": spelled(float(statement["value"]), self.display),
            "conclusion": self.yes if statement["kept"] else self.no,
            "section": str(self.section),
        }

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        follows = self.yes if self.kept(facts, slices) else self.no
        found = f"{self.found(facts, slices)} (section {self.section}), so that {follows}"
        return f"True: {found}." if says is None else f"{found[0].upper()}{found[1:]}: {says}."

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        return self.proof(facts, slices)

    def fact(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        """The figure's own: it stands here for everybody to read, so no other claim of the form may be about it."""
        return content_hash(self.cut_measure(facts, slices).model_dump(mode="json"))

    def _stated(self, facts: LabFacts, slices: Slices, *, right: bool) -> Sequence[Statement]:
        value, kept = self.value(facts, slices), self.kept(facts, slices)
        if value is None or kept is None or value < 0:  # a figure has no word for its sign
            return ()
        return ({"value": self.display.shown(value), "kept": kept == right},)
