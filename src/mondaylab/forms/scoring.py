"""`grader/scoring.yaml`: which cells a role's labs have, what they are worth, and how diagnosis weighs its parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator, Field, PrivateAttr, ValidationError, model_validator

from mondaylab.errors import NotFound, Refused
from mondaylab.files import file_hash
from mondaylab.forms.cells import OVERSIGHT, declared_cells
from mondaylab.forms.flaws import FlawTable
from mondaylab.forms.shown import ACTIONS, Action, Severity
from mondaylab.records import Record, validation_problems
from mondaylab.settings import Site
from mondaylab.yaml_file import Place, YamlFile

FILE = "scoring.yaml"
WHERE = f"grader/{FILE}"
"""The file as people know it."""


def _declared(cell: str) -> str:
    if cell not in declared_cells():
        raise ValueError(f"{cell!r} is no cell that is graded (there are {', '.join(declared_cells())})")
    return cell


CellId = Annotated[str, AfterValidator(_declared)]
"""Of a cell that is scored by program."""


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

    cells: dict[CellId, float] = Field(min_length=1)
    """Cell scored by program -> its points."""
    optional: tuple[CellId, ...] = ()
    """Those of them that may be left as they were handed out: then the others count for them too."""
    oversight: tuple[Criterion, ...] = ()
    decision: DecisionRules | None = None
    """What actions cost; there if the role has a ``decision`` cell."""

    @model_validator(mode="after")
    def _sound(self) -> RoleRules:
        if any(points <= 0 for points in self.cells.values()):
            raise ValueError("a cell needs more than 0 points")
        if len({criterion.id for criterion in self.oversight}) != len(self.oversight):
            raise ValueError("two oversight criteria have the same id")
        if problem := self._wrong_with_optional():
            raise ValueError(problem)
        if "decision" in self.cells and self.decision is None:
            raise ValueError(
                "a decision cell needs its costs: write decision: with sound, minor, material and critical, "
                "each like {use: 0, verify: 1, fix: 3, escalate: 4}, or take the cell out"
            )
        if self.decision is not None and "decision" not in self.cells:
            raise ValueError("costs of decisions need a decision cell: give it points, or take decision: out")
        return self

    def _wrong_with_optional(self) -> str | None:
        if missing := [name for name in self.optional if name not in self.cells]:
            return f"optional: {missing[0]} is no cell of this role ({', '.join(self.cells)})"
        if judged := [name for name in self.optional if declared_cells()[name].answer is None]:
            return f"optional: {judged[0]} is read from what was judged, so that nobody can leave it out"
        if set(self.optional) == set(self.cells):
            return "optional: one cell at least has to count"
        return None

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
    """The whole file. Each role's block is its author's own: what is wrong with one is told where that role is used."""

    roles: dict[str, RoleRules]
    diagnosis: DiagnosisRules
    evidence: EvidenceRules
    validator: ValidatorRules
    sandbox: SandboxRules = SandboxRules()
    _faults: dict[str, Refused] = PrivateAttr(default_factory=dict)

    @classmethod
    def of(cls, site: Site) -> ScoringRules:
        """Reads ``grader/scoring.yaml``.

        Raises:
            NotFound: There is no such file.
            Refused: It is not YAML, or something that holds for every role is wrong; every problem is named with its
                line. What is wrong with one role's block is in `faults`.
        """
        file = YamlFile.read(site.grader / FILE, apart="roles")
        blocks = file.data.get("roles")
        if not isinstance(blocks, dict):
            return cls.of_yaml(file)
        kinds = _Kinds(site)
        wrong = {name: said for name, block in blocks.items() if (said := _wrong_with(file, name, block, kinds))}
        sound = {name: block for name, block in blocks.items() if name not in wrong}
        rules = cls.of_yaml(replace(file, data={**file.data, "roles": sound}))
        rules._faults.update({name: _fault(site, file, name, said) for name, said in wrong.items()})
        return rules

    @property
    def faults(self) -> Mapping[str, Refused]:
        """Role -> what is wrong with its block."""
        return self._faults

    @property
    def known(self) -> frozenset[str]:
        """Every role that has a block, sound or not."""
        return frozenset({*self.roles, *self._faults})

    def role(self, lab: str) -> RoleRules:
        """The rules of a lab's role; `lab` is ``role/name``.

        Raises:
            NotFound: The file has no such role.
            Refused: `lab` is not written as role/name, or something is wrong with the role's block.
        """
        role, slash, name = lab.partition("/")
        if not slash or not name:
            raise Refused(f"{lab!r} is not a lab id", fix="write it as role/name, such as finance/weekly_margin_memo")
        if role in self._faults:
            raise self._faults[role]
        if role not in self.roles:
            raise NotFound(
                f"role {role!r} has no graded cells; roles that have some: {', '.join(sorted(self.roles)) or 'none'}",
                where=WHERE,
                fix=f"add roles: {role}: by hand, or have it written: mondaylab labs new {role}/NAME --role {role}",
            )
        return self.roles[role]


def said_for(site: Site, lab: str) -> str:
    """What of ``grader/scoring.yaml`` holds for a lab, for telling whether that changed.

    Its role's block and what holds for every role, in the file's order, which learners see; the whole text of a file
    that cannot be read as such, and nothing if there is none.
    """
    path = site.grader / FILE
    try:
        file = YamlFile.read(path, apart="roles")
    except NotFound:
        return ""
    except Refused:
        return file_hash(path)
    roles, role = file.data.get("roles"), lab.partition("/")[0]
    if not isinstance(roles, dict):
        return repr(file.data)
    others = {name: said for name, said in file.data.items() if name != "roles"}
    return repr((others, roles.get(role), file.twice.get(role)))


class _Kinds:
    """The kinds of ``flaws.yaml``, read when a role first names one."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @cached_property
    def known(self) -> frozenset[str]:
        """Their ids."""
        return frozenset(kind.id for group in FlawTable.of(self._site.grader).groups for kind in group.kinds)


def _wrong_with(file: YamlFile, name: str, block: object, kinds: _Kinds) -> str | None:
    """What is wrong with a role's block, each problem with its line; none if nothing is."""
    if name in file.twice:
        return f"line {file.line(('roles', name))}: {file.twice[name]}: keep the one that is meant"
    try:
        role = RoleRules.model_validate(block)
    except ValidationError as error:
        return "; ".join(_problem(file, name, place, said) for place, said in validation_problems(error, RoleRules))
    if role.decision is None or role.decision.to_escalate is None:
        return None
    unknown = sorted(set(role.decision.to_escalate.kinds) - kinds.known)
    if not unknown:
        return None
    said = f"unknown kinds: {', '.join(unknown)} (flaws.yaml has {', '.join(sorted(kinds.known))})"
    return _problem(file, name, ("decision", "to_escalate", "kinds"), said)


def _problem(file: YamlFile, name: str, place: Place, said: str) -> str:
    parts = [f"line {file.line(('roles', name, *place))}", ".".join(str(part) for part in place)]
    return ": ".join(part for part in (*parts, said.removeprefix("Value error, ")) if part)


def _fault(site: Site, file: YamlFile, name: str, said: str) -> Refused:
    """The error of a role's block; of a frozen copy, which nobody can mend, it names the file that people edit."""
    if site.frozen:
        plain = re.sub(r"line \d+: ", "", said)  # lines of a copy that may differ from the file by now
        what = f"role {name!r}, as the lab was built with it: {plain}"
        return Refused(what, where=WHERE, fix="correct it there, then build and release the lab again")
    line = re.match(r"line (\d+)", said)
    return Refused(f"role {name!r}: {said}", where=f"{file.path}:{line[1]}" if line else file.path)
