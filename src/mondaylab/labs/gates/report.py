"""What the gates say of a lab: one record a gate, and the report that holds them."""

from __future__ import annotations

from pydantic import Field

from mondaylab.records import Record


class Gate(Record):
    """One figure about a lab's forms, held against a bound."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    passed: bool
    enough: bool = True
    """Whether there were enough forms to tell; where there were not, it has not passed."""
    value: float | None = None
    """The figure; none when it was not measured."""
    low: float | None = None
    """Lower end of its 95 % interval; none where every form was looked at and nothing is estimated."""
    high: float | None = None
    """Upper end."""
    bound: float | None = None
    """What it is held against; `said` tells which side is good."""
    n: int = Field(ge=0)
    """How many forms, rows, claims or pairs it rests on; `said` names which."""
    said: str
    """One plain sentence, and what to do when the gate fails."""


class GateReport(Record):
    """All gates of one lab on one snapshot."""

    lab: str
    quarter: str
    company: str
    snapshot: str
    seeds: int
    """Forms that were asked for, each from a secret of its own."""
    claims: int
    """Claims that they hold, without the "nothing is missing" rows."""
    gates: tuple[Gate, ...]

    @property
    def passed(self) -> bool:
        """Whether every gate holds."""
        return all(gate.passed for gate in self.gates)

    def failed(self) -> tuple[Gate, ...]:
        """The gates that do not hold."""
        return tuple(gate for gate in self.gates if not gate.passed)
