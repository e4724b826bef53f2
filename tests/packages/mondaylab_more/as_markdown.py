"""A format of ``mondaylab grade export``: the table as Markdown."""

from __future__ import annotations

from mondaylab.grader.report.export import Exported


def as_markdown(table: Exported) -> str:
    """One line a row; what would end a cell is escaped."""
    lines = [table.columns, ("---",) * len(table.columns), *table.rows]
    return "".join(f"| {' | '.join(_cell(value) for value in line)} |\n" for line in lines)


def _cell(value: object) -> str:
    return "" if value is None else str(value).replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")
