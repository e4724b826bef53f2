"""Claims about code: a query that an assistant wrote, and the sentence that says what it gives.

Query and sentence are put together from the same *axes*, such as which rows count or up to which day. Each axis goes
one of several *ways*, all of which people ask for. A sound claim takes the same way on every axis in both; a flawed one
takes another way on one axis in the query. All ways are equally likely, so that neither the query nor the sentence
tells anything: only holding one against the other does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import combinations, product
from math import isclose
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from mondaylab.concepts.queries import literal
from mondaylab.errors import Refused
from mondaylab.labs.claims.claim import Statement
from mondaylab.labs.claims.company_data import CompanyData
from mondaylab.labs.claims.query_runs import made_once, run
from mondaylab.labs.claims.query_text import check_query, composed
from mondaylab.labs.claims.query_ways import Meaning, Way, meaning
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts, Template
from mondaylab.labs.claims.wording import Display, phrase, spelled, words_of
from mondaylab.measures import Measure, leaves
from mondaylab.measures.needs import Needs, cut_needs, together

SEPARATION = 3.0
"""So many tolerances the numbers of two ways lie apart on the data shown, or the claim is not drawn."""
PART = 0.01
"""And so large a part of the number, unless they are rounded otherwise: less is no error that anybody would act on."""
MOST_AXES = 4
DAYS = {"monday_before": -7, "monday": 0, "friday": 4, "saturday": 5, "sunday": 6, "next_monday": 7}
"""Word of a query and its sentence -> the day that it is, from the Monday of the week."""
Choice = tuple[int, ...]
"""Which way each axis goes, in the order of the axes."""
Texts = Mapping[Choice, tuple[str, str]]
"""Choice -> its sentence and its query."""


class QueryTemplate(Template):
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
    drawn_from: ClassVar[int] = 1008
    """Of up to four statements, or of 6 to 9, 12, 14, 16, 18 or 24, each is exactly as likely as any other."""

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

    @model_validator(mode="before")
    @classmethod
    def _flawed_on_every_axis(cls, data: Any) -> Any:
        if isinstance(data, Mapping) and "operators" not in data and isinstance(data.get("axes"), Mapping):
            return {**data, "operators": list(data["axes"])}
        return data

    @model_validator(mode="after")
    def _crosses(self) -> Self:
        if strange := sorted(set(self.operators) - set(self.axes)):
            raise ValueError(f"flaw {strange[0]!r} has no axis")
        for name, ways in self.axes.items():
            if len(ways) < 2:
                raise ValueError(f"axis {name!r} goes one way only")
            for what in ("says", "sql"):
                if len({getattr(way, what) for way in ways}) < len(ways):
                    raise ValueError(f"axis {name!r}: two ways have the same {what!r}")
            if any(one.means() == other.means() for one, other in combinations(ways, 2)):
                raise ValueError(f"axis {name!r}: two ways mean the same")
            for key, text in (("says", self.says), ("sql", self.sql)):
                if words_of(text).count(name) != 1:
                    raise ValueError(f"{key!r} has not once the axis {{{name}}}")
        # only then is every statement drawn as often as any other
        if any(self.drawn_from % (len(self.choices()) * (len(ways) - 1)) for ways in self.axes.values()):
            raise ValueError(f"{len(self.choices())} ways together are not drawn equally often: give each axis two")
        return self

    def choices(self) -> list[Choice]:
        """Every way that all axes can go together."""
        return list(product(*(range(len(ways)) for ways in self.axes.values())))

    def ways(self, choice: Choice) -> tuple[Way, ...]:
        """The ways of a choice."""
        return tuple(ways[at] for ways, at in zip(self.axes.values(), choice, strict=True))

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        texts = self._texts(facts, slices)
        return [_statement(texts, choice, choice) for choice in texts]

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        texts = self._texts(facts, slices)
        at, many = list(self.axes).index(operator), len(self.axes[operator])
        return [
            _statement(texts, asked, (*asked[:at], (asked[at] + step) % many, *asked[at + 1 :]))
            for step in range(1, many)
            for asked in texts
        ]

    def words(self, statement: Statement) -> dict[str, str]:
        return {name: str(statement[name]) for name in self.own_words}

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        asked, done = _choice(statement, "asked"), _choice(statement, "done")
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
        wanted = self.expected(facts.measures, facts.data, slices, _choice(statement, "asked"))
        given = self.given(facts.data, facts.measures, slices, _choice(statement, "done"))
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
        words |= {name: f"DATE '{day.isoformat()}'" for name, day in _days(slices).items()}
        pieces = {
            name: phrase(way.sql, words, where=where) for name, way in zip(self.axes, self.ways(done), strict=True)
        }
        return composed(self.sql, words | pieces, where=where)

    def sentence(self, slices: Slices, asked: Choice) -> str:
        """What the draft says that it gives."""
        where = f"claim {self.id}"
        words = slices.words() | {name: f"{day:%A} {day.day} {day:%B}" for name, day in _days(slices).items()}
        pieces = {
            name: phrase(way.says, words, where=where) for name, way in zip(self.axes, self.ways(asked), strict=True)
        }
        return phrase(self.says, words | pieces, where=where)

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        asked, done = _choice(statement, "asked"), _choice(statement, "done")
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

    def slot_names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*super().slot_names(), *self._cut.values())))

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
        own = {field: slot for field, slot in self.by.items() if field != "period"}
        return own | {field: slot for ways in self.axes.values() for way in ways for field, slot in way.cut.items()}

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

    def _texts(self, facts: LabFacts, slices: Slices) -> Texts:
        """Sentence and query of each choice; none unless any two choices that differ on one axis lie apart.

        Slices on which only some do are not used at all: the others would be flawed less often, and so tell.
        """
        asked = (id(self), slices.week, *(slices.slots[slot] for slot in self._cut.values()))
        return made_once(facts.data.catalog, self, asked, lambda: self._made(facts, slices))

    def _made(self, facts: LabFacts, slices: Slices) -> Texts:
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


def _days(slices: Slices) -> dict[str, date]:
    week = slices.week
    return {name: week + timedelta(days=days) for name, days in DAYS.items()}


def _statement(texts: Texts, asked: Choice, done: Choice) -> Statement:
    return {
        "asked": "".join(map(str, asked)),
        "done": "".join(map(str, done)),
        "what": texts[asked][0],
        "sql": texts[done][1],
    }


def _choice(statement: Statement, name: str) -> Choice:
    return tuple(int(at) for at in str(statement[name]))
