"""Drawing: which slices, flaws and phrasings a form gets, all from one seeded generator."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mondaylab.errors import Refused
from mondaylab.labs.claims import Claim, ClaimWriter, Drawn
from mondaylab.labs.declaration import ClaimTemplate, DraftTemplate, FigureTemplate, LabDeclaration

PREVALENCE = (0.25, 0.45)
"""Least and greatest share of flawed rows in a form."""
MIN_OPERATORS = 5
MIN_FOILS = 2
_TRIES = 60


@dataclass(frozen=True)
class Plan:
    """What a form will hold: a draft's claims with the flaw of each, and what drafts leave out."""

    templates: tuple[ClaimTemplate, ...]
    operators: dict[str, str | None]
    omitted: frozenset[str]
    """Drafts that leave out what they must state."""


class Drawer:
    """Draws the claims of one form."""

    def __init__(self, writer: ClaimWriter, rng: random.Random) -> None:
        self.writer = writer
        self.lab: LabDeclaration = writer.lab
        self.rng = rng
        self._used: set[str] = set()

    def plan(self) -> Plan:
        """Decides which rows are flawed and by which operator: 25-45 % of the rows, at least five operators."""
        drafts = list(self.lab.drafts)
        omitted = frozenset(d.id for d in self.rng.sample(drafts, k=self.rng.choice([0, 1, 1, 2])))
        templates = tuple(claim for claim in self.lab.claims if self._wanted(claim, drafts, omitted))
        rows = len(templates) + len(drafts)
        low, high = math.ceil(PREVALENCE[0] * rows), math.floor(PREVALENCE[1] * rows)
        for _ in range(_TRIES):
            seeded = self.rng.randint(low, high) - len(omitted)
            operators = self._assign(templates, min(max(MIN_OPERATORS, seeded), high - len(omitted)))
            if len(set(operators.values())) + bool(omitted) >= MIN_OPERATORS:
                return Plan(templates, operators, omitted)
        raise Refused(
            f"no form with {MIN_OPERATORS} kinds of flaw and {MIN_FOILS} foils",
            where=self.lab.title,
            fix="give claims more operators, or mark more of them as foils",
        )

    def _wanted(self, claim: ClaimTemplate, drafts: list[DraftTemplate], omitted: frozenset[str]) -> bool:
        """What a draft must state is in unless left out; its stand-in is in only then."""
        if claim.id in {draft.must_state for draft in drafts}:
            return claim.draft not in omitted
        stand_in = isinstance(claim, FigureTemplate) and claim.optional
        return not stand_in or claim.draft in omitted

    def _assign(self, templates: tuple[ClaimTemplate, ...], count: int) -> dict[str, str | None]:
        """Gives `count` templates a flaw, each time the operator that was used least."""
        used: Counter[str] = Counter()
        operators: dict[str, str | None] = {}
        for claim in self._to_be_flawed(templates, count):
            choices = list(claim.operators)
            self.rng.shuffle(choices)
            operators[claim.id] = min(choices, key=lambda name: used[name])
            used[operators[claim.id] or ""] += 1
        return operators

    def _to_be_flawed(self, templates: tuple[ClaimTemplate, ...], count: int) -> list[ClaimTemplate]:
        """Which templates get a flaw: at random, but enough of those that may be foils stay sound."""
        shuffled = self.rng.sample(templates, k=len(templates))
        spare = sum(_is_foil(claim) for claim in templates) - MIN_FOILS
        chosen: list[ClaimTemplate] = []
        for claim in shuffled:
            if claim.operators and len(chosen) < count and (spare > 0 or not _is_foil(claim)):
                chosen.append(claim)
                spare -= _is_foil(claim)
        return chosen

    def weeks(self) -> dict[str, date]:
        """Draft -> reporting week, all different, never the first (a change needs a week before)."""
        weeks = self.rng.sample(self.writer.ground.weeks[1:], k=len(self.lab.drafts))
        return {draft.id: week for draft, week in zip(self.lab.drafts, weeks, strict=True)}

    def claim(self, template: ClaimTemplate, week: date, operator: str | None) -> Claim:
        """Draws slices until the template gives a valid claim whose fact this form does not hold yet.

        Raises:
            Refused: No slices do; the lab cannot be built on this data with this operator.
        """
        for drawn in self._slices(template, week):
            claim = self.writer.write(template, drawn, operator, self.rng.randrange(997), self.rng.randrange(997))
            if claim is not None and claim.fact not in self._used:
                self._used.add(claim.fact)
                return claim
        raise Refused(
            f"claim {template.id!r} cannot be drawn" + (f" with flaw {operator!r}" if operator else ""),
            where=self.lab.title,
            fix="give it more slices or another operator",
        )

    def _slices(self, template: ClaimTemplate, week: date) -> Iterable[Drawn]:
        drawn = [self._slice(template, week) for _ in range(_TRIES)]
        # a template picks its slices the same way for sound and flawed claims, or the slice would give the flaw away
        if isinstance(template, FigureTemplate) and template.pick is not None:
            return self._picked(template, list({str(d.slots): d for d in drawn}.values()))
        return drawn

    def _slice(self, template: ClaimTemplate, week: date) -> Drawn:
        return self.slice_of({} if template.kind == "source" else template.by, week)

    def slice_of(self, by: dict[str, str], week: date) -> Drawn:
        """Draws a value for every slot of a cut."""
        catalog = self.writer.ground.catalog
        slots: dict[str, str] = {}
        for slot in by.values():
            field = self.lab.slots[slot].field
            if field is not None and slot not in slots:
                entity, _, name = field.partition(".")
                slots[slot] = self.rng.choice(catalog.members(entity, name))
        return Drawn(slots, week)

    def _picked(self, template: FigureTemplate, drawn: list[Drawn]) -> list[Drawn]:
        """Foils come from the third of the slices that look most wrong; `last` from the bottom of the ranking."""

        def strangeness(one: Drawn) -> float:
            try:
                value = self.writer.ground.catalog.evaluate(self.writer.figure(template, one).measure())
            except Refused:  # no value here: least wanted
                return -math.inf
            shown = template.display.shown(value)
            if template.pick == "round":
                return -abs(shown - round(shown, template.display.decimals - 1)) / template.display.step
            return abs(shown)

        ranked = sorted(drawn, key=strangeness, reverse=True)
        if template.pick == "last":
            return ranked[:1]
        best = ranked[: max(2, len(ranked) // 3)]
        self.rng.shuffle(best)
        return best


def _is_foil(claim: ClaimTemplate) -> bool:
    return isinstance(claim, FigureTemplate) and claim.pick in ("extreme", "round")
