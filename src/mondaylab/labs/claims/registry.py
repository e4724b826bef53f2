"""Which kinds of claims there are: ours, and those that installed packages add as ``mondaylab.claims``."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, get_args

from pydantic import GetCoreSchemaHandler, TypeAdapter
from pydantic_core import CoreSchema, core_schema

from mondaylab.extensions import extensions
from mondaylab.labs.claims.absence import AbsenceTemplate
from mondaylab.labs.claims.approval import ApprovalTemplate
from mondaylab.labs.claims.attribute import AttributeTemplate
from mondaylab.labs.claims.cause import CauseTemplate
from mondaylab.labs.claims.chart import ChartTemplate
from mondaylab.labs.claims.choice import ChoiceTemplate
from mondaylab.labs.claims.comparison import ComparisonTemplate
from mondaylab.labs.claims.conclusion import ConclusionTemplate
from mondaylab.labs.claims.demand import DemandTemplate
from mondaylab.labs.claims.difference import DifferenceTemplate
from mondaylab.labs.claims.disclosure import DisclosureTemplate
from mondaylab.labs.claims.figure import FigureTemplate
from mondaylab.labs.claims.forecast import ForecastTemplate
from mondaylab.labs.claims.instruction import InstructionTemplate
from mondaylab.labs.claims.limit import LimitTemplate
from mondaylab.labs.claims.more import MoreTemplate
from mondaylab.labs.claims.premise import PremiseTemplate
from mondaylab.labs.claims.query import QueryTemplate
from mondaylab.labs.claims.quote import QuoteTemplate
from mondaylab.labs.claims.restated import RestatedTemplate
from mondaylab.labs.claims.returned import ReturnedTemplate
from mondaylab.labs.claims.rule import RuleTemplate
from mondaylab.labs.claims.sent import SentTemplate
from mondaylab.labs.claims.shortlist import ShortlistTemplate
from mondaylab.labs.claims.source import SourceTemplate
from mondaylab.labs.claims.template import Template
from mondaylab.labs.claims.verdict import VerdictTemplate

GROUP = "mondaylab.claims"
_BUILT_IN: tuple[type[Template], ...] = (
    FigureTemplate,
    MoreTemplate,
    CauseTemplate,
    RuleTemplate,
    SourceTemplate,
    QuoteTemplate,
    ForecastTemplate,
    DisclosureTemplate,
    VerdictTemplate,
    AttributeTemplate,
    ShortlistTemplate,
    ComparisonTemplate,
    LimitTemplate,
    ConclusionTemplate,
    RestatedTemplate,
    PremiseTemplate,
    DemandTemplate,
    AbsenceTemplate,
    ApprovalTemplate,
    ReturnedTemplate,
    InstructionTemplate,
    SentTemplate,
    QueryTemplate,
    ChartTemplate,
    DifferenceTemplate,
    ChoiceTemplate,
)
NATURAL = frozenset({"wrong_number"})
"""Labels of errors that only an assistant's answer has; no lab can seed them."""


@cache
def claim_kinds() -> Mapping[str, type[Template]]:
    """Every kind of claim template by its name in ``lab.toml``.

    Raises:
        Refused: A package's kind has the name of another, or is no claim template.
    """
    ours = {kind.model_fields["kind"].default: kind for kind in _BUILT_IN}
    return {**ours, **extensions(GROUP, _wrong_kind, taken=ours)}


@cache
def flaw_operators() -> frozenset[str]:
    """Every flaw operator that there is; `grader/flaws.yaml` lists them for people."""
    known = (kind.operators_known() for kind in claim_kinds().values())
    return frozenset({"omitted_fact"}.union(NATURAL, *known))


class _Registered:
    """Reads a claim as the kind that it names; which there are is asked when the first lab is read."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        kinds = {name: handler.generate_schema(kind) for name, kind in claim_kinds().items()}
        return core_schema.tagged_union_schema(kinds, discriminator="kind")


ClaimTemplate = Annotated[Template, _Registered()]
"""A claim template of any kind."""


def claim_template(data: object) -> Template:
    """Reads one claim template, such as the one that another is about; raises pydantic's `ValidationError`."""
    return _adapter().validate_python(data)


@cache
def _adapter() -> TypeAdapter[Template]:
    return TypeAdapter(ClaimTemplate)


def _wrong_kind(name: str, found: object) -> str | None:
    if not (inspect.isclass(found) and issubclass(found, Template)):
        return "no subclass of mondaylab.labs.claims.template.Template"
    if inspect.isabstract(found):
        return f"a claim template without {', '.join(sorted(found.__abstractmethods__))}"
    field = found.model_fields["kind"]
    if field.default != name or get_args(field.annotation) != (name,):
        return f'a claim template whose field is not kind: Literal["{name}"] = "{name}"'
    return None
