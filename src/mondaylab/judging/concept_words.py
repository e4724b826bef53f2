"""What a notebook tells of the lab's concepts: one table for each, a row for each of its columns."""

from __future__ import annotations

from mondaylab.concepts.in_words import described, spoken
from mondaylab.concepts.tables import LabTables
from mondaylab.judging.page import Words


def concept_words(tables: LabTables) -> Words:
    """The concepts as Markdown: how many rows, and of every column its meaning, unit and source.

    Columns that stand in for data which the company has not are marked, with the reason below.
    """
    return Words("\n\n".join(_one(tables, name) for name in tables.concepts))


def _one(tables: LabTables, name: str) -> str:
    entity = tables.bindings.entity(name)
    reasons: dict[str, list[str]] = {}
    lines = ["| column | means | unit | from |", "|---|---|---|---|"]
    for column in described(tables.bindings, name):
        for why in column.assumed:
            reasons.setdefault(why, []).append(f"`{column.name}`")
        mark = " *(assumed)*" if column.assumed and "assumed" not in column.means else ""
        cells = [f"`{column.name}`", _cell(column.means) + mark, _cell(column.unit or ""), _cell(column.source)]
        lines.append(f"| {' | '.join(cells)} |")
    rows = f"{len(tables.concept(name)):,}"
    title = f"**`{name}`**: {entity.label or spoken(name)}, {rows} rows"
    notes = [f"- {', '.join(columns)}: {why}" for why, columns in reasons.items()]
    assumed = ["Assumed, because the company's data does not hold it:", "\n".join(notes)] if notes else []
    return "\n\n".join([title, "\n".join(lines), *assumed])


def _cell(words: str) -> str:
    return words.replace("|", "\\|")
