"""A claim that an assistant sent only what its recipient may get: true when the handbook lists all of it for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import ClassVar, Literal

from pydantic import Field

from mondaylab.errors import Refused
from mondaylab.forms.shown import LooksIn
from mondaylab.labs.claims.claim import Statement
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts, Template
from mondaylab.measures import Measure


class SentTemplate(Template):
    """What a call sent to one of two recipients.

    Only what one of the two may get as a whole, and the other not, is ever sent: a coin decides who gets it, so that
    neither the recipient nor what was sent tells whether it was allowed.
    """

    known_operators: ClassVar[tuple[str, ...]] = ("sent_too_much",)
    own_words: ClassVar[tuple[str, ...]] = ("recipient", "sent")
    moves_in_common: ClassVar[bool] = False

    kind: Literal["sent"] = "sent"
    section: str
    """Handbook section that lists, as bullets such as ``- the carrier: pieces, freight``, what each may get."""
    recipients: tuple[str, str]
    """Two that the section lists, in its words."""
    size: int = Field(3, ge=1, le=8)
    """How many things are sent."""
    operators: tuple[str, ...] = ("sent_too_much",)

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        return [_said(to, sent) for to, sets in self._sets(facts).items() for sent in sets]

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        one, other = self.recipients
        swapped = {one: other, other: one}
        return [_said(swapped[to], sent) for to, sets in self._sets(facts).items() for sent in sets]

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        return not self._beyond(facts, statement)

    def direction(self, statement: Statement) -> bool | None:
        return statement["recipient"] == self.recipients[0]

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        cited = facts.data.handbook.cited(self.section)
        if says is None:
            return f"True: {cited} lists all of it for {statement['recipient']}."
        beyond = ", ".join(self._beyond(facts, statement))
        return f"For {statement['recipient']}, {cited} does not list {beyond}: {says}."

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        return f"{statement['sent']} to {statement['recipient']}; {facts.data.handbook.cited(self.section)}"

    def fact(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        return f"{self.id} {self.query(facts, slices, statement)} {slices.cut(self.by)}"

    def looks_in(self, measures: Mapping[str, Measure]) -> LooksIn:
        return LooksIn()

    def _beyond(self, facts: LabFacts, statement: Statement) -> list[str]:
        """What of it the recipient may not get."""
        allowed = self._allowed(facts)[str(statement["recipient"])]
        return [one for one in str(statement["sent"]).split(", ") if one not in allowed]

    def _sets(self, facts: LabFacts) -> dict[str, list[tuple[str, ...]]]:
        """Recipient -> what they may get as a whole, and the other may not.

        Raises:
            Refused: There is no such set for one of them, so that nothing could be sent wrongly, or rightly.
        """
        allowed = self._allowed(facts)
        one, other = self.recipients
        found = {
            to: [sent for sent in combinations(allowed[to], self.size) if not {*sent} <= {*allowed[instead]}]
            for to, instead in ((one, other), (other, one))
        }
        if empty := [to for to, sets in found.items() if not sets]:
            raise Refused(
                f"section {self.section} lets {empty[0]} get no {self.size} things that the other may not get",
                where=f"claim {self.id}",
                fix="name recipients whose lists differ, or another size",
            )
        return found

    def _allowed(self, facts: LabFacts) -> dict[str, tuple[str, ...]]:
        """Recipient -> what the section lists for them.

        Raises:
            Refused: It lists nothing for one of them.
        """
        told = (bullet.partition(": ") for bullet in facts.data.handbook.listed(self.section))
        listed = {to: tuple(one.strip() for one in what.split(",")) for to, _, what in told if what}
        for to in self.recipients:
            if to not in listed:
                raise Refused(
                    f"section {self.section} lists nothing for {to} (there are {', '.join(listed) or 'none'})",
                    where=f"claim {self.id}",
                    fix="write recipients as the section's bullets have them before the colon",
                )
        return listed


def _said(recipient: str, sent: tuple[str, ...]) -> Statement:
    return {"recipient": recipient, "sent": ", ".join(sent)}
