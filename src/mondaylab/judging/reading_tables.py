"""What the look-up opens: a lab's concepts with all that belongs to a row, the company's tables, and the handbook."""

from __future__ import annotations

import pandas as pd

from mondaylab.concepts.bindings import Bindings
from mondaylab.concepts.tables import LabTables
from mondaylab.datasets.handbook import sections
from mondaylab.forms.shown import LooksIn
from mondaylab.judging.selection import Query, Tables, kind_of

HANDBOOK = "handbook sections"


def reading_tables(tables: LabTables, handbook: str) -> dict[str, pd.DataFrame]:
    """Tables by the name that the menu offers: concepts in full, the company's tables, the handbook's sections."""
    full = {in_full(tables.bindings, concept): tables.concept(concept) for concept in tables.concepts}
    parts = sections(handbook).values()
    book = pd.DataFrame(
        {
            "section": [part.number for part in parts],
            "title": [part.title for part in parts],
            "text": [part.text for part in parts],
        }
    )
    return {**full, **tables, HANDBOOK: book}


def in_full(bindings: Bindings, concept: str) -> str:
    """A concept as the menu names it: no company calls a table so."""
    return f"{bindings.entity(concept).label or concept}, in full"


def opening(tables: Tables, bindings: Bindings, looks_in: LooksIn | None) -> Query:
    """Where a claim is checked, with no filter set; where nothing is told, the first table."""
    if looks_in is None:
        return Query(table=next(iter(tables)))
    if looks_in.concept is None:
        return Query(table=HANDBOOK)
    if looks_in.concept not in bindings.entities:
        return Query(table=next(iter(tables)))
    name = in_full(bindings, looks_in.concept)
    frame, field = tables[name], looks_in.field
    if field is None or field not in frame.columns:
        return Query(table=name)
    return (
        Query(table=name, summarise=field) if kind_of(frame[field]) == "number" else Query(table=name, distinct=field)
    )
