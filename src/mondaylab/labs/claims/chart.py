"""Claims about a chart: bars that an assistant drew, and the sentence that says what they show.

Chart and sentence are put together from the same axes (see `crosswise`). A chart is its spec: what it shows is read
back from there, bar by bar, and held against the lab's measures for what the sentence asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import combinations
from math import isclose
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from mondaylab.errors import Refused
from mondaylab.forms.native.chart_spec import Chart
from mondaylab.labs.claims.chart_ways import (
    Asked,
    ChartWay,
    Drawing,
    Values,
    drawing_of,
    round_above,
    told_apart,
    visible,
)
from mondaylab.labs.claims.claim import Statement
from mondaylab.labs.claims.crosswise import DAYS, MOST_AXES, Choice, CrosswiseTemplate, Texts, choice_of, differ_once
from mondaylab.labs.claims.query_runs import made_once
from mondaylab.labs.claims.slots import WEEKS, Slices
from mondaylab.labs.claims.smallest_group import SmallestGroup
from mondaylab.labs.claims.template import LabFacts
from mondaylab.labs.claims.wording import Display, words_of
from mondaylab.measures import Measure, leaves
from mondaylab.measures.needs import Needs, cut_needs, together
from mondaylab.records import content_hash


class ChartTemplate(CrosswiseTemplate):
    """What a chart shows: sound when its bars are what the sentence says, flawed when one thing in it differs."""

    known_operators: ClassVar[tuple[str, ...]] = (
        "chart_series",
        "chart_filter",
        "chart_period",
        "chart_order",
        "chart_scale",
    )
    own_words: ClassVar[tuple[str, ...]] = ("what", "chart")
    given_words: ClassVar[tuple[str, ...]] = ("chart",)
    shown_beside: ClassVar[tuple[str, ...]] = ("chart",)
    texts: ClassVar[tuple[str, ...]] = ("what", "chart")

    kind: Literal["chart"] = "chart"
    measure: str
    """What the bars are of, before an axis changes it."""
    over: str = Field(pattern=r"^\w+\.\w+$")
    """``concept.field``: one bar for each of its members, 3 to 10."""
    display: Display
    """How the bars' values are shown."""
    title: str = Field(min_length=2)
    """What stands at the value axis, whichever way the axes go: it may not say what the sentence is judged by."""
    group: SmallestGroup | None = None
    """Slices on which a bar of any way is about fewer people are not used, nor if two ways differ by so few."""
    alike: float | None = Field(default=None, gt=0, lt=1)
    """Slices are not used on which the bars of two ways differ in their sum by a larger part: their size would tell."""
    says: str = Field(min_length=10)
    """The sentence's ``{what}``, with the words of slots and each axis in braces; also ``{start}``, see `begins`."""
    axes: dict[str, tuple[ChartWay, ...]] = Field(min_length=1, max_length=MOST_AXES)
    """Flaw operator -> the ways that its axis goes."""

    @model_validator(mode="after")
    def _each_axis_its_own(self) -> Self:
        for name, ways in self.axes.items():
            for way in ways:
                if (name == "chart_order") != (way.order is not None):
                    raise ValueError(f"axis {name!r}: 'order' is what ways of chart_order say, and no others")
                if (name == "chart_scale") != (way.begins is not None):
                    raise ValueError(f"axis {name!r}: 'begins' is what ways of chart_scale say, and no others")
                if way.changes() and name in ("chart_order", "chart_scale"):
                    raise ValueError(f"axis {name!r}: its ways leave the values as they are")
        return self

    def ways(self, choice: Choice) -> tuple[ChartWay, ...]:
        """The ways of a choice."""
        return tuple(ways[at] for ways, at in zip(self.axes.values(), choice, strict=True))

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        shown = Chart.read(str(statement["chart"]))
        drawing = self._drawing(facts, slices)
        wanted = None if drawing is None else drawing.asked(self.ways(choice_of(statement, "asked")))
        if wanted is None or shown.bars.keys() != wanted.values.keys() or shown.title != self.title:
            return False
        if not isclose(shown.end, round_above(shown.start, max(shown.bars.values()))):
            return False
        off = max(abs(shown.bars[name] - value) for name, value in wanted.values.items())
        if off > 1e-9 and not visible(off / shown.length):
            raise Refused(f"the chart's bars are {off:g} off what its sentence says: neither the same nor told apart")
        if off <= 1e-9 and not isclose(shown.start, wanted.start) and not told_apart(shown, wanted):
            raise Refused("the chart begins nearly where its sentence says: neither the same nor told apart")
        return off <= 1e-9 and isclose(shown.start, wanted.start) and wanted.in_order(shown)

    def read_as(self, words: Mapping[str, str]) -> dict[str, str]:
        return super().read_as(words) | {"chart": Chart.read(words["chart"]).text()}

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        drawing, done = self._drawing(facts, slices), choice_of(statement, "done")
        start = {} if drawing is None else {"start": drawing.start_words()}
        shows = f"the chart shows {self.sentence(slices, done, start)}"
        if says is None:
            return f"True: {shows}."
        told = f"{says[0].upper()}{says[1:]}: {shows}"
        wanted = None if drawing is None else drawing.asked(self.ways(choice_of(statement, "asked")))
        return f"{told}.{'' if wanted is None else wanted.corrected(Chart.read(str(statement['chart'])))}"

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        """What to look at: of the ways it tells what the sentence does, and nothing of those that are not asked for."""
        asked = (way.cut for way in self.ways(choice_of(statement, "asked")))
        rows = {field: value for cut in (self.by, *asked) for field, value in slices.cut(cut).items()}
        cut = ", ".join(f"{field} {value}" for field, value in sorted(rows.items()))
        week = slices.words()["week"] if self._has_weeks else ""
        told = f"the bars, their order and where they begin, against {self.measure} over {self.over}"
        return ": ".join(filter(None, (f"{told} as the sentence says it", ", ".join(filter(None, (week, cut))))))

    def fact(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        """What its bars would have to be by the sentence: order and start are seen without any data."""
        changing = {name for name in self.axes if name not in ("chart_order", "chart_scale")}
        named = zip(self.axes, str(statement["asked"]), strict=True)
        asked = "".join(way for name, way in named if name in changing)
        return content_hash(f"{self.query(facts, slices, statement)}: {asked}")

    def measure_names(self) -> tuple[str, ...]:
        ways = [way for ways in self.axes.values() for way in ways]
        named = [way.measure for way in ways if way.measure is not None]
        named += [way.ordered_by for way in ways if way.ordered_by is not None]
        people = () if self.group is None else self.group.measure_names()
        return tuple(dict.fromkeys((self.measure, *named, *people)))

    @property
    def smallest_group(self) -> SmallestGroup | None:
        return self.group

    def needs(self, measures: Mapping[str, Measure]) -> Needs:
        concept, _, field = self.over.partition(".")
        named = together(cut_needs([measures[name] for name in self.measure_names()], self.by), {concept: {field}})
        for ways in self.axes.values():
            for way in ways:
                rows = next(leaves(measures[way.measure or self.measure])).entity
                named = together(named, {rows: {*way.where, *way.cut, *way.bounds}})
        return named

    def made(self, facts: LabFacts, slices: Slices) -> Texts:
        drawing = self._drawing(facts, slices)
        if drawing is None:
            return {}
        charts: dict[Choice, tuple[Asked, Chart]] = {}
        for choice in self.choices():
            asked = drawing.asked(self.ways(choice))
            charts[choice] = (asked, drawing.chart(asked))
        for (one, (asked, chart)), (other, (beside, another)) in combinations(charts.items(), 2):
            if differ_once(one, other) and not (told_apart(another, asked) and told_apart(chart, beside)):
                return {}
        start = {"start": drawing.start_words()}
        return {choice: (self.sentence(slices, choice, start), chart.spec()) for choice, (_, chart) in charts.items()}

    @property
    def _cut_slots(self) -> tuple[str, ...]:
        told = (slot for ways in self.axes.values() for way in ways for slot in way.cut.values())
        return tuple(dict.fromkeys((*super()._cut_slots, *told)))

    @cached_property
    def _has_weeks(self) -> bool:
        ways = [way for ways in self.axes.values() for way in ways]
        said = {word for text in (self.says, *(way.says for way in ways)) for word in words_of(text)}
        return "period" in self.by or any(way.days is not None for way in ways) or bool(said & {*DAYS, *WEEKS})

    def _drawing(self, facts: LabFacts, slices: Slices) -> Drawing | None:
        """What the charts of all choices have in common; none where one of them may not, or cannot, be drawn."""
        return made_once(
            facts.data.catalog, self, ("drawing", *self._asked(slices)), lambda: self._drawn(facts, slices)
        )

    def _drawn(self, facts: LabFacts, slices: Slices) -> Drawing | None:
        axes = [ways for name, ways in self.axes.items() if name not in ("chart_order", "chart_scale")]
        values = Values(facts, slices, self.by, self.over, self.display)
        return drawing_of(
            values, axes, self.measure, self.title, self.group, self.alike, above="chart_scale" in self.axes
        )
