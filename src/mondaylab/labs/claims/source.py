"""A claim that cites a handbook section: true when section and title exist and belong together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from mondaylab.labs.claims.claim import Statement
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts, Template


class SourceTemplate(Template):
    """A citation."""

    known_operators: ClassVar[tuple[str, ...]] = ("fabricated_source",)

    kind: Literal["source"] = "source"
    sections: tuple[str, ...] = Field(min_length=1)
    """Sections that may be cited here."""
    operators: tuple[str, ...] = ("fabricated_source",)

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        return [{"section": number, "title": facts.data.handbook.title(number)} for number in self.sections]

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        handbook = facts.data.handbook
        return [
            {"section": handbook.absent_section(number, choice), "title": handbook.title(number)}
            for number in self.sections
            for choice in range(4)
        ]

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        section = facts.data.handbook.sections.get(str(statement["section"]))
        return section is not None and section.title == statement["title"]

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        if says is None:
            return f"True: section {statement['section']} is headed “{statement['title']}”."
        real = facts.data.handbook.numbered(str(statement["title"]))
        return f"There is no section {statement['section']}; “{statement['title']}” is section {real}."

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        return f"handbook {facts.data.handbook.numbered(str(statement['title']))}: {statement['title']}"
