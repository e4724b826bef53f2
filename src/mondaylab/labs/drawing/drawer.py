"""Drawing: which slices, flaws and manuscripts a form gets, all from one seeded generator."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from mondaylab.errors import Refused
from mondaylab.labs.claims.claim import Claim
from mondaylab.labs.claims.slots import Slices, draw_slot, slot_of, slot_words
from mondaylab.labs.claims.template import Template
from mondaylab.labs.drawing.answers import MOST_FLAWED, claims_as_they_came
from mondaylab.labs.drawing.crosswise import crosswise
from mondaylab.labs.drawing.movers import biggest_movers
from mondaylab.labs.sources.declaration import DraftTemplate, LabDeclaration
from mondaylab.labs.sources.manuscript import Manuscript
from mondaylab.labs.writer import ClaimWriter

PREVALENCE = (0.25, 0.45)
"""Least and greatest share of flawed rows in a form."""
MIN_OPERATORS = 4
MIN_FOILS = 2
_TRIES = 60
_PLANS = 600
_AGAIN = 20
"""Wrong values that are tried for a figure that is given again, until one is not the first one's."""
_SUBJECTS = 400
"""Records that are tried for a draft until all of its claims can be stated of one."""


class CannotDraw(Refused):
    """This draw came to a dead end; another one of the same lab may not."""


@dataclass(frozen=True)
class Plan:
    """What a form will hold: a draft's claims with the flaw of each, and what drafts leave out."""

    templates: tuple[Template, ...]
    operators: dict[str, str | None]
    omitted: Mapping[str, str]
    """Draft -> the one thing that it leaves out of what it must state."""
    ways: dict[str, bool]
    """Which way a claim goes that has two (rose or fell): a coin for each, tossed before the data is looked at."""
    versions: Mapping[str, Manuscript] = field(default_factory=dict)
    """Draft -> the manuscript that it follows."""
    came: Mapping[str, Mapping[str, Claim]] = field(default_factory=dict)
    """Draft -> the claims of the answer that it is, as it came; drafts that are none do not stand here."""

    def span(self, template: Template) -> str | None:
        """How the draft says a claim, with words in braces; none where no manuscript does."""
        version = self.versions.get(template.draft)
        return None if version is None else version.spans().get(template.id)


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

    def plan(self, taken: Collection[str] = ()) -> Plan:
        """Decides which rows are flawed and by which operator: 25-45 % of the rows, and enough kinds.

        Args:
            taken: Answers (`Manuscript.source`) that others have as they came.
        """
        drafts = list(self.lab.drafts)
        leaving = self.rng.sample(drafts, k=self.rng.choice([0, 1, 1, 2]))
        omitted = {draft.id: self.rng.choice(list(draft.must_state.items)) for draft in leaving}
        versions, came = self._versions(omitted, taken)
        omitted |= {name: item for name in omitted if (item := lacking(self._draft(name), versions[name])) is not None}
        wanted = {one for draft in drafts for one in self._wanted(draft, versions[draft.id], omitted.get(draft.id))}
        # what is said again is drawn last: it is about the slices of what it restates
        ordered = sorted(self.lab.claims, key=lambda claim: claim.restates is not None)
        templates = tuple(claim for claim in ordered if claim.id in wanted)
        rows = len(templates) + len(drafts)
        low, high = math.ceil(PREVALENCE[0] * rows), math.floor(PREVALENCE[1] * rows)
        if low > high:
            raise CannotDraw(
                f"no part of {rows} rows is 25-45 % of them", where=self.lab.title, fix="write more claims"
            )
        natural = {name: claim.operator for of in came.values() for name, claim in of.items() if claim.flawed}
        free = tuple(claim for claim in templates if claim.draft not in came)
        most = high - len(omitted) - len(natural)
        for _ in range(_PLANS if most >= 0 else 0):
            seeded = self.rng.randint(low, high) - len(omitted) - len(natural)
            least = max(0, MIN_OPERATORS - len(set(natural.values())))
            operators = natural | self._assign(free, min(max(least, seeded), most))
            if len(set(operators.values())) + bool(omitted) >= MIN_OPERATORS:
                ways = {claim.id: self.rng.random() < 0.5 for claim in templates}
                return Plan(templates, operators, omitted, ways, versions, came)
        raise CannotDraw(
            f"no form with {MIN_OPERATORS} kinds of flaw and {MIN_FOILS} foils",
            where=self.lab.title,
            fix="give claims more operators, or mark more of them as foils",
        )

    def _versions(
        self, omitted: Collection[str], taken: Collection[str]
    ) -> tuple[dict[str, Manuscript], dict[str, dict[str, Claim]]]:
        """Draft -> the manuscript that it follows; and of those that are an answer as it came, its claims.

        What is left out is decided first: an answer that lacks something stands only where that is planned.
        """
        versions: dict[str, Manuscript] = {}
        came: dict[str, dict[str, Claim]] = {}
        weeks: set[date] = set()
        for draft in self.lab.drafts:
            fit = [one for one in draft.versions if one.answer is None or _fits_plan(draft, one, omitted)]
            there = {one.version: claims for one in fit if (claims := self._as_it_came(one, weeks, taken))}
            if there and self.rng.random() < self.lab.recorded:
                fit = [one for one in fit if one.version in there]
                versions[draft.id] = chosen = self.rng.choice(fit)
                came[draft.id] = there[chosen.version]
                weeks |= {chosen.answer.week} if chosen.answer else set()
            else:
                versions[draft.id] = self.rng.choice([one for one in fit if one.varies])
        return versions, came

    def _as_it_came(self, version: Manuscript, weeks: Collection[date], taken: Collection[str]) -> dict[str, Claim]:
        """The claims of an answer that may stand in this form as it came; nothing of one that may not."""
        answer = version.answer
        if answer is None or answer.week in weeks or version.source in taken:
            return {}
        claims = claims_as_they_came(self.writer, version) or {}
        flawed = sum(claim.flawed for claim in claims.values())
        return claims if flawed <= MOST_FLAWED * len(claims) else {}

    def _draft(self, name: str) -> DraftTemplate:
        return next(draft for draft in self.lab.drafts if draft.id == name)

    def tossed_again(self, plan: Plan) -> Plan:
        """The plan with other coins, but for claims of whose two ways the data may hold one far more often."""
        ways = {
            claim.id: self.rng.random() < 0.5 if claim.moves_in_common else plan.ways[claim.id]
            for claim in plan.templates
        }
        return replace(plan, ways=ways)

    def _wanted(self, draft: DraftTemplate, version: Manuscript, left_out: str | None) -> set[str]:
        """The version's claims: of what it must state all, or all but one thing, for which as many others stand in."""
        must = draft.following(version).must_state
        claims = [self.lab.claim(name) for name in version.claims()]
        if version.answer is not None:  # nothing is taken out of what somebody's assistant wrote
            return {claim.id for claim in claims}
        plain = {claim.id: claim for claim in claims if must.item_of(claim.id) is None}
        worn = {name for name, claim in plain.items() if self.worn_out(claim)}
        spare = [name for name, claim in plain.items() if claim.optional and name not in worn]
        missing = 0 if left_out is None else len(must.items[left_out])
        standing_in = self.rng.sample(spare, k=min(missing, len(spare)))
        out = worn | {name for name, claim in plain.items() if claim.optional and name not in standing_in}
        if left_out is not None:
            out |= {*must.items[left_out]}
        out |= {claim.id for claim in claims if claim.restates in out}
        # with a claim goes its sentence, and with that what else stands there
        out |= {name for sentence in version.together() if sentence & out for name in sentence}
        return {claim.id for claim in claims} - out

    def worn_out(self, claim: Template) -> bool:
        """Whether so much of a template is retired that it would always be sound, or always flawed: a giveaway."""
        sound = "foil" if claim.looks_wrong else "sound"
        return self.writer.items.is_retired(claim.id, sound) or bool(claim.operators and not self.usable(claim))

    def _assign(self, templates: tuple[Template, ...], count: int) -> dict[str, str | None]:
        """Gives `count` templates a flaw, each time the operator that was used least for its weight."""
        weight = self.writer.items.weight
        used: Counter[str] = Counter()
        operators: dict[str, str | None] = {}
        # least choice first, or the plans with enough kinds would be those that flaw the few with a kind of their own
        for claim in sorted(self._to_be_flawed(templates, count), key=lambda claim: len(self.usable(claim))):
            choices = self.usable(claim)
            self.rng.shuffle(choices)
            operators[claim.id] = min(choices, key=lambda name: (used[name] + 1) / weight(claim.id, name))
            used[operators[claim.id] or ""] += 1
        return operators

    def _to_be_flawed(self, templates: tuple[Template, ...], count: int) -> list[Template]:
        """Which templates get a flaw: at random, but enough of those that may be foils stay sound."""
        shuffled = self.rng.sample(templates, k=len(templates))
        spare = sum(claim.looks_wrong for claim in templates) - MIN_FOILS
        chosen: list[Template] = []
        for claim in shuffled:
            if self.usable(claim) and len(chosen) < count and (spare > 0 or not claim.looks_wrong):
                chosen.append(claim)
                spare -= claim.looks_wrong
        return chosen

    def usable(self, claim: Template) -> list[str]:
        """The claim's operators that are not retired; `stale` needs last quarter's data."""
        fresh = [name for name in claim.operators if not self.writer.items.is_retired(claim.id, name)]
        return [name for name in fresh if name != "stale" or self.writer.data.previous is not None]

    def reserve(self, subject: Slices, claims: Iterable[Claim]) -> None:
        """Keeps what a recorded draft is about, and its facts, from being drawn for another draft."""
        claims = list(claims)
        self._drawn |= {claim.template: claim for claim in claims}
        self._used |= set(subject.slots.values()) | {claim.fact for claim in claims}

    def weeks(self, plan: Plan) -> dict[str, date]:
        """Draft -> reporting week, all different, never the first (a change needs a week before)."""
        fixed = {name: one.answer.week for name, one in plan.versions.items() if name in plan.came and one.answer}
        there = [week for week in self.writer.data.weeks[1:] if week not in fixed.values()]
        if len(self.lab.drafts) > len(there) + len(fixed):
            raise CannotDraw(
                f"{len(self.lab.drafts)} drafts need as many weeks, and the quarter has {len(there) + len(fixed)}",
                where=self.lab.title,
                fix="write fewer drafts",
            )
        free = [draft.id for draft in self.lab.drafts if draft.id not in fixed]
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
            same = [name for name in self.usable(template) if self._as_directed(template, name, operator)]
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
        first = self._drawn.get(template.restates or "")
        possible = (
            [first.slices] * _AGAIN
            if first
            else self._crosswise(template, subject, operator) or list(self.slices(template, subject))
        )
        planned = plan.ways.get(template.id) is not None
        if self.strict and planned and not self._leave_a_choice(template, subject, possible):
            return None
        for slices in possible:
            claim = self.writer.write(template, slices, operator, self.rng.randrange(997), way, span)
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
        tries = (self._filled(subject, template.slot_names()) for _ in range(_TRIES))
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


def lacking(draft: DraftTemplate, version: Manuscript) -> str | None:
    """The one thing that a version leaves out of what it must state, by itself; none of one that is whole."""
    items = draft.following(version).must_state.items
    return next((item for item, stated in items.items() if not stated), None)


def _fits_plan(draft: DraftTemplate, answer: Manuscript, omitted: Collection[str]) -> bool:
    return (lacking(draft, answer) is not None) == (draft.id in omitted)
