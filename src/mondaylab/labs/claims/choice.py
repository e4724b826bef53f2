"""A claim about two answers to one request: which of them to send.

The answer whose worst error is less bad; if their worst errors are equally bad, the one with fewer errors. Of an odd
number of differences either has another number of errors than the other, so there is never a tie.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Literal, Self

from pydantic import Field, PrivateAttr, field_validator

from mondaylab.errors import Refused
from mondaylab.forms.shown import SEVERITIES, Severity
from mondaylab.labs.claims.claim import Claim, Statement
from mondaylab.labs.claims.difference import ANSWERS, DifferenceTemplate, other_than
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts, Template
from mondaylab.measures import Measure
from mondaylab.measures.needs import Needs, together
from mondaylab.plural import plural
from mondaylab.records import content_hash

LEAST = 3
"""Differences; one alone would say the same as the choice."""
_TRIED = 12
"""Ways in which the differences can stand together that are looked at where no form has drawn them."""
Errors = Mapping[str, Sequence[Severity]]
"""Answer -> how bad each of its errors is."""


def better(errors: Errors) -> str:
    """The answer to send: the worse error counts first, then how many there are.

    Raises:
        Refused: Both are equally good, as an even number of differences allows.
    """
    first, second = ((_worst(errors[answer]), len(errors[answer])) for answer in ANSWERS)
    if first == second:
        raise Refused("both answers are equally good", fix="let the choice rest on an odd number of differences")
    return ANSWERS[first > second]


def _worst(errors: Sequence[Severity]) -> int:
    return max((SEVERITIES.index(one) + 1 for one in errors), default=0)


class ChoiceTemplate(Template):
    """Which of two answers to send, by the errors that they have where they differ."""

    known_operators: ClassVar[tuple[str, ...]] = ("wrong_choice",)
    own_words: ClassVar[tuple[str, ...]] = ("says", "other")
    moves_in_common: ClassVar[bool] = False
    evenly_flawed: ClassVar[bool] = True

    kind: Literal["choice"] = "choice"
    of: tuple[str, ...] = Field(min_length=LEAST)
    """Ids of the `difference` claims of the same draft that it rests on: an odd number of them."""
    operators: tuple[str, ...] = ("wrong_choice",)
    _differences: tuple[DifferenceTemplate, ...] = PrivateAttr(())
    _stated: Mapping[str, Statement] = PrivateAttr({})

    @field_validator("of")
    @classmethod
    def _never_ties(cls, of: tuple[str, ...]) -> tuple[str, ...]:
        if len(of) % 2 == 0:
            raise ValueError(f"{len(of)} differences could leave both answers equally good: take an odd number")
        if len(set(of)) < len(of):
            raise ValueError("names a difference twice")
        return of

    def bound(self, claims: Mapping[str, Template]) -> Self:
        found = tuple(one for name in self.of if isinstance(one := claims.get(name), DifferenceTemplate))
        if len(found) < len(self.of):
            return self
        made = self.model_copy()
        made._differences = found
        return made

    def binding_problems(self, claims: Mapping[str, Template]) -> Iterable[str]:
        for name in self.of:
            one = claims.get(name)
            if not isinstance(one, DifferenceTemplate) or one.draft != self.draft:
                yield f"{name!r} is no difference of draft {self.draft!r}"
        if len({one.names for one in self._differences}) > 1:
            yield "the differences do not give the answers the same 'names'"
        if self.optional:
            yield "it stands and goes with its differences: it may not be optional"

    @property
    def rests_on(self) -> tuple[str, ...]:
        return self.of

    def resting_on(self, stated: Mapping[str, Claim]) -> Self:
        made = self.model_copy()
        made._stated = {name: claim.statement for name, claim in stated.items()}
        return made

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        return [{"says": better(self._errors(facts, slices, one)), **one} for one in self._together(facts, slices)]

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        return [{**one, "says": other_than(str(one["says"]))} for one in self.sound(facts, slices)]

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        return better(self._errors(facts, slices, statement)) == statement["says"]

    def words(self, statement: Statement) -> dict[str, str]:
        names = dict(zip(ANSWERS, self._all[0].names, strict=True))
        says = str(statement["says"])
        return {"says": names[says], "other": names[other_than(says)]}

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        errors = self._errors(facts, slices, statement)
        names = dict(zip(ANSWERS, self._all[0].names, strict=True))
        told = ", ".join(f"{names[answer]} has {_counted(errors[answer])}" for answer in ANSWERS)
        return f"True: {told}." if says is None else f"{says[:1].upper()}{says[1:]}: {told}."

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        return "; ".join(one.query(facts, slices, _of(statement, one)) for one in self._all)

    def fact(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        return content_hash(["choice", *(one.fact(facts, slices, _of(statement, one)) for one in self._all)])

    def measure_names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for one in self._differences for name in one.measure_names()))

    def slot_names(self) -> tuple[str, ...]:
        # a cut's period takes a week, which is nothing to draw
        periods = {slot for one in self._differences for field, slot in one.by.items() if field == "period"}
        names = dict.fromkeys(name for one in self._differences for name in one.slot_names())
        return tuple(name for name in names if name not in periods)

    def needs(self, measures: Mapping[str, Measure]) -> Needs:
        return together(*(one.needs(measures) for one in self._differences))

    @property
    def _all(self) -> tuple[DifferenceTemplate, ...]:
        if not self._differences:
            raise Refused(f"{', '.join(map(repr, self.of))} are not all differences", where=f"claim {self.id}")
        return self._differences

    def _errors(self, facts: LabFacts, slices: Slices, statement: Statement) -> Errors:
        """The errors of either answer, each evaluated on the data."""
        found = [one.error(facts, slices, _of(statement, one)) for one in self._all]
        return {answer: [how_bad for wrong, how_bad in found if wrong == answer] for answer in ANSWERS}

    def _together(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        """What the differences state: as the form drew them or, outside of any form, in some of their ways."""
        if self._stated:
            return [_joined(self._all, [self._stated[one.id] for one in self._all])]
        each = [one.sound(facts, slices) for one in self._all]
        if not all(each):
            return []
        # another step for each, or all would go the same ways
        ways = ([stated[at * step % len(stated)] for step, stated in enumerate(each, 1)] for at in range(_TRIED))
        return [_joined(self._all, way) for way in ways]


def _joined(differences: Sequence[DifferenceTemplate], stated: Sequence[Statement]) -> Statement:
    """The statements of differences in one: nothing of what the draft says of them, and no text."""
    return {
        f"{one.id}.{name}": value
        for one, statement in zip(differences, stated, strict=True)
        for name, value in statement.items()
        if name == "flaw" or "." in name
    }


def _of(statement: Statement, difference: DifferenceTemplate) -> Statement:
    """What one of the differences states."""
    start = f"{difference.id}."
    own = {name.removeprefix(start): value for name, value in statement.items() if name.startswith(start)}
    return {**dict.fromkeys(ANSWERS, ""), **own}


def _counted(errors: Sequence[Severity]) -> str:
    if not errors:
        return "no error"
    worst = SEVERITIES[_worst(errors) - 1]
    return f"{plural(len(errors), 'error')}, {f'the worst {worst}' if len(errors) > 1 else worst}"
