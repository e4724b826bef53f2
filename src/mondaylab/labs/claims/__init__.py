"""Kinds of claims: each a template that states something sound or wrong, and a predicate that judges statements."""

from __future__ import annotations

from typing import Annotated, get_args

from pydantic import Field

from mondaylab.labs.claims.attribute import AttributeTemplate
from mondaylab.labs.claims.cause import CauseTemplate
from mondaylab.labs.claims.comparison import ComparisonTemplate
from mondaylab.labs.claims.disclosure import DisclosureTemplate
from mondaylab.labs.claims.figure import FigureTemplate
from mondaylab.labs.claims.forecast import ForecastTemplate
from mondaylab.labs.claims.quote import QuoteTemplate
from mondaylab.labs.claims.rule import RuleTemplate
from mondaylab.labs.claims.shortlist import ShortlistTemplate
from mondaylab.labs.claims.source import SourceTemplate
from mondaylab.labs.claims.verdict import VerdictTemplate

__all__ = [
    "KINDS",
    "NATURAL",
    "OPERATORS",
    "AttributeTemplate",
    "CauseTemplate",
    "ClaimTemplate",
    "ComparisonTemplate",
    "DisclosureTemplate",
    "FigureTemplate",
    "ForecastTemplate",
    "QuoteTemplate",
    "RuleTemplate",
    "ShortlistTemplate",
    "SourceTemplate",
    "VerdictTemplate",
]
ClaimTemplate = Annotated[
    FigureTemplate
    | CauseTemplate
    | RuleTemplate
    | SourceTemplate
    | QuoteTemplate
    | ForecastTemplate
    | DisclosureTemplate
    | VerdictTemplate
    | AttributeTemplate
    | ShortlistTemplate
    | ComparisonTemplate,
    Field(discriminator="kind"),
]
KINDS = get_args(get_args(ClaimTemplate)[0])
"""Every kind of claim template."""
NATURAL = frozenset({"wrong_number"})
"""Labels of errors that only a recorded model makes; no lab can seed them."""
OPERATORS = frozenset({"omitted_fact"}.union(NATURAL, *(kind.known_operators for kind in KINDS)))
"""Every flaw operator that the engine has; `grader/flaws.yaml` lists them for people."""
