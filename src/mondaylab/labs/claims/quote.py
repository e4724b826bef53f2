"""A claim that quotes the handbook: true when the words stand in the section it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from mondaylab.labs.claims.claim import Said
from mondaylab.labs.claims.slots import Drawn
from mondaylab.labs.claims.template import Desk, Template

LENGTH = (6, 30)
"""Words of a sentence that is quoted."""
_NUMBER = re.compile(r"(?<![\d.,])(\d+)(?![\d.,]*\d)")
_MODALS = {"must": "may", "may": "must", "never": "usually", "always": "usually", "only": "also", "every": "some"}


class QuoteTemplate(Template):
    """A quotation."""

    known_operators: ClassVar[tuple[str, ...]] = ("misquoted_source",)
    own_words: ClassVar[tuple[str, ...]] = ("section", "quote")

    kind: Literal["quote"] = "quote"
    sections: tuple[str, ...] = Field(min_length=1)
    """Sections that may be quoted here."""
    operators: tuple[str, ...] = ("misquoted_source",)

    def sound(self, desk: Desk, drawn: Drawn) -> Sequence[Said]:
        # only sentences that could be misquoted too: or quoting one would tell that it is sound
        return [
            {"section": number, "quote": sentence}
            for number in self.sections
            for sentence in desk.ground.handbook.sentences(number)
            if _quotable(sentence)
        ]

    def wrong(self, desk: Desk, drawn: Drawn, operator: str) -> Sequence[Said]:
        said = [
            {**right, "quote": other} for right in self.sound(desk, drawn) for other in _altered(str(right["quote"]))
        ]
        return [one for one in said if not self.holds(desk, drawn, one)]

    def holds(self, desk: Desk, drawn: Drawn, said: Said) -> bool:
        return str(said["quote"]) in desk.ground.handbook.sentences(str(said["section"]))

    def words(self, said: Said) -> dict[str, str]:
        return {"section": str(said["section"]), "quote": str(said["quote"]).rstrip(".")}

    def why(self, desk: Desk, drawn: Drawn, said: Said, says: str | None) -> str:
        if says is None:
            return f"True: section {said['section']} says so word for word."
        return f"Section {said['section']} says: “{self._original(desk, said)}”"

    def query(self, desk: Desk, drawn: Drawn, said: Said) -> str:
        number = str(said["section"])
        return f"handbook {number}: {desk.ground.handbook.title(number)}"

    def fact(self, desk: Desk, drawn: Drawn, said: Said) -> str:
        return f"{self.query(desk, drawn, said)} {self._original(desk, said)}"

    def _original(self, desk: Desk, said: Said) -> str:
        sentences = desk.ground.handbook.sentences(str(said["section"]))
        return next(one for one in sentences if said["quote"] in (one, *_altered(one)))


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
