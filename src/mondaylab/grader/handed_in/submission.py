"""What a learner handed in, read so that no file can stop a batch: cells by grade id."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import nbformat

from mondaylab.errors import Refused
from mondaylab.grader.handed_in.answer import CellAnswer, find_answer
from mondaylab.grader.handed_in.attachments import Attachments, images

CellType = Literal["code", "markdown", "raw"]

_SIZE_LIMIT = 30 * 1024**2
_CELL_LIMIT = 5_000


@dataclass(frozen=True)
class SubmittedCell:
    """One cell, cleaned.

    Attributes:
        cell_type: As submitted.
        source: Text that can be written as UTF-8; its lines end as ours do, whatever editor wrote them.
        grade_id: The nbgrader id that its metadata claims, if it claims one.
        task: The ungraded task that its metadata claims, such as ``friday``.
        attachments: Pictures that were pasted into it.
    """

    cell_type: CellType
    source: str
    grade_id: str | None
    task: str | None = None
    attachments: Attachments = ()


@dataclass(frozen=True)
class ReleasedCell:
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
class Submission:
    """A submitted notebook.

    Attributes:
        cells: In the order of the notebook.
        unreadable: Why it could not be read, in fixed words; then `cells` is empty.
        path: Where it was read; none when it was not read from a file, or must not be looked at.
    """

    cells: tuple[SubmittedCell, ...]
    unreadable: str | None = None
    path: Path | None = None

    @classmethod
    def read(cls, path: Path) -> Submission:
        """Reads a notebook file. Never raises: what is wrong with it becomes `unreadable`. Links are not followed."""
        try:
            return cls(tuple(_cells(_text(read_plain(path)))), path=path)
        except Refused as error:
            return cls((), error.what, path)

    def answer(self, grade_id: str, name: str, released: str | None, *, text: bool = False) -> CellAnswer:
        """The learner's answer to one cell; as `find_answer`."""
        return find_answer(self, grade_id, name, released, text=text)


def read_plain(path: Path, most: int = _SIZE_LIMIT) -> bytes:
    """A file's bytes.

    Raises:
        Refused: It is gone, a link, no plain file or larger than `most`; in fixed words without its place.
    """
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
        if about.st_size > most:
            raise Refused(f"the notebook is larger than {most // 1024**2} MB")
        with os.fdopen(os.dup(handle), "rb") as file:
            return file.read(most + 1)
    finally:
        os.close(handle)


def _text(data: bytes) -> str:
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
    return SubmittedCell(
        cell_type="code" if kind == "code" else "markdown" if kind == "markdown" else "raw",
        source=writable(source) if isinstance(source, str) else "",
        grade_id=_mark(metadata, "nbgrader", "grade_id"),
        task=_mark(metadata, "mondaylab", "task"),
        attachments=() if kind == "code" else images(cell.get("attachments")),
    )


def _mark(metadata: object, section: str, name: str) -> str | None:
    """One of our own names in a cell's metadata. All of them are in lower case, whatever a tool made of them since."""
    marks = metadata.get(section) if isinstance(metadata, dict) else None
    found = marks.get(name) if isinstance(marks, dict) else None
    return found.strip().lower() or None if isinstance(found, str) else None


def writable(text: str) -> str:
    """Text that a file and a database take: no NUL, no half surrogate pairs, lines that end in one way."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
