"""Work that is done once a test run, whichever worker comes first."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str, name: str) -> Path:
    """A folder of that name that all workers of this run see."""
    base = tmp_path_factory.getbasetemp()
    return (base if worker_id == "master" else base.parent) / name


@contextmanager
def once(folder: Path) -> Iterator[bool]:
    """Lets one xdist worker do the work in `folder`; yields whether it is still to be done.

    Whose work fails leaves it to be done: the next worker starts again in the same folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / ".done"
        yield not done.exists()
        done.touch()
