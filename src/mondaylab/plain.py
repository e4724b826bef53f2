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

_MISLEADING = (".git", ".jupytext", "jupytext.")
"""How names begin of what git or jupytext obeys, in any mixture of small and capital letters: settings, even code."""
_DEEPEST = 20
"""Folders below each other: no lab needs more, and a path must not grow too long to be looked at."""


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
        Refused: Something else lies there, or a name is none that everybody reads as it stands; the first in the order
            of names. Or something cannot be looked at.
    """
    todo = [folder]
    while todo:
        path = todo.pop()
        try:
            found = path.lstat()
            if stat.S_ISDIR(found.st_mode):
                if len(path.parts) > len(folder.parts) + _DEEPEST:
                    raise Refused(f"more than {_DEEPEST} folders stand in each other", where=folder, fix=fix)
                todo += [path / name for name in reversed(_plain_names(path, fix))]
                continue
        except FileNotFoundError:
            continue
        except OSError as error:
            raise Refused(f"cannot be looked at: {error.strerror}", where=path, fix=fix) from None
        what = next((words for is_one, words in _KINDS if is_one(found.st_mode)), None)
        if what is None and found.st_nlink > 1:
            what = "a hard link: the file has another name too"
        if what is not None:
            raise Refused(f"no plain file: {what}", where=path, fix=fix)


def check_names(folder: Path, *, fix: str = "take it out") -> None:
    """Holds that nothing directly in a folder is what git or jupytext obeys.

    Args:
        folder: Where; if there is none, there is nothing to refuse.
        fix: What to do about it.

    Raises:
        Refused: Something is, or the folder cannot be looked at.
    """
    try:
        _names(folder, fix)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise Refused(f"cannot be looked at: {error.strerror}", where=folder, fix=fix) from None


def _names(folder: Path, fix: str) -> list[str]:
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries)
    misleading = next((name for name in names if name.casefold().startswith(_MISLEADING)), None)
    if misleading is not None:
        raise Refused(f"no plain file: git or jupytext would obey {misleading!a}", where=folder, fix=fix)
    return names


def _plain_names(folder: Path, fix: str) -> list[str]:
    names = [name for name in _names(folder, fix) if not passing(name)]
    for name in names:
        # a line's end would forge a hash over names; what is no UTF-8 or turns the text round shows another name
        if not name.isprintable():
            raise Refused(f"no plain name: {name!a}", where=folder, fix="give it another name")
    return names


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
    except (OSError, RecursionError) as error:
        told = error.args[0][0][2] if isinstance(error, shutil.Error) else error
        raise Refused(f"cannot be copied: {told}", where=folder, fix="put it right, then do the same again") from None
    check_plain(target)


def _copy_file(source: str, target: str) -> None:
    """Follows no link and waits for no pipe that has taken the file's place."""
    handle = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as read, Path(target).open("xb") as written:
        shutil.copyfileobj(read, written)


def _passing(_: str, names: Iterable[str]) -> set[str]:
    return {name for name in names if passing(name)}
