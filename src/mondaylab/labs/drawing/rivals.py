"""Rivals of the figure that an evidence task asks for: what it comes to when one thing is done wrong."""

from __future__ import annotations

from dataclasses import dataclass

from mondaylab.concepts.bindings import Bindings
from mondaylab.forms.keys import EvidenceKey
from mondaylab.labs.claims.company_data import CompanyData
from mondaylab.labs.claims.figures import Figure
from mondaylab.labs.claims.operators import figure_operators
from mondaylab.labs.material import Material
from mondaylab.measures import Aggregate, Measure
from mondaylab.measures.catalog import Catalog
from mondaylab.measures.rewrite import leaves

_CLOSER = ("wrong_period", "wrong_filter")
"""Operators of which the days or rows can be told as well."""


@dataclass(frozen=True)
class Rival:
    """A flaw operator's measure in place of the right one.

    Attributes:
        operator: The flaw operator. Never shown.
        words: What is wrong with a figure computed so: ends a sentence that begins with "Your figure".
        measure: What is computed.
    """

    operator: str
    words: str
    measure: Measure


def rivals(material: Material, key: EvidenceKey, catalog: Catalog) -> tuple[Rival, ...]:
    """Every measure that a flaw operator makes of the asked figure, and that is another one.

    ``stale`` makes none: what last quarter's data gives is, on this quarter's, a fixed number.

    Args:
        material: The lab and its snapshot.
        key: The figure.
        catalog: Data that tells which other members there are.
    """
    figure = _figure(material, key)
    if figure is None or figure.measure() != key.measure:
        return ()
    data = CompanyData(catalog, material.quarter.full_weeks(), material.handbook)
    found: dict[str, Rival] = {}
    for operator, make in figure_operators().items():
        if operator in material.flaws.operators:
            words = material.flaws.entry(operator).about_figure()
            for measure in make(figure, data):
                if measure != key.measure:
                    closer = _closer(measure, key.measure, material.bindings) if operator in _CLOSER else ""
                    said = f"{words}: {closer}" if closer else words
                    found.setdefault(repr(measure), Rival(operator, said, measure))
    return tuple(found.values())


def _figure(material: Material, key: EvidenceKey) -> Figure | None:
    """The figure that the key's measure was made from."""
    task, parts = material.declaration.evidence, list(leaves(key.measure))
    if task is None or not parts:
        return None
    cut = {field: parts[0].where.get(field, ("",))[0] for field in task.by if field != "period"}
    period = parts[0].period
    joins = (claim.joins().get(task.measure) for claim in material.declaration.claims)
    across = next((join for join in joins if join is not None), None)
    base, week = material.declaration.measures[task.measure], None if period is None else period.start
    return Figure(base, "plain", cut, week, across=across)


def _closer(wrong: Measure, right: Measure, bindings: Bindings) -> str:
    """In which days or rows the two differ."""
    wrongs, rights = list(leaves(wrong)), list(leaves(right))
    if len(wrongs) != len(rights):
        return ""
    for one, other in zip(wrongs, rights, strict=True):
        if one.period != other.period and one.period is not None and other.period is not None:
            days = (one.period.start - other.period.start).days
            return {-7: "the week before", 7: "the week after"}.get(days, "")
        for field, values in other.where.items():
            if field not in one.where:
                return f"without the condition on {_named(field, other, bindings)}"
            if one.where[field] != values:
                return f"those of another {_named(field, other, bindings)}"
    return ""


def _named(field: str, part: Aggregate, bindings: Bindings) -> str:
    bound = bindings.entity(part.entity).fields.get(field)
    label = field.replace("_", " ") if bound is None or bound.label is None else bound.label
    return label.partition(" (")[0]  # "late (1 or 0)"
