"""A claim that cites a handbook section: true when section and title exist and belong together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from mondaylab.labs.claims.claim import Said
from mondaylab.labs.claims.slots import Drawn
from mondaylab.labs.claims.template import Desk, Template


class SourceTemplate(Template):
    """A citation."""

    known_operators: ClassVar[tuple[str, ...]] = ("fabricated_source",)
    own_words: ClassVar[tuple[str, ...]] = ("section", "title")

    kind: Literal["source"] = "source"
    sections: tuple[str, ...] = Field(min_length=1)
    """Sections that may be cited here."""
    operators: tuple[str, ...] = ("fabricated_source",)

    def sound(self, desk: Desk, drawn: Drawn) -> Sequence[Said]:
        return [{"section": number, "title": desk.ground.handbook.title(number)} for number in self.sections]

    def wrong(self, desk: Desk, drawn: Drawn, operator: str) -> Sequence[Said]:
        handbook = desk.ground.handbook
        return [
            {"section": handbook.absent_section(number, choice), "title": handbook.title(number)}
            for number in self.sections
            for choice in range(4)
        ]

    def holds(self, desk: Desk, drawn: Drawn, said: Said) -> bool:
        section = desk.ground.handbook.sections.get(str(said["section"]))
        return section is not None and section.title == said["title"]

    def why(self, desk: Desk, drawn: Drawn, said: Said, says: str | None) -> str:
        if says is None:
            return f"True: section {said['section']} is headed “{said['title']}”."
        real = desk.ground.handbook.numbered(str(said["title"]))
        return f"There is no section {said['section']}; “{said['title']}” is section {real}."

    def query(self, desk: Desk, drawn: Drawn, said: Said) -> str:
        return f"handbook {desk.ground.handbook.numbered(str(said['title']))}: {said['title']}"
