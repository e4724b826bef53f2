"""Copying what a learner hands in: nothing is followed, nothing is trusted, nothing is half there.

A learner can put anything into their own folder, and change it while it is being read. So every step is taken from an
open folder (never by path), only plain files are read, and each is read to a limit whatever size it claims to have.
"""

from __future__ import annotations

import fnmatch
import itertools
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from mondaylab.bounds import Bounds, printable
from mondaylab.errors import NotFound, Refused
from mondaylab.files import file_hash, staged_folder
from mondaylab.records import Record, content_hash

_CHUNK = 1 << 20
_MOST_LOOKED_AT = 5000


class Copied(Record):
    """What came of a copy."""

    files: tuple[str, ...]
    """Relative paths that were copied."""
    left_out: tuple[str, ...]
    """Relative paths that were not: links, sockets, devices, names that are not plain text."""


def copy_folder(source: Path, destination: Path, *, bounds: Bounds, ignore: Iterable[str] = ()) -> Copied:
    """Copies the plain files of a folder; `destination` appears whole or not at all, and replaces what was there.

    Args:
        source: Folder to read; itself no link.
        destination: Folder to make.
        bounds: What is too much.
        ignore: Name patterns that are left out without being mentioned.

    Raises:
        NotFound: There is no such folder, or it is a link.
        Refused: It holds too much; nothing was changed.
    """
    with staged_folder(destination, mode=0o700) as staged:
        return copy_into(source, staged, bounds=bounds, ignore=ignore)


def copy_into(source: Path, destination: Path, *, bounds: Bounds, ignore: Iterable[str] = ()) -> Copied:
    """Copies the plain files of a folder into one that exists; raises as `copy_folder`."""
    try:
        opened = os.open(source, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        raise NotFound("no such folder", where=source.name) from None
    copier = _Copier(bounds, tuple(ignore), source)
    try:
        copier.folder(opened, destination, "", 0)
    finally:
        os.close(opened)
    return Copied(files=tuple(copier.files), left_out=tuple(copier.left_out))


class _Copier:
    """One copy, and how much of its bounds is used."""

    def __init__(self, bounds: Bounds, ignore: tuple[str, ...], source: Path) -> None:
        self._bounds, self._ignore, self._source = bounds, ignore, source
        self._bytes = 0
        self.files: list[str] = []
        self.left_out: list[str] = []

    def folder(self, opened: int, destination: Path, relative: str, depth: int) -> None:
        if depth > self._bounds.depth:
            raise self._too_much(f"folders lie deeper than {self._bounds.depth}")
        for name in sorted(os.listdir(opened)):
            if any(fnmatch.fnmatch(name, pattern) for pattern in self._ignore):
                continue
            path = f"{relative}{name}"
            if len(self.files) + len(self.left_out) >= self._bounds.files:
                raise Refused(
                    f"more than {self._bounds.files} files", where=self._source.name, fix="remove what is not needed"
                )
            if not printable(name):
                self.left_out.append(path.encode("ascii", "backslashreplace").decode())
                continue
            self._entry(opened, name, destination / name, path, depth)

    def _entry(self, parent: int, name: str, destination: Path, path: str, depth: int) -> None:
        try:
            # not blocking: opening a pipe that nobody writes to would wait for ever
            opened = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=parent)
        except OSError:  # a link, a socket, unreadable, or gone since the listing
            self.left_out.append(path)
            return
        try:
            kind = os.fstat(opened).st_mode
            if stat.S_ISDIR(kind):
                destination.mkdir(mode=0o700)
                self.folder(opened, destination, f"{path}/", depth + 1)
            elif stat.S_ISREG(kind):
                self._file(opened, destination, path)
                self.files.append(path)
            else:
                self.left_out.append(path)
        finally:
            os.close(opened)

    def _file(self, opened: int, destination: Path, path: str) -> None:
        size = 0
        with destination.open("xb") as copy:
            while chunk := os.read(opened, _CHUNK):
                size += len(chunk)
                self._bytes += len(chunk)
                if size > self._bounds.file_mb << 20:
                    raise Refused(
                        f"{path} is larger than {self._bounds.file_mb} MB",
                        where=self._source.name,
                        fix="make it smaller",
                    )
                if self._bytes > self._bounds.total_mb << 20:
                    raise Refused(
                        f"more than {self._bounds.total_mb} MB",
                        where=self._source.name,
                        fix="remove what is not needed",
                    )
                copy.write(chunk)
        destination.chmod(0o600)

    def _too_much(self, what: str) -> Refused:
        return Refused(what, where=self._source.name, fix="remove what is not needed")


def digest(folder: Path, files: Iterable[str]) -> str:
    """SHA-256 over the names and contents of a copy's files, wherever it lies and whenever it was made."""
    return content_hash(sorted([name, file_hash(folder / name)] for name in files))


def leave_behind(folder: Path, files: Iterable[str], patterns: Iterable[str]) -> tuple[str, ...]:
    """Removes the files of a copy that lie under a name to ignore; returns those that stay."""
    ignored = tuple(patterns)
    stay = []
    for name in files:
        if any(fnmatch.fnmatch(part, pattern) for part in Path(name).parts for pattern in ignored):
            (folder / name).unlink()
        else:
            stay.append(name)
    return tuple(stay)


def submission_time(folder: Path, claimed: float) -> float:
    """When a folder was handed in, seconds since the epoch.

    The time in a submission's name is written by the learner's own side. It stands if the file system agrees within two
    minutes; otherwise the file system's own change time counts, which nobody can set back.

    Args:
        folder: The submission.
        claimed: The time its name says.
    """
    changed = changed_at(folder)
    return claimed if abs(changed - claimed) <= 120 else changed


def changed_at(folder: Path) -> float:
    """When a folder or anything in it last changed, by the file system's change times, which nobody can set back."""
    inside = itertools.islice((path for path in folder.rglob("*")), _MOST_LOOKED_AT)
    return max([folder.lstat().st_ctime, *(path.lstat().st_ctime for path in inside)])
