"""The reference for authors, made from the code: kinds of claims, flaw operators, measures, tasks, graded cells.

Everything in it is read from the records that check a lab, so it says what this installation takes, with the kinds and
cells of installed packages among the others.
"""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
import types
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from mondaylab.forms.cells import declared_cells
from mondaylab.forms.flaws import FlawTable
from mondaylab.forms.formats import draft_formats
from mondaylab.labs.claims.cause import Reason
from mondaylab.labs.claims.limit import ChangedLimit
from mondaylab.labs.claims.registry import claim_kinds
from mondaylab.labs.claims.slots import Between, Slot
from mondaylab.labs.claims.smallest_group import SmallestGroup
from mondaylab.labs.claims.template import Template
from mondaylab.labs.claims.wording import Display
from mondaylab.labs.sources.asking import Asking, Named, SheetRow, TextRequest
from mondaylab.labs.sources.declaration import (
    BiggestMover,
    DraftTemplate,
    EvidenceTask,
    LabDeclaration,
    MustState,
    ValidatorTask,
    WarmUpTemplate,
)
from mondaylab.measures import Measure
from mondaylab.records import Record
from mondaylab.settings import Site

_PARTS: dict[type[Record], str] = {
    LabDeclaration: "the whole file",
    DraftTemplate: "drafts",
    BiggestMover: "biggest",
    MustState: "must_state",
    Slot: "slots",
    Between: "between",
    Template: "claim",
    Display: "display",
    SmallestGroup: "group",
    Reason: "reason",
    ChangedLimit: "limit",
    WarmUpTemplate: "warm_up",
    EvidenceTask: "evidence",
    ValidatorTask: "validator",
}


_ASKING: dict[type[Record], str] = {
    Asking: "the whole file",
    TextRequest: "requests",
    SheetRow: "rows",
    Named: "names",
}
_MOST_ALTERNATIVES = 4
_READ = frozenset({"versions"})
"""Fields that are read from files beside ``lab.toml``."""


class Field(Record):
    """One key that people write."""

    name: str
    takes: str
    """Its type, in words."""
    default: str | None
    """What it is if it is left out; none: it has to be there."""
    says: str
    """What it means; empty where the name says it."""


class Entry(Record):
    """One kind of claim, measure, task or cell, or one flaw operator."""

    name: str
    says: str
    fields: tuple[Field, ...] = ()
    words: tuple[str, ...] = ()
    """Words in braces that its sentences may hold, beside slots' and ``week``."""
    operators: tuple[str, ...] = ()
    """Flaw operators that work on it."""


class Section(Record):
    """One part of the reference."""

    title: str
    says: str
    entries: tuple[Entry, ...]


def reference(site: Site) -> tuple[Section, ...]:
    """All of it.

    Args:
        site: Whose ``grader/flaws.yaml`` says what flaw operators do.
    """
    measures = get_args(get_args(Measure)[0])
    shared = frozenset(Template.model_fields)
    return (
        Section(
            title="lab.toml",
            says="The parts of a declaration.",
            entries=tuple(
                _entry(record, name=name, without=_READ) for record, name in _PARTS.items() if record is not Template
            ),
        ),
        Section(
            title="Claims",
            says='What drafts say and learners judge: `[[claims]]` with `kind = "..."`.',
            entries=(
                _entry(Template, name="every kind"),
                *(
                    _entry(kind, name=name, without=shared, words=kind.own_words, operators=kind.operators_known())
                    for name, kind in claim_kinds().items()
                ),
            ),
        ),
        Section(
            title="Flaw operators",
            says="What can be wrong with a claim; `grader/flaws.yaml` says how bad it is.",
            entries=tuple(_operators(site)),
        ),
        Section(
            title="Measures",
            says='What is computed, under `[measures]` with `kind = "..."`; where a measure stands, its name will do.',
            entries=tuple(_entry(kind, name=_kind(kind)) for kind in measures),
        ),
        Section(
            title="Formats of drafts",
            says='How drafts stand: `format = "..."` of `[[drafts]]`, and the keys of its `layout`.',
            entries=tuple(_entry(one.layout, name=name) for name, one in draft_formats().items()),
        ),
        Section(
            title="asking.toml",
            says="What people ask the company's assistant for, and what its texts call the lab's measures.",
            entries=tuple(_entry(record, name=name) for record, name in _ASKING.items()),
        ),
        Section(
            title="Graded cells",
            says="Cells of `lab.py` by their `task`, and keys below `cells:` in `grader/scoring.yaml`.",
            entries=tuple(_cells()),
        ),
    )


def markdown(sections: Sequence[Section]) -> str:
    """The reference as one page."""
    lines = ["# What a lab is written with", ""]
    for section in sections:
        lines += [f"## {section.title}", "", section.says, ""]
        for entry in section.entries:
            lines += [f"### {entry.name}", "", entry.says, ""]
            if entry.fields:
                lines += ["| key | takes | if left out | means |", "|---|---|---|---|"]
                lines += [f"| `{one.name}` | {one.takes} | {_left_out(one)} | {one.says} |" for one in entry.fields]
                lines.append("")
            if entry.words:
                own = ", ".join(f"`{{{one}}}`" for one in entry.words)
                lines += [
                    f"Words of its own: {own}; those of slots and `{{week}}` stand there for every kind.",
                    "",
                ]
            if entry.operators:
                lines += [f"Flaw operators: {', '.join(f'`{one}`' for one in entry.operators)}.", ""]
    return "\n".join(lines)


def _left_out(field: Field) -> str:
    return "has to be there" if field.default is None else f"`{field.default}`" if field.default else "empty"


def _kind(record: type[BaseModel]) -> str:
    return str(record.model_fields["kind"].default)


def _entry(
    record: type[BaseModel],
    *,
    name: str,
    without: frozenset[str] = frozenset(),
    words: Sequence[str] = (),
    operators: Sequence[str] = (),
) -> Entry:
    said = _docstrings(record)
    fields = tuple(
        Field(name=field, takes=_type(info), default=_default(info), says=said.get(field, ""))
        for field, info in record.model_fields.items()
        if field not in without and field != "kind"
    )
    return Entry(
        name=name, says=_paragraph(record.__doc__), fields=fields, words=tuple(words), operators=tuple(operators)
    )


def _operators(site: Site) -> Iterator[Entry]:
    labels = {kind.id: kind.label for group in FlawTable.of(site.grader).groups for kind in group.kinds}
    for name, entry in FlawTable.of(site.grader).operators.items():
        on = (
            ", ".join(kind for kind, template in claim_kinds().items() if name in template.operators_known())
            or "no kind of claim; the engine's own"
        )
        called = ", ".join(f"“{labels[kind]}”" for kind in entry.kinds)
        yield Entry(name=name, says=f"{entry.says[:1].upper()}{entry.says[1:]}. In: {on}. Rightly called: {called}.")


def _cells() -> Iterator[Entry]:
    read = {
        "judgement": "what the judgement service recorded",
        "text": "the text in the code cell `{}`",
        "function": "the function in the code cell `{}`, run in the sandbox",
    }
    for cell in declared_cells().values():
        has = " (the lab may leave that cell out)" if cell.answer_cell == "optional" else ""
        yield Entry(name=cell.id, says=f"{cell.label}. Scored from {read[cell.scored_from].format(cell.answer)}{has}.")


def _default(info: FieldInfo) -> str | None:
    if info.is_required():
        return None
    value = info.get_default(call_default_factory=True)
    if value is None or value in ((), {}, ""):
        return ""
    return json.dumps(value)


def _type(info: FieldInfo) -> str:
    return _said(info.annotation)


_PLAIN = {str: "text", int: "whole number", float: "number", bool: "true or false", type(None): ""}


def _said(kind: Any) -> str:
    """A type, as somebody says it who writes TOML."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (types.UnionType, Union):
        if len(inner) > _MOST_ALTERNATIVES:  # the union of their kinds
            return "measure"
        return " or ".join(filter(None, map(_said, inner)))
    said = {
        Annotated: lambda: _said(inner[0]),
        Literal: lambda: ", ".join(f"`{one}`" for one in inner),
        dict: lambda: f"table: {_said(inner[0])} -> {_said(inner[1])}",
        tuple: lambda: f"list of {_said(inner[0])}",
    }
    return said[origin]() if origin in said else _PLAIN.get(kind) or _PARTS.get(kind) or _name(kind)


def _name(kind: Any) -> str:
    return "" if kind is type(None) else str(getattr(kind, "__name__", kind)).lower()


@cache
def _docstrings(record: type[BaseModel]) -> dict[str, str]:
    """Field -> the words that stand below it in the class, or in the class that it has them from."""
    found: dict[str, str] = {}
    for above in reversed(record.__mro__):
        if above is not BaseModel and issubclass(above, BaseModel) and above is not Record:
            found |= _below(above)
    return found


def _below(record: type[BaseModel]) -> dict[str, str]:
    (body,) = ast.parse(textwrap.dedent(inspect.getsource(record))).body
    lines = body.body if isinstance(body, ast.ClassDef) else []
    found = {}
    for pair in pairwise(lines):
        match pair:
            case (ast.AnnAssign(target=ast.Name(id=field)), ast.Expr(value=ast.Constant(value=str(said)))):
                found[field] = _paragraph(said)
    return found


def _paragraph(text: str | None) -> str:
    """The first paragraph on one line, fit for a table."""
    first = inspect.cleandoc(text or "").split("\n\n")[0]
    return " ".join(first.split()).replace("``", "`").replace("|", "\\|")
