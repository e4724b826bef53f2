"""Claims about code: a query that an assistant wrote, and the sentence that says what it gives.

Query and sentence are put together from the same axes, such as which rows count or up to which day (see `crosswise`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from math import isclose
from typing import ClassVar, Literal

from pydantic import Field

from mondaylab.concepts.queries import literal
from mondaylab.errors import Refused
from mondaylab.labs.claims.claim import Statement
from mondaylab.labs.claims.company_data import CompanyData
from mondaylab.labs.claims.crosswise import MOST_AXES, Choice, CrosswiseTemplate, Texts, choice_of, days_of
from mondaylab.labs.claims.query_runs import run
from mondaylab.labs.claims.query_text import check_query, composed
from mondaylab.labs.claims.query_ways import Meaning, Way, meaning
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts
from mondaylab.labs.claims.wording import Display, phrase, spelled
from mondaylab.measures import Measure, leaves
from mondaylab.measures.needs import Needs, cut_needs, together

SEPARATION = 3.0
"""So many tolerances the numbers of two ways lie apart on the data shown, or the claim is not drawn."""
PART = 0.01
"""And so large a part of the number, unless they are rounded otherwise: less is no error that anybody would act on."""


class QueryTemplate(CrosswiseTemplate):
    """What a query gives: sound when it gives what the sentence asks for, flawed when one thing in it differs."""

    known_operators: ClassVar[tuple[str, ...]] = (
        "query_join",
        "query_grain",
        "query_filter",
        "query_nulls",
        "query_period",
        "query_cast",
    )
    own_words: ClassVar[tuple[str, ...]] = ("what", "sql")
    given_words: ClassVar[tuple[str, ...]] = ("sql",)
    shown_beside: ClassVar[tuple[str, ...]] = ("sql",)
    texts: ClassVar[tuple[str, ...]] = ("what", "sql")
    pieces: ClassVar[tuple[str, ...]] = ("says", "sql")

    kind: Literal["query"] = "query"
    measure: str
    """What is asked for, before an axis changes it."""
    display: Display
    """How the number that the query gives is shown: half a step is its tolerance."""
    says: str = Field(min_length=10)
    """The sentence's ``{what}``, with the words of slots and each axis in braces."""
    sql: str = Field(min_length=10)
    """The query over the lab's concepts, with each axis in braces; slots and days come as literals."""
    axes: dict[str, tuple[Way, ...]] = Field(min_length=1, max_length=MOST_AXES)
    """Flaw operator -> the ways that its axis goes."""

    def ways(self, choice: Choice) -> tuple[Way, ...]:
        """The ways of a choice."""
        return tuple(ways[at] for ways, at in zip(self.axes.values(), choice, strict=True))

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        asked, done = choice_of(statement, "asked"), choice_of(statement, "done")
        wanted = self.expected(facts.measures, facts.data, slices, asked)
        given = self.given(facts.data, facts.measures, slices, done)
        if wanted is None or given is None:
            return False
        if alike(given, wanted):
            return True
        if abs(given - wanted) <= self._apart:
            raise Refused(f"the query gives {given:g} and is to give {wanted:g}: neither the same nor told apart")
        return False

    def agrees(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        """Whether the query gives what the sentence asks for; on data that give neither a number they do."""
        wanted = self.expected(facts.measures, facts.data, slices, choice_of(statement, "asked"))
        given = self.given(facts.data, facts.measures, slices, choice_of(statement, "done"))
        return wanted is given or (wanted is not None and given is not None and alike(given, wanted))

    def given(self, data: CompanyData, measures: Mapping[str, Measure], slices: Slices, done: Choice) -> float | None:
        """What the query gives when it is run as it is shown; raises as `check_query`, before it is run, and `run`."""
        text, concepts = self.query_text(slices, done), self.concepts(measures)
        if text not in self._checked:
            check_query(text, concepts, where=f"claim {self.id}")
            self._checked.add(text)
        return run(data.catalog, text, concepts)

    def expected(
        self, measures: Mapping[str, Measure], data: CompanyData, slices: Slices, asked: Choice
    ) -> float | None:
        """What the sentence asks for, by the lab's measures."""
        meant = self.meant(measures, slices, asked)
        value = data.value(meant.measure)
        return None if value is None else meant.number(value, self.display.scale)

    def meant(self, measures: Mapping[str, Measure], slices: Slices, asked: Choice) -> Meaning:
        """What the sentence asks for, as a measure."""
        return meaning(measures[self.measure], measures, self.ways(asked), self.by, slices)

    def query_text(self, slices: Slices, done: Choice) -> str:
        """The query as it is shown."""
        where = f"claim {self.id}"
        words = {name: literal(value) for name, value in slices.slots.items()}
        words |= {name: f"DATE '{day.isoformat()}'" for name, day in days_of(slices).items()}
        pieces = {
            name: phrase(way.sql, words, where=where) for name, way in zip(self.axes, self.ways(done), strict=True)
        }
        return composed(self.sql, words | pieces, where=where)

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        asked, done = choice_of(statement, "asked"), choice_of(statement, "done")
        gives = f"the query gives {self.sentence(slices, done)}"
        given = self.given(facts.data, facts.measures, slices, done)
        came = "nothing" if given is None else spelled(self.display.shown(given / self.display.scale), self.display)
        if says is None:
            return f"True: {gives} ({came})."
        wanted = self.expected(facts.measures, facts.data, slices, asked)
        meant = "nothing" if wanted is None else spelled(self.display.shown(wanted / self.display.scale), self.display)
        return f"{says[0].upper()}{says[1:]}: {gives} ({came}), and what the sentence says comes to {meant}."

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        cut = ", ".join(f"{field} {value}" for field, value in sorted(slices.cut(self._cut).items()))
        told = f"against {self.measure} as the sentence says it"
        return f"the query run as it stands, {told}: {', '.join(filter(None, (slices.words()['week'], cut)))}"

    def measure_names(self) -> tuple[str, ...]:
        named = (way.measure for ways in self.axes.values() for way in ways if way.measure is not None)
        return tuple(dict.fromkeys((self.measure, *named)))

    def needs(self, measures: Mapping[str, Measure]) -> Needs:
        named = cut_needs([measures[name] for name in self.measure_names()], self.by)
        concept = next(leaves(measures[self.measure])).entity
        for ways in self.axes.values():
            for way in ways:
                named = together(named, {concept: {*way.where, *way.cut, *way.bounds}})
                if way.joined is not None:
                    other, _, field = way.joined.partition(".")
                    named = together(named, {concept: {field}, other: {field}})
        return named

    def concepts(self, measures: Mapping[str, Measure]) -> tuple[str, ...]:
        """The concepts that its measures read, and so the tables that its query may."""
        return tuple(sorted(self.needs(measures)))

    def data_problems(self, facts: LabFacts, slices: Sequence[Slices], redrawn: Iterable[LabFacts]) -> Iterable[str]:
        """Ways whose query is refused, or gives another number than the measures, here or on changed copies."""
        usable = [one for one in slices if self.sound(facts, one)]
        for at in (facts, *redrawn):
            told = (self._off(at, one, choice) for one in usable for choice in self.choices())
            yield from dict.fromkeys(filter(None, told))

    def _off(self, facts: LabFacts, slices: Slices, choice: Choice) -> str | None:
        """What is wrong with a query that asks for what its own sentence says; none: nothing."""
        try:
            given = self.given(facts.data, facts.measures, slices, choice)
        except Refused as error:
            return error.what
        wanted = self.expected(facts.measures, facts.data, slices, choice)
        if wanted is given or (wanted is not None and given is not None and alike(given, wanted)):
            return None
        ways = " / ".join(way.says for way in self.ways(choice))
        return f"its query for {ways!r} gives {given}, and its measures {wanted}"

    @cached_property
    def _cut(self) -> dict[str, str]:
        """Field -> slot, of the claim and of all ways."""
        return super()._cut | {
            field: slot for ways in self.axes.values() for way in ways for field, slot in way.cut.items()
        }

    def _near(self, choice: Choice, value: float, other: Choice, beside: float) -> bool:
        """Whether two choices that differ on one axis come to nearly the same."""
        differ = [way.whole for a, way, b in zip(choice, self.ways(choice), other, strict=True) if a != b]
        rounded = [way.whole for a, way, b in zip(other, self.ways(other), choice, strict=True) if a != b]
        part = PART * max(abs(value), abs(beside)) if differ == rounded else 0.0
        return len(differ) == 1 and abs(value - beside) <= max(self._apart, part)

    @cached_property
    def _checked(self) -> set[str]:
        """The texts that were found to be plain questions: reading one takes longer than running it."""
        return set()

    @property
    def _apart(self) -> float:
        return SEPARATION * self.display.step / 2

    def made(self, facts: LabFacts, slices: Slices) -> Texts:
        values: dict[Choice, float] = {}
        for choice in self.choices():
            value = self.expected(facts.measures, facts.data, slices, choice)
            if value is None or any(self._near(choice, value, *other) for other in values.items()):
                return {}
            values[choice] = value
        return {choice: (self.sentence(slices, choice), self.query_text(slices, choice)) for choice in values}


def alike(one: float, other: float) -> bool:
    """Whether two numbers are the same, but for the order in which they were added up."""
    return isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
