"""What a practitioner declares in ``lab.toml``: measures over concepts, drafts, claim templates, tasks."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from mondaylab.errors import NotFound, Refused
from mondaylab.labs.measures import Measure
from mondaylab.records import Record, validation_message

View = Literal["plain", "growth", "points", "share", "rank"]
ParameterType = Literal["quarter", "str", "int", "float", "bool"]


class Display(Record):
    """How a value is shown, and so how exact a claim is."""

    unit: str
    """``EUR``, ``%``, ``points``, ``place``, or a counted thing such as ``orders``."""
    scale: float = 1.0
    """Displayed = value x scale (100 for percent)."""
    decimals: int = Field(0, ge=-6, le=6)
    """Decimals shown; -2 rounds to hundreds."""

    @property
    def step(self) -> float:
        """The displayed step; half of it is the tolerance of a claim."""
        return float(10.0**-self.decimals)

    def shown(self, value: float) -> float:
        """The value in displayed units, rounded as displayed."""
        return round(value * self.scale, self.decimals) + 0.0


class Slot(Record):
    """Something a claim is about that every form draws for itself."""

    field: str | None = None
    """``entity.field`` whose values are drawn from; none: a reporting week."""


class DraftTemplate(Record):
    """One AI output of the lab: title, audience, and the words between its claims."""

    id: str
    title: str
    audience: str
    opening: str
    closing: str
    must_state: str
    """Id of the claim template that a fair draft must not leave out."""


class FigureTemplate(Record):
    """A claim about a number: a base measure, cut to slots, seen plainly or as change, share or rank."""

    kind: Literal["figure"] = "figure"
    id: str
    draft: str
    measure: str
    view: View = "plain"
    by: dict[str, str] = {}
    """Field -> slot: the cut; the key ``period`` takes a week. `share` and `rank` compare across the first field."""
    display: Display
    operators: tuple[str, ...]
    phrasings: tuple[str, ...] = Field(min_length=2)
    pick: Literal["extreme", "round", "last"] | None = None
    """Which slices are drawn: foils (true but look wrong: a big swing, a suspiciously round value), or last in rank."""
    optional: bool = False
    """Stands in for the fact that a draft must state, when that is left out."""


class CauseTemplate(Record):
    """A claim that a change went with a driver: true when the driver moved the way it says."""

    kind: Literal["cause"] = "cause"
    id: str
    draft: str
    driver: str
    """Measure that the claim names as the reason."""
    by: dict[str, str] = {}
    threshold: float = Field(gt=0)
    """Least absolute change of the driver (its own units) for the claim to be decidable."""
    operators: tuple[str, ...] = ("unsupported_cause",)
    phrasings: tuple[str, ...] = Field(min_length=2)


class RuleTemplate(Record):
    """A recommendation under a limit of the handbook: true when it keeps within it."""

    kind: Literal["rule"] = "rule"
    id: str
    draft: str
    section: str
    """Handbook section that states the limit; the build checks that the limit stands there."""
    limit: float
    unit: str
    within: tuple[int, int]
    """Range of amounts that keep the rule."""
    beyond: tuple[int, int]
    """Range of amounts that break it."""
    by: dict[str, str] = {}
    operators: tuple[str, ...] = ("policy_breach",)
    phrasings: tuple[str, ...] = Field(min_length=2)


class SourceTemplate(Record):
    """A claim that cites a handbook section: true when section and title exist and belong together."""

    kind: Literal["source"] = "source"
    id: str
    draft: str
    sections: tuple[str, ...] = Field(min_length=1)
    """Sections that may be cited here."""
    operators: tuple[str, ...] = ("fabricated_source",)
    phrasings: tuple[str, ...] = Field(min_length=2)


ClaimTemplate = Annotated[FigureTemplate | CauseTemplate | RuleTemplate | SourceTemplate, Field(discriminator="kind")]


class EvidenceTask(Record):
    """The figure that learners recompute."""

    measure: str
    by: dict[str, str] = {}
    display: Display
    question: str


class ValidatorTask(Record):
    """The family of claims that learners write a checker for."""

    claim: str
    """Id of a figure template."""
    question: str


class WarmUpTemplate(Record):
    """An ungraded claim whose answer is computed and shown at once."""

    measure: str
    by: dict[str, str] = {}
    display: Display
    phrasing: str
    factor: float = 1.0
    """Stated = truth x factor; 1 makes it sound."""


class LabDeclaration(Record):
    """``lab.toml``, checked."""

    title: str
    role: str
    minutes: int
    entities: tuple[str, ...]
    """Concepts the lab uses; their tables are all a learner's jail gets."""
    attachments: tuple[str, ...] = ("handbook",)
    parameters: dict[str, ParameterType]
    """Papermill parameter -> type; any other, or a wrong type, is refused before a kernel starts."""
    slots: dict[str, Slot]
    measures: dict[str, Measure]
    drafts: tuple[DraftTemplate, ...]
    claims: tuple[ClaimTemplate, ...]
    warm_up: tuple[WarmUpTemplate, ...] = ()
    evidence: EvidenceTask | None = None
    validator: ValidatorTask | None = None

    @classmethod
    def of(cls, folder: Path) -> Self:
        """Reads ``<folder>/lab.toml``.

        Raises:
            NotFound: There is none.
            Refused: It is not TOML, or a field, name or reference in it is wrong; every problem is named.
        """
        path = folder / "lab.toml"
        try:
            data = tomllib.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            raise NotFound(
                "no such lab", where=path, fix="a lab is a folder labs/<role>/<lab> with a lab.toml"
            ) from None
        except tomllib.TOMLDecodeError as error:
            raise Refused(f"not TOML ({error})", where=path) from None
        try:
            data["measures"] = _resolved(data.get("measures", {}))
        except KeyError as error:
            raise Refused(f"measure {error} is used but not declared", where=path) from None
        return cls.parse(data, where=path)

    @model_validator(mode="after")
    def _references_hold(self) -> Self:
        problems = [*self._unknown_names(), *self._repeated_ids()]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _repeated_ids(self) -> list[str]:
        ids = [claim.id for claim in self.claims] + [draft.id for draft in self.drafts]
        return [f"id {name!r} is used twice" for name in sorted({name for name in ids if ids.count(name) > 1})]

    def _unknown_names(self) -> list[str]:
        drafts = {draft.id for draft in self.drafts}
        claims = {claim.id for claim in self.claims}
        problems = []
        for claim in self.claims:
            if claim.draft not in drafts:
                problems.append(f"claim {claim.id!r} belongs to no declared draft ({claim.draft!r})")
        for draft in self.drafts:
            if draft.must_state not in claims:
                problems.append(f"draft {draft.id!r} must state claim {draft.must_state!r}, which does not exist")
        for user, measure, by in self._measure_users():
            if measure not in self.measures:
                problems.append(f"{user} uses measure {measure!r}, which is not declared")
            problems += [f"{user} uses slot {slot!r}, which is not declared" for slot in by if slot not in self.slots]
        if self.validator is not None and self.validator.claim not in claims:
            problems.append(f"validator is about claim {self.validator.claim!r}, which does not exist")
        return problems

    def _measure_users(self) -> list[tuple[str, str, list[str]]]:
        users: list[tuple[str, str, list[str]]] = []
        for claim in self.claims:
            if isinstance(claim, FigureTemplate):
                users.append((f"claim {claim.id!r}", claim.measure, list(claim.by.values())))
            elif isinstance(claim, CauseTemplate):
                users.append((f"claim {claim.id!r}", claim.driver, list(claim.by.values())))
        if self.evidence is not None:
            users.append(("evidence", self.evidence.measure, list(self.evidence.by.values())))
        users += [("warm_up", item.measure, list(item.by.values())) for item in self.warm_up]
        return users

    def claim(self, name: str) -> ClaimTemplate:
        """The claim template of that id."""
        return next(claim for claim in self.claims if claim.id == name)


def _resolved(measures: dict[str, Any]) -> dict[str, Any]:
    """Replaces names of other measures (plain strings) inside measures by what they name."""

    def resolve(part: Any, seen: tuple[str, ...]) -> Any:
        if isinstance(part, str):
            if part in seen:
                raise Refused(f"measure {part!r} is declared by itself", where="lab.toml")
            return resolve(measures[part], (*seen, part))
        parts = ("left", "right", "top", "bottom", "now", "before", "of")
        return {key: resolve(value, seen) if key in parts else value for key, value in part.items()}

    return {name: resolve(part, (name,)) for name, part in measures.items()}


MEASURE: TypeAdapter[Measure] = TypeAdapter(Measure)


def parse_measure(data: object, *, where: object) -> Measure:
    """Reads a measure from plain data (the evidence builder's, say).

    Raises:
        Refused: It is not one.
    """
    try:
        return MEASURE.validate_python(data)
    except ValidationError as error:
        raise Refused(f"not a measure: {validation_message(error)}", where=where) from None
