"""`grader/scoring.yaml`: which cells a role's labs have, what they are worth, and how diagnosis weighs its parts."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from mondaylab.errors import NotFound, Refused
from mondaylab.forms.cells import OVERSIGHT, declared_cells
from mondaylab.forms.flaws import FlawTable
from mondaylab.forms.shown import ACTIONS, Action, Severity
from mondaylab.records import Record
from mondaylab.settings import Site


class Criterion(Record):
    """One thing that an instructor marks by hand in formgrader: the cell ``oversight_<id>``."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    """What is asked, in words for learner and instructor."""
    points: float = Field(gt=0)

    @property
    def grade_id(self) -> str:
        """nbgrader's id of its cell."""
        return f"{OVERSIGHT}{self.id}"


Cost = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


class ActionCosts(Record):
    """What each action costs on a row of one sort, in units of the role's own: all that counts is how they compare."""

    use: Cost
    verify: Cost
    fix: Cost
    escalate: Cost

    def of(self, action: Action) -> float:
        """What one action costs."""
        return {"use": self.use, "verify": self.verify, "fix": self.fix, "escalate": self.escalate}[action]

    @property
    def best(self) -> Action:
        """The cheapest action; of several the first in the order of the panel."""
        return min(ACTIONS, key=self.of)

    def regret(self, action: Action) -> float:
        """What an action costs beyond the cheapest; 0 or more."""
        return self.of(action) - self.of(self.best)


class ToEscalate(Record):
    """Flaws that are not the learner's to put right, whatever their severity, and what actions cost on them."""

    kinds: tuple[str, ...] = Field(min_length=1)
    """Kinds of ``grader/flaws.yaml``; a flaw is of the first that its operator lists."""
    costs: ActionCosts


class DecisionRules(Record):
    """What actions cost in one role, by the true severity of a row; see `mondaylab.grader.cells.decision`."""

    sound: ActionCosts
    minor: ActionCosts
    material: ActionCosts
    critical: ActionCosts
    to_escalate: ToEscalate | None = None

    @model_validator(mode="after")
    def _sensible(self) -> DecisionRules:
        if self.sound.best != "use" or [self.sound.regret(action) for action in ACTIONS].count(0) > 1:
            raise ValueError("sound: using a sound statement must be the cheapest action")
        if self.minor.regret("use") <= 0:
            raise ValueError("minor: using a flawed statement must not be the cheapest action")
        grave = {"material": self.material, "critical": self.critical}
        if self.to_escalate is not None:
            grave["to_escalate"] = self.to_escalate.costs
            if self.to_escalate.costs.best != "escalate":
                raise ValueError("to_escalate: escalating must be the cheapest action")
        for name, costs in grave.items():
            if costs.use <= max(costs.verify, costs.fix, costs.escalate):
                raise ValueError(f"{name}: using such a statement must be the dearest action")
        if not self.minor.use <= self.material.use <= self.critical.use:
            raise ValueError("what is worse must not cost less when it is used")
        return self


class RoleRules(Record):
    """One role's cells."""

    cells: dict[str, float] = Field(min_length=1)
    """Cell scored by program -> its points."""
    oversight: tuple[Criterion, ...] = ()
    decision: DecisionRules | None = None
    """What actions cost; there if the role has a ``decision`` cell."""

    @model_validator(mode="after")
    def _sound(self) -> RoleRules:
        if unknown := [name for name in self.cells if name not in declared_cells()]:
            raise ValueError(f"cells: {unknown[0]!r} is no cell that is graded ({', '.join(declared_cells())})")
        if any(points <= 0 for points in self.cells.values()):
            raise ValueError("a cell needs more than 0 points")
        if len({criterion.id for criterion in self.oversight}) != len(self.oversight):
            raise ValueError("two oversight criteria have the same id")
        if ("decision" in self.cells) != (self.decision is not None):
            raise ValueError("a decision cell needs a decision block with its costs, and the block a cell")
        return self

    def points(self) -> dict[str, float]:
        """Every graded cell's points by grade id, in the order they are shown."""
        return self.cells | {criterion.grade_id: criterion.points for criterion in self.oversight}


class DiagnosisRules(Record):
    """How the diagnosis of flaws is weighed; see `mondaylab.grader.cells.diagnosis`."""

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
        """Reads ``grader/scoring.yaml``; raises as `Record.read_yaml`, or if it names an unknown kind of flaw."""
        path = site.grader / "scoring.yaml"
        rules = cls.read_yaml(path)
        named = {
            kind
            for role in rules.roles.values()
            if role.decision is not None and role.decision.to_escalate is not None
            for kind in role.decision.to_escalate.kinds
        }
        if named:
            known = {kind.id for group in FlawTable.of(site.grader).groups for kind in group.kinds}
            if named - known:
                raise Refused(f"to_escalate names unknown kinds: {', '.join(sorted(named - known))}", where=path)
        return rules

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
