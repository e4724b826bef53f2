"""What a model is asked: one draft's facts about drawn slices, as a table, and the bounded form of its answer."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from mondaylab.errors import Refused
from mondaylab.labs.claims.number import NumberTemplate
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import Template
from mondaylab.labs.sources.declaration import DraftTemplate
from mondaylab.labs.writer import ClaimWriter
from mondaylab.records import Record, content_hash

LONGEST = 240
"""Characters of one sentence."""
_ASK = """You write short business texts from a table of facts. Write exactly one plain English sentence for each row.
A sentence names everything in the column "about", uses the words in the column "words", and gives the value exactly as
it is spelled. Where the column "direction" has a word, use that word. Say nothing else: no other number, no opinion, no
reason, no link. Answer with JSON: {"sentences": [{"claim": id, "text": sentence, "value": number}]}, with one entry for
each row. "value" is the number in the sentence, without its unit."""
_WORD = re.compile(r"[^\W\d_]+")
NEUTRAL = frozenset(
    _WORD.findall(
        "a an the of in on at for to with by and this that it its was were is are be been had has have did came come "
        "amounted stood reached recorded we our you your they their there during"
    )
)
"""Words that say nothing about a figure: with the lab's own words, all that a sentence may hold."""


class AskedFact(Record):
    """One row of the table: a figure claim about drawn slices, and its true value."""

    claim: str
    """Id of the figure template."""
    slots: dict[str, str]
    """The slices, as `Drawn.slots`."""
    about: tuple[str, ...]
    """What a sentence must name: the cut's slot words, and the week where the judged sentence says it."""
    words: tuple[str, ...]
    """The telling words of the judged sentence: they say what is measured."""
    value: str
    """The true value as spelled, with its unit."""
    direction: str | None = None
    """``rose`` or ``fell``, for a change."""


class Asked(Record):
    """One request: everything that it depends on but the model."""

    lab: str
    company: str
    quarter: str
    snapshot: str
    declaration: str
    """SHA-256 of the lab's declaration: a changed lab asks again."""
    draft: str
    """Id of the draft template."""
    number: int
    """Which of the drafts of that template, from 1."""
    title: str
    audience: str
    week: date
    subject: dict[str, str]
    """What the whole draft is about, as `Drawn.slots`."""
    facts: tuple[AskedFact, ...]

    def messages(self) -> list[dict[str, str]]:
        """The prompt. It holds facts only: no operator, no key, nothing that a form keeps to itself."""
        rows = ["claim | about | words | value | direction"]
        rows += [
            " | ".join((fact.claim, ", ".join(fact.about), ", ".join(fact.words), fact.value, fact.direction or "-"))
            for fact in self.facts
        ]
        told = f"Text: {self.title}\nReader: {self.audience}\n\n" + "\n".join(rows)
        return [{"role": "system", "content": _ASK}, {"role": "user", "content": told}]

    def answer_schema(self) -> dict[str, Any]:
        """The JSON schema of the answer; every string and list in it is bounded."""
        sentence = {
            "type": "object",
            "additionalProperties": False,
            "required": ["claim", "text", "value"],
            "properties": {
                "claim": {"type": "string", "enum": [fact.claim for fact in self.facts]},
                "text": {"type": "string", "maxLength": LONGEST},
                "value": {"type": "number"},
            },
        }
        rows = len(self.facts)
        return {
            "type": "object",
            "additionalProperties": False,
            "required": ["sentences"],
            "properties": {"sentences": {"type": "array", "minItems": 1, "maxItems": rows, "items": sentence}},
        }

    def key(self, model: str) -> str:
        """SHA-256 of model, prompt, schema and facts: under this the answer is kept."""
        return content_hash([model, self.messages(), self.answer_schema(), self.model_dump(mode="json")])


def telling_words(sentence: str) -> tuple[str, ...]:
    """The words of a sentence that say what is measured: without placeholders and words that say nothing."""
    words = _WORD.findall(re.sub(r"\{\w+\}", " ", sentence).lower())
    return tuple(dict.fromkeys(word for word in words if word not in NEUTRAL))


def to_name(template: Template, draft: DraftTemplate, slices: Slices, *, own: set[str]) -> tuple[str, ...]:
    """The slot words that a sentence must hold.

    Args:
        template: What it states.
        draft: Where it stands; what the whole draft is about its title says.
        slices: The slices.
        own: Names that slots of the draft's subject give.
    """
    words = slices.words()
    named = [words[slot] for field, slot in template.by.items() if field != "period" and slot not in own]
    if "period" in template.by and "{week}" in template.judged_as:
        named.append(words["week"])
    return tuple(dict.fromkeys(named))


def figure_of(writer: ClaimWriter, claim: str) -> NumberTemplate:
    """The figure template that a request named.

    Raises:
        Refused: The lab has no such figure.
    """
    template = next((one for one in writer.lab.claims if one.id == claim), None)
    if not isinstance(template, NumberTemplate):
        raise Refused(f"{claim!r} is no figure of this lab", where=writer.lab.title)
    return template
