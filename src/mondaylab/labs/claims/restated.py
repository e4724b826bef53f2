"""A claim that gives a figure of its draft a second time: true when it agrees with the data; the first may not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Literal, Self

from pydantic import PrivateAttr

from mondaylab.errors import Refused
from mondaylab.labs.claims.claim import Numbers, Statement
from mondaylab.labs.claims.figure import SEPARATION, FigureTemplate
from mondaylab.labs.claims.number import NumberTemplate
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.smallest_group import SmallestGroup
from mondaylab.labs.claims.template import LabFacts, Template
from mondaylab.measures import Measure
from mondaylab.measures.needs import Needs
from mondaylab.records import content_hash

_SLIP_OF_THE_PEN = "wrong_scale"
"""Beside the figure itself nobody would believe ten times as much."""


class RestatedTemplate(NumberTemplate):
    """A figure of the same draft, given again, such as in its last sentence or rounded.

    It is about the slices of the figure that it restates, and stands in no form without it. Where both are flawed they
    state different values, so that a wrong one always contradicts the other.
    """

    known_operators: ClassVar[tuple[str, ...]] = ("contradicts_itself",)
    own_words: ClassVar[tuple[str, ...]] = FigureTemplate.own_words

    kind: Literal["restated"] = "restated"
    of: str
    """Id of the figure, of the same draft: measure, view and cut are that one's."""
    operators: tuple[str, ...] = ("contradicts_itself",)
    _first: FigureTemplate | None = PrivateAttr(None)

    def bound(self, claims: Mapping[str, Template]) -> Self:
        first = claims.get(self.of)
        if not isinstance(first, FigureTemplate):
            return self
        made = self.model_copy(update={"by": first.by})
        made._first = first
        return made

    @property
    def restates(self) -> str:
        return self.of

    @property
    def changes(self) -> bool:
        return self._again.changes

    @property
    def smallest_group(self) -> SmallestGroup | None:
        return self._again.smallest_group

    def binding_problems(self, claims: Mapping[str, Template]) -> Iterable[str]:
        first = claims.get(self.of)
        if first is None or first.draft != self.draft:
            yield f"{self.of!r} is no claim of draft {self.draft!r}"
        elif not isinstance(first, FigureTemplate) or first.view == "rank":
            yield f"{self.of!r} is no figure that could be given again"
        elif not set(first.operators) - {_SLIP_OF_THE_PEN, "wrong_member"}:
            yield f"{self.of!r} has no flaw that would give another value"
        elif first.optional or self.optional:
            yield f"it stands and goes with {self.of!r}: neither may be optional"

    def truth(self, facts: LabFacts, slices: Slices) -> float | None:
        return self._again.truth(facts, slices)

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        return self._again.sound(facts, slices) if self._figure.sound(facts, slices) else ()

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        truth = self.truth(facts, slices)
        if truth is None or not self.sound(facts, slices):
            return ()
        seeded = [name for name in self._figure.operators if name != _SLIP_OF_THE_PEN]
        made = [one for name in seeded for one in self._again.wrong(facts, slices, name)]
        return [one for one in made if self._apart(float(one["value"]), truth)]

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        return self._again.holds(facts, slices, statement)

    def repeats(self, statement: Statement, first: Statement) -> bool:
        """Whether it says what the first one does, as exactly as both are shown."""
        shown = float(first["value"]) / self._figure.display.scale * self.display.scale
        return not self._apart(float(statement["value"]), shown)

    def words(self, statement: Statement) -> dict[str, str]:
        return self._again.words(statement)

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        return self._again.why(facts, slices, statement, says)

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        return self._again.query(facts, slices, statement)

    def fact(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        """Not the first one's: both stand in one form."""
        return content_hash(f"again {self._figure.fact(facts, slices, statement)}")

    def numbers(self, facts: LabFacts, slices: Slices, statement: Statement) -> Numbers | None:
        return self._again.numbers(facts, slices, statement)

    def measure_names(self) -> tuple[str, ...]:
        return () if self._first is None else self._first.measure_names()

    def needs(self, measures: Mapping[str, Measure]) -> Needs:
        return self._figure.needs(measures)

    @property
    def _figure(self) -> FigureTemplate:
        if self._first is None:
            raise Refused(f"{self.of!r} is no figure that could be given again", where=f"claim {self.id}")
        return self._first

    @property
    def _again(self) -> FigureTemplate:
        """The figure as it is shown here, whatever slices the first one likes best."""
        return self._figure.model_copy(update={"id": self.id, "display": self.display, "pick": None})

    def _apart(self, value: float, other: float) -> bool:
        """Whether two values differ by more than either place could round away."""
        first = self._figure.display
        step = max(self.display.step, first.step / first.scale * self.display.scale)
        return abs(value - other) > SEPARATION * step / 2
