"""A claim that quotes the handbook: true when the words stand in the section it names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from mondaylab.errors import Refused
from mondaylab.labs.claims.claim import Statement
from mondaylab.labs.claims.misquoting import altered, conditional, negated, negation_changed, with_condition
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts, Template

LENGTH = (6, 30)
"""Words of a sentence that is quoted."""
_ABOUT_CONDITIONS = {"half_quoted_rule", "merged_clauses"}


class QuoteTemplate(Template):
    """A quotation of a whole sentence.

    ``half_quoted_rule`` ends it where its condition begins, and ``merged_clauses`` lets one that has none run on with
    the condition of another of the same chapter: they go together, so that neither the words, nor the length, nor
    whether there is a condition tells a flaw.
    """

    known_operators: ClassVar[tuple[str, ...]] = (
        "misquoted_source",
        "half_quoted_rule",
        "merged_clauses",
        "lost_negation",
    )
    own_words: ClassVar[tuple[str, ...]] = ("section", "quote")

    kind: Literal["quote"] = "quote"
    sections: tuple[str, ...] = Field(min_length=1)
    """Sections that may be quoted here."""
    operators: tuple[str, ...] = ("misquoted_source",)

    @model_validator(mode="after")
    def _nothing_tells(self) -> Self:
        used = _ABOUT_CONDITIONS & set(self.operators)
        if used and used != _ABOUT_CONDITIONS:
            raise ValueError("'half_quoted_rule' and 'merged_clauses' go together: one shortens, the other lengthens")
        if used and "lost_negation" in self.operators:
            raise ValueError("'lost_negation' needs a claim of its own, without 'half_quoted_rule'")
        return self

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        # only sentences that could be quoted wrongly too: or quoting one would tell that it is sound
        quotable = [(number, one) for number, one in self._sentences(facts) if self._could_be_wrong(one)]
        self._check_both(quotable)
        return [_said(number, one) for number, one in quotable]

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        quotable = self._sentences(facts)
        made = [
            _said(number, other)
            for number, one in quotable
            for other in self._made_of(operator, number, one, quotable)
            if _fits(other)
        ]
        return [one for one in made if not self.holds(facts, slices, one)]

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        return str(statement["quote"]) in facts.data.handbook.sentences(str(statement["section"]))

    def direction(self, statement: Statement) -> bool | None:
        """Whether there is a condition, or a negation, where operators take it away and put it in."""
        quote = str(statement["quote"])
        if _ABOUT_CONDITIONS & set(self.operators):
            return conditional(quote) is not None
        return negated(quote) if "lost_negation" in self.operators else None

    def words(self, statement: Statement) -> dict[str, str]:
        return {"section": str(statement["section"]), "quote": str(statement["quote"]).rstrip(".")}

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        if says is None:
            return f"True: section {statement['section']} says so word for word."
        return f"Section {statement['section']} says: “{self._original(facts, statement)}”"

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        return facts.data.handbook.cited(str(statement["section"]))

    def fact(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        return f"{self.query(facts, slices, statement)} {self._original(facts, statement)}"

    def _sentences(self, facts: LabFacts) -> list[tuple[str, str]]:
        """Section and sentence, of all that are neither too short nor too long to quote."""
        book = facts.data.handbook
        return [(number, one) for number in self.sections for one in book.sentences(number) if _fits(one)]

    def _could_be_wrong(self, sentence: str) -> bool:
        """Whether an operator alters it; what has no condition might be half of something that has one."""
        if _ABOUT_CONDITIONS & set(self.operators):
            return True
        made = (self._made_of(operator, "", sentence, []) for operator in self.operators)
        return any(True for _ in chain.from_iterable(made))

    def _check_both(self, quotable: list[tuple[str, str]]) -> None:
        """Operators that take something away and put it in need sentences of either kind.

        Raises:
            Refused: The sections have none of one kind, which would then tell a flaw.
        """
        ways = {self.direction(_said(number, one)) for number, one in quotable}
        if None not in ways and len(ways) < 2:
            of = "a condition" if _ABOUT_CONDITIONS & set(self.operators) else "a negation"
            raise Refused(
                f"sections {', '.join(self.sections)} have not both a sentence with and one without {of}",
                where=f"claim {self.id}",
                fix="name more sections, or take those operators out",
            )

    def _made_of(self, operator: str, number: str, sentence: str, others: list[tuple[str, str]]) -> Iterator[str]:
        """What the operator makes of a sentence."""
        parts = conditional(sentence)
        match operator:
            case "half_quoted_rule":
                yield from () if parts is None else (parts.rule,)
            case "merged_clauses":
                same = (found for at, one in others if _chapter(at) == _chapter(number) and (found := conditional(one)))
                yield from () if parts else (with_condition(sentence, other.condition) for other in same)
            case "lost_negation":
                yield from negation_changed(sentence)
            case _:
                yield from altered(sentence)

    def _original(self, facts: LabFacts, statement: Statement) -> str:
        """The sentence that a quotation was made of."""
        quotable = self._sentences(facts)
        there = [one for number, one in quotable if number == statement["section"]]
        if statement["quote"] in there:
            return str(statement["quote"])
        number = str(statement["section"])
        made = ((one, self._made_of(operator, number, one, quotable)) for operator in self.operators for one in there)
        return next(one for one, others in made if str(statement["quote"]) in others)


def _said(number: str, quote: str) -> Statement:
    return {"section": number, "quote": quote}


def _chapter(number: str) -> str:
    return number.partition(".")[0]


def _fits(sentence: str) -> bool:
    """Neither too short nor too long, and no sentence that only announces a list."""
    return LENGTH[0] <= len(sentence.split()) <= LENGTH[1] and not sentence.endswith(":")
