"""What a practitioner declares in ``lab.toml``: measures over concepts, drafts, claim templates, tasks."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Literal, Self, get_args

from pydantic import ConfigDict, TypeAdapter, ValidationError, model_validator

from mondaylab.errors import Refused
from mondaylab.forms.formats import layout_problem
from mondaylab.forms.shown import Formatted
from mondaylab.labs.claims.registry import ClaimTemplate, claim_kinds
from mondaylab.labs.claims.slots import Slot, slot_words
from mondaylab.labs.claims.template import Template
from mondaylab.labs.claims.wording import MONEY, Display
from mondaylab.labs.sources.lines import line_of, named_line
from mondaylab.measures import Measure
from mondaylab.records import Record, validation_message, validation_problems
from mondaylab.texts import read_text

_MEASURES = get_args(get_args(Measure)[0])
_MEASURE_KINDS = frozenset(kind.model_fields["kind"].default for kind in _MEASURES)
ParameterType = Literal["quarter", "str", "int", "float", "bool"]


class DraftTemplate(Formatted):
    """One AI output of the lab: title, audience, and the words between its claims."""

    id: str
    title: str
    audience: str
    opening: str
    closing: str
    must_state: str
    """Id of the claim template that a fair draft must not leave out."""
    about: tuple[str, ...] = ()
    """Slots that are drawn once for the draft: what all of its claims are about."""


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

    # built when the first lab is read: only then installed packages are asked for their kinds of claims
    model_config = ConfigDict(defer_build=True)

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
    def of(cls, folder: Path, currency: str | None = None) -> Self:
        """Reads ``<folder>/lab.toml``.

        Args:
            folder: The lab's.
            currency: What the unit ``money`` of a display becomes: the company's currency, once the company is known.

        Raises:
            NotFound: There is none.
            Refused: It is not TOML, or a field, name or reference in it is wrong; every problem is named.
        """
        path = folder / "lab.toml"
        text = read_text(path, missing="no such lab", fix="a lab is a folder labs/<role>/<lab> with a lab.toml")
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"at line (\d+)", str(error))
            raise Refused(f"not TOML ({error})", where=f"{path}:{line[1]}" if line else path) from None
        except ValueError:  # a number of thousands of digits
            raise Refused("not TOML (a number is too long)", where=path) from None
        except RecursionError:
            raise Refused("not TOML (nested too deeply)", where=path, fix="write it flatter") from None
        try:
            if isinstance(data.get("measures"), dict):
                data["measures"] = _resolved(data["measures"])
            if currency is not None:
                data = _priced(data, currency)
            return cls.model_validate(data)
        except _Loop as error:
            raise _refusal(path, text, [f"measure {error} is declared by itself"]) from None
        except KeyError as error:
            raise _refusal(path, text, [f"measure {error} is used but not declared"]) from None
        except ValidationError as error:
            raise _refusal(path, text, _problems(error, data, text)) from None

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
            alien = sorted(set(claim.operators) - set(claim.operators_known()))
            problems += [f"claim {claim.id!r}: {name!r} is no flaw of a {claim.kind}" for name in alien]
        for draft in self.drafts:
            if (problem := layout_problem(draft)) is not None:
                problems.append(f"draft {draft.id!r}: {problem}")
            if draft.must_state not in claims:
                problems.append(f"draft {draft.id!r} must state claim {draft.must_state!r}, which does not exist")
            elif self.claim(draft.must_state).draft != draft.id:
                problems.append(f"draft {draft.id!r} must state claim {draft.must_state!r} of another draft")
            unknown = sorted(set(draft.about) - set(self.slots))
            problems += [f"draft {draft.id!r} is about slot {slot!r}, which is not declared" for slot in unknown]
        words = slot_words(self.slots)
        for user, measures, slots in self._users():
            unknown = sorted(set(measures) - set(self.measures))
            problems += [f"{user} uses measure {name!r}, which is not declared" for name in unknown]
            problems += [f"{user} uses slot {slot!r}, which is not declared" for slot in slots if slot not in words]
        if self.validator is not None and self.validator.claim not in claims:
            problems.append(f"validator is about claim {self.validator.claim!r}, which does not exist")
        return problems

    def _users(self) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
        """Who uses which measures and slots: name for messages, measures, slots."""
        users = [(f"claim {claim.id!r}", claim.measure_names(), claim.slot_names()) for claim in self.claims]
        if self.evidence is not None:
            users.append(("evidence", (self.evidence.measure,), tuple(self.evidence.by.values())))
        users += [("warm_up", (item.measure,), tuple(item.by.values())) for item in self.warm_up]
        return users

    def claim(self, name: str) -> Template:
        """The claim template of that id."""
        return next(claim for claim in self.claims if claim.id == name)


def _problems(error: ValidationError, data: dict[str, Any], text: str) -> list[str]:
    """Every problem with its line and, inside an array of tables, whose it is."""
    problems: list[str] = []
    kinds = _MEASURE_KINDS.union(claim_kinds())
    for place, told in validation_problems(error):
        said = told.removeprefix("Value error, ")
        if not place:  # references between parts; each names what it is about
            problems += said.split("; ")
            continue
        # pydantic puts the kind of a union's member into the path
        named = [part for part in place if part not in kinds]
        line = line_of(text, named)
        whose = _id_at(data, place)
        at = "" if line is None else f"line {line}: "
        path = ".".join(str(part) for part in (named[2:] if whose else named))
        problems.append(f"{at}{': '.join(part for part in (whose, path, said) if part)}")
    return problems


def _id_at(data: dict[str, Any], place: tuple[int | str, ...]) -> str:
    """``claim 'memo_net'`` for a place inside a claim or a draft."""
    if len(place) < 2 or not isinstance(place[1], int):
        return ""
    entry = data[str(place[0])][place[1]]
    name = entry.get("id") if isinstance(entry, dict) else None
    return f"{str(place[0]).removesuffix('s')} {name!r}" if name else ""


def _refusal(path: Path, text: str, problems: list[str]) -> Refused:
    """One error with all problems; the file with the line of the first, where one is known."""
    told = []
    for problem in problems:
        name = None if problem.startswith("line ") else re.search(r"'([^']+)'", problem)
        line = named_line(text, name[1]) if name else None
        told.append(problem if line is None else f"line {line}: {problem}")
    told.sort(key=lambda problem: not problem.startswith("line "))
    first = re.match(r"line (\d+)", told[0])
    return Refused("; ".join(told), where=f"{path}:{first[1]}" if first else path)


def _priced(part: Any, currency: str) -> Any:
    """The same with every display in ``money`` in the currency."""
    if isinstance(part, list):
        return [_priced(one, currency) for one in part]
    if not isinstance(part, dict):
        return part
    priced = {key: _priced(value, currency) for key, value in part.items()}
    display = priced.get("display")
    if isinstance(display, dict) and display.get("unit") == MONEY:
        priced["display"] = {**display, "unit": currency}
    return priced


class _Loop(Exception):
    """A measure that is declared by itself; the text is its name, quoted."""


def _resolved(measures: dict[str, Any]) -> dict[str, Any]:
    """Replaces names of other measures (plain strings) inside measures by what they name."""

    def resolve(part: Any, seen: tuple[str, ...]) -> Any:
        if isinstance(part, str):
            if part in seen:
                raise _Loop(repr(part))
            return resolve(measures[part], (*seen, part))
        if not isinstance(part, dict):  # whatever it is, the records say that it is no measure
            return part
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
