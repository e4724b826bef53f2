"""What a learner handed in, read so that no file can stop a batch: cells by grade id, and the answers in them."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import nbformat

from mondaylab.errors import Refused

CellType = Literal["code", "markdown", "raw"]
FindCode = Literal["ok", "missing", "unchanged", "ambiguous", "unreadable"]

_SIZE_LIMIT = 30 * 1024**2
_CELL_LIMIT = 5_000


@dataclass(frozen=True)
class SubmittedCell:
    """One cell, cleaned.

    Attributes:
        cell_type: As submitted.
        source: Text that can be written as UTF-8.
        grade_id: The nbgrader id that its metadata claims, if it claims one.
    """

    cell_type: CellType
    source: str
    grade_id: str | None


@dataclass(frozen=True)
class SourceCell:
    """One of our cells, as the gradebook knows it.

    Attributes:
        grade_id: nbgrader's id.
        cell_type: As released.
        source: As released.
        locked: Whether learners must leave it as it is.
        checksum: nbgrader's, of the released cell.
        grade: Whether it carries points.
        solution: Whether learners write in it.
        points: Its points; 0 for a cell without.
    """

    grade_id: str
    cell_type: CellType
    source: str
    locked: bool
    checksum: str
    grade: bool
    solution: bool
    points: float = 0.0


@dataclass(frozen=True)
class Answer:
    """The source of an answer cell, or why there is none that could be run."""

    code: FindCode
    source: str | None = None


@dataclass(frozen=True)
class Submission:
    """A submitted notebook.

    Attributes:
        cells: In the order of the notebook.
        unreadable: Why it could not be read, in fixed words; then `cells` is empty.
    """

    cells: tuple[SubmittedCell, ...]
    unreadable: str | None = None

    @classmethod
    def read(cls, path: Path) -> Submission:
        """Reads a notebook file. Never raises: what is wrong with it becomes `unreadable`. Links are not followed."""
        try:
            return cls(tuple(_cells(_read_text(path))))
        except Refused as error:
            return cls((), error.what)

    def answer(self, grade_id: str, name: str, released: str | None, *, text: bool = False) -> Answer:
        """The learner's answer cell.

        Copies that are equal, or still as released, do not count. When the cell is gone (deleted, or merged into
        another), a single cell that defines the name stands in for it.

        Args:
            grade_id: The answer cell's id.
            name: The function it has to define.
            released: The cell's source as released, if known.
            text: The name is not a function but assigned a text.
        """
        if self.unreadable is not None:
            return Answer("unreadable")
        found = [cell.source for cell in self.cells if cell.grade_id == grade_id]
        if not found:
            start = rf"{re.escape(name)}[ \t]*=(?!=)" if text else rf"def\s+{re.escape(name)}\s*\("
            defines = re.compile(f"^{start}", re.MULTILINE)
            found = [cell.source for cell in self.cells if defines.search(cell.source)]
            if not found:
                return Answer("missing")
        changed = {source.strip(): source for source in found if released is None or source.strip() != released.strip()}
        if not changed:
            return Answer("unchanged")
        return Answer("ok", next(iter(changed.values()))) if len(changed) == 1 else Answer("ambiguous")


def _read_text(path: Path) -> str:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise Refused("there is no notebook in the submission") from None
    except OSError:
        raise Refused("the notebook is a link or cannot be opened") from None
    try:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            raise Refused("the notebook is not a plain file")
        if about.st_size > _SIZE_LIMIT:
            raise Refused(f"the notebook is larger than {_SIZE_LIMIT // 1024**2} MB")
        with os.fdopen(os.dup(handle), "rb") as file:
            data = file.read(_SIZE_LIMIT + 1)
    finally:
        os.close(handle)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("the notebook is not text") from None


def _cells(text: str) -> Iterable[SubmittedCell]:
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused("the notebook is not JSON") from None
    if isinstance(notebook, dict) and notebook.get("nbformat") in (1, 2, 3):
        try:
            notebook = nbformat.reads(text, as_version=4)
        except (ValueError, KeyError, TypeError, AttributeError, nbformat.ValidationError):
            raise Refused("the notebook has an old format that cannot be converted") from None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or len(cells) > _CELL_LIMIT:
        raise Refused("the file is not a notebook")
    return [_cell(cell) for cell in cells if isinstance(cell, dict)]


def _cell(cell: dict[str, object]) -> SubmittedCell:
    kind = cell.get("cell_type")
    source = cell.get("source")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = marks.get("grade_id") if isinstance(marks, dict) else None
    return SubmittedCell(
        cell_type="code" if kind == "code" else "markdown" if kind == "markdown" else "raw",
        source=_writable(source) if isinstance(source, str) else "",
        grade_id=grade_id if isinstance(grade_id, str) and grade_id else None,
    )


def _writable(text: str) -> str:
    """Text that a file and a database take: no NUL, no half surrogate pairs."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
