"""What every kind of claim template can do: state something sound, state something wrong, and judge a statement."""

from __future__ import annotations

import random
from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Self

from pydantic import Field

from mondaylab.forms.flaws import FlawTable
from mondaylab.forms.shown import LooksIn
from mondaylab.labs.claims.claim import Claim, Numbers, Statement
from mondaylab.labs.claims.company_data import CompanyData
from mondaylab.labs.claims.figures import Figure
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.smallest_group import SmallestGroup
from mondaylab.measures import Measure, leaves
from mondaylab.measures.needs import Needs, cut_needs
from mondaylab.records import Record, content_hash


@dataclass(frozen=True)
class LabFacts:
    """What claims are written from: the lab's measures by name, and the company data they are evaluated on."""

    measures: Mapping[str, Measure]
    data: CompanyData
    flaws: FlawTable | None = None
    """How bad errors are, for claims that weigh some against others."""


class Template(Record):
    """A claim that every form words about its own slices.

    A kind gives sound and wrong statements as typed values, and a predicate that judges any statement of its kind. The
    engine holds every statement against that predicate, so truth is evaluated both ways and never a label.
    """

    known_operators: ClassVar[tuple[str, ...]] = ()
    """The flaw operators that a kind brings with it."""
    own_words: ClassVar[tuple[str, ...]] = ()
    """The words that sentences may hold beside slots' and ``week``; each statement gives these (see `words`)."""
    given_words: ClassVar[tuple[str, ...]] = ()
    """Those of `own_words` that no flaw changes: a draft may leave them to the sentence that is judged."""
    shown_beside: ClassVar[tuple[str, ...]] = ()
    """Those of `own_words` that a draft shows outside the claim's span, such as the query that a sentence is about."""
    texts: ClassVar[tuple[str, ...]] = ()
    """Those of `own_words` that are texts and no values: whoever guesses from the words reads them."""
    slice_decides: ClassVar[bool] = False
    """Whether the slice alone makes a claim sound or wrong, in the same words."""
    moves_in_common: ClassVar[bool] = True
    """Whether all slices of a week may go one way (see `direction`), so that a claim of the other way tells a flaw."""
    undirected: ClassVar[tuple[str, ...]] = ()
    """Flaw operators whose statements go neither way, of a kind whose others do (see `direction`): what cannot be
    flawed the way that the coin fell must not become one of these, or of that way few flawed claims would be left."""

    evenly_flawed: ClassVar[bool] = False
    """Whether a coin makes it sound or flawed, instead of being flawed as seldom as other rows. What rests on it then
    cannot be told from what the draft says here: mostly right, that would say which conclusion is."""

    tried_on: ClassVar[int] = 10
    """Slices on which it is tried as a whole (see `data_problems`), on the data and on changed copies of it."""

    drawn_from: ClassVar[int] = 997
    """Which of several statements is made is drawn from so many numbers, modulo how many there are. With another,
    releases that are out would give other forms: a kind keeps the one that it came with."""

    kind: str
    id: str
    draft: str
    by: dict[str, str] = {}
    """Field -> slot (or a record slot's word): the cut; the key ``period`` takes a week."""
    operators: tuple[str, ...] = ()
    """Flaw operators that may be seeded here."""
    judged_as: str = Field(min_length=1)
    """The sentence that is judged, standing alone, with words in braces: the kind's own, those of slots, and ``week``.
    Manuscripts say it in words of their own."""
    optional: bool = False
    """Stands in for a claim that a draft must state, when that is left out."""
    foil: bool = False
    """Sound claims of this template look wrong."""

    def bound(self, claims: Mapping[str, Template]) -> Self:
        """The same with what it takes from the lab's other claims, by id; most take nothing."""
        return self

    def binding_problems(self, claims: Mapping[str, Template]) -> Iterable[str]:
        """What is wrong with the claim that it takes something from, in words."""
        return ()

    @property
    def restates(self) -> str | None:
        """The claim of the same draft whose slices it takes, and without which it stands in no form."""
        return None

    @property
    def rests_on(self) -> tuple[str, ...]:
        """The claims of the same draft that are drawn before it, whose slices it takes, and without any of which it
        stands in no form."""
        return () if self.restates is None else (self.restates,)

    def resting_on(self, stated: Mapping[str, Claim]) -> Self:
        """The same in a form in which the claims that it rests on were drawn like this; most kinds do not mind."""
        return self

    def repeats(self, statement: Statement, first: Statement) -> bool:
        """Whether a statement says the same as one of the claim that it restates."""
        return False

    @classmethod
    def operators_known(cls) -> tuple[str, ...]:
        """The flaw operators that can work on this kind."""
        return cls.known_operators

    @property
    def picks(self) -> bool:
        """Whether it chooses among the slices that it may be about, for a true claim that looks wrong."""
        return False

    @property
    def looks_wrong(self) -> bool:
        """Whether a sound claim is a foil."""
        return self.foil or self.picks

    @abstractmethod
    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        """True statements about these slices; empty when the data decides nothing here."""

    @abstractmethod
    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        """Plausible wrong statements that the operator makes of these slices."""

    @abstractmethod
    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        """The predicate: whether a statement about these slices is true."""

    @abstractmethod
    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        """Plain words for feedback; `says` is what the flaw operator did, none for a sound claim."""

    @abstractmethod
    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        """What proves the truth, in one line."""

    def words(self, statement: Statement) -> dict[str, str]:
        """What sentences may say of a statement: each of `own_words`."""
        return {name: str(value) for name, value in statement.items()}

    def read_as(self, words: Mapping[str, str]) -> dict[str, str]:
        """Those of a claim's words that are texts, as somebody reads them who guesses from the words."""
        return {word: words[word] for word in self.texts}

    def fact(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        """Hash of what must be known to judge it."""
        return content_hash(self.query(facts, slices, statement))

    def numbers(self, facts: LabFacts, slices: Slices, statement: Statement) -> Numbers | None:
        """Stated and true value, if there is a number to correct."""
        return None

    def weighed_as(self, operator: str, statement: Statement) -> str:
        """The flaw at the bottom of a flawed statement, if another operator made it: as bad, and called, as that is."""
        return operator

    def direction(self, statement: Statement) -> bool | None:
        """Which of two ways the statement goes (rose or fell, yes or no), if it has two.

        Forms decide it by a coin before they look at the data, so that neither way tells which claims are flawed.
        """
        return None

    def measure_names(self) -> tuple[str, ...]:
        """The declared measures that this template needs."""
        return ()

    @property
    def smallest_group(self) -> SmallestGroup | None:
        """The rule on small groups that its figures keep, if they are about people."""
        return None

    def counted(self, facts: LabFacts, slices: Slices, measure: str) -> float:
        """How many a measure counts in the template's cut; 0 where it has no value."""
        week = slices.week if "period" in self.by else None
        return facts.data.value(Figure(facts.measures[measure], "plain", slices.cut(self.by), week).measure()) or 0

    def cut_problems(self) -> Iterable[str]:
        """What is wrong with the cut for a claim of this kind, in words."""
        return ()

    def measure_problems(self, measures: Mapping[str, Measure]) -> Iterable[str]:
        """What is wrong with the measures that it names, taken together, in words.

        Args:
            measures: The lab's, by name; all that it needs are there.
        """
        return ()

    def slot_names(self) -> tuple[str, ...]:
        """The slots, or record slots' words, that this template needs."""
        return tuple(self.by.values())

    def needs(self, measures: Mapping[str, Measure]) -> Needs:
        """The concepts and fields that it reads; a kind that looks at more than its measures and cut adds them.

        Args:
            measures: The lab's, by name.
        """
        return cut_needs([measures[name] for name in self.measure_names()], self.by)

    def looks_in(self, measures: Mapping[str, Measure]) -> LooksIn:
        """Where the claim is checked; from the template alone, so that a sound and a flawed claim tell the same.

        A kind that the handbook decides says so.

        Args:
            measures: The lab's, by name.
        """
        if names := self.measure_names():
            figure = next(iter(leaves(measures[names[0]])))
            return LooksIn(concept=figure.entity, field=figure.field)
        return LooksIn(concept=next(iter(self.needs(measures)), None))

    def slices(self, facts: LabFacts, slices: list[Slices], rng: random.Random) -> list[Slices]:
        """Of slices that were drawn, those that a claim may be about, the wanted ones first.

        The same for sound and for flawed claims, or the slice would give the flaw away.
        """
        return slices

    def data_problems(self, facts: LabFacts, slices: Sequence[Slices], redrawn: Iterable[LabFacts]) -> Iterable[str]:
        """What is wrong with it that no single statement shows, in words; asked once, when its lab is built.

        Args:
            facts: The lab's.
            slices: Some that it may be about.
            redrawn: The same lab on changed copies of the data, made when they are looked at.
        """
        return ()

    def joins(self) -> Mapping[str, str]:
        """Measure -> ``concept.field`` that a careless join reaches from there, one row meeting several."""
        return {}


Comparison = Literal["at_most", "less_than", "at_least", "more_than"]


def compared(value: float, comparison: Comparison, limit: float) -> bool:
    """Whether a value keeps a limit."""
    match comparison:
        case "at_most":
            return value <= limit
        case "less_than":
            return value < limit
        case "at_least":
            return value >= limit
        case "more_than":
            return value > limit
