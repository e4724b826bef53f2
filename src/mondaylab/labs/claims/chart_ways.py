"""The ways of a chart: what its bars are of, how they are ordered, where they begin; and what these come to on data."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise, product
from math import ceil, floor, isclose, log10
from typing import Literal

from mondaylab.datasets.known import fold
from mondaylab.forms.native.chart_spec import FEWEST, MOST, Chart
from mondaylab.labs.claims.axis_ways import MeasureWay, changed
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.smallest_group import SmallestGroup
from mondaylab.labs.claims.template import LabFacts
from mondaylab.labs.claims.wording import Display

VISIBLE = 0.05
"""So large a part of the axis some bar differs by, or two ways are not told apart by looking."""
LENGTHS, NAMES = "lengths", "names"
_BELOW = (0.5, 0.9)
"""Between these parts of the least bar a chart begins that does not begin at zero."""
_TICKS = 4


class ChartWay(MeasureWay):
    """One of the ways that an axis of a chart can go."""

    order: str | None = None
    """``lengths`` (the longest bar first), ``names`` (by the alphabet, whatever the case and accents), or a measure:
    the most of that first."""
    begins: Literal["zero", "above"] | None = None
    """Where the value axis begins: at zero, or at ``{start}``, a round number below the least bar of all ways."""

    def changes(self) -> bool:
        """Whether it changes what the bars are of."""
        return bool(self.means().keys() - {"order", "begins"})

    @property
    def ordered_by(self) -> str | None:
        """The measure that orders the bars, if another does."""
        return None if self.order in (LENGTHS, NAMES) else self.order


@dataclass(frozen=True)
class Asked:
    """What a sentence asks of a chart.

    Attributes:
        values: Name of a bar -> its value as shown.
        keys: Name of a bar -> what orders it, the least first; bars with the same may stand either way.
        start: Where the axis begins.
    """

    values: Mapping[str, float]
    keys: Mapping[str, float]
    start: float

    def in_order(self, shown: Chart) -> bool:
        """Whether the bars of a chart stand as asked."""
        return all(self.keys[one] <= self.keys[other] for one, other in pairwise(shown.bars))

    def corrected(self, shown: Chart) -> str:
        """The bar that is furthest off, in a sentence; nothing where the values are right."""
        off = {name: abs(shown.bars[name] - value) for name, value in self.values.items()}
        name = max(off, key=lambda one: off[one])
        if off[name] <= 1e-9:
            return ""
        given, meant = shown.spelled(shown.bars[name]), shown.spelled(self.values[name])
        return f" The bar of {name} is at {given}; by the sentence it would be at {meant}."


@dataclass
class Values:
    """What measures come to for each member of a field."""

    facts: LabFacts
    slices: Slices
    by: Mapping[str, str]
    over: str
    display: Display
    _known: dict[Hashable, tuple[float, ...] | None] = field(default_factory=dict)

    @property
    def members(self) -> list[str]:
        """The names of the bars."""
        concept, _, name = self.over.partition(".")
        return self.facts.data.catalog.members(concept, name)

    def of(self, measure: str, ways: Sequence[MeasureWay]) -> tuple[float, ...] | None:
        """One value for each member, not rounded; none where some has none."""
        known = (measure, *map(id, ways))
        if known not in self._known:
            base, name = self.facts.measures[measure], self.over.partition(".")[2]
            made = (changed(base, ways, self.by, self.slices, {name: (member,)}) for member in self.members)
            values = [self.facts.data.value(one) for one in made]
            whole = [value for value in values if value is not None]
            self._known[known] = tuple(whole) if len(whole) == len(values) else None
        return self._known[known]

    def shown(self, measure: str, ways: Sequence[MeasureWay]) -> tuple[float, ...] | None:
        """The same as bars show it."""
        found = self.of(measure, ways)
        return None if found is None else tuple(self.display.shown(value) for value in found)


@dataclass(frozen=True)
class Drawing:
    """What the charts of all ways have in common.

    Attributes:
        values: What the bars come to.
        measure: What they are of, before an axis changes it.
        title: What stands at the value axis.
        start: Where they begin if not at zero: the same for all, or it would tell which bars are meant.
    """

    values: Values
    measure: str
    title: str
    start: float

    def start_words(self) -> str:
        """The start as the sentence says it."""
        return f"{self.start:,.{self._decimals}f}"

    def least(self, ways: Sequence[ChartWay]) -> float | None:
        """The least bar of these ways; none where some member has no value."""
        found = self._shown(ways)
        return None if found is None else min(found)

    def alike(self, rows: Sequence[Sequence[ChartWay]], part: float) -> bool:
        """Whether the sums of all ways differ by such a part at most: who knows the company would see the size."""
        sums = [sum(self._shown(ways) or ()) for ways in rows]
        return max(sums) - min(sums) <= part * max(sums)

    def asked(self, ways: Sequence[ChartWay]) -> Asked:
        """What the ways together ask for."""
        order = next((way.order for way in ways if way.order is not None), None)
        begins = next((way.begins for way in ways if way.begins is not None), "zero")
        values = dict(zip(self.values.members, self._shown(ways) or (), strict=True))
        return Asked(values, self._keys(values, order, changing(ways)), 0.0 if begins == "zero" else self.start)

    def chart(self, asked: Asked) -> Chart:
        """The chart that is asked for; bars that may stand either way stand by their names."""
        names = sorted(asked.values, key=lambda name: (asked.keys[name], name))
        bars = {name: asked.values[name] for name in names}
        return Chart(bars, self.title, asked.start, round_above(asked.start, max(bars.values())), self._decimals)

    def _shown(self, ways: Sequence[ChartWay]) -> tuple[float, ...] | None:
        named = [way.measure for way in ways if way.measure is not None]
        return self.values.shown([self.measure, *named][-1], changing(ways))

    @property
    def _decimals(self) -> int:
        return max(self.values.display.decimals, 0)

    def _keys(self, values: Mapping[str, float], order: str | None, ways: Sequence[MeasureWay]) -> dict[str, float]:
        if order is None:  # a sentence that says nothing of the order is right with any
            return dict.fromkeys(values, 0.0)
        if order == NAMES:
            places = {letters: float(place) for place, letters in enumerate(sorted(map(fold, values)))}
            return {name: places[fold(name)] for name in values}
        if order == LENGTHS:
            return {name: -value for name, value in values.items()}
        found = self.values.of(order, ways) or ()
        return {name: -value for name, value in zip(values, found, strict=True)}


def drawing_of(
    values: Values,
    axes: Sequence[Sequence[ChartWay]],
    measure: str,
    title: str,
    group: SmallestGroup | None,
    alike: float | None = None,
    *,
    above: bool,
) -> Drawing | None:
    """What all charts have in common; none where some bar may not be drawn.

    That is one that has no value, or one below zero, or is of too few people; nor are ways drawn of unlike size.

    Args:
        values: What the bars come to.
        axes: The ways of each axis that changes this.
        measure: What the bars are of, before.
        title: What stands at the value axis.
        group: The rule on small groups.
        alike: So large a part the sums of two ways may differ by.
        above: Whether some chart begins above zero.
    """
    if not FEWEST <= len(values.members) <= MOST:
        return None
    rows = list(product(*axes))
    if group is not None and not _may_be_told(values, rows, group):
        return None
    drawing = Drawing(values, measure, title, 0.0)
    least = [drawing.least(ways) for ways in rows]
    if any(one is None or one < 0 for one in least) or not (alike is None or drawing.alike(rows, alike)):
        return None
    if not above:
        return drawing
    start = round_below(min(one for one in least if one is not None), values.display.step)
    return None if start is None else replace(drawing, start=start)


def told_apart(shown: Chart, asked: Asked) -> bool:
    """Whether somebody who looks sees that a chart is not what is asked: a bar's value, its place, or its length."""
    if shown.bars.keys() != asked.values.keys():
        return True
    end = round_above(asked.start, max(asked.values.values()))
    long = max(shown.length, end - asked.start)
    if any(abs(shown.bars[name] - value) >= VISIBLE * long for name, value in asked.values.items()):
        return True
    if not isclose(shown.start, asked.start):
        parts = {name: (value - asked.start) / (end - asked.start) for name, value in asked.values.items()}
        return any(visible(abs(shown.part(name) - part)) for name, part in parts.items())
    return not asked.in_order(shown)


def changing(ways: Sequence[ChartWay]) -> list[ChartWay]:
    """Those of the ways that change what the bars are of."""
    return [way for way in ways if way.changes()]


def visible(part: float) -> bool:
    """Whether so large a part of the axis is seen."""
    return part >= VISIBLE - 1e-9


def round_below(least: float, step: float) -> float | None:
    """The roundest number that lies clearly below the least bar, yet not near zero; none where there is none.

    Args:
        least: The least bar.
        step: The smallest step that bars are shown by.
    """
    if least <= 0:
        return None
    for power in range(ceil(log10(least)), floor(log10(step)) - 1, -1):
        for times in (5, 2, 1):
            unit = times * 10.0**power
            found = round(floor(_BELOW[1] * least / unit + 1e-9) * unit, 6)
            if unit >= step - 1e-9 and found >= _BELOW[0] * least:
                return found
    return None


def round_above(start: float, most: float) -> float:
    """Where an axis ends that begins at `start`: at a round number above the longest bar."""
    rough = max(most - start, 1e-6) / _TICKS
    unit = 10.0 ** floor(log10(rough))
    step = next(times * unit for times in (1, 2, 5, 10) if times * unit >= rough * 0.999)
    return round(ceil(round(most / step, 6)) * step, 6)


def _may_be_told(values: Values, rows: Sequence[Sequence[ChartWay]], group: SmallestGroup) -> bool:
    """Whether enough people are behind every bar of every way, and behind what two ways leave over."""
    values.facts.data.handbook.check_limit(group.section, group.least, group.unit)
    counted = [group.people] if group.part is None else [group.people, group.part]
    for ways in rows:
        people = values.of(group.people, changing(ways))
        parts = people if group.part is None else values.of(group.part, changing(ways))
        if people is None or parts is None:
            return False
        if not all(group.allows(all_, part if group.part else None) for all_, part in zip(people, parts, strict=True)):
            return False
    return not any(
        _leave_over(values, group, people, changing(one), changing(other))
        for one, other in combinations(rows, 2)
        for people in counted
    )


def _leave_over(
    values: Values, group: SmallestGroup, people: str, one: Sequence[ChartWay], other: Sequence[ChartWay]
) -> bool:
    """Whether the people of one way lie within those of another, some bar of which has few people more."""
    if {way.days for way in one} - {None} != {way.days for way in other} - {None}:
        return False  # of other days others are told of
    if (
        _cuts(values, one).items() ^ _cuts(values, other).items()
        and _cuts(values, one).keys() == _cuts(values, other).keys()
    ):
        return False  # of other rows, and so is what both have in common: nobody
    counts = [values.of(people, ways) for ways in (one, other, [*one, *other])]
    told = [each for each in counts if each is not None]
    return len(told) == len(counts) and any(
        inside == min(some, others) and group.leaves_over(max(some, others), min(some, others))
        for some, others, inside in zip(*told, strict=True)
    )


def _cuts(values: Values, ways: Sequence[ChartWay]) -> dict[str, str]:
    """Field -> the member that ways cut it to."""
    return {name: value for way in ways for name, value in values.slices.cut(way.cut).items()}
