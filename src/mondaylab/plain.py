"""Plain files: what somebody else may write to is read only where it is what it looks like."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from mondaylab.errors import Refused

_KINDS = (
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISCHR, "a device"),
)


def passing(name: str) -> bool:
    """Whether editors and Python leave a file or folder of this name about: locks, checkpoints, compiled code."""
    return name == "__pycache__" or name.startswith(".")


def check_plain(folder: Path, *, fix: str = "take it out, or put a copy in its place") -> None:
    """Holds that below a folder, itself included, are only folders and files with one name each.

    A link leads whoever reads or writes there to another file, under rights that its author does not have; a pipe
    keeps a reader waiting for ever. What editors leave about is passed over: nothing reads it.

    Args:
        folder: Where; if there is none, there is nothing to refuse.
        fix: What to do about it.

    Raises:
        Refused: Something else lies there; the first in the order of names.
    """
    todo = [folder]
    while todo:
        path = todo.pop()
        try:
            found = path.lstat()
        except FileNotFoundError:
            continue
        if stat.S_ISDIR(found.st_mode):
            with os.scandir(path) as entries:
                names = sorted((entry.name for entry in entries if not passing(entry.name)), reverse=True)
            todo += [path / name for name in names]
            continue
        what = next((words for is_one, words in _KINDS if is_one(found.st_mode)), None)
        if what is None and found.st_nlink > 1:
            what = "a hard link: the file has another name too"
        if what is not None:
            raise Refused(f"no plain file: {what}", where=path, fix=fix)
