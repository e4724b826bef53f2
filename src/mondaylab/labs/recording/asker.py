"""Asking: which facts about which slices a model is asked to word, drawn like those of a form."""

from __future__ import annotations

from collections.abc import Iterator

from mondaylab.labs.claims.claim import Claim
from mondaylab.labs.claims.number import NumberTemplate
from mondaylab.labs.claims.slots import Slices, slot_words
from mondaylab.labs.claims.wording import phrase
from mondaylab.labs.drawing.drawer import Drawer
from mondaylab.labs.drawing.plan import Plan
from mondaylab.labs.recorded.asked import Asked, AskedFact, telling_words, to_name
from mondaylab.labs.sources.declaration import DraftTemplate
from mondaylab.labs.writer import ClaimWriter


class Asker:
    """Draws what one lab asks a model for.

    Args:
        writer: The lab's claim writer on its snapshot.
        names: Lab, company, quarter and snapshot id, as `Asked` has them.
    """

    def __init__(self, writer: ClaimWriter, **names: str) -> None:
        self.writer = writer
        self._names = names
        self._declaration = writer.lab.asked_hash

    def ask(self, draft: DraftTemplate, number: int, drawer: Drawer) -> Asked | None:
        """One request; none when the draft has no figure that a model could word.

        Args:
            draft: The template.
            number: From 1.
            drawer: Of this draft and number alone, so that the same number always asks the same.
        """
        claims = (claim for claim in self.writer.lab.claims if claim.draft == draft.id)
        templates = tuple(claim for claim in claims if isinstance(claim, NumberTemplate) and claim.recordable)
        week = drawer.rng.choice(self.writer.data.weeks[1:])
        subject = drawer.subject(draft, Plan(templates, {}, {}, {}), [week])
        facts = tuple(self._facts(templates, draft, subject, drawer))
        if not facts:
            return None
        return Asked(
            **self._names,
            declaration=self._declaration,
            draft=draft.id,
            number=number,
            title=phrase(draft.title, subject.words(), where=f"draft {draft.id}"),
            audience=draft.audience,
            week=week,
            subject=dict(subject.slots),
            facts=facts,
        )

    def _facts(
        self, templates: tuple[NumberTemplate, ...], draft: DraftTemplate, subject: Slices, drawer: Drawer
    ) -> Iterator[AskedFact]:
        own = slot_words({name: self.writer.lab.slots[name] for name in draft.about})
        for template in templates:
            found = self._drawn(template, subject, drawer)
            if found is None:
                continue
            slices, claim = found
            yield AskedFact(
                claim=template.id,
                slots=dict(slices.slots),
                about=to_name(template, draft, slices, own=own),
                words=telling_words(template.judged_as),
                value=claim.words["value"],
                direction=claim.words["direction"] if template.changes else None,
            )

    def _drawn(self, template: NumberTemplate, subject: Slices, drawer: Drawer) -> tuple[Slices, Claim] | None:
        for slices in drawer.slices(template, subject):
            claim = self.writer.write(template, slices, None, 0)
            if claim is None or claim.numbers is None:
                continue
            if claim.numbers.truth >= 0 or template.changes:  # a plain value is spelled without its sign
                return slices, claim
        return None
