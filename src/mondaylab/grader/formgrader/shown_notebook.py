"""A handed-in notebook as a grading page shows it: still, cell by cell, whatever stands in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from markupsafe import Markup
from nbformat import NotebookNode

from mondaylab import harmless
from mondaylab.errors import Refused
from mondaylab.grader.cells.score import CellScore

MOST_CELLS = 500
"""Cells of a notebook, and outputs of a cell, that are shown."""
MOST_RENDERED = 200_000
"""Characters of a notebook that are rendered; what comes after them stands as it was typed."""
_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


@dataclass(frozen=True)
class Marked:
    """What an instructor may do with a cell."""

    label: str
    grade_id: str
    points: float | None
    """None if it earns none."""
    commented: bool


@dataclass(frozen=True)
class ShownCell:
    """One cell."""

    kind: Literal["markdown", "code", "raw"]
    body: Markup
    typed: str | None
    """As it was typed, where the page shows less."""
    outputs: tuple[Markup, ...]
    marked: Marked | None


def shown(notebook: NotebookNode) -> tuple[ShownCell, ...]:
    """All cells of a notebook, ready for a page.

    Args:
        notebook: As nbformat reads it; none of its metadata is trusted.
    """
    cells = [cell for cell in notebook.get("cells", []) if isinstance(cell, Mapping)]
    rendered, made = 0, []
    for cell in cells[:MOST_CELLS]:
        rendered += len(_text(cell.get("source")))
        made.append(_cell(cell, still=rendered > MOST_RENDERED))
    return tuple(made)


def _cell(cell: Mapping[str, Any], *, still: bool) -> ShownCell:
    source, kind = _text(cell.get("source")), None if still else cell.get("cell_type")
    shown_as: Literal["markdown", "code", "raw"] = "raw"
    typed, body = None, harmless.plain(source)
    outputs: tuple[Markup, ...] = ()
    if kind == "markdown":
        shown_as = "markdown"
        body = harmless.markdown(source, _mapping(cell.get("attachments")))
        typed = harmless.without_controls(source) if harmless.shows_less(source) else None
    elif kind == "code":
        shown_as = "code"
        body = harmless.code(source)
        listed = cell.get("outputs")
        outputs = tuple(_outputs(listed[:MOST_CELLS] if isinstance(listed, list) else []))
    marked = _marked(_mapping(cell.get("metadata")))
    return ShownCell(kind=shown_as, body=body, typed=typed, outputs=outputs, marked=marked)


def _marked(metadata: Mapping[str, Any]) -> Marked | None:
    about = _mapping(metadata.get("nbgrader"))
    solution, grade, task = (bool(about.get(name)) for name in ("solution", "grade", "task"))
    grade_id = about.get("grade_id")
    if not (solution or grade or task) or not isinstance(grade_id, str):
        return None
    points = about.get("points")
    return Marked(
        label="Student's task" if task else "Student's answer" if solution else grade_id,
        grade_id=grade_id,
        points=float(points) if (grade or task) and isinstance(points, int | float) else None,
        commented=solution or task,
    )


def _outputs(outputs: list[Any]) -> Iterator[Markup]:
    for output in outputs:
        if not isinstance(output, Mapping):
            continue
        kind = output.get("output_type")
        if kind == "stream":
            yield harmless.plain(_text(output.get("text")))
        elif kind == "error":
            yield harmless.plain(f"{_text(output.get('ename'))}: {_text(output.get('evalue'))}")
        else:
            yield _result(_mapping(output.get("data")), _mapping(output.get("metadata")))


def _result(data: Mapping[str, Any], metadata: Mapping[str, Any]) -> Markup:
    """Our own words rendered; of anything else the picture or the plain text, never a form that could do something."""
    if "text/markdown" in data and _is_ours(metadata):
        return harmless.markdown(_text(data["text/markdown"]))
    for media_type in _PICTURES:
        address = harmless.picture(media_type, _text(data.get(media_type)))
        if address is not None:
            return Markup('<img src="{}" alt="picture that the cell showed">').format(address)
    if "text/plain" in data:
        return harmless.plain(_text(data["text/plain"]))
    kinds = ", ".join(sorted(str(one)[:60] for one in data)[:5])
    return Markup("<p>Not shown here: {}</p>").format(harmless.without_controls(kinds) or "an empty output")


def _is_ours(metadata: Mapping[str, Any]) -> bool:
    try:
        CellScore.parse(metadata.get("mondaylab"), where="output")
    except Refused:
        return False
    return True


def _text(value: object) -> str:
    """Notebooks keep text as one string or as lines; whatever else somebody put there is no text."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
