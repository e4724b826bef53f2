"""An answer with all that is needed to read it: the lab's words, what it is about, where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from mondaylab.errors import Refused
from mondaylab.labs.binding.binder import bind, plain_text
from mondaylab.labs.binding.claims import BoundText
from mondaylab.labs.binding.lexicon import Lexicon
from mondaylab.labs.binding.marks import Mark, marks
from mondaylab.labs.claims.connecting import check_connecting
from mondaylab.labs.claims.slots import Slices, names_in
from mondaylab.labs.claims.text_claim import About
from mondaylab.labs.sources.asking import Asking, TextRequest
from mondaylab.labs.sources.references import there_are
from mondaylab.labs.writer import ClaimWriter
from mondaylab.records import Record


class Origin(Record):
    """Where an answer comes from."""

    model: str
    """The model's name, or that the tool does not state it."""
    tool: str | None = None
    """The product that it came from, if it was no bare model."""
    answered: date
    prompt: str
    """What was asked, the subject's words in braces."""


@dataclass(frozen=True)
class Answered:
    """An answer to one request.

    Attributes:
        writer: Of the lab on the snapshot that the answer is about.
        asking: What the lab's measures are called.
        request: What was asked.
        draft: Id of the draft that it becomes a version of.
        quarter: Of the snapshot.
        subject: What it is about.
        text: Its words, as they came.
        origin: Where it comes from.
        given: The figures that its writer was given; none of a pasted one.
    """

    writer: ClaimWriter
    asking: Asking
    request: TextRequest
    draft: str
    quarter: str
    subject: Slices
    text: str
    origin: Origin
    given: tuple[About, ...] = ()

    def of_draft(self, draft: str | None) -> Answered:
        """The same as a version of another draft; of its request's where none is named.

        Raises:
            Refused: The lab has no such draft.
        """
        drafts = [one.id for one in self.writer.lab.drafts]
        if draft is not None and draft not in drafts:
            raise Refused(f"no draft {draft!r} ({there_are(drafts)})", where="--draft")
        return self if draft is None else replace(self, draft=draft)

    @cached_property
    def lexicon(self) -> Lexicon:
        """What its words mean."""
        return Lexicon.of(self.writer, self.asking, self.request, self.subject)

    @cached_property
    def bound(self) -> BoundText:
        """What it claims, by its words."""
        return bind(self.text, self.lexicon)

    @cached_property
    def plain(self) -> str:
        """The text without the signs of markup, as long as it."""
        return plain_text(self.text)

    @cached_property
    def marks(self) -> tuple[tuple[Mark, ...], ...]:
        """The marks of each sentence."""
        found: list[tuple[Mark, ...]] = []
        numbers = 0
        for one in self.bound.sentences:
            found.append(tuple(marks(self.plain, one.start, one.end, self.lexicon, numbers)))
            numbers += sum(mark.what == "number" for mark in found[-1])
        return tuple(found)

    @cached_property
    def fields(self) -> dict[str, str]:
        """Slot of the subject -> the field whose member it is."""
        slots = self.writer.lab.slots
        return {
            name: of.partition(".")[2]
            for name in self.subject.slots
            if name in slots and (of := slots[name].field) is not None
        }

    def slot_of(self, field: str, member: str) -> str | None:
        """The slot of the subject that a member fills; none of another one."""
        found = (name for name, of in self.fields.items() if of == field and self.subject.slots[name] == member)
        return next(found, None)

    @cached_property
    def names(self) -> frozenset[str]:
        """What claims of the lab can be about, such as regions and carriers."""
        return names_in(self.writer.lab.slots, self.writer.data.catalog)

    def states(self, words: str) -> str | None:
        """What words that belong to no claim state all the same; none where they state nothing.

        Args:
            words: As the answer has them.
        """
        try:
            check_connecting(words, self.subject.words().values(), self.names, where="")
        except Refused as error:
            return error.what.partition(": ")[0]
        return None

    def shown(self, start: int, end: int) -> str:
        """Words of the answer on one line."""
        return " ".join(self.text[start:end].split())


def within(found: Sequence[Mark], start: int, end: int) -> list[Mark]:
    """The marks between two places."""
    return [one for one in found if start <= one.start and one.end <= end]
