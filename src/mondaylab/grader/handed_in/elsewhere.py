"""What may be a learner's work in another place than its cell: other cells, other notebooks, files of any name.

It is looked for only when an answer was not found where it belongs. Nobody's zero may come from our not finding their
work, so whatever is neither as released nor known to be something else is shown to a person.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property
from pathlib import Path

from mondaylab.errors import Refused
from mondaylab.files import file_hash
from mondaylab.grader.handed_in import tidying
from mondaylab.grader.handed_in.code_text import plain, says
from mondaylab.grader.handed_in.collected import COLLECTED
from mondaylab.grader.handed_in.found import Found, cell_place
from mondaylab.grader.handed_in.submission import Submission, SubmittedCell, read_plain, writable

OUR_NOTE = "**Put right before grading**"
"""How the cell begins that tells what was put right: no work of a learner who hands a graded notebook in again."""
FOUND_NOTE = "**Found in another place**"
"""How the cell begins that tells what may be a written answer: likewise."""
_OURS = ("timestamp.txt", COLLECTED)
_NOISE = (".ipynb_checkpoints", "__pycache__", ".DS_Store", "Thumbs.db", "desktop.ini")
_TEXTS = (".py", ".txt", ".md", ".rst", ".html", ".r", ".sql", ".json", ".csv", "")
_MOST_BYTES = 4 * 1024**2
_MOST_FILES = 40
_WORD = 5
"""Letters and digits that a text has at the least which may be anybody's work."""
_LONG_ELSEWHERE = 240
"""Characters from which on more than the one sentence that was asked for stands in a cell that is not graded."""


class Elsewhere:
    """A submission, without the answers that are in their place.

    Args:
        submission: The notebook as handed in.
        release: Gives the texts of the cells that learners were given; asked when they are needed.
        given: The folder of the files that they were given beside it, if there is one.
    """

    def __init__(self, submission: Submission, release: Callable[[], Iterable[str]], given: Path | None = None) -> None:
        self._submission = submission
        self._release = release
        self._given = given

    def of(self, name: str, grade_ids: Collection[str]) -> tuple[Found, ...]:
        """What may be the answer `name`, most likely first.

        Args:
            name: The function or text that was to be defined.
            grade_ids: Ids of all cells that learners write in; what stands in these is known.
        """
        cells = [(cell_place(index), cell) for index, cell in self._cells if cell.grade_id not in grade_ids]
        return (*_shown(sorted(cells, key=lambda one: name not in one[1].source)), *self._beside)

    def texts(self, grade_ids: Collection[str]) -> tuple[Found, ...]:
        """What may be a written answer: text of theirs in any cell, sentences in code, files.

        Args:
            grade_ids: Ids of the cells that hold an answer which a program reads.
        """
        cells = [
            (cell_place(index), cell)
            for index, cell in self._cells
            if cell.cell_type != "code" or (cell.grade_id not in grade_ids and says(cell.source))
        ]
        return (*_shown(cells), *self._beside)

    @cached_property
    def _lines(self) -> set[str]:
        return {line.strip() for text in self._release() for line in plain(text).splitlines()}

    @cached_property
    def _cells(self) -> list[tuple[int, SubmittedCell]]:
        """Cells with something of the learner's, by their place."""
        return [
            (index, cell)
            for index, cell in enumerate(self._submission.cells)
            if self._own(cell) and not (cell.task is not None and len(cell.source) < _LONG_ELSEWHERE)
        ]

    def _own(self, cell: SubmittedCell) -> bool:
        """Whether a line of it is not as released; a picture alone is an answer, too."""
        if cell.source.startswith((OUR_NOTE, FOUND_NOTE)):
            return False
        lines = (line.strip() for line in plain(cell.source).splitlines())
        return bool(cell.attachments) or any(re.search(r"\w", line) and line not in self._lines for line in lines)

    @cached_property
    def _beside(self) -> tuple[Found, ...]:
        path = self._submission.path
        if path is None or path.parent.is_symlink() or not path.parent.is_dir():
            return ()
        if self._submission.unreadable is not None:
            return (*self._unread(path, path.name), *self._files(path))
        return tuple(self._files(path))

    def _files(self, notebook: Path) -> Iterator[Found]:
        told = 0
        for path in _plain_files(notebook.parent):
            if path == notebook or self._is_given(path, notebook.parent):
                continue
            found = tuple(self._file(path, str(path.relative_to(notebook.parent))))
            told += bool(found)
            if told > _MOST_FILES:
                yield Found.of("more files", "")
                return
            yield from found

    def _is_given(self, path: Path, folder: Path) -> bool:
        if path.parent == folder and path.name in _OURS:
            return True
        given = None if self._given is None else self._given / path.relative_to(folder)
        if given is None or not given.is_file() or given.stat().st_size != path.stat().st_size:
            return False
        return file_hash(given) == file_hash(path)

    def _file(self, path: Path, name: str) -> Iterator[Found]:
        if name == tidying.REPORT:
            lost = [line for line in _start(path).splitlines() if " than " in line]  # too large or too many, no links
            if lost:
                yield Found.of(name, "\n".join(lost))
        elif path.suffix.lower() == ".ipynb":
            other = Submission.read(path)
            if other.unreadable is None:
                changed = [(f"{name}, {cell_place(index)}", one) for index, one in enumerate(other.cells)]
                yield from _shown((place, one) for place, one in changed if self._own(one))
            else:
                yield from self._unread(path, name)
        elif path.stat().st_size:
            text = _start(path) if path.suffix.lower() in _TEXTS else ""
            if not text or len(re.findall(r"\w", text)) >= _WORD:
                yield Found.of(name, text)

    def _unread(self, path: Path, name: str) -> Iterator[Found]:
        """A notebook that cannot be read: the lines in it that are not as released, as far as they can be made out."""
        text = _start(path)
        if '"source"' in text:
            text = "\n".join(line for line in _pieces(text) if line.strip() not in self._lines) or text
        if re.search(r"\w", text):
            yield Found.of(name, text)


def _shown(cells: Iterable[tuple[str, SubmittedCell]]) -> Iterator[Found]:
    for place, cell in cells:
        pictures = "".join(f"\n[a picture: {name}]" for name, _, _ in cell.attachments)
        yield Found.of(place, f"{cell.source}{pictures}")


def _start(path: Path) -> str:
    """The beginning of a file as text, whatever it is written in; empty if it is none."""
    try:
        data = read_plain(path, _MOST_BYTES)
    except Refused:
        return ""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16", "replace")
    elif b"\x00" in data[:4096]:
        return ""
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
    return writable(text)


def _pieces(text: str) -> Iterator[str]:
    """Of a broken notebook, the lines that stand in quotes and may be some of a cell's."""
    for piece in re.findall(r'"((?:[^"\\\n]|\\.)*)(?:"|\\?$)', text):
        try:
            said = json.loads(f'"{piece}"')
        except ValueError:
            continue
        yield from (line for line in said.splitlines() if re.search(r"\S\s", line))


def _plain_files(folder: Path) -> Iterator[Path]:
    """Plain files in and below the folder, by name; no link is followed."""
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or path.name in _NOISE:
            continue
        if path.is_dir():
            yield from _plain_files(path)
        elif path.is_file():
            yield path
