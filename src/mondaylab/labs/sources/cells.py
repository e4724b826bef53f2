"""The cells of a lab's source with their lines, and what is checked of them before a kernel starts."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import jupytext

from mondaylab.errors import Refused
from mondaylab.forms.cells import OVERSIGHT, UNGRADED, answer_cells
from mondaylab.forms.scoring import ScoringRules
from mondaylab.settings import Site
from mondaylab.texts import read_text

TAGS = (
    "parameters",
    "nbval-ignore-output",
    "nbval-check-output",
    "nbval-skip",
    "raises-exception",
    "hide-input",
    "hide-output",
    "hide-cell",
)
_MARKER = re.compile(r"^#\s*%%")
_MINUTES = re.compile(r"\b(\d+)\s+minutes\b")
_MAGIC = re.compile(r"^(\s*)[%!].*$", re.MULTILINE)


@dataclass(frozen=True)
class SourceCell:
    """One cell of ``lab.py``.

    Attributes:
        number: Its place, 1 for the first.
        line: Where it begins in the file, 1 for the first line: its marker.
        code_line: The file's line of the first line of its source.
        kind: ``code`` or ``markdown``.
        source: Its text.
        tags: As written on the marker.
        task: The ``task="..."`` of the marker, if it has one.
    """

    number: int
    line: int
    code_line: int
    kind: str
    source: str
    tags: tuple[str, ...]
    task: str | None

    def said(self, line: int | None = None) -> str:
        """``line 12 (cell 3)``, for an error; of one of the source's own lines if it is given (1 for its first)."""
        return f"line {self.line if line is None else self.code_line + line - 1} (cell {self.number})"


def source_cells(path: Path) -> list[SourceCell]:
    """Reads the cells of a jupytext percent file.

    Raises:
        NotFound: There is no such file.
        Refused: It is not UTF-8 text, or has no cell marker.
    """
    text = read_text(path, missing="no lab source", fix="write lab.py as a jupytext percent notebook")
    lines = text.splitlines()
    markers = [number for number, line in enumerate(lines, 1) if _MARKER.match(line)]
    if not markers:
        raise Refused("no cell: not one line begins with # %%", where=path, fix="begin every cell with a # %% line")
    cells = jupytext.reads(text, fmt="py:percent").cells
    if len(cells) == len(markers) + 1:  # text between the file's header and its first marker is a cell too
        markers.insert(0, next(n for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")))
    elif len(cells) != len(markers):
        raise Refused(
            f"{len(markers)} lines begin with # %%, but only {len(cells)} of them begin a cell",
            where=path,
            fix="indent such a line where it stands inside a text in quotes",
        )
    found = []
    for number, (line, cell) in enumerate(zip(markers, cells, strict=True), 1):
        first = line + 1 if _MARKER.match(lines[line - 1]) else line
        first += max(0, _blank(lines[first - 1 :]) - _blank(cell.source.splitlines()))
        tags = tuple(str(tag) for tag in cell.metadata.get("tags", []))
        task = cell.metadata.get("task")
        found.append(
            SourceCell(number, line, first, cell.cell_type, cell.source, tags, None if task is None else str(task))
        )
    return found


def _blank(lines: Iterable[str]) -> int:
    """Blank lines at the beginning."""
    return sum(1 for _ in takewhile(lambda line: not line.strip(), lines))


def check_source(site: Site, lab: str, parameters: Collection[str], minutes: int | None = None) -> list[SourceCell]:
    """Holds ``lab.py`` against Python, what ``lab.toml`` declares and the tasks that the role is graded on.

    Args:
        site: The installation.
        lab: ``<role>/<lab>``.
        parameters: Names that ``lab.toml`` declares.
        minutes: What the lab takes, as it declares.

    Returns:
        The cells, for later errors.

    Raises:
        NotFound: There is no ``lab.py``.
        Refused: Something in it is wrong; every problem is named with its line, and the file with the first of them.
    """
    path = site.lab(lab) / "lab.py"
    cells = source_cells(path)
    problems = [
        *_syntax(cells),
        *_tags(cells),
        *_parameters(cells, parameters),
        *_tasks(cells, graded_cells(site, lab)),
        *_minutes(cells, minutes),
    ]
    if problems:
        line = re.match(r"line (\d+)", problems[0])
        raise Refused("; ".join(problems), where=f"{path}:{line[1]}" if line else path)
    return cells


def without_magics(source: str) -> str:
    """A code cell's Python, line for line: a notebook takes ``%time`` and ``!ls`` too, and whole cells of them."""
    return "" if source.lstrip().startswith("%%") else _MAGIC.sub(r"\1pass", source)


def _syntax(cells: list[SourceCell]) -> Iterator[str]:
    for cell in cells:
        if cell.kind == "code":
            try:
                ast.parse(without_magics(cell.source))
            except SyntaxError as error:
                yield f"{cell.said(error.lineno)}: {error.msg}"
            except ValueError as error:  # a null byte
                yield f"{cell.said()}: {error}"


def _tags(cells: list[SourceCell]) -> Iterator[str]:
    for cell in cells:
        for tag in cell.tags:
            if tag not in TAGS:
                yield f"{cell.said()}: unknown tag {tag!r} (known are {', '.join(TAGS)})"


def _parameters(cells: list[SourceCell], declared: Collection[str]) -> Iterator[str]:
    tagged = [cell for cell in cells if "parameters" in cell.tags]
    if not tagged:
        yield 'no cell is tagged "parameters": write # %% tags=["parameters"] above the cell that sets the defaults'
        return
    for cell in tagged[1:]:
        yield f'{cell.said()}: a second cell is tagged "parameters", after {tagged[0].said()}'
    set_here = _assigned(tagged[0])
    for name, line in set_here.items():
        if name not in declared:
            yield f"{tagged[0].said(line)}: parameter {name!r} is not declared under [parameters] in lab.toml"
    for name in sorted(set(declared) - set(set_here)):
        yield f"{tagged[0].said()}: parameter {name!r} of lab.toml has no default here"


def _minutes(cells: list[SourceCell], declared: int | None) -> Iterator[str]:
    """A brief that says in figures how long the lab takes, and says it otherwise than ``lab.toml``."""
    brief = [cell for cell in takewhile(lambda cell: "parameters" not in cell.tags, cells) if cell.kind == "markdown"]
    said = [(cell, found[1]) for cell in brief for found in _MINUTES.finditer(cell.source)]
    if declared is not None and said and str(declared) not in [number for _, number in said]:
        cell, number = said[0]
        yield f"{cell.said()}: the brief says {number} minutes, and lab.toml says minutes = {declared}"


def _assigned(cell: SourceCell) -> dict[str, int]:
    """Name -> line, of what the cell assigns at its top level; empty if it is not Python (that is said elsewhere)."""
    try:
        body = ast.parse(cell.source).body
    except (SyntaxError, ValueError):
        return {}
    found: dict[str, int] = {}
    for part in body:
        targets = (
            part.targets if isinstance(part, ast.Assign) else [part.target] if isinstance(part, ast.AnnAssign) else []
        )
        for target in targets:
            if isinstance(target, ast.Name):
                found.setdefault(target.id, part.lineno)
    return found


def graded_cells(site: Site, lab: str) -> list[str]:
    """The graded cells of the lab's role, in the order of ``grader/scoring.yaml``.

    Raises:
        NotFound: The role has none there.
        Refused: Something is wrong with the file, or with what it says of the role.
    """
    return list(ScoringRules.of(site).role(lab).points())


def _tasks(cells: list[SourceCell], graded: list[str]) -> Iterator[str]:
    answers = {name: cell for name, cell in answer_cells().items() if cell.id in graded}
    known = {*graded, *answers, *UNGRADED}
    first: dict[str, SourceCell] = {}
    for cell in cells:
        if cell.task is None:
            continue
        if cell.task not in known:
            names = ", ".join(sorted(known))
            yield f"{cell.said()}: task {cell.task!r} is not one that grader/scoring.yaml lists (it may be {names})"
        elif cell.task in first:
            yield f"{cell.said()}: task {cell.task!r} stands twice, first on {first[cell.task].said()}"
        first.setdefault(cell.task, cell)
    for name, declared in answers.items():
        if declared.answer_cell == "required" and name not in first:
            said = f"no cell has task {name!r}, in which learners write what the cell {declared.id!r} gives points for"
            yield f'{said}: write # %% task="{name}" above the cell that holds it'
    for name in graded:
        if name not in first:
            markdown = "[markdown] " if name.startswith(OVERSIGHT) else ""
            said = f"no cell has task {name!r}, which grader/scoring.yaml gives points"
            yield f'{said}: write # %% {markdown}task="{name}" and a comment below it, with the other graded cells'
