"""A claim about what a record says: a date, a name, a status; true when the record says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal, Self

import pandas as pd
from pydantic import model_validator

from mondaylab.labs.claims.claim import Statement
from mondaylab.labs.claims.slots import Slices, frame_with, place_of, said_as
from mondaylab.labs.claims.template import LabFacts, Template
from mondaylab.measures import Measure
from mondaylab.measures.needs import Needs, together

NEIGHBOURS = 8
"""How many other records a mixed-up value may come from."""


class AttributeTemplate(Template):
    """A field of one drawn record, in words."""

    known_operators: ClassVar[tuple[str, ...]] = ("mixed_up_record", "fabricated_entity", "policy_misread")
    own_words: ClassVar[tuple[str, ...]] = ("value",)

    kind: Literal["attribute"] = "attribute"
    entity: str
    record: str
    """Slot of the record."""
    field: str
    instead: tuple[str, ...] = ()
    """Other fields of the same record whose value may be taken for it."""
    says: dict[str, str] = {}
    """Value -> how a sentence puts it, such as ``refund = "you get your money back"``. A record with any other value is
    left alone, and a flaw says another of these."""
    section: str | None = None
    """Handbook section that the value follows from, for feedback."""
    operators: tuple[str, ...] = ("mixed_up_record",)

    @model_validator(mode="after")
    def _words_fit(self) -> Self:
        if len(self.says) == 1 or len(set(self.says.values())) < len(self.says):
            raise ValueError("'says' needs two values or more, each with words of its own")
        if self.says and (self.instead or "fabricated_entity" in self.operators):
            raise ValueError("with 'says' a flaw is another of its values: leave out 'instead' and 'fabricated_entity'")
        if "policy_misread" in self.operators and not (self.says and self.section):
            raise ValueError("'policy_misread' needs 'says' and the 'section' that the value follows from")
        return self

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        value = self._value(facts, slices, self.field)
        return () if value is None else ({"value": value},)

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        truth = self._value(facts, slices, self.field)
        if truth is None:
            return ()
        if self.says:
            return [{"value": value} for value in self.says if value != truth]
        values = self._invented(facts, truth) if operator == "fabricated_entity" else self._neighbours(facts, slices)
        return [{"value": value} for value in dict.fromkeys(values) if value != truth]

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        return self._value(facts, slices, self.field) == statement["value"]

    def words(self, statement: Statement) -> dict[str, str]:
        value = str(statement["value"])
        return {"value": self.says.get(value, value)}

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        truth = self._told(self._value(facts, slices, self.field))
        if says is None:
            return f"True: the record says {truth}."
        return f"The record says {truth}, not {self._told(statement['value'])}: {says}."

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        found = f"{self.entity} {slices.slots[self.record]}: {self.field} = {self._value(facts, slices, self.field)}"
        if self.section is None:
            return found
        return f"{found}; handbook {self.section}: {facts.data.handbook.title(self.section)}"

    def slot_names(self) -> tuple[str, ...]:
        return (*super().slot_names(), self.record)

    def needs(self, measures: Mapping[str, Measure]) -> Needs:
        return together(super().needs(measures), {self.entity: {self.field, *self.instead}})

    def _row(self, facts: LabFacts, slices: Slices) -> tuple[pd.DataFrame, int]:
        fields = {self.field, *self.instead}
        frame = frame_with(facts.data.catalog, self.entity, fields, whose="a claim about a record")
        return frame, place_of(facts.data.catalog, self.entity, slices.slots[self.record])

    def _value(self, facts: LabFacts, slices: Slices, field: str) -> str | None:
        frame, place = self._row(facts, slices)
        value = frame[field].array[place]
        said = None if pd.isna(value) else said_as(value)
        return None if self.says and said not in self.says else said

    def _told(self, value: object) -> str:
        """A value for feedback: as the table has it, and as the sentence put it."""
        return f"{value} (“{self.says[str(value)]}”)" if str(value) in self.says else str(value)

    def _neighbours(self, facts: LabFacts, slices: Slices) -> list[str]:
        """Values of like fields of this record, then of the records around it."""
        frame, place = self._row(facts, slices)
        own = [frame[field].iloc[place] for field in self.instead]
        around = [frame[self.field].iloc[(place + step) % len(frame)] for step in range(1, NEIGHBOURS + 1)]
        return [said_as(value) for value in own or around if not pd.isna(value)]

    def _invented(self, facts: LabFacts, truth: str) -> list[str]:
        """Names that look like the real ones and that nothing has: two halves of real ones."""
        members = facts.data.catalog.members(self.entity, self.field)
        place = members.index(truth) if truth in members else 0
        others = (members[(place + 3 * step) % len(members)] for step in range(1, NEIGHBOURS + 1))
        made = (f"{truth[: len(truth) // 2]}{other[len(other) // 2 :]}" for other in others)
        return [name for name in made if name not in set(members)]
