"""A claim about a number: a base measure, cut to slots, seen plainly or as change, share or rank."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import ClassVar, Literal, Self
from weakref import WeakKeyDictionary

import numpy as np
from pydantic import Field, model_validator

from mondaylab.labs.claims.claim import Numbers, Statement
from mondaylab.labs.claims.figures import WEEK, Figure, View, entities
from mondaylab.labs.claims.number import NumberTemplate
from mondaylab.labs.claims.operators import figure_operators, stale_values
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.smallest_group import SmallestGroup
from mondaylab.labs.claims.template import LabFacts
from mondaylab.labs.claims.wording import spelled
from mondaylab.measures import Measure, describe
from mondaylab.measures.catalog import Catalog
from mondaylab.measures.needs import Needs, together
from mondaylab.records import content_hash

SEPARATION = 3.0
"""A seeded value differs from the truth by more than this many tolerances."""
USUAL = (2, 98)
"""A seeded figure stays within these percentiles of the template's true values, as nearly all sound ones do: neither
a size that only wrong claims have nor one that they never have must give them away.
"""
SAMPLES = 60
"""True values that tell what is usual."""
_SIZE_IS_THE_FLAW = ("wrong_sign", "wrong_scale")
"""Operators whose values lie outside what is usual by nature."""
# as long as the tables live; a form is drawn from thousands of statements
_USUAL: WeakKeyDictionary[Catalog, dict[str, tuple[float, float]]] = WeakKeyDictionary()


class FigureTemplate(NumberTemplate):
    """A claim about a number."""

    known_operators: ClassVar[tuple[str, ...]] = ("stale", "wrong_member")
    own_words: ClassVar[tuple[str, ...]] = ("value", "direction")

    kind: Literal["figure"] = "figure"
    measure: str
    view: View = "plain"
    """`share` and `rank` compare across the first field of the cut."""
    across: str | None = Field(None, pattern=r"^\w+\.\w+$")
    """``concept.field``, for ``fan_out``: what a careless join reaches, one row of the measure meeting several."""
    pick: Literal["extreme", "round", "last"] | None = None
    """Which slices are drawn: foils (true but look wrong: a big swing, a suspiciously round value), or last in rank."""
    a_week_before: bool = False
    """Whether it is the figure of the week before the reporting week, which a text calls ``{week_before}``."""
    group: SmallestGroup | None = None
    """Slices with fewer people are left alone, by sound and by wrong claims: no figure about them may be given."""

    @model_validator(mode="after")
    def _reaches(self) -> Self:
        if self.a_week_before and ("period" not in self.by or self.view != "plain"):
            raise ValueError("'a_week_before' is a plain figure of a week: 'by' needs a period")
        if ("fan_out" in self.operators) != (self.across is not None):
            raise ValueError("'fan_out' needs 'across', and nothing else does")
        return self

    @classmethod
    def operators_known(cls) -> tuple[str, ...]:
        return (*figure_operators(), *cls.known_operators)

    @property
    def picks(self) -> bool:
        return self.pick in ("extreme", "round")

    @property
    def changes(self) -> bool:
        return self.view in ("growth", "points")

    def figure(self, facts: LabFacts, slices: Slices) -> Figure:
        """The figure that this template states about drawn slices."""
        back = timedelta(days=WEEK if self.a_week_before else 0)
        week = slices.week - back if "period" in self.by else None
        return Figure(facts.measures[self.measure], self.view, slices.cut(self.by), week, across=self.across)

    def truth(self, facts: LabFacts, slices: Slices) -> float | None:
        value = facts.data.value(self.figure(facts, slices).measure())
        return None if value is None else self.display.shown(value)

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        truth = self.truth(facts, slices)
        if self.pick == "last":
            return ({"value": truth},) if truth == self._last(facts) else ()
        # a change that rounds to nothing has no direction worth a sentence; only a change has a word for its sign
        small = self.changes and truth is not None and abs(truth) < 2 * self.display.step
        if truth is None or small or (truth < 0 and not self.changes) or not self._may_be_given(facts, slices):
            return ()
        return ({"value": truth},)

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        truth = self.truth(facts, slices)
        if self.pick == "last":  # another member is called the last: it is the member that is wrong, not the number
            last = self._last(facts)
            # the last but one is too close to call: a tie or a rounding would turn it
            called = operator == "wrong_member" and truth is not None and truth <= last - 2
            return ({"value": last},) if called and self._somebody_is_last(facts, slices, last) else ()
        if truth is None or operator == "wrong_member" or not self.sound(facts, slices):
            return ()
        values: list[float] = []
        for seeded in self._seeded(facts, slices, operator):
            value = self.display.shown(seeded)
            apart = abs(value - truth) > SEPARATION * self.display.step / 2
            # a value of many slices counts as often: rare ones would be commoner in wrong claims than in sound ones
            if apart and self._believable(facts, value, truth, operator):
                values.append(value)
        return [{"value": value} for value in values]

    def _seeded(self, facts: LabFacts, slices: Slices, operator: str) -> list[float]:
        figure = self.figure(facts, slices)
        if operator == "stale":
            return stale_values(figure, facts.data)
        values = (facts.data.value(measure) for measure in figure_operators()[operator](figure, facts.data))
        return [value for value in values if value is not None]

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        truth = self.truth(facts, slices)
        return truth is not None and abs(float(statement["value"]) - truth) <= self.display.step / 2

    def words(self, statement: Statement) -> dict[str, str]:
        value = float(statement["value"])
        return {"value": spelled(value, self.display), "direction": "rose" if value > 0 else "fell"}

    def direction(self, statement: Statement) -> bool | None:
        return float(statement["value"]) > 0 if self.changes else None

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        truth = self.truth(facts, slices) or 0.0
        if says is None:
            return f"True: the data gives {self._told(truth)}."
        return f"The data gives {self._told(truth)}, not {self._told(float(statement['value']))}: {says}."

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        truth = self.truth(facts, slices) or 0.0
        number = f"{truth:,.{max(self.display.decimals, 0)}f} {self.display.unit}"
        return f"{describe(self.figure(facts, slices).measure())} = {number}"

    def fact(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        return content_hash(self.figure(facts, slices).measure().model_dump(mode="json"))

    def numbers(self, facts: LabFacts, slices: Slices, statement: Statement) -> Numbers | None:
        truth = self.truth(facts, slices)
        if truth is None or self.pick == "last":  # what is wrong there is who, not how many
            return None
        return Numbers(float(statement["value"]), truth, self.display.unit, self.display.step / 2)

    def cut_problems(self) -> Iterable[str]:
        """What a figure is compared along must stand in its cut."""
        fields = [field for field in self.by if field != "period"]
        if (self.view in ("share", "rank") or self.pick == "last") and not fields:
            yield f"a {self.view} is taken along the first field of 'by', and there is none"
        elif self.pick == "last" and next(iter(self.by)) != fields[0]:
            yield "the last of a rank is found along the first field of 'by', which may not be a period"
        if self.pick == "last" and self.view != "rank":
            yield "'last' picks by rank: write view = \"rank\""

    def measure_names(self) -> tuple[str, ...]:
        return (self.measure, *(() if self.group is None else self.group.measure_names()))

    @property
    def smallest_group(self) -> SmallestGroup | None:
        return self.group

    def needs(self, measures: Mapping[str, Measure]) -> Needs:
        other, _, field = (self.across or "").partition(".")
        return together(super().needs(measures), {other: {field}} if other else {})

    def joins(self) -> Mapping[str, str]:
        return {} if self.across is None else {self.measure: self.across}

    def slices(self, facts: LabFacts, slices: list[Slices], rng: random.Random) -> list[Slices]:
        if self.pick in (None, "last"):  # a flawed claim calls another member the last
            return slices
        ranked = sorted(slices, key=lambda one: self._strangeness(self.truth(facts, one)), reverse=True)
        best = ranked[: max(2, len(ranked) // 3)]  # foils come from the third that looks most wrong
        rng.shuffle(best)
        return best

    def _strangeness(self, shown: float | None) -> float:
        if shown is None:  # no value here: least wanted
            return -math.inf
        if self.pick == "round":
            return -abs(shown - round(shown, self.display.decimals - 1)) / self.display.step
        return abs(shown)

    def _last(self, facts: LabFacts) -> float:
        """The lowest place: as many as the compared field has members."""
        field = next(iter(self.by))
        entity = entities(facts.measures[self.measure])[0]
        return float(len(facts.data.catalog.members(entity, field)))

    def _somebody_is_last(self, facts: LabFacts, slices: Slices, last: float) -> bool:
        """Whether one member alone holds the lowest place: where all are equal, calling one the last is not false."""
        figure = self.figure(facts, slices)
        field = next(iter(self.by))
        members = facts.data.catalog.members(figure.entity, field)
        places = (facts.data.value(figure.with_(cut={**figure.cut, field: member}).measure()) for member in members)
        return last in places

    def _believable(self, facts: LabFacts, value: float, truth: float, operator: str) -> bool:
        if operator in _SIZE_IS_THE_FLAW or self.view == "rank":
            return True
        if self.changes:
            return truth != 0 and (value > 0) == (truth > 0) and abs(value) >= self.display.step
        low, high = self._usual(facts)
        return low <= value <= high

    def _usual(self, facts: LabFacts) -> tuple[float, float]:
        """The range of the template's true values over the slices and weeks that a sound claim may be about."""
        known = _USUAL.setdefault(facts.data.catalog, {})
        if self.id not in known:
            rng = random.Random(self.id)  # noqa: S311  the same slices each time, nothing secret
            values = [value for _ in range(SAMPLES) if (value := self._any_value(facts, rng)) is not None]
            low, high = np.percentile(values, USUAL) if values else (0.0, 0.0)
            known[self.id] = (float(low), float(high))
        return known[self.id]

    def _any_value(self, facts: LabFacts, rng: random.Random) -> float | None:
        catalog, entity = facts.data.catalog, entities(facts.measures[self.measure])[0]
        slots = {
            slot: rng.choice(catalog.members(entity, field)) for field, slot in self.by.items() if field != "period"
        }
        slices = Slices(slots, rng.choice(facts.data.weeks[1:]))
        return self.truth(facts, slices) if self._may_be_given(facts, slices) else None

    def _may_be_given(self, facts: LabFacts, slices: Slices) -> bool:
        """Whether enough people stand behind the figure, and behind both parts of a share."""
        if self.group is None:
            return True
        facts.data.handbook.check_limit(self.group.section, self.group.least, self.group.unit)
        part = None if self.group.part is None else self.counted(facts, slices, self.group.part)
        return self.group.allows(self.counted(facts, slices, self.group.people), part)

    def _told(self, value: float) -> str:
        words = spelled(value, self.display)
        if self.changes:
            return f"{'a rise' if value > 0 else 'a fall'} of {words}"
        return f"place {value:.0f} from the top" if self.view == "rank" else words
