"""Writing files so that a reader never sees half of one: stage, then rename."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_file(path: Path, data: bytes | str, *, mode: int = 0o644) -> None:
    """Writes a whole file or nothing, with the given permission bits from its first moment on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, staged = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data.encode() if isinstance(data, str) else data)
            os.fchmod(file.fileno(), mode)
            file.flush()
            os.fsync(file.fileno())
        os.replace(staged, path)
    except BaseException:
        Path(staged).unlink(missing_ok=True)
        raise


@contextmanager
def staged_folder(destination: Path, *, mode: int = 0o755) -> Iterator[Path]:
    """Yields an empty folder beside `destination` that takes its place when the block ends well.

    An existing `destination` is replaced as a whole; when the block raises, it is left as it was.
    """
    destination.parent.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(dir=destination.parent, prefix=f".{destination.name}."))
    try:
        yield staged
        staged.chmod(mode)
        if destination.exists():
            old = Path(tempfile.mkdtemp(dir=destination.parent, prefix=f".{destination.name}.old."))
            try:
                os.rename(destination, old / "old")
                os.rename(staged, destination)
            except BaseException:
                if not destination.exists():  # interrupted between the two
                    os.rename(old / "old", destination)
                raise
            finally:
                if destination.exists():
                    shutil.rmtree(old)
        else:
            os.rename(staged, destination)
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        raise


def file_hash(path: Path) -> str:
    """SHA-256 (hex) of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
