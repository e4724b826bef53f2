"""A claim that something keeps a limit or not: true when the computed figure says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from mondaylab.labs.claims.claim import Statement
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts
from mondaylab.labs.claims.under_limit import UnderLimit
from mondaylab.labs.claims.wording import spelled


class VerdictTemplate(UnderLimit):
    """A yes or no about a figure and a limit."""

    known_operators: ClassVar[tuple[str, ...]] = ("policy_misread",)
    own_words: ClassVar[tuple[str, ...]] = ("verdict", "limit")

    kind: Literal["verdict"] = "verdict"
    yes: str = Field(min_length=2)
    """Words for ``{verdict}`` when the limit is kept, such as *is within*."""
    no: str = Field(min_length=2)
    """Words when it is not."""
    operators: tuple[str, ...] = ("policy_misread",)

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        kept = self.kept(facts, slices)
        return () if kept is None else ({"kept": kept},)

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        kept = self.kept(facts, slices)
        return () if kept is None else ({"kept": not kept},)

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        return self.kept(facts, slices) == statement["kept"]

    def direction(self, statement: Statement) -> bool | None:
        return bool(statement["kept"])

    def words(self, statement: Statement) -> dict[str, str]:
        return {"verdict": self.yes if statement["kept"] else self.no, "limit": spelled(self.limit, self.display)}

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        found = self.found(facts, slices)
        return f"True: {found}." if says is None else f"{found[0].upper()}{found[1:]}: {says}."

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        return self.proof(facts, slices)
