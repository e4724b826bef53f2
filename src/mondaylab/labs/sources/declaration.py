"""What a practitioner declares in ``lab.toml``: measures over concepts, drafts, claim templates, tasks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, Self, get_args

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, field_validator, model_validator

from mondaylab.errors import Refused
from mondaylab.forms.shown import Formatted
from mondaylab.labs.claims.registry import ClaimTemplate, claim_kinds
from mondaylab.labs.claims.slots import Slot
from mondaylab.labs.claims.template import Template
from mondaylab.labs.claims.wording import Display
from mondaylab.labs.sources.kept import kept
from mondaylab.labs.sources.limits import past_limits
from mondaylab.labs.sources.lines import line_of
from mondaylab.labs.sources.manuscript import Manuscript, manuscripts
from mondaylab.labs.sources.manuscript_references import check_manuscripts
from mondaylab.labs.sources.named_measures import BadMeasure, resolved
from mondaylab.labs.sources.references import BrokenReferences, Problem, broken_references
from mondaylab.labs.sources.toml_text import priced, toml_data
from mondaylab.measures import Measure
from mondaylab.records import Record, keys_at, validation_message, validation_problems
from mondaylab.texts import read_text
from mondaylab.yaml_file import Place

_MEASURES = get_args(get_args(Measure)[0])
_MEASURE_KINDS = tuple(kind.model_fields["kind"].default for kind in _MEASURES)
ParameterType = Literal["quarter", "str", "int", "float", "bool"]


class MustState(Record):
    """What a fair draft must not leave out: a list of the handbook, each bullet with the claims that state it."""

    section: str
    """Handbook section that lists it, as ``- `` bullets."""
    items: dict[str, tuple[str, ...]] = Field(min_length=1)
    """Bullet, word by word -> ids of the claims that state it; one claim may be written as a plain id."""

    @model_validator(mode="before")
    @classmethod
    def _is_a_table(cls, data: object) -> object:
        match data:
            case str(claim):
                raise ValueError(
                    "must_state is a table now, [drafts.must_state]: section = the handbook's section that lists what "
                    f'such a text states, items = {{ "<bullet of that section>" = "{claim}" }}'
                )
        return data

    @field_validator("items", mode="before")
    @classmethod
    def _lists(cls, items: object) -> object:
        if not isinstance(items, Mapping):
            return items
        return {item: (claims,) if isinstance(claims, str) else claims for item, claims in items.items()}

    @field_validator("items")
    @classmethod
    def _stated_once(cls, items: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        claims = [claim for stated in items.values() for claim in stated]
        if twice := sorted({claim for claim in claims if claims.count(claim) > 1}):
            raise ValueError(f"claim {twice[0]!r} stands twice: it would be left out for one and stay for the other")
        if empty := [item for item, stated in items.items() if not stated]:
            raise ValueError(f"no claim states {empty[0]!r}")
        return items

    def item_of(self, claim: str) -> str | None:
        """The bullet that a claim states; none for one that may be left out."""
        return next((item for item, claims in self.items.items() if claim in claims), None)


class BiggestMover(Record):
    """What a draft is about because it moved most: one of the three largest changes on the week before."""

    slot: str
    """The slot, of a field, and one of the draft's `about`."""
    measure: str
    """Whose change counts, within the other slots of the draft."""


class DraftTemplate(Formatted):
    """One AI output of the lab; what it says stands in its manuscripts, ``drafts/<id>/<version>.md``."""

    id: str
    title: str
    audience: str
    prompt: str | None = None
    """What the assistant was asked, if the draft tells it: like `layout`, no words of the AI, and not judged."""
    must_state: MustState
    """What a fair draft must not leave out."""
    about: tuple[str, ...] = ()
    """Slots that are drawn once for the draft: what all of its claims are about."""
    biggest: BiggestMover | None = None
    """The slot of `about` that is not left to chance but taken from what moved most."""
    turns: str | None = Field(None, exclude_if=lambda word: word is None)
    """Drafts with the same word here take turns: a form has one of them. Left out where nobody says it, so that a lab
    without it draws what it drew before there was one."""
    versions: tuple[Manuscript, ...] = ()
    """Its manuscripts, which stand in files of their own."""

    def following(self, version: Manuscript) -> DraftTemplate:
        """The draft as this version has it: an assistant's answer has its own subject, title, prompt and format.

        What such an answer leaves out of what it must state has no claims.
        """
        answer = version.answer
        if answer is None:
            return self
        items = {item: answer.states.get(item, ()) for item in self.must_state.items}
        changes = {"title": answer.title, "prompt": answer.prompt, "format": answer.format, "layout": answer.layout}
        about = tuple(dict.fromkeys((*self.about, *answer.subject)))
        return self.model_copy(
            update={
                **changes,
                "about": about,
                "biggest": None,
                "must_state": self.must_state.model_copy(update={"items": items}),
            }
        )


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
    """``lab.toml`` and the manuscripts beside it, checked."""

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
    recorded: float = Field(0.5, ge=0, le=1)
    """How likely a draft is an adopted answer as it came, where one fits; else, as likely again, the words of one are
    drawn for other slices, and otherwise one of its other manuscripts is."""
    warm_up: tuple[WarmUpTemplate, ...] = ()
    evidence: EvidenceTask | None = None
    validator: ValidatorTask | None = None

    @classmethod
    def of(cls, folder: Path, currency: str | None = None, *, frozen: bool = False) -> Self:
        """Reads ``<folder>/lab.toml``.

        Args:
            folder: The lab's: ``<role>/<lab>``.
            currency: What the unit ``money`` of a display becomes: the company's currency, once the company is known.
            frozen: Whether it is a copy that a build keeps: limits that came later do not hold for it.

        Raises:
            NotFound: There is none.
            Refused: It is not TOML, or a field, name or reference in it is wrong; every problem is named.
        """
        path = folder / "lab.toml"
        text = read_text(path, missing="no such lab", fix="a lab is a folder labs/<role>/<lab> with a lab.toml")
        data, named = toml_data(path, text), set[Place]()
        try:
            if isinstance(data.get("measures"), dict):
                data["measures"], named = resolved(data["measures"])
            written = manuscripts(folder)
            data = _with_answers(data, written)
            if currency is not None:
                data = priced(data, currency)
            if frozen:
                data = kept(data)
            elif problems := [*_versions_declared(data)]:
                raise _refusal(path, text, problems)
            lab = cls.model_validate(data).with_versions(written)
        except BadMeasure as error:
            raise _refusal(path, text, [(("measures", error.name), str(error))]) from None
        except ValidationError as error:
            raise _refusal(path, text, [*_problems(error, data, named)]) from None
        past = [] if frozen else past_limits(lab, folder.parent.name)
        if past:
            raise _refusal(path, text, past)
        if not frozen:
            check_manuscripts(lab, written, folder)
        return lab

    def with_versions(self, written: Mapping[str, tuple[Manuscript, ...]]) -> Self:
        """The same with each draft's manuscripts; drafts for which none are given keep what they have."""
        drafts = [one.model_copy(update={"versions": written.get(one.id, one.versions)}) for one in self.drafts]
        return self.model_copy(update={"drafts": tuple(drafts)})

    @field_validator("claims")
    @classmethod
    def _bound(cls, claims: tuple[Template, ...]) -> tuple[Template, ...]:
        named = {claim.id: claim for claim in claims}
        return tuple(claim.bound(named) for claim in claims)

    @model_validator(mode="after")
    def _references_hold(self) -> Self:
        if problems := broken_references(self):
            raise BrokenReferences(problems)
        return self

    def ids(self) -> list[tuple[Place, str]]:
        """The id of every draft and claim, with the place of what has it."""
        drafts: list[tuple[Place, str]] = [(("drafts", number), one.id) for number, one in enumerate(self.drafts)]
        return drafts + [(("claims", number), one.id) for number, one in enumerate(self.claims)]

    def claim(self, name: str) -> Template:
        """The claim template of that id."""
        return next(claim for claim in self.claims if claim.id == name)


def _versions_declared(data: Mapping[str, Any]) -> Iterator[Problem]:
    drafts = data.get("drafts")
    for number, draft in enumerate(drafts if isinstance(drafts, list) else ()):
        if isinstance(draft, dict) and "versions" in draft:
            yield ("drafts", number, "versions"), "a draft's versions are files, drafts/<draft>/<version>.md"


def _with_answers(data: Mapping[str, Any], written: Mapping[str, Iterable[Manuscript]]) -> dict[str, Any]:
    """With the claims that adopted answers bring, behind the lab's own."""
    brought = [
        {**one, "draft": draft}
        for draft, versions in written.items()
        for version in versions
        for one in version.templates
    ]
    claims = data.get("claims")
    return {**data, "claims": [*claims, *brought]} if brought and isinstance(claims, list) else dict(data)


def _problems(error: ValidationError, data: dict[str, Any], named: set[Place]) -> Iterator[Problem]:
    """Every problem with its place and, inside an array of tables, whose it is.

    What is wrong with a measure is told once, where it is declared, and not again in each that names it.
    """
    kinds = {*_MEASURE_KINDS, *claim_kinds()}
    for item, (place, told) in zip(error.errors(include_url=False), validation_problems(error), strict=True):
        broken = item.get("ctx", {}).get("error")
        if isinstance(broken, BrokenReferences):
            yield from broken.problems
            continue
        # pydantic puts the kind of a union's member into the path
        plain = tuple(part for part in place if part not in kinds)
        if any(plain[: len(one)] == one for one in named):
            continue
        said = _plain(item["type"], item.get("ctx", {}), told.removeprefix("Value error, "))
        if item["type"] == "union_tag_not_found":
            there = claim_kinds() if place[0] == "claims" else _MEASURE_KINDS
            said += f" (there are {', '.join(there)})"
        if item["type"] == "extra_forbidden":
            said += f" (there are {', '.join(_keys(place))})"
        whose = _id_at(data, place)
        path = ".".join(str(part) for part in (plain[2:] if whose else plain))
        yield plain, ": ".join(part for part in (whose, path, said) if part)


def _keys(place: Place) -> list[str]:
    """The keys beside one that is not known; which a claim has depends on its kind."""
    if place[0] == "claims" and len(place) > 3 and place[2] in claim_kinds():
        return keys_at(claim_kinds()[str(place[2])], place[3:])
    return keys_at(LabDeclaration, place)


def _plain(kind: str, told: Mapping[str, Any], said: str) -> str:
    """What pydantic says, in a practitioner's words where it speaks of its own types."""
    match kind:
        case "too_short":
            return f"needs at least {told['min_length']}, and has {told['actual_length'] or 'none'}"
        case "tuple_type":
            return "Input should be a list, in [ and ]"
        case "dict_type" | "model_type" | "model_attributes_type":
            return "Input should be a table, in { and }"
        case "union_tag_not_found":
            return "'kind' is missing"
    return said


def _id_at(data: dict[str, Any], place: tuple[int | str, ...]) -> str:
    """``claim 'memo_net'`` for a place inside a claim or a draft."""
    if len(place) < 2 or not isinstance(place[1], int):
        return ""
    entry = data[str(place[0])][place[1]]
    name = entry.get("id") if isinstance(entry, dict) else None
    return f"{str(place[0]).removesuffix('s')} {name!r}" if name else ""


def _refusal(path: Path, text: str, problems: Iterable[Problem]) -> Refused:
    """One error with all problems, by line; the file with the line of the first, where one is known."""
    told = [(line_of(text, place), words) for place, words in problems]
    told.sort(key=lambda problem: (problem[0] is None, problem[0] or 0))
    first = told[0][0]
    said = (words if line is None else f"line {line}: {words}" for line, words in told)
    return Refused("; ".join(dict.fromkeys(said)), where=path if first is None else f"{path}:{first}")


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
