"""A claim that quotes the handbook: true when the words stand in the section it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from mondaylab.labs.claims.claim import Statement
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts, Template

LENGTH = (6, 30)
"""Words of a sentence that is quoted."""
_NUMBER = re.compile(r"(?<![\d.,])(\d+)(?![\d.,]*\d)")
_MODALS = {"must": "may", "may": "must", "never": "usually", "always": "usually", "only": "also", "every": "some"}


class QuoteTemplate(Template):
    """A quotation."""

    known_operators: ClassVar[tuple[str, ...]] = ("misquoted_source",)

    kind: Literal["quote"] = "quote"
    sections: tuple[str, ...] = Field(min_length=1)
    """Sections that may be quoted here."""
    operators: tuple[str, ...] = ("misquoted_source",)

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        # only sentences that could be misquoted too: or quoting one would tell that it is sound
        return [
            {"section": number, "quote": sentence}
            for number in self.sections
            for sentence in facts.data.handbook.sentences(number)
            if _quotable(sentence)
        ]

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        statement = [
            {**right, "quote": other} for right in self.sound(facts, slices) for other in _altered(str(right["quote"]))
        ]
        return [one for one in statement if not self.holds(facts, slices, one)]

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        return str(statement["quote"]) in facts.data.handbook.sentences(str(statement["section"]))

    def words(self, statement: Statement) -> dict[str, str]:
        return {"section": str(statement["section"]), "quote": str(statement["quote"]).rstrip(".")}

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        if says is None:
            return f"True: section {statement['section']} says so word for word."
        return f"Section {statement['section']} says: “{self._original(facts, statement)}”"

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        number = str(statement["section"])
        return f"handbook {number}: {facts.data.handbook.title(number)}"

    def fact(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        return f"{self.query(facts, slices, statement)} {self._original(facts, statement)}"

    def _original(self, facts: LabFacts, statement: Statement) -> str:
        sentences = facts.data.handbook.sentences(str(statement["section"]))
        return next(one for one in sentences if statement["quote"] in (one, *_altered(one)))


def _quotable(sentence: str) -> bool:
    return LENGTH[0] <= len(sentence.split()) <= LENGTH[1] and any(True for _ in _altered(sentence))


def _altered(sentence: str) -> Iterator[str]:
    """The sentence with another number, or with a duty turned into a choice and the other way round."""
    for found in _NUMBER.finditer(sentence):
        for factor in (2, 3):
            yield f"{sentence[: found.start()]}{int(found[1]) * factor}{sentence[found.end() :]}"
    for word, other in _MODALS.items():
        changed = re.sub(rf"\b{word}\b", other, sentence, count=1)
        if changed != sentence:
            yield changed
