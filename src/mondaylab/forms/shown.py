"""What a learner gets of a form: text and opaque ids. No seed, measure, operator or truth has a field here."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from mondaylab.records import Record

Action = Literal["use", "verify", "fix", "escalate"]
Severity = Literal["minor", "material", "critical"]
ACTIONS: tuple[Action, ...] = ("use", "verify", "fix", "escalate")
SEVERITIES: tuple[Severity, ...] = ("minor", "material", "critical")


class Provenance(Record):
    """Where a draft came from; shown wherever the draft is shown."""

    source: Literal["live", "recorded", "simulated"]
    model: str | None = None
    """The model's name; none for a simulated draft."""
    recorded: str | None = None
    """ISO date of the recording, if it is one."""


class ShownClaim(Record):
    """One sentence of a draft that a learner judges."""

    claim_id: str
    text: str
    unit: str | None = None
    """Unit a corrected value is asked in (``EUR``, ``%``, ``points``, ``orders``); none: no number to correct."""


class DraftPart(Record):
    """A piece of a draft in reading order: connecting words, or a claim."""

    text: str | None = None
    claim_id: str | None = None


class ShownDraft(Record):
    """A whole AI output."""

    draft_id: str
    title: str
    audience: str
    """Who would receive it at work."""
    provenance: Provenance
    parts: tuple[DraftPart, ...]
    claims: tuple[ShownClaim, ...]
    missing: ShownClaim
    """The row "nothing material is missing", judged like a claim."""

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
    sample_data: bool
    """Whether the company is fictitious; said on every screen that shows the draft."""

    def rows(self) -> dict[str, ShownClaim]:
        """Every row a learner judges, by claim id, in reading order."""
        return {row.claim_id: row for draft in self.drafts for row in draft.rows()}
