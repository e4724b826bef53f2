"""`grader/scoring.yaml`: which cells a role's labs have, what they are worth, and how diagnosis weighs its parts."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from mondaylab.errors import NotFound, Refused
from mondaylab.labs.forms.shown import Severity
from mondaylab.records import Record
from mondaylab.settings import Site

AutoCell = Literal["judgement", "diagnosis", "evidence", "validator"]
AUTO_CELLS: tuple[AutoCell, ...] = ("judgement", "diagnosis", "evidence", "validator")


class Criterion(Record):
    """One thing that an instructor marks by hand in formgrader: the cell ``oversight_<id>``."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    """What is asked, in words for learner and instructor."""
    points: float = Field(gt=0)

    @property
    def grade_id(self) -> str:
        """nbgrader's id of its cell."""
        return f"oversight_{self.id}"


class RoleRules(Record):
    """One role's cells."""

    cells: dict[AutoCell, float] = Field(min_length=1)
    """Cell scored by program -> its points."""
    oversight: tuple[Criterion, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> RoleRules:
        if any(points <= 0 for points in self.cells.values()):
            raise ValueError("a cell needs more than 0 points")
        if len({criterion.id for criterion in self.oversight}) != len(self.oversight):
            raise ValueError("two oversight criteria have the same id")
        return self

    def points(self) -> dict[str, float]:
        """Every graded cell's points by grade id, in the order they are shown."""
        automatic: dict[str, float] = dict(self.cells.items())
        return automatic | {criterion.grade_id: criterion.points for criterion in self.oversight}


class DiagnosisRules(Record):
    """How the diagnosis of flaws is weighed; see `mondaylab.grader.diagnosis`."""

    kind: float = Field(gt=0)
    """Weight of naming the kind."""
    severity: float = Field(ge=0)
    """Weight of naming the severity."""
    value: float = Field(ge=0)
    """Weight of the corrected value, for rows that state a number; elsewhere the other two share it."""
    same_group: float = Field(ge=0, le=1)
    """Share of the kind's weight for another kind of the same group."""
    severity_weights: dict[Severity, float]
    """How much a flaw of each true severity counts."""

    @model_validator(mode="after")
    def _complete(self) -> DiagnosisRules:
        if set(self.severity_weights) != {"minor", "material", "critical"} or min(self.severity_weights.values()) <= 0:
            raise ValueError("severity_weights needs minor, material and critical, each more than 0")
        return self


class EvidenceRules(Record):
    """How evidence is replayed."""

    redraws: int = Field(ge=3, le=20)
    """Redrawn datasets on which the figure must come out right, beside the lab's own."""


class ValidatorRules(Record):
    """How a validator is tried."""

    mutants: int = Field(ge=40)
    """Wrong claims at the least."""
    twins: int = Field(ge=40)
    """Sound claims at the least."""


class SandboxRules(Record):
    """What one call of learner code may use."""

    seconds: float = Field(default=8.0, gt=0, le=120)
    """Wall-clock time."""
    memory_mb: int = Field(default=1024, ge=64)
    """Beyond pandas and the tables themselves."""


class ScoringRules(Record):
    """The whole file."""

    roles: dict[str, RoleRules]
    diagnosis: DiagnosisRules
    evidence: EvidenceRules
    validator: ValidatorRules
    sandbox: SandboxRules = SandboxRules()

    @classmethod
    def of(cls, site: Site) -> ScoringRules:
        """Reads ``grader/scoring.yaml``; raises as `Record.read_yaml`."""
        return cls.read_yaml(site.grader / "scoring.yaml")

    def role(self, lab: str) -> RoleRules:
        """The rules of a lab's role; `lab` is ``role/name``.

        Raises:
            NotFound: The file has no such role.
            Refused: `lab` is not written as role/name.
        """
        role, slash, name = lab.partition("/")
        if not slash or not name:
            raise Refused(f"{lab!r} is not a lab id", fix="write it as role/name, such as finance/weekly_margin_memo")
        if role not in self.roles:
            raise NotFound(f"no scoring rules for role {role}", where="grader/scoring.yaml", fix="add the role there")
        return self.roles[role]
