"""Plain files: what somebody else may write to is read only where it is what it looks like."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable
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


def copy_plain(folder: Path, target: Path) -> None:
    """Copies a folder to where nobody else writes: what is looked at there is what is used, whoever edits meanwhile.

    Args:
        folder: What is copied, without what editors leave about.
        target: Where; must not be there.

    Raises:
        Refused: Something in it is no plain file, or it cannot be read.
    """
    check_plain(folder)
    try:
        # links as links: one that was put there since the folder was looked at is refused in the copy
        shutil.copytree(folder, target, ignore=_passing, symlinks=True, copy_function=_copy_file)
    except OSError as error:
        told = error.args[0][0][2] if isinstance(error, shutil.Error) else error.strerror
        raise Refused(f"cannot be copied: {told}", where=folder, fix="put it right, then do the same again") from None
    check_plain(target)


def _copy_file(source: str, target: str) -> None:
    """Follows no link and waits for no pipe that has taken the file's place."""
    handle = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as read, Path(target).open("xb") as written:
        shutil.copyfileobj(read, written)


def _passing(_: str, names: Iterable[str]) -> set[str]:
    return {name for name in names if passing(name)}
