"""A sitting: one answer on its way into a lab, with what its author decided so far and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mondaylab.authoring.meaning import Meaning
from mondaylab.labs.adopting.adopter import Adoption, adopt
from mondaylab.labs.adopting.answered import Answered
from mondaylab.labs.adopting.decisions import Decisions
from mondaylab.labs.adopting.entries import Entry


@dataclass
class Sitting:
    """One answer and its author's decisions. A decision that is refused changes nothing.

    Attributes:
        answered: The answer, scrubbed if it was pasted.
        version: Name of the version that it becomes.
        taken: Kind of personal data -> how many were taken out of it.
        decisions: So far.
        adoption: What follows from them.
    """

    answered: Answered
    version: str
    taken: Mapping[str, int] = field(default_factory=dict)
    decisions: Decisions = field(default_factory=Decisions)
    adoption: Adoption = field(init=False)

    def __post_init__(self) -> None:
        self.adoption = adopt(self.answered, self.version, self.decisions)

    def mean(self, number: int, meaning: Meaning) -> None:
        """Says which figure a doubtful place is; raises as `adopt` does."""
        rest = self.decisions.not_claims - {number}
        means = {**self.decisions.means, number: meaning.words()}
        self._take(self.decisions.model_copy(update={"means": means, "not_claims": rest}))

    def call_nothing(self, number: int) -> None:
        """Says that a place is no claim; raises as `adopt` does."""
        means = {one: said for one, said in self.decisions.means.items() if one != number}
        not_claims = self.decisions.not_claims | {number}
        self._take(self.decisions.model_copy(update={"means": means, "not_claims": not_claims}))

    def undo(self, number: int) -> None:
        """Takes back what was decided on a place."""
        means = {one: said for one, said in self.decisions.means.items() if one != number}
        rest = self.decisions.not_claims - {number}
        self._take(self.decisions.model_copy(update={"means": means, "not_claims": rest}))

    def state(self, item: str, numbers: Iterable[int]) -> None:
        """Says which claims state what the draft must state; none: the answer leaves it out. Raises as `adopt` does."""
        states = {**self.decisions.states, item: tuple(sorted({*numbers}))}
        self._take(self.decisions.model_copy(update={"states": states}))

    def rename(self, version: str) -> None:
        """Gives the version another name: the claims of its own are named anew."""
        made = adopt(self.answered, version, self.decisions)
        self.version, self.adoption = version, made

    def entry(self, number: int) -> Entry | None:
        """A place of the list, as it is decided; none of that number."""
        return next((one for one in self.adoption.entries if one.number == number), None)

    def _take(self, decisions: Decisions) -> None:
        self.adoption = adopt(self.answered, self.version, decisions)
        self.decisions = decisions
