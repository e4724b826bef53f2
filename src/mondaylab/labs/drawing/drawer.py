"""Drawing: which slices, flaws and manuscripts a form gets, all from one seeded generator."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from mondaylab.labs.claims.claim import Claim
from mondaylab.labs.claims.slots import Slices, draw_slot, slot_of, slot_words
from mondaylab.labs.claims.template import Template
from mondaylab.labs.drawing.crosswise import crosswise
from mondaylab.labs.drawing.movers import biggest_movers
from mondaylab.labs.drawing.plan import CannotDraw, Plan
from mondaylab.labs.sources.declaration import DraftTemplate, LabDeclaration
from mondaylab.labs.writer import ClaimWriter

_TRIES = 60
_AGAIN = 20
"""Wrong values that are tried for a figure that is given again, until one is not the first one's."""
_SUBJECTS = 400
"""Records that are tried for a draft until all of its claims can be stated of one."""


class Drawer:
    """Draws the claims of one form."""

    def __init__(self, writer: ClaimWriter, rng: random.Random, *, strict: bool = True) -> None:
        self.writer = writer
        self.strict = strict
        """Whether a claim that could go only one way is left undrawn."""
        self.lab: LabDeclaration = writer.lab
        self.rng = rng
        self._used: set[str] = set()
        self._drawn: dict[str, Claim] = {}

    def reserve(self, subject: Slices, claims: Iterable[Claim]) -> None:
        """Keeps what a recorded draft is about, and its facts, from being drawn for another draft."""
        claims = list(claims)
        self._drawn |= {claim.template: claim for claim in claims}
        self._used |= set(subject.slots.values()) | {claim.fact for claim in claims}

    def weeks(self, plan: Plan) -> dict[str, date]:
        """Draft -> reporting week, all different, never the first (a change needs a week before)."""
        fixed = {name: one.answer.week for name, one in plan.versions.items() if name in plan.came and one.answer}
        there = [week for week in self.writer.data.weeks[1:] if week not in fixed.values()]
        drafts = [draft.id for draft in self.lab.drafts if draft.id not in plan.absent]
        if len(drafts) > len(there) + len(fixed):
            raise CannotDraw(
                f"{len(drafts)} drafts need as many weeks, and the quarter has {len(there) + len(fixed)}",
                where=self.lab.title,
                fix="write fewer drafts",
            )
        free = [name for name in drafts if name not in fixed]
        return fixed | dict(zip(free, self.rng.sample(there, k=len(free)), strict=True))

    def subject(self, draft: DraftTemplate, plan: Plan, weeks: Sequence[date]) -> Slices:
        """Draws what a whole draft is about, so that each of its claims can be stated of it as planned.

        Args:
            draft: The draft.
            plan: The form's.
            weeks: Reporting weeks that it may be about; of a draft that draws nothing else the first.

        Raises:
            CannotDraw: Nothing lets all of them be stated.
        """
        if not draft.about:
            return Slices({}, weeks[0])
        words = slot_words({name: self.lab.slots[name] for name in draft.about})
        bound = [claim for claim in plan.templates if claim.draft == draft.id and self._drawn_for(claim) <= words]
        bound.sort(key=lambda claim: claim.moves_in_common)  # first what few subjects allow
        records = [name for name in draft.about if self.lab.slots[name].record is not None]
        failed: Counter[str] = Counter()
        tried: set[str] = set()
        for _ in range(_SUBJECTS):
            slices = self._about(Slices({}, self.rng.choice(weeks)), draft)
            if {slices.slots[name] for name in records} & self._used or (key := f"{slices}") in tried:
                continue
            if not self._apart(draft, slices):
                continue
            tried.add(key)
            unfit = next((one for one in bound if not self._fits(one, slices, plan)), None)
            if unfit is None:
                self._used |= {slices.slots[name] for name in records}
                return slices
            failed[f"{unfit.id!r} ({plan.operators.get(unfit.id) or 'sound'})"] += 1
        often = ", ".join(name for name, _ in failed.most_common(2)) or "another draft's"
        raise CannotDraw(
            f"draft {draft.id!r} finds nothing to be about; most often in the way: {often}",
            where=self.lab.title,
            fix="widen the slot's 'where', or give those claims other operators",
        )

    def _apart(self, draft: DraftTemplate, slices: Slices) -> bool:
        """Whether slots of one field, such as a carrier and its rival, are different members."""
        drawn = [(self.lab.slots[name].field, slices.slots[name]) for name in draft.about if self.lab.slots[name].field]
        return len(set(drawn)) == len(drawn)

    def _drawn_for(self, template: Template) -> set[str]:
        """The words whose values are drawn for a claim; a draft has its week by itself."""
        slots = self.lab.slots
        return {word for word in template.slot_names() if word not in slots or not slots[word].is_week}

    def _about(self, start: Slices, draft: DraftTemplate) -> Slices:
        """Something that the draft could be about."""
        if draft.biggest is None:
            return self._filled(start, draft.about)
        slot = draft.biggest.slot
        rest = self._filled(start, [name for name in draft.about if name != slot])
        movers = biggest_movers(self.writer.facts, self.lab.slots, draft.biggest, rest)
        return Slices({**rest.slots, slot: self.rng.choice(movers)}, rest.week) if movers else rest

    def _fits(self, template: Template, slices: Slices, plan: Plan) -> bool:
        """Whether a claim can be stated of a subject as planned, or, if it is to be flawed, with another flaw."""
        way = plan.ways.get(template.id)
        flaws = [one for one, wanted in self._in_turn(template, plan) if wanted == way]
        return any(self.writer.statements(template, slices, one, way) for one in flaws)

    def _in_turn(self, template: Template, plan: Plan) -> list[tuple[str | None, bool | None]]:
        """What is tried, first what was planned: a flaw (none: a sound claim) and the way it goes (none: either).

        Another flaw the planned way comes before the planned flaw the other way: else the way would tell the flaw.
        """
        operator, way = plan.operators.get(template.id), plan.ways.get(template.id)
        ways = dict.fromkeys([way, None])  # a week in which everything rose leaves the coin no choice
        flaws: list[str | None] = [operator]
        if operator is not None:
            same = [name for name in self.writer.usable(template) if self._as_directed(template, name, operator)]
            flaws += [name for name in same if name != operator]
        at_last = [(None, one) for one in ways] if operator is not None and not self.strict else []
        return [*((one, wanted) for wanted in ways for one in flaws), *at_last]

    @staticmethod
    def _as_directed(template: Template, name: str, operator: str) -> bool:
        return (name in template.undirected) == (operator in template.undirected)

    def claim(self, template: Template, subject: Slices, plan: Plan) -> Claim:
        """Draws slices until the template gives a valid claim whose fact this form does not hold yet.

        Raises:
            CannotDraw: No slices do; the lab cannot be built on this data with this operator.
        """
        for seeded, way in self._in_turn(template, plan):
            claim = self._claim(template, subject, seeded, plan, way)
            if claim is not None:
                self._used.add(claim.fact)
                self._drawn[template.id] = claim
                return claim
        operator = plan.operators.get(template.id)
        raise CannotDraw(
            f"claim {template.id!r} cannot be drawn" + (f" with flaw {operator!r}" if operator else ""),
            where=self.lab.title,
            fix="give it more slices or another operator",
        )

    def _claim(
        self, template: Template, subject: Slices, operator: str | None, plan: Plan, way: bool | None
    ) -> Claim | None:
        span = plan.span(template)
        stated = {name: self._drawn[name] for name in template.rests_on if name in self._drawn}
        first = stated.get(template.restates or "")
        template = template.resting_on(stated)
        possible = (
            [_of_all(stated.values())] * _AGAIN
            if stated
            else self._crosswise(template, subject, operator) or list(self.slices(template, subject))
        )
        planned = plan.ways.get(template.id) is not None
        if self.strict and planned and not self._leave_a_choice(template, subject, possible):
            return None
        for slices in possible:
            claim = self.writer.write(template, slices, operator, self.rng.randrange(template.drawn_from), way, span)
            if claim is None or claim.fact in self._used:
                continue
            # the same wrong value a second time would contradict nothing
            if first is None or not claim.flawed or not template.repeats(claim.statement, first.statement):
                return claim
        return None

    def _leave_a_choice(self, template: Template, subject: Slices, possible: list[Slices]) -> bool:
        """Whether a claim that has two ways could go either here: where everything rose, *fell* would tell a flaw."""
        # a record goes one way; others go the other
        if not template.moves_in_common or self._drawn_for(template) <= set(subject.slots):
            return True
        ways: set[bool] = set()
        for one in possible:
            for statement in self.writer.statements(template, one, None):
                way = template.direction(statement)
                if way is None:
                    return True
                ways.add(way)
            if len(ways) > 1:
                return True
        return not ways

    def _crosswise(self, template: Template, subject: Slices, operator: str | None) -> list[Slices]:
        """Slices for a claim that the slice alone makes sound or wrong."""
        if not template.slice_decides:
            return []
        free = [word for word in template.slot_names() if word in self.lab.slots and self.lab.slots[word].field]

        def fit(one: Slices) -> bool | None:
            if self.writer.statements(template, one, None):
                return True
            return False if self.writer.statements(template, one, template.operators[0]) else None

        return crosswise(lambda: self._filled(subject, template.slot_names()), free, fit, operator is None, self.rng)

    def slices(self, template: Template, subject: Slices) -> Iterable[Slices]:
        """Draws slices for a template, the subject's kept; the wanted ones first."""
        names = template.slot_names()
        many = 1 if self._drawn_for(template) <= subject.slots.keys() else _TRIES  # else each try gives the subject
        tries = (self._filled(subject, names) for _ in range(many))
        possible = list({str(one.slots): one for one in tries}.values())
        return template.slices(self.writer.facts, possible, self.rng)

    def slice_of(self, by: dict[str, str], week: date) -> Slices:
        """Draws a value for every slot of a cut."""
        return self._filled(Slices({}, week), tuple(by.values()))

    def _filled(self, start: Slices, words: Iterable[str]) -> Slices:
        """The slices with every word drawn that they do not have yet."""
        slots = dict(start.slots)
        for word in words:
            if word not in slots:
                name = slot_of(word, self.lab.slots)
                slots |= draw_slot(name, self.lab.slots[name], self.writer.data.catalog, self.rng)
        return Slices(slots, start.week)


def _of_all(stated: Iterable[Claim]) -> Slices:
    """What all of a draft's claims that another rests on are about; no two draw the same slot for themselves."""
    slices = [claim.slices for claim in stated]
    return Slices({name: value for one in slices for name, value in one.slots.items()}, slices[0].week)
