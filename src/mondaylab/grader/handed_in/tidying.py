"""What lies beside a submitted notebook: plain files to a limit stay, all else is left out, and that is written there.

nbgrader follows links when it copies, copies whatever size a file claims, and hands the copies back with the feedback:
a link to a key would come back as the key. What is handed in through the exchange keeps to these bounds already; a
folder that came into the course in another way need not.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from mondaylab.bounds import Bounds, printable

BOUNDS = Bounds()
"""The exchange's own."""
REPORT = "LEFT_OUT.txt"
"""Where it is said what was left out."""
_MOST_LINES = 50


def leave_out(*, assignment: str, student: str, notebooks: Iterable[str]) -> None:
    """nbgrader's hook before it copies a submission's files: removes links, pipes, giants and names that are no text.

    Args:
        assignment: nbgrader's name of it, and of its one notebook, which is left as it is.
        student: Whose.
        notebooks: Paths of notebooks in the submission.
    """
    for folder in {Path(notebook).parent for notebook in notebooks}:
        linked = next((part for part in (folder.parent, folder) if part.is_symlink()), None)
        if linked is not None:
            linked.unlink()
            folder.mkdir(parents=True)
            (folder / REPORT).write_text("Left out before grading:\n\nthe submission: a link\n", "utf-8")
            continue
        if folder.is_dir():
            _Tidying(folder, keep=folder / f"{assignment}.ipynb").run()


def make_way(*, assignment: str, student: str, notebooks: Iterable[str]) -> None:
    """nbgrader's hook before it writes feedback: as `leave_out`, and nothing graded has the feedback page's name.

    A notebook exported as HTML lies where the page goes, and nbgrader leaves graded files read-only: the page could not
    be written over it. What was handed in stays in ``submitted``.

    Args:
        assignment: As for `leave_out`.
        student: Whose.
        notebooks: Paths of graded notebooks.
    """
    paths = list(notebooks)
    leave_out(assignment=assignment, student=student, notebooks=paths)
    for folder in {Path(path).parent for path in paths}:
        _remove(folder / f"{assignment}.html")


def _remove(path: Path) -> None:
    """Whatever it is, and if it is there at all; a link goes, not what it leads to."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


class _Tidying:
    """One folder, and how much of its bounds is used."""

    def __init__(self, folder: Path, keep: Path) -> None:
        self._folder, self._keep = folder, keep
        self._bytes = self._files = 0
        self._left_out: list[str] = []

    def run(self) -> None:
        for path, why in self._unwanted(self._folder, 0):
            self._left_out.append(f"{_shown(path.relative_to(self._folder))}: {why}")
            _remove(path)
        if self._left_out:
            more = len(self._left_out) - _MOST_LINES
            lines = [*self._left_out[:_MOST_LINES], *([f"and {more} more"] if more > 0 else [])]
            text = "\n".join(["Left out before grading:", "", *lines]) + "\n"
            _remove(self._folder / REPORT)  # a folder of that name, or a file that nobody may write
            (self._folder / REPORT).write_text(text, "utf-8")

    def _unwanted(self, folder: Path, depth: int) -> Iterator[tuple[Path, str]]:
        for path in sorted(folder.iterdir()):
            why = self._why(path, path.lstat(), depth)
            if why:
                yield path, why
            elif stat.S_ISDIR(path.lstat().st_mode):
                yield from self._unwanted(path, depth + 1)

    def _why(self, path: Path, about: os.stat_result, depth: int) -> str | None:
        if path == self._keep:
            return None  # whatever it is: nobody but our reader opens it, and that one follows no link
        if not printable(path.name):
            return "a name that is no plain text"
        if not stat.S_ISDIR(about.st_mode) and not stat.S_ISREG(about.st_mode):
            return "a link" if stat.S_ISLNK(about.st_mode) else "no plain file"
        if not _opened(path, about.st_mode):
            return "not to be read by the one who grades"
        if stat.S_ISDIR(about.st_mode):
            return f"deeper than {BOUNDS.depth} folders" if depth >= BOUNDS.depth else None
        return self._too_much(about.st_size)

    def _too_much(self, size: int) -> str | None:
        """Counts a file, or says why it is one too many."""
        if size > BOUNDS.file_mb << 20:
            return f"larger than {BOUNDS.file_mb} MB"
        if self._files >= BOUNDS.files:
            return f"more than {BOUNDS.files} files"
        if self._bytes + size > BOUNDS.total_mb << 20:
            return f"more than {BOUNDS.total_mb} MB"
        self._files += 1
        self._bytes += size
        return None


def _opened(path: Path, mode: int) -> bool:
    """Whether a file or folder can be read; one of our own that forbids it is made readable first."""
    wanted = os.R_OK | os.X_OK if stat.S_ISDIR(mode) else os.R_OK
    if not os.access(path, wanted):
        with suppress(PermissionError):
            path.chmod(stat.S_IMODE(mode) | (stat.S_IRWXU if stat.S_ISDIR(mode) else stat.S_IRUSR))
    return os.access(path, wanted)


def _shown(path: Path) -> str:
    return str(path).encode("ascii", "backslashreplace").decode().replace("\n", "\\n")
