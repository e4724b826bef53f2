"""Plans: which manuscripts a form follows, which of its rows are flawed by which operator, what drafts leave out."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from mondaylab.errors import Refused
from mondaylab.labs.claims.claim import Claim
from mondaylab.labs.claims.template import Template
from mondaylab.labs.drawing.answers import MOST_FLAWED, claims_as_they_came
from mondaylab.labs.sources.declaration import DraftTemplate, LabDeclaration
from mondaylab.labs.sources.manuscript import Manuscript
from mondaylab.labs.writer import ClaimWriter

PREVALENCE = (0.25, 0.45)
"""Least and greatest share of flawed rows in a form."""
EVEN = 0.5
"""How likely those are flawed for which a coin decides (see `Template.evenly_flawed`)."""
MIN_OPERATORS = 4
MIN_FOILS = 2
_PLANS = 600


class CannotDraw(Refused):
    """This draw came to a dead end; another one of the same lab may not."""


@dataclass(frozen=True)
class Plan:
    """What a form will hold: a draft's claims with the flaw of each, and what drafts leave out."""

    templates: tuple[Template, ...]
    operators: dict[str, str | None]
    omitted: Mapping[str, str]
    """Draft -> what it leaves out of what it must state: one thing, or all that an answer lacks by itself."""
    ways: dict[str, bool]
    """Which way a claim goes that has two (rose or fell): a coin for each, tossed before the data is looked at."""
    versions: Mapping[str, Manuscript] = field(default_factory=dict)
    """Draft -> the manuscript that it follows."""
    came: Mapping[str, Mapping[str, Claim]] = field(default_factory=dict)
    """Draft -> the claims of the answer that it is, as it came; drafts that are none do not stand here."""
    absent: frozenset[str] = frozenset()
    """Drafts whose turn it is not."""

    def span(self, template: Template) -> str | None:
        """How the draft says a claim, with words in braces; none where no manuscript does."""
        version = self.versions.get(template.draft)
        return None if version is None else version.spans().get(template.id)


class Planner:
    """Makes the plan of one form."""

    def __init__(self, writer: ClaimWriter, rng: random.Random) -> None:
        self.writer, self.rng = writer, rng
        self.lab: LabDeclaration = writer.lab

    def plan(self, taken: Collection[str] = (), *, recorded: bool = True) -> Plan:
        """Decides which rows are flawed and by which operator: 25-45 % of the rows, and enough kinds.

        Args:
            taken: Answers (`Manuscript.source`) that others have as they came.
            recorded: Whether an answer may stand there as it came.
        """
        drafts = self._in_turn()
        leaving = self.rng.sample(drafts, k=self.rng.choice([0, 1, 1, 2]))
        omitted = {draft.id: self.rng.choice(list(draft.must_state.items)) for draft in leaving}
        versions, came = self._versions(drafts, omitted, taken, self.lab.recorded if recorded else 0.0)
        omitted |= {name: items for name in omitted if (items := lacking(self._draft(name), versions[name]))}
        wanted = {
            one
            for draft in drafts
            for one in self._wanted(draft, versions[draft.id], omitted.get(draft.id), came=draft.id in came)
        }
        # what rests on others is drawn last: it is about their slices
        ordered = sorted(self.lab.claims, key=lambda claim: bool(claim.rests_on))
        templates = tuple(claim for claim in ordered if claim.id in wanted)
        operators = self._operators(templates, len(drafts), came, omitted)
        ways = {claim.id: self.rng.random() < 0.5 for claim in templates}
        absent = frozenset(one.id for one in self.lab.drafts) - {one.id for one in drafts}
        return Plan(templates, operators, omitted, ways, versions, came, absent)

    def _in_turn(self) -> list[DraftTemplate]:
        """The drafts of this form: of those that take turns, one."""
        takers: dict[str, list[str]] = {}
        for draft in self.lab.drafts:
            if draft.turns is not None:
                takers.setdefault(draft.turns, []).append(draft.id)
        chosen = {word: self.rng.choice(names) for word, names in takers.items()}
        return [one for one in self.lab.drafts if one.turns is None or chosen[one.turns] == one.id]

    def _operators(
        self,
        templates: tuple[Template, ...],
        drafts: int,
        came: Mapping[str, Mapping[str, Claim]],
        omitted: Collection[str],
    ) -> dict[str, str | None]:
        """Template -> its flaw: those that answers brought, and as many seeded ones as the form wants beside them."""
        natural = {name: claim.operator for of in came.values() for name, claim in of.items() if claim.flawed}
        free = tuple(claim for claim in templates if claim.draft not in came)
        brought = len(natural) + sum(name in came for name in omitted)
        even = tuple(claim for claim in free if claim.evenly_flawed and self.writer.usable(claim))
        others = tuple(claim for claim in free if not claim.evenly_flawed)
        low, high, apart = self._flawed(len(templates) + drafts, len(free) + drafts - len(came), brought, len(even))
        # before the tries and kept: were they tossed with each of them, those that fit the rest would stand more often
        tossed, by_coin = self._tossed(even, apart), {name for claim in even for name in claim.operators}
        left_out = sum(name not in came for name in omitted)
        # a kind more where some of those are flawed however the coins fall; which, and how many, must not count
        kinds = MIN_OPERATORS - bool(apart)
        most, least = high - left_out, max(0, kinds - len(set(natural.values())))
        for _ in range(_PLANS if most >= 0 else 0):
            seeded = self.rng.randint(low, high) - left_out
            chosen = self._to_be_flawed(others, min(max(least, seeded), most))
            operators = natural | self._assign(chosen)
            if len({*operators.values()} - by_coin) + bool(omitted) >= kinds:
                return operators | self._assign(tossed)
        raise CannotDraw(
            f"no form with {MIN_OPERATORS} kinds of flaw and {MIN_FOILS} foils",
            where=self.lab.title,
            fix="give claims more operators, or mark more of them as foils",
        )

    def _flawed(self, rows: int, own: int, brought: int, even: int) -> tuple[int, int, int]:
        """Least and greatest number of flawed rows beside those that answers brought; `own` of all are no answer's.

        And how many of the `even` ones, of which coins decide, are flawed and how many are sound at least.

        As large a part of the rows of other drafts as of a form without answers: made up for there, few natural flaws
        would tell that the other drafts hold many. The number of other rows fits however the coins fall, or it would
        tell how they fell.
        """
        for apart in range(even // 2 + 1):
            low = max(math.ceil(PREVALENCE[0] * (own - even)), math.ceil(PREVALENCE[0] * rows) - brought - apart)
            most = math.floor(PREVALENCE[1] * rows) - brought - (even - apart)
            high = min(math.floor(PREVALENCE[1] * (own - even)), most)
            if low <= high:
                return low, high, apart
        raise CannotDraw(f"no part of {rows} rows is 25-45 % of them", where=self.lab.title, fix="write more claims")

    def _tossed(self, even: Sequence[Template], apart: int) -> list[Template]:
        """Those of which a coin says that they are flawed: at least so many are, and at least so many are not.

        As often these as all the others instead, so that each is flawed in half of the forms, and what is said of some
        does not tell how one that rests on them was tossed.
        """
        while True:
            flawed = [claim for claim in even if self.rng.random() < EVEN]
            if apart <= len(flawed) <= len(even) - apart:
                return flawed

    def _versions(
        self, drafts: Iterable[DraftTemplate], omitted: Collection[str], taken: Collection[str], recorded: float
    ) -> tuple[dict[str, Manuscript], dict[str, Mapping[str, Claim]]]:
        """Draft -> the manuscript that it follows; and of those that are an answer as it came, its claims.

        What is left out is decided first: an answer that lacks something stands only where that is planned.
        """
        versions: dict[str, Manuscript] = {}
        came: dict[str, Mapping[str, Claim]] = {}
        weeks: set[date] = set()
        for draft in drafts:
            drawn = [one for one in draft.versions if self._may_be_drawn(draft, one, omitted)]
            if not drawn:
                raise CannotDraw(
                    f"no version of draft {draft.id!r} fits what is to be left out of it",
                    where=self.lab.title,
                    fix="write a manuscript for it, beside its adopted answers",
                )
            whole = draft.id not in omitted
            fit = [one for one in draft.versions if one.answer is not None and whole == (not lacking(draft, one))]
            there = {one.version: claims for one in fit if (claims := self._as_it_came(one, came, weeks, taken))}
            if there and self.rng.random() < recorded:
                chosen = self.rng.choice([one for one in fit if one.version in there])
                versions[draft.id], came[draft.id] = chosen, there[chosen.version]
                weeks |= {chosen.answer.week} if chosen.answer else set()
            else:
                versions[draft.id] = self._drawn(drawn, recorded)
        return versions, came

    def _drawn(self, versions: Sequence[Manuscript], recorded: float) -> Manuscript:
        """One of the versions that may be drawn anew: an answer as often as one may stand as it came.

        How many answers a lab has must not tell: most lack something, and a form full of them would say so.
        """
        by_hand = [one for one in versions if one.answer is None]
        answers = [one for one in versions if one.answer is not None]
        if by_hand and answers:
            return self.rng.choice(answers if self.rng.random() < recorded else by_hand)
        return self.rng.choice(versions)

    def _as_it_came(
        self,
        version: Manuscript,
        came: Mapping[str, Mapping[str, Claim]],
        weeks: Collection[date],
        taken: Collection[str],
    ) -> Mapping[str, Claim]:
        """The claims of an answer that may stand in this form as it came; nothing of one that may not."""
        answer = version.answer
        if answer is None or answer.week in weeks or version.source in taken:
            return {}
        claims = claims_as_they_came(self.writer, version) or {}
        facts = {claim.fact for of in came.values() for claim in of.values()}
        if facts & {claim.fact for claim in claims.values()} or any(map(self._is_retired, claims.values())):
            return {}
        flawed = sum(claim.flawed for claim in claims.values())
        return claims if flawed <= MOST_FLAWED * len(claims) else {}

    def _is_retired(self, claim: Claim) -> bool:
        """Whether grading found that a claim, as it is stated here, tells nobody from nobody."""
        return self.writer.items.is_retired(claim.template, claim.operator or ("foil" if claim.foil else "sound"))

    def _may_be_drawn(self, draft: DraftTemplate, version: Manuscript, omitted: Collection[str]) -> bool:
        """Whether a version may be drawn for any slices.

        What an answer lacks has to be planned, and nothing is left out of one that lacks nothing: what must be stated
        often shares its sentence.
        """
        if version.answer is None:
            return True
        as_planned = (draft.id in omitted) == bool(lacking(draft, version))
        return version.varies and as_planned and not any(map(self.worn_out, map(self.lab.claim, version.claims())))

    def _draft(self, name: str) -> DraftTemplate:
        return next(draft for draft in self.lab.drafts if draft.id == name)

    def _wanted(self, draft: DraftTemplate, version: Manuscript, left_out: str | None, *, came: bool) -> set[str]:
        """The version's claims: of what it must state all, or all but one thing, for which as many others stand in."""
        must = draft.following(version).must_state
        claims = [self.lab.claim(name) for name in version.claims()]
        if version.answer is not None and (came or lacking(draft, version)):
            return {claim.id for claim in claims}  # it lacks what it lacks
        plain = {claim.id: claim for claim in claims if must.item_of(claim.id) is None}
        worn = {name for name, claim in plain.items() if self.worn_out(claim)}
        spare = [name for name, claim in plain.items() if claim.optional and name not in worn]
        missing = 0 if left_out is None else len(must.items[left_out])
        standing_in = self.rng.sample(spare, k=min(missing, len(spare)))
        out = worn | {name for name, claim in plain.items() if claim.optional and name not in standing_in}
        if left_out is not None:
            out |= {*must.items[left_out]}
        out |= {claim.id for claim in claims if out & {*claim.rests_on}}
        # with a claim goes its sentence, and with that what else stands there
        out |= {name for sentence in version.together() if sentence & out for name in sentence}
        return {claim.id for claim in claims} - out

    def worn_out(self, claim: Template) -> bool:
        """Whether so much of a template is retired that it would always be sound, or always flawed: a giveaway."""
        sound = "foil" if claim.looks_wrong else "sound"
        return self.writer.items.is_retired(claim.id, sound) or bool(claim.operators and not self.writer.usable(claim))

    def _assign(self, chosen: Iterable[Template]) -> dict[str, str | None]:
        """Gives templates a flaw, each time the operator that was used least for its weight."""
        weight = self.writer.items.weight
        used: Counter[str] = Counter()
        operators: dict[str, str | None] = {}
        # least choice first, or the plans with enough kinds would be those that flaw the few with a kind of their own
        for claim in sorted(chosen, key=lambda claim: len(self.writer.usable(claim))):
            choices = self.writer.usable(claim)
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
            if self.writer.usable(claim) and len(chosen) < count and (spare > 0 or not claim.looks_wrong):
                chosen.append(claim)
                spare -= claim.looks_wrong
        return chosen


def tossed_again(plan: Plan, rng: random.Random) -> Plan:
    """The plan with other coins, but for claims of whose two ways the data may hold one far more often."""
    ways = {claim.id: rng.random() < 0.5 if claim.moves_in_common else plan.ways[claim.id] for claim in plan.templates}
    return replace(plan, ways=ways)


def lacking(draft: DraftTemplate, version: Manuscript) -> str:
    """What a version leaves out of what it must state, by itself; nothing of one that is whole."""
    return together(item for item, stated in draft.following(version).must_state.items.items() if not stated)


def together(items: Iterable[str]) -> str:
    """Things that are left out, as a key names them."""
    return " and ".join(items)
