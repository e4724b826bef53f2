"""A claim about two answers to one request: which of them is right where they differ.

What the answers say is put together from a claim of another kind: one says it soundly, the other with one of its
flaws. Which answer is right and which one the draft calls right are crossed: all four ways are equally likely, with
the same two texts, so that neither the texts nor the draft's sentence tells anything; only holding them against the
data does.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from statistics import mean, stdev
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import PlainSerializer, PlainValidator, ValidationError, model_validator

from mondaylab.errors import Refused
from mondaylab.forms.shown import LooksIn, Severity
from mondaylab.labs.claims.claim import Numbers, Statement
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.smallest_group import SmallestGroup
from mondaylab.labs.claims.template import LabFacts, Template
from mondaylab.labs.claims.wording import phrase, words_of
from mondaylab.measures import Measure
from mondaylab.measures.needs import Needs
from mondaylab.records import validation_message

ANSWERS = ("first", "second")
"""The two answers, as statements have them."""

EITHER_SIDE = (0.4, 0.6)
"""Least and greatest part of a flaw's values that lie above the right one."""
ENOUGH = 10
"""Slices with values of a flaw; fewer show nothing."""
_ERRORS = 2
"""Standard errors by which a part may be outside, as that of some slices by chance is."""
TOLD_BY_FORM = ("wrong_scale", "wrong_sign", "wrong_unit")
"""Flaws whose value looks wrong beside the right one: ten times as large, with the other sign, in another unit."""


def other_than(answer: str) -> str:
    """The other one of the two."""
    return ANSWERS[answer == ANSWERS[0]]


def _read(data: object) -> Template:
    # the registry lists this kind among the others
    from mondaylab.labs.claims.registry import claim_template  # noqa: PLC0415

    try:
        return claim_template(data)
    except ValidationError as error:
        raise ValueError(validation_message(error)) from None


def _written(about: Template) -> dict[str, Any]:
    return about.model_dump(mode="json")


class DifferenceTemplate(Template):
    """Where two answers differ, which one is right: flawed when the draft calls the wrong one right."""

    known_operators: ClassVar[tuple[str, ...]] = ("wrong_version",)
    own_words: ClassVar[tuple[str, ...]] = ("first", "second", "says", "other")
    shown_beside: ClassVar[tuple[str, ...]] = ANSWERS
    texts: ClassVar[tuple[str, ...]] = ANSWERS
    moves_in_common: ClassVar[bool] = False
    evenly_flawed: ClassVar[bool] = True
    tried_on: ClassVar[int] = 80

    kind: Literal["difference"] = "difference"
    about: Annotated[Template, PlainValidator(_read), PlainSerializer(_written)]
    """What the answers differ in, `[claims.about]`: a claim of another kind without id and draft; its `judged_as` is
    what either of them says, as `{CLAIM.first}` and `{CLAIM.second}`."""
    names: tuple[str, str] = ("A", "B")
    """What sentences call the answers: `{says}` is the one that the draft holds to be right, `{other}` the other."""
    operators: tuple[str, ...] = ("wrong_version",)

    @model_validator(mode="before")
    @classmethod
    def _cut_as_what_it_is_about(cls, data: Any) -> Any:
        if not isinstance(data, Mapping) or not isinstance(about := data.get("about"), Mapping):
            return data
        if data.get("by", about.get("by", {})) != about.get("by", {}):
            raise ValueError("'by' stands in [claims.about]")
        named = {key: data[key] for key in ("id", "draft") if key in data}
        return {**data, "by": about.get("by", {}), "about": {**about, **named}}

    @model_validator(mode="after")
    def _compares(self) -> Self:
        if self.about.slice_decides or self.about.shown_beside or self.about.rests_on:
            raise ValueError(f"two answers cannot differ in a claim of kind {self.about.kind!r}")
        if not self.about.operators:
            raise ValueError("what it is about has no flaw: give it 'operators'")
        if told := [name for name in self.about.operators if self._is_told_by_form(name)]:
            raise ValueError(f"{told[0]!r} shows beside the right value which one is wrong: take another flaw")
        if self.optional or self.about.optional:
            raise ValueError("both answers state it: it cannot be optional")
        if self.about.looks_wrong:
            raise ValueError("what it is about is no claim of the draft, and no foil: leave out 'foil' and 'pick'")
        if not {*words_of(self.about.judged_as)} & ({*self.about.own_words} - {*self.about.given_words}):
            known = ", ".join(f"{{{name}}}" for name in self.about.own_words)
            raise ValueError(f"both answers would say the same: 'judged_as' of what it is about holds one of {known}")
        if len(set(self.names)) < len(self.names):
            raise ValueError("both answers have the same name")
        if {*words_of(self.judged_as)} & {*ANSWERS} or "says" not in words_of(self.judged_as):
            raise ValueError("'judged_as' says {says}, by which it is judged, and neither {first} nor {second}")
        return self

    def bound(self, claims: Mapping[str, Template]) -> Self:
        return self.model_copy(update={"about": self.about.bound(claims)})

    def binding_problems(self, claims: Mapping[str, Template]) -> Iterable[str]:
        return self.about.binding_problems(claims)

    def _is_told_by_form(self, flaw: str) -> bool:
        """Of a value; turning round which of two is higher gives what looks as right."""
        return flaw in TOLD_BY_FORM and "value" in self.about.own_words

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        return [{**one, "says": one["right"]} for one in self._answers(facts, slices)]

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        return [{**one, "says": other_than(str(one["right"]))} for one in self._answers(facts, slices)]

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        return self.right(facts, slices, statement) == statement["says"]

    def right(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        """Which answer is right, by the data.

        Raises:
            Refused: Both are, or neither is.
        """
        held = [answer for answer in ANSWERS if self.about.holds(facts, slices, self.said(statement, answer))]
        if len(held) != 1:
            told = "both answers are" if held else "neither answer is"
            raise Refused(f"{told} right: {statement['first']!r}, {statement['second']!r}", where=f"claim {self.id}")
        return held[0]

    def error(self, facts: LabFacts, slices: Slices, statement: Statement) -> tuple[str, Severity]:
        """Which answer is wrong here, by the data, and how bad its error is.

        Raises:
            Refused: As `right`; or nobody says how bad errors are.
        """
        if facts.flaws is None:
            raise Refused("nothing says how bad errors are", where=f"claim {self.id}")
        wrong = other_than(self.right(facts, slices, statement))
        numbers = self.about.numbers(facts, slices, self.said(statement, wrong))
        sizes = {} if numbers is None else {"truth": numbers.truth, "stated": numbers.stated}
        return wrong, facts.flaws.severity(str(statement["flaw"]), **sizes)

    def said(self, statement: Statement, answer: str) -> Statement:
        """What one of the answers says, as a statement of what it is about."""
        start = f"{answer}."
        return {name.removeprefix(start): value for name, value in statement.items() if name.startswith(start)}

    def words(self, statement: Statement) -> dict[str, str]:
        says = str(statement["says"])
        names = dict(zip(ANSWERS, self.names, strict=True))
        texts = {answer: str(statement[answer]) for answer in ANSWERS}
        return {**texts, "says": names[says], "other": names[other_than(says)]}

    def direction(self, statement: Statement) -> bool | None:
        """Which answer is called right: a coin, so that none of them is so more often."""
        return statement["says"] == ANSWERS[0]

    def weighed_as(self, operator: str, statement: Statement) -> str:
        return str(statement["flaw"])

    def numbers(self, facts: LabFacts, slices: Slices, statement: Statement) -> Numbers | None:
        return self.about.numbers(facts, slices, self.said(statement, str(statement["says"])))

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        wrong = other_than(self.right(facts, slices, statement))
        entry = None if facts.flaws is None else facts.flaws.entry(str(statement["flaw"]))
        flaw = "it is not what the data gives" if entry is None else entry.says
        found = self.about.why(facts, slices, self.said(statement, wrong), flaw)
        if says is None:
            return f"True: {found[:1].lower()}{found[1:]}"
        return f"{says[:1].upper()}{says[1:]}. {found}"

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        return self.about.query(facts, slices, self._right_one(facts, slices, statement))

    def fact(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        return self.about.fact(facts, slices, self._right_one(facts, slices, statement))

    def measure_names(self) -> tuple[str, ...]:
        return self.about.measure_names()

    @property
    def smallest_group(self) -> SmallestGroup | None:
        return self.about.smallest_group

    def cut_problems(self) -> Iterable[str]:
        return self.about.cut_problems()

    def measure_problems(self, measures: Mapping[str, Measure]) -> Iterable[str]:
        return self.about.measure_problems(measures)

    def slot_names(self) -> tuple[str, ...]:
        return self.about.slot_names()

    def needs(self, measures: Mapping[str, Measure]) -> Needs:
        return self.about.needs(measures)

    def looks_in(self, measures: Mapping[str, Measure]) -> LooksIn:
        return self.about.looks_in(measures)

    def slices(self, facts: LabFacts, slices: list[Slices], rng: random.Random) -> list[Slices]:
        return self.about.slices(facts, slices, rng)

    def joins(self) -> Mapping[str, str]:
        return self.about.joins()

    def data_problems(self, facts: LabFacts, slices: Sequence[Slices], redrawn: Iterable[LabFacts]) -> Iterable[str]:
        """Flaws whose values lie mostly on one side of the right one: size alone would tell the answers apart."""
        yield from self.about.data_problems(facts, slices[: self.about.tried_on], redrawn)
        for flaw in self.about.operators:
            each = [part for one in slices if (part := self._above(facts, one, flaw)) is not None]
            if len(each) < ENOUGH:
                continue
            above, error = mean(each), _ERRORS * stdev(each) / len(each) ** 0.5
            if above - error > EITHER_SIDE[1] or above + error < EITHER_SIDE[0]:
                side, part = ("above", above) if above > EITHER_SIDE[1] else ("below", 1 - above)
                told = f"what {flaw!r} gives lies {side} the right figure in {part:.0%} of the cases"
                yield f"{told} (40-60 % are fair), so that size tells: take another flaw"

    def _above(self, facts: LabFacts, slices: Slices, flaw: str) -> float | None:
        """The part of a flaw's values on these slices that are larger than the right one."""
        stated = self.about.wrong(facts, slices, flaw) if self.about.sound(facts, slices) else ()
        found = [self.about.numbers(facts, slices, one) for one in stated]
        sides = [one.stated > one.truth for one in found if one is not None]
        return mean(sides) if sides else None

    def _right_one(self, facts: LabFacts, slices: Slices, statement: Statement) -> Statement:
        return self.said(statement, self.right(facts, slices, statement))

    def _answers(self, facts: LabFacts, slices: Slices) -> Iterator[Statement]:
        """Every pair of answers twice, so that either is right; what the draft says of them is left to fill in."""
        sound = [(one, self._text(slices, one)) for one in self.about.sound(facts, slices)]
        for flaw in self.about.operators if sound else ():
            wrong = [(one, self._text(slices, one)) for one in self.about.wrong(facts, slices, flaw)]
            for pair in product(sound, wrong):
                if pair[0][1] != pair[1][1]:  # or a reader could not tell the two apart
                    yield _statement(*pair, flaw, right="first")
                    yield _statement(*pair[::-1], flaw, right="second")

    def _text(self, slices: Slices, statement: Statement) -> str:
        words = slices.words() | self.about.words(statement)
        return phrase(self.about.judged_as, words, where=f"claim {self.id}")


def _statement(first: tuple[Statement, str], second: tuple[Statement, str], flaw: str, *, right: str) -> Statement:
    """What two answers say, typed and in words, and which of them is right."""
    typed = {
        f"{answer}.{name}": value
        for answer, (stated, _) in zip(ANSWERS, (first, second), strict=True)
        for name, value in stated.items()
    }
    return {"first": first[1], "second": second[1], **typed, "right": right, "flaw": flaw}
