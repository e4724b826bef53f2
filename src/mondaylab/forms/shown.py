"""What a learner gets of a form: text and opaque ids. No seed, measure, operator or truth has a field here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from mondaylab.records import Record

Action = Literal["use", "verify", "fix", "escalate"]
Severity = Literal["minor", "material", "critical"]
ACTIONS: tuple[Action, ...] = ("use", "verify", "fix", "escalate")
SEVERITIES: tuple[Severity, ...] = ("minor", "material", "critical")
MEMO = "memo"
"""The format of a draft that says nothing else: running text."""
Tag = Literal[
    "p", "h3", "h4", "ul", "ol", "li", "blockquote", "pre", "strong", "em", "code", "br",
    "table", "caption", "thead", "tbody", "tr", "th", "td",
]  # fmt: skip
"""The elements of HTML that a draft is made of."""


class Provenance(Record):
    """Where a draft came from; shown wherever the draft is shown."""

    source: Literal["live", "recorded", "simulated"]
    model: str | None = None
    """The model's name, or the tool's; of a simulated draft that of the answer which it was made after, if it was."""
    recorded: str | None = None
    """ISO date of the answer, if there is one."""

    def words(self) -> str:
        """The same for a person; the panel says it likewise."""
        model = self.model or "an unnamed model"
        on = f" on {self.recorded}" if self.recorded else ""
        match self.source:
            case "live":
                return f"Written live by {model}"
            case "recorded":
                return f"Recorded from {model}{on}"
        return "Simulated draft" if self.model is None else f"Simulated after an answer of {model}{on}"


class LooksIn(Record):
    """Where a claim is checked: the same for a sound claim and for a flawed one, and never what is found there."""

    concept: str | None = None
    """The concept whose rows tell; none: the handbook."""
    field: str | None = None
    """The field whose figures tell, if a figure is judged."""


class ShownClaim(Record):
    """A span of a draft that a learner judges: a sentence, a part of one, or a cell."""

    claim_id: str
    text: str
    """As it stands in the draft."""
    judged_as: str | None = None
    """What of it is judged, in a sentence that stands alone; none: the text does."""
    unit: str | None = None
    """Unit a corrected value is asked in (``EUR``, ``%``, ``points``, ``orders``); none: no number to correct."""
    looks_in: LooksIn | None = None
    """Where *Check this* opens the look-up; none, as in forms of before: where it opens by itself."""


class DraftPart(Record):
    """A piece of a draft in reading order: connecting words, a claim, or an element with such pieces in it."""

    text: str | None = None
    claim_id: str | None = None
    tag: Tag | None = None
    parts: tuple[DraftPart, ...] = ()
    about: str | None = Field(None, exclude_if=lambda one: one is None)
    """The claim that is judged by these words, which stand outside it: whoever chooses the claim sees where they are.
    Left out where there is none, so that an older form is written down as it was."""

    def walk(self) -> Iterator[DraftPart]:
        """This piece and all within it, in reading order."""
        yield self
        for part in self.parts:
            yield from part.walk()


class Formatted(Record):
    """A draft in a format of its own; see `mondaylab.forms.formats`."""

    format: str = Field(MEMO, pattern=r"^[a-z][a-z0-9_]*$")
    layout: dict[str, str | tuple[str, ...]] = {}
    """What the format wants to know beside the text, such as the heads of a table."""

    def layout_texts(self) -> Iterator[str]:
        """Every text of the layout."""
        for value in self.layout.values():
            yield from (value,) if isinstance(value, str) else value

    @model_serializer(mode="wrap")
    def _memo_says_nothing(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Written down as drafts were before there were formats, so that old forms and new ones are equal."""
        told: dict[str, Any] = handler(self)
        if self.format == MEMO and not self.layout:
            return {name: value for name, value in told.items() if name not in Formatted.model_fields}
        return told


class ShownDraft(Formatted):
    """A whole AI output."""

    draft_id: str
    title: str
    audience: str
    """Who would receive it at work."""
    provenance: Provenance
    prompt: str | None = None
    """What the assistant was asked, if the draft tells; not the AI's words, and nothing to judge."""
    parts: tuple[DraftPart, ...]
    """What it says; pieces that are in no element follow one another in one line."""
    claims: tuple[ShownClaim, ...]
    missing: ShownClaim
    """The row "nothing material is missing", judged like a claim."""
    pictures: dict[str, str] = Field({}, exclude_if=lambda one: not one)
    """What its format draws, by what it was drawn from: added when a form is handed out, and never part of it."""

    def rows(self) -> tuple[ShownClaim, ...]:
        """All rows a learner judges: the claims, then the "nothing missing" row."""
        return (*self.claims, self.missing)


class FlawKind(Record):
    """A kind of flaw as a learner may call it."""

    id: str
    label: str


class FlawGroup(Record):
    """Kinds that lie close together."""

    id: str
    label: str
    kinds: tuple[FlawKind, ...]


class WarmUp(Record):
    """An ungraded claim that teaches the probability scale; its answer travels with it."""

    text: str
    flawed: bool
    why: str


class ShownQuestion(Record):
    """The evidence or validator task, in words."""

    text: str
    unit: str | None = None
    examples: tuple[dict[str, str | float | None], ...] = ()
    """Validator task: practice claims with the fields that the graded ones have, without their truth."""


class ShownSheet(Record):
    """What goes with a learner's own request to the assistant, as a company's tool adds it."""

    about: str
    """What it is about, in words: nothing that the form is about."""
    figures: tuple[str, ...]
    """The company's own, a line each."""
    handbook: str | None = None
    """The section that says what such a text must state, under its number and title."""

    def words(self) -> str:
        """All of it, as it is sent."""
        rules = () if self.handbook is None else ("", f"From our {self.handbook}")
        return "\n".join((f"Figures ({self.about}):", *self.figures, *rules))


class ShownForm(Record):
    """One learner's version of a lab, as the judgement service hands it out."""

    form_id: str
    lab: str
    title: str
    quarter: str
    snapshot: str
    attempt: int = Field(ge=1)
    drafts: tuple[ShownDraft, ...]
    groups: tuple[FlawGroup, ...]
    warm_up: tuple[WarmUp, ...] = ()
    evidence: ShownQuestion | None = None
    validator: ShownQuestion | None = None
    sheet: ShownSheet | None = Field(None, exclude_if=lambda one: one is None)
    """None in forms from before there was one, and where every subject would give some of the truth away. Left out
    then, so that a form from before is written down, and hashed, as it was."""
    sample_data: bool
    """Whether the company is fictitious; said on every screen that shows the draft."""

    def rows(self) -> dict[str, ShownClaim]:
        """Every row a learner judges, by claim id, in reading order."""
        return {row.claim_id: row for draft in self.drafts for row in draft.rows()}
