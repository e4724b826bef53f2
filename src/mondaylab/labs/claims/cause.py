"""A claim that names the cause of a change: true when the figure's own arithmetic makes the change out of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Literal, Self
from weakref import WeakKeyDictionary

from pydantic import Field, model_validator

from mondaylab.labs.claims.claim import Statement
from mondaylab.labs.claims.decomposition import Decomposition, Effect, Week
from mondaylab.labs.claims.figures import WEEK, Figure
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts, Template
from mondaylab.labs.claims.wording import Display, spelled
from mondaylab.measures import Measure, describe, inside, leaves
from mondaylab.measures.catalog import Catalog
from mondaylab.measures.needs import DATE, Needs, together
from mondaylab.records import Record, content_hash

MINOR = 0.25
"""A part that makes at most this share of a change explains little of it."""
NEAR = 0.02
"""So near to the share that a cause must make, nothing is stated: a rounding on the way would turn it."""
MOVED = 0.1
"""What merely moved in the same week moved by at least this part of itself."""


class Reason(Record):
    """Something that a sentence may name as the cause."""

    says: str = Field(min_length=2)
    """What the sentence calls it, such as *discounts*."""
    display: Display
    """How its own figures are shown in feedback."""


_Weeks = Mapping[Week, float | None]
"""A measure's value of either week."""


@dataclass(frozen=True)
class _Change:
    """How the outcome changed from the week before, and what the reasons did."""

    change: float
    values: Mapping[str, tuple[float, float]]
    """Reason -> its figure of the week before and of this one; only those that have both."""
    effects: Mapping[str, Effect]
    """Factor -> what it alone makes of the change."""

    def shares(self, factor: str) -> tuple[float, float]:
        """The factor's least and greatest share of the change."""
        return self.effects[factor].shares(self.change)


# as long as the tables live: a claim is drawn, judged and explained from the same change many times over
_CHANGES: WeakKeyDictionary[Catalog, dict[tuple[str, tuple[str, ...], date], _Change | None]] = WeakKeyDictionary()


class CauseTemplate(Template):
    """A claim that one part of a figure makes most of its change from the week before.

    The figure is worked out from its parts; what one alone makes of the change is Shapley's value of it against all the
    rest. What is stated is true, or wrong, whichever of the two is changed first. The three flaws: the part named
    pushed the other way, it makes a small part of the change, or it is no part of the figure and merely moved too.
    """

    known_operators: ClassVar[tuple[str, ...]] = ("cause_other_way", "cause_too_small", "moved_together")
    own_words: ClassVar[tuple[str, ...]] = ("outcome", "outcome_direction", "change", "driver", "share")
    given_words: ClassVar[tuple[str, ...]] = ("outcome", "outcome_direction", "change")
    moves_in_common: ClassVar[bool] = False
    undirected: ClassVar[tuple[str, ...]] = ("moved_together",)

    kind: Literal["cause"] = "cause"
    outcome: str
    """Measure that changed: differences, products, ratios and multiples of the `factors` and whatever else it takes."""
    says: str = Field(min_length=2)
    """What a sentence calls the outcome."""
    display: Display
    """How a change of the outcome is shown in feedback."""
    least_change: float = Field(gt=0)
    """Least change of the outcome (in its own units) that is worth a cause."""
    factors: dict[str, Reason] = Field(min_length=1)
    """Parts of the outcome that may be named: measure -> what it is called."""
    bystanders: dict[str, Reason] = {}
    """Measures that are no part of the outcome, for ``moved_together``."""
    rows: str
    """Measure that counts the rows behind the outcome."""
    least: int = Field(20, ge=1, le=1_000_000)
    """Rows that must stand behind the outcome in either week."""
    main: float = Field(50, gt=25, le=95)
    """Percent of the change that a cause makes at least."""
    section: str
    """Handbook section that states `main` and `least`."""
    operators: tuple[str, ...] = ("cause_other_way", "cause_too_small")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if ("moved_together" in self.operators) != bool(self.bystanders):
            raise ValueError("'moved_together' needs 'bystanders', and nothing else does")
        if both := sorted(set(self.factors) & set(self.bystanders)):
            raise ValueError(f"{both[0]!r} is a factor and a bystander")
        return self

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        change = self._change(facts, slices)
        return () if change is None else [_said(change, name) for name in self._clear(change)]

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        change = self._change(facts, slices)
        if change is None:
            return ()
        match operator:
            case "cause_other_way":
                named = [name for name in change.effects if self._pushed_back(change, name)]
            case "cause_too_small":
                named = [name for name in change.effects if _within(change.shares(name), 0.0, MINOR)]
            case _:  # in place of a cause that there is
                beside = self.bystanders if self._clear(change) else {}
                named = [name for name in beside if name in change.values and _moved(*change.values[name])]
        return [_said(change, name) for name in named]

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        change = self._change(facts, slices)
        if change is None or statement["rose"] != (change.change > 0):
            return False
        named = str(statement["driver"])
        return named in change.effects and change.shares(named)[0] >= self.main / 100

    def direction(self, statement: Statement) -> bool | None:
        """Whether it names the first factor; one that names a bystander, and any of a lone factor, has no two ways."""
        named = statement["driver"]
        return named == next(iter(self.factors)) if len(self.factors) > 1 and named in self.factors else None

    def words(self, statement: Statement) -> dict[str, str]:
        rose = bool(statement["rose"])
        return {
            "outcome": self.says,
            "outcome_direction": "rose" if rose else "fell",
            "change": "rise" if rose else "fall",
            "driver": self._reasons()[str(statement["driver"])].says,
            "share": "at least half" if self.main == 50 else f"at least {self.main:g} %",
        }

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        change = self._change(facts, slices)
        if change is None:
            return f"Handbook {self.section} names no cause here."
        named = str(statement["driver"])
        reason = self._reasons()[named]
        before, now = (reason.display.shown(value) for value in change.values[named])
        moved = f"{reason.says} {_went(before, now, reason.display)}"
        found = (
            f"{self.says} {_rose(change.change)} by {self._told(change.change)}; {moved}, {self._made(change, named)}"
        )
        found = f"{found[0].upper()}{found[1:]}"
        return f"{found}." if says is None else f"{found}: {says}."

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        named, change = str(statement["driver"]), self._change(facts, slices)
        effect = None if change is None else change.effects.get(named)
        makes = (
            "" if change is None or effect is None else f": {self._told(effect.mean)} of {self._told(change.change)}"
        )
        return f"{describe(self._points(facts, slices, named))}{makes}; handbook {self.section}"

    def fact(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        """Whatever is named: who knows what made a change knows what did not."""
        return content_hash(f"cause {describe(self._points(facts, slices, self.outcome))}")

    def measure_names(self) -> tuple[str, ...]:
        return (self.outcome, self.rows, *self.factors, *self.bystanders)

    def measure_problems(self, measures: Mapping[str, Measure]) -> Iterable[str]:
        """A factor has to be a part of the outcome, and a bystander none."""
        parts = list(self._decomposition(measures).parts())
        everything = list(inside(measures[self.outcome]))
        for name in self.factors:
            if measures[name] not in parts:
                yield f"factor {name!r} is no part of {self.outcome!r}, or stands inside another factor"
        for name in self.bystanders:
            if measures[name] in everything:
                yield f"bystander {name!r} is a part of {self.outcome!r}, so that it may be the cause"

    def needs(self, measures: Mapping[str, Measure]) -> Needs:
        # weeks, whether or not it is cut by one
        days = ({part.entity: {DATE}} for name in self.measure_names() for part in leaves(measures[name]))
        return together(super().needs(measures), *days)

    def _reasons(self) -> dict[str, Reason]:
        return {**self.factors, **self.bystanders}

    def _decomposition(self, measures: Mapping[str, Measure]) -> Decomposition:
        return Decomposition(measures[self.outcome], tuple(measures[name] for name in self.factors))

    def _points(self, facts: LabFacts, slices: Slices, name: str) -> Measure:
        return Figure(facts.measures[name], "points", slices.cut(self.by), slices.week).measure()

    def _both_weeks(self, facts: LabFacts, slices: Slices, measure: Measure) -> _Weeks:
        """The measure's value of the week before and of this one."""
        figure = Figure(measure, "plain", slices.cut(self.by), slices.week)
        then = figure.with_(week=slices.week - timedelta(days=WEEK))
        return {"before": facts.data.value(then.measure()), "now": facts.data.value(figure.measure())}

    def _change(self, facts: LabFacts, slices: Slices) -> _Change | None:
        """How the outcome changed; none where too little changed, or too few rows stand behind it, for a cause."""
        facts.data.handbook.check_limit(self.section, self.main, "%")
        facts.data.handbook.check_limit(self.section, self.least, "rows")
        known = _CHANGES.setdefault(facts.data.catalog, {})
        asked = (self.canonical(), tuple(slices.cut(self.by).values()), slices.week)
        if asked not in known:
            known[asked] = self._worked_out(facts, slices)
        return known[asked]

    def _worked_out(self, facts: LabFacts, slices: Slices) -> _Change | None:
        rows = self._both_weeks(facts, slices, facts.measures[self.rows])
        if min(rows["before"] or 0, rows["now"] or 0) < self.least:
            return None
        values = {name: self._both_weeks(facts, slices, facts.measures[name]) for name in self._reasons()}
        met = [(facts.measures[name], values[name]) for name in self.factors]

        def value_of(part: Measure, week: Week) -> float | None:
            found = next((both for one, both in met if one == part), None)
            if found is None:
                found = self._both_weeks(facts, slices, part)
                met.append((part, found))
            return found[week]

        decomposition = self._decomposition(facts.measures)
        change = decomposition.change(value_of)
        if change is None or abs(change) < self.least_change:
            return None
        effects = {name: decomposition.effect(facts.measures[name], value_of) for name in self.factors}
        return _Change(
            change,
            {name: both for name, weeks in values.items() if (both := _both(weeks)) is not None},
            {name: effect for name, effect in effects.items() if effect is not None},
        )

    def _clear(self, change: _Change) -> list[str]:
        """The factors that clearly make enough of the change."""
        return [name for name in change.effects if change.shares(name)[0] >= self.main / 100 + NEAR]

    def _pushed_back(self, change: _Change, name: str) -> bool:
        """Whether the factor pushed the other way, in either order, by as much as feedback can show."""
        return change.shares(name)[1] < 0 and self.display.shown(change.effects[name].mean) != 0

    def _told(self, value: float) -> str:
        said = spelled(self.display.shown(value), self.display)
        return said.replace(".0 ", " ")  # cases are whole, what a part makes of them is not

    def _made(self, change: _Change, name: str) -> str:
        """What the named thing made of the change, in a colleague's words."""
        if name not in change.effects:
            return f"which does not enter into {self.says}"
        effect = change.effects[name].mean
        if self.display.shown(effect) == 0:
            return "which alone makes next to nothing of it"
        made = f"which alone makes {'a rise' if effect > 0 else 'a fall'} of {self._told(effect)}"
        share = effect / change.change
        if share < 0:
            return made
        return f"{made}, {f'{100 * share:.0f} % of it' if share <= 1 else 'more than all of it'}"


def _said(change: _Change, named: str) -> Statement:
    return {"rose": change.change > 0, "driver": named}


def _both(weeks: _Weeks) -> tuple[float, float] | None:
    before, now = weeks["before"], weeks["now"]
    return None if before is None or now is None else (before, now)


def _within(shares: tuple[float, float], low: float, high: float) -> bool:
    return low <= shares[0] and shares[1] <= high


def _moved(before: float, now: float) -> bool:
    return before != 0 and abs(now / before - 1) >= MOVED


def _rose(change: float) -> str:
    return "rose" if change > 0 else "fell"


def _went(before: float, now: float, display: Display) -> str:
    """*rose from 4.1 to 6.0 %*; the unit is said once."""
    if before == now:
        return f"hardly moved from {spelled(now, display)}"
    start = spelled(before, display).removesuffix(f" {display.unit}")
    return f"{_rose(now - before)} from {start} to {spelled(now, display)}"
