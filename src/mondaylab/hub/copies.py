"""Work that may lie in another place than the notebook that is graded: told at hand-in, while it can be mended.

Only copies of our notebook are told, by what they share with it: who hands in is told little, and nothing by mistake.
Grading (`mondaylab.grader.handed_in.elsewhere`) shows a person whatever was not given, for nothing may be overlooked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SCRIPTS = (".py", ".md", ".qmd", ".rmd", ".txt", ".html")
_LEAST = 2
"""Cells or lines of ours that make a file a copy of our notebook."""
_LONG = 20
"""Characters from which on a line is nobody's by chance."""
_MOST_NAMED = 5


@dataclass(frozen=True)
class _Cells:
    """A notebook's cells that hold text, without what an editor changes by itself."""

    marks: frozenset[str]
    """Grade ids and task names."""
    sources: frozenset[str]


def warnings(folder: Path, released: Path, files: Iterable[str]) -> tuple[str, ...]:
    """What a learner should look at again, in sentences.

    Args:
        folder: What is handed in.
        released: The assignment as it was released.
        files: Relative paths of what is handed in.
    """
    names = sorted(files)
    told = []
    for original in sorted(released.glob("*.ipynb")):
        ours, theirs = _notebook(original), _notebook(folder / original.name)
        if ours is None:
            continue
        known = {str(path.relative_to(released)) for path in released.rglob("*") if path.is_file()}
        if theirs is None:
            told.append(
                f"{original.name}, which is graded, cannot be read as a notebook. Open it, save it and submit again."
            )
        done = theirs.sources if theirs else frozenset()
        others = [name for name in names if name not in known and _holds_work(folder / name, ours, done)]
        told += _sentences(original.name, others, untouched=theirs is not None and done <= ours.sources)
    return tuple(told)


def _sentences(name: str, others: list[str], *, untouched: bool) -> list[str]:
    more = [f"and {len(others) - _MOST_NAMED} more"] if len(others) > _MOST_NAMED else []
    listed = ", ".join([*others[:_MOST_NAMED], *more])
    if untouched and others:
        return [
            f"{name}, which is graded, is as it was released; your work seems to be in {listed}. Copy it into {name} "
            "and submit again. If you leave it so, a person has to look for it."
        ]
    if untouched:
        return [
            f"{name} is as it was released: no cell in it was changed. If you worked in it, save it and submit again."
        ]
    if others:
        return [
            f"Only {name} is graded. Other files hold work that is not in it: {listed}. If something of it should "
            f"count, copy it into {name} and submit again."
        ]
    return []


def _holds_work(path: Path, ours: _Cells, done: frozenset[str]) -> bool:
    """Whether a file is made from our notebook and holds something that neither it nor the graded one has."""
    if path.suffix.lower() == ".ipynb":
        found = _notebook(path)
        if found is None:
            return False
        made_from_ours = bool(found.marks & ours.marks) or len(found.sources & ours.sources) >= _LEAST
        return made_from_ours and bool(found.sources - ours.sources - done)
    if path.suffix.lower() not in _SCRIPTS:
        return False
    lines = _lines(_text(path))
    return len(lines & _lines("\n".join(ours.sources))) >= _LEAST and bool(
        lines - _lines("\n".join(ours.sources | done))
    )


def _lines(text: str) -> frozenset[str]:
    """Long lines without the marks that a script has before text."""
    return frozenset(
        line for line in (one.strip().lstrip("#> ").strip() for one in text.splitlines()) if len(line) >= _LONG
    )


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig", errors="replace")
    except OSError:
        return ""


def _notebook(path: Path) -> _Cells | None:
    """A notebook's cells, or none if it is no notebook."""
    try:
        cells = json.loads(_text(path)).get("cells", [])
        listed = [cell for cell in cells if isinstance(cell, dict)]
    except (ValueError, AttributeError, TypeError, RecursionError):
        return None
    sources = (_source(cell.get("source")) for cell in listed)
    marks = (mark for cell in listed for mark in _marks(cell.get("metadata")))
    return _Cells(frozenset(marks), frozenset(source for source in sources if source))


def _source(source: Any) -> str:
    text = "".join(str(part) for part in source) if isinstance(source, list) else str(source or "")
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


def _marks(metadata: Any) -> Iterable[str]:
    for tool, name in (("nbgrader", "grade_id"), ("mondaylab", "task")):
        about = metadata.get(tool) if isinstance(metadata, dict) else None
        if isinstance(about, dict) and isinstance(about.get(name), str):
            yield about[name]
