"""A claim that states the limit of a rule: true when it is the limit of today, not the one that held before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from mondaylab.labs.claims.claim import Numbers, Statement
from mondaylab.labs.claims.rule import amount_words
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts, Template
from mondaylab.records import Record


class ChangedLimit(Record):
    """A limit that was another one before."""

    section: str
    """Handbook section that says both: what holds now, and, in a clause with *until then*, what held before."""
    says: str = Field(min_length=2)
    """What the sentence calls it, such as *what an account manager may give*."""
    now: float
    before: float
    unit: str


class LimitTemplate(Template):
    """A claim about one of several limits that have changed.

    Every value holds for as many of the limits now as it held for before, so that none of them tells a flaw.
    """

    known_operators: ClassVar[tuple[str, ...]] = ("superseded_rule",)
    own_words: ClassVar[tuple[str, ...]] = ("section", "rule", "value")

    kind: Literal["limit"] = "limit"
    limits: tuple[ChangedLimit, ...] = Field(min_length=2)
    """The limits that may be stated here."""
    operators: tuple[str, ...] = ("superseded_rule",)

    @model_validator(mode="after")
    def _no_value_tells(self) -> Self:
        if len({one.says for one in self.limits}) < len(self.limits):
            raise ValueError("two limits are called the same")
        now, before = (Counter((getattr(one, when), one.unit) for one in self.limits) for when in ("now", "before"))
        if odd := sorted(((now - before) + (before - now)).elements()):
            told = f"{amount_words(*odd[0])} holds for other limits now than it held for before"
            raise ValueError(f"{told}: as many have to have it as 'now' as have it as 'before', or it tells the flaw")
        if any(one.now == one.before for one in self.limits):
            raise ValueError("a limit is the same now and before")
        return self

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        return [_said(one, one.now) for one in self._checked(facts)]

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        return [_said(one, one.before) for one in self._checked(facts)]

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        return any(statement == _said(one, one.now) for one in self._checked(facts))

    def words(self, statement: Statement) -> dict[str, str]:
        value = amount_words(float(statement["value"]), self._stated(statement).unit)
        return {"section": str(statement["section"]), "rule": str(statement["rule"]), "value": value}

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        one = self._stated(statement)
        now, before = amount_words(one.now, one.unit), amount_words(one.before, one.unit)
        if says is None:
            return f"True: section {one.section} says {now} today; {before} is what held before."
        return f"Section {one.section} says {now} today, and {before} is what held before: {says}."

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        return facts.data.handbook.cited(str(statement["section"]))

    def fact(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        return f"{self.query(facts, slices, statement)} {statement['rule']}"

    def numbers(self, facts: LabFacts, slices: Slices, statement: Statement) -> Numbers | None:
        one = self._stated(statement)
        return Numbers(float(statement["value"]), one.now, one.unit, tolerance=0.0)

    def _stated(self, statement: Statement) -> ChangedLimit:
        return next(one for one in self.limits if one.says == statement["rule"])

    def _checked(self, facts: LabFacts) -> tuple[ChangedLimit, ...]:
        """The limits, as the handbook has them.

        Raises:
            Refused: A section no longer says so.
        """
        for one in self.limits:
            facts.data.handbook.check_limit(one.section, one.now, one.unit)
            facts.data.handbook.check_former(one.section, one.before, one.unit)
        return self.limits


def _said(limit: ChangedLimit, value: float) -> Statement:
    return {"section": limit.section, "rule": limit.says, "value": value}
