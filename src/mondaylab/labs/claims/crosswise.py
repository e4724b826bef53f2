"""Claims put together crosswise: something that is shown, and the sentence that says what it shows.

Both are made from the same *axes*, such as which rows count. Each axis goes one of several *ways*, all of which people
ask for. A sound claim takes the same way on every axis in both; a flawed one takes another way on one axis in what is
shown. All ways are equally likely, so that neither what is shown nor the sentence tells anything: only holding one
against the other does. Linear readers of words see nothing of such claims by construction: what the gates measure with
them says nothing here. How much can be told without data is measured on a lab's slices.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Hashable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import combinations, product
from typing import Any, ClassVar, Self

from pydantic import Field, model_validator

from mondaylab.labs.claims.axis_ways import AxisWay
from mondaylab.labs.claims.claim import Statement
from mondaylab.labs.claims.query_runs import made_once
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts, Template
from mondaylab.labs.claims.wording import phrase, words_of

MOST_AXES = 4
DAYS = {
    "monday_before": -7,
    "sunday_before": -1,
    "monday": 0,
    "friday": 4,
    "saturday": 5,
    "sunday": 6,
    "next_monday": 7,
}
"""Word of what is shown and of its sentence -> the day that it is, from the Monday of the week."""
Choice = tuple[int, ...]
"""Which way each axis goes, in the order of the axes."""
Texts = Mapping[Choice, tuple[str, str]]
"""Choice -> its sentence, and what is shown."""


class CrosswiseTemplate(Template):
    """Sound when what is shown is what the sentence says, flawed when one thing in it differs.

    Of its `own_words` the first is the sentence's, the second what is shown.
    """

    drawn_from: ClassVar[int] = 1008
    """Of up to four statements, or of 6 to 9, 12, 14, 16, 18 or 24, each is exactly as likely as any other."""
    pieces: ClassVar[tuple[str, ...]] = ("says",)
    """Its texts in which each axis stands once, and the texts of each way that stand there."""

    says: str = Field(min_length=10)
    """The sentence's ``{what}``, with the words of slots and each axis in braces."""
    axes: Mapping[str, tuple[AxisWay, ...]] = Field(min_length=1, max_length=MOST_AXES)
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
            for what in self.pieces:
                if len({getattr(way, what) for way in ways}) < len(ways):
                    raise ValueError(f"axis {name!r}: two ways have the same {what!r}")
            if any(one.means() == other.means() for one, other in combinations(ways, 2)):
                raise ValueError(f"axis {name!r}: two ways mean the same")
            for key in self.pieces:
                if words_of(getattr(self, key)).count(name) != 1:
                    raise ValueError(f"{key!r} has not once the axis {{{name}}}")
        # only then is every statement drawn as often as any other
        if any(self.drawn_from % (len(self.choices()) * (len(ways) - 1)) for ways in self.axes.values()):
            raise ValueError(f"{len(self.choices())} ways together are not drawn equally often: give each axis two")
        return self

    def choices(self) -> list[Choice]:
        """Every way that all axes can go together."""
        return list(product(*(range(len(ways)) for ways in self.axes.values())))

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        texts = self._texts(facts, slices)
        return [self._statement(texts, choice, choice) for choice in texts]

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        texts = self._texts(facts, slices)
        at, many = list(self.axes).index(operator), len(self.axes[operator])
        return [
            self._statement(texts, asked, (*asked[:at], (asked[at] + step) % many, *asked[at + 1 :]))
            for step in range(1, many)
            for asked in texts
        ]

    def words(self, statement: Statement) -> dict[str, str]:
        return {name: str(statement[name]) for name in self.own_words}

    def sentence(self, slices: Slices, asked: Choice, more: Mapping[str, str] | None = None) -> str:
        """What the draft says that is shown.

        Args:
            slices: What it is about.
            asked: The ways that it asks for.
            more: Words beside those of slots and days.
        """
        where = f"claim {self.id}"
        words = slices.words() | {name: f"{day:%A} {day.day} {day:%B}" for name, day in days_of(slices).items()}
        words |= more or {}
        ways = (self.axes[name][at] for name, at in zip(self.axes, asked, strict=True))
        pieces = {name: phrase(way.says, words, where=where) for name, way in zip(self.axes, ways, strict=True)}
        return phrase(self.says, words | pieces, where=where)

    def slot_names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*super().slot_names(), *self._cut_slots)))

    @abstractmethod
    def made(self, facts: LabFacts, slices: Slices) -> Texts:
        """Sentence and what is shown for each choice; none unless any two choices that differ on one axis lie apart.

        Slices on which only some do are not used at all: the others would be flawed less often, and so tell.
        """

    @cached_property
    def _cut(self) -> dict[str, str]:
        """Field -> slot, of the claim and of all ways."""
        return {field: slot for field, slot in self.by.items() if field != "period"}

    @property
    def _cut_slots(self) -> tuple[str, ...]:
        """The slots that the claim or some way is cut to; two ways may cut a field to a slot each."""
        return tuple(self._cut.values())

    @property
    def _has_weeks(self) -> bool:
        """Whether anything of it hangs on the week: if not, what was made for one does for all."""
        return True

    def _asked(self, slices: Slices) -> tuple[Hashable, ...]:
        """What two slices have in common for which the same is made."""
        week = slices.week if self._has_weeks else None
        return (id(self), week, *(slices.slots[slot] for slot in self._cut_slots))

    def _texts(self, facts: LabFacts, slices: Slices) -> Texts:
        return made_once(facts.data.catalog, self, self._asked(slices), lambda: self.made(facts, slices))

    def _statement(self, texts: Texts, asked: Choice, done: Choice) -> Statement:
        says, shows = self.own_words
        return {
            "asked": "".join(map(str, asked)),
            "done": "".join(map(str, done)),
            says: texts[asked][0],
            shows: texts[done][1],
        }


def days_of(slices: Slices) -> dict[str, date]:
    """The days that what is shown and its sentence may name."""
    return {name: slices.week + timedelta(days=days) for name, days in DAYS.items()}


def choice_of(statement: Statement, name: str) -> Choice:
    """The ways that a statement's sentence asks for (``asked``), or that what is shown goes (``done``)."""
    return tuple(int(at) for at in str(statement[name]))


def differ_once(one: Choice, other: Choice) -> bool:
    """Whether two choices go another way on exactly one axis."""
    return sum(a != b for a, b in zip(one, other, strict=True)) == 1
