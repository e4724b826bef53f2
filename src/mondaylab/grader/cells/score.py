"""The score of one graded cell: a bounded number with its reason, or *not graded*, which is neither zero nor full."""

from __future__ import annotations

import html
import math
from typing import Literal, Self

from pydantic import Field, model_validator

from mondaylab.errors import Refused
from mondaylab.grader.handed_in.found import Found, found_markdown
from mondaylab.records import Record

State = Literal["scored", "not graded"]


class ScoreTable(Record):
    """A small table beside a score, in words that are fixed here; its first column names the rows."""

    title: str
    header: tuple[str, ...] = Field(min_length=2)
    rows: tuple[tuple[str | int, ...], ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _rectangular(self) -> Self:
        if any(len(row) != len(self.header) for row in self.rows):
            raise ValueError("every row of a table needs a cell for each column")
        return self

    def markdown(self) -> str:
        """As a Markdown table under its title."""
        header, *rows = (" | ".join(_escaped(str(one)) for one in row) for row in (self.header, *self.rows))
        lines = [header, " | ".join("---" for _ in self.header), *rows]
        return "\n".join([f"**{_escaped(self.title)}**", "", *(f"| {line} |" for line in lines)])


class CellScore(Record):
    """What one cell earned, and why, in words that are fixed here and never a learner's."""

    grade_id: str
    state: State
    points: float = Field(ge=0)
    """Within [0, `max_points`]; 0 when not graded, and then it means nothing."""
    max_points: float = Field(gt=0)
    code: str
    """Short reason for programs, such as ``ok``, ``timeout`` or ``ambiguous``."""
    reason: str
    """The reason as a sentence."""
    details: tuple[str, ...] = ()
    """More sentences: what was tried, with counts."""
    tables: tuple[ScoreTable, ...] = ()
    """What was tried, by sort. Scores from before there were tables have none."""
    found: tuple[Found, ...] = ()
    """What a person has to look at, in the learner's own words: for who grades, and in no feedback."""

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.points > self.max_points or (self.state == "not graded" and self.points):
            raise ValueError("points must lie within the cell's bounds, and be 0 when it is not graded")
        return self

    def markdown(self) -> str:
        """The explanation that formgrader shows beside the cell."""
        head = (
            f"**{figure(self.points)} of {figure(self.max_points)}.**" if self.state == "scored" else "**Not graded.**"
        )
        lines = [f"{head} {_escaped(self.reason)}"]
        if self.details:
            lines += ["", *(f"- {_escaped(line)}" for line in self.details)]
        for table in self.tables:
            lines += ["", table.markdown()]
        if self.found:
            lines += ["", "What stands there, as plain text:", "", found_markdown(self.found)]
        return "\n".join(lines)


def scored(
    grade_id: str,
    share: float,
    max_points: float,
    *,
    reason: str,
    code: str = "ok",
    details: tuple[str, ...] = (),
    tables: tuple[ScoreTable, ...] = (),
) -> CellScore:
    """A scored cell with `share` (in [0, 1]) of its points, to two decimals.

    Raises:
        Refused: `share` is not a number in [0, 1]: a bug in a scorer must not become points.
    """
    if not math.isfinite(share) or not 0.0 <= share <= 1.0:
        raise Refused(f"cell {grade_id} came to a share of {share}", fix="report this: a scorer is wrong")
    points = min(round(share * max_points, 2), max_points)
    return CellScore(
        grade_id=grade_id,
        state="scored",
        points=points,
        max_points=max_points,
        code=code,
        reason=reason,
        details=details,
        tables=tables,
    )


def not_graded(
    grade_id: str,
    max_points: float,
    *,
    code: str,
    reason: str,
    details: tuple[str, ...] = (),
    found: tuple[Found, ...] = (),
) -> CellScore:
    """A cell that could not be scored; a person has to look at it, and at what was `found` in its place."""
    return CellScore(
        grade_id=grade_id,
        state="not graded",
        points=0.0,
        max_points=max_points,
        code=code,
        reason=reason,
        details=details,
        found=found,
    )


def figure(number: float) -> str:
    """A number for people: two decimals at most, no trailing zeros."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _escaped(text: str) -> str:
    """Plain words stay plain words in Markdown that is rendered as HTML."""
    safe = html.escape(text, quote=False)
    for sign in "\\`*_[]|":
        safe = safe.replace(sign, f"\\{sign}")
    return safe
