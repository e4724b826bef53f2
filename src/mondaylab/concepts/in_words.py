"""Concepts in words: what each column of one means, its unit, where it comes from, and what was assumed for it."""

from __future__ import annotations

import numpy as np

from mondaylab.concepts.bindings import DERIVED, Bindings
from mondaylab.concepts.derived import (
    Band,
    Constant,
    Dealt,
    Derived,
    Difference,
    Lookup,
    Product,
    Rescaled,
    Scattered,
    sources,
)
from mondaylab.concepts.tables import DAY, ID, WEEK, WEEK_START
from mondaylab.records import Record


class DescribedColumn(Record):
    """One column of a concept."""

    name: str
    means: str
    """The binding's label, or the name in plain words."""
    unit: str | None = None
    source: str
    """The stored column, or how it is made from stored ones."""
    assumed: tuple[str, ...] = ()
    """Why it may stand in for data that the company has not; none where it holds what the company recorded."""


def described(bindings: Bindings, concept: str) -> tuple[DescribedColumn, ...]:
    """Every column of a concept, in the order that `LabTables.concept` gives them.

    Raises:
        Refused: The company has no such concept.
    """
    entity = bindings.entity(concept)
    label = entity.label or spoken(concept)
    columns = [DescribedColumn(name=ID, means=f"names the {label}", source=f"{entity.table}.{entity.key}")]
    if entity.date is not None:
        source, assumed = _source(bindings, concept, entity.date)
        columns += [
            DescribedColumn(name=DAY, means="the day it counts for", source=source, assumed=assumed),
            DescribedColumn(name=WEEK, means="the day's ISO week, Monday to Sunday", source=DAY),
            DescribedColumn(name=WEEK_START, means="the Monday of that week", source=DAY),
        ]
    for name, field in entity.fields.items():
        source, assumed = _source(bindings, concept, field.column)
        means = field.label or spoken(name)
        columns.append(DescribedColumn(name=name, means=means, unit=field.unit, source=source, assumed=assumed))
    return tuple(columns)


def spoken(name: str) -> str:
    """A name as people say it: ``order_line`` is *order line*."""
    return name.replace("_", " ")


def _source(bindings: Bindings, concept: str, column: str) -> tuple[str, tuple[str, ...]]:
    """Where a column comes from in words, and what was assumed on the way, without repeating."""
    table, _, made = column.partition(".")
    if table != DERIVED:
        return column, ()
    derived = bindings.entity(concept).derived[made]
    below = [_source(bindings, concept, part) for part in sources(derived)]
    assumed = [why for _, whys in below for why in whys]
    if derived.assumed is not None:
        assumed.append(derived.assumed)
    return _made(derived, [words for words, _ in below]), tuple(dict.fromkeys(assumed))


def _made(derived: Derived, of: list[str]) -> str:  # noqa: PLR0911  one a form
    match derived:
        case Constant():
            return f"{derived.value} in every row"
        case Product():
            factor = [] if derived.factor == 1 else [np.format_float_positional(derived.factor, trim="-")]
            return " \u00d7 ".join([*(_grouped(part) for part in of), *factor])
        case Difference():
            return " \u2212 ".join(_grouped(part) for part in of)
        case Lookup():
            return f"{of[0]}, grouped"
        case Band():
            edges = ", ".join(f"{edge:g}" for edge in derived.edges)
            return f"{of[0]}, in bands from {edges}"
        case Dealt():
            return f"made up: {', '.join(derived.shares)}, dealt by {of[0]}"
        case Scattered():
            return f"made up: a day from {derived.into[0]} to {derived.into[1]}, dealt by {of[0]}"
        case Rescaled():
            return f"{of[0]}, told as {derived.into[0]} to {derived.into[1]}"


def _grouped(words: str) -> str:
    return f"({words})" if {",", "\u2212"} & set(words) else words
