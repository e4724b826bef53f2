"""The folders that grading leaves in a course: built beside their place, then put there in one step."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nbgrader import utils


def stage_folder(place: Path) -> Path:
    """Makes an empty hidden folder beside `place`, with the permissions of any new folder."""
    place.parent.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(dir=place.parent, prefix=f".{place.name}."))
    mask = os.umask(0)
    os.umask(mask)
    staged.chmod(0o777 & ~mask)
    return staged


def put_folder(staged: Path, place: Path) -> None:
    """Gives a staged folder its place; what stood there is removed."""
    if place.is_symlink() or not place.exists():
        place.unlink(missing_ok=True)
        staged.rename(place)
        return
    old = stage_folder(place)
    place.rename(old / "old")
    staged.rename(place)
    shutil.rmtree(old)


def sweep(parent: Path, name: str) -> None:
    """Removes what a killed run left staged in ``parent/<learner>``. Only while no other run is at work there."""
    for left in parent.glob(f"*/.{name}.*"):
        shutil.rmtree(left, ignore_errors=True)


def copy_files(source: Path, target: Path, ignore: Iterable[str]) -> None:
    """Copies a folder's files, as nbgrader does beside notebooks; files that are there already are replaced."""
    for found in utils.find_all_files(str(source), [*ignore, "*.ipynb"]):
        copy = target / Path(found).relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.unlink(missing_ok=True)
        shutil.copy(found, copy)


def set_permissions(folder: Path, converter: Any) -> None:
    """Sets the permissions that an nbgrader converter is configured to leave."""
    mode = int(str(converter.permissions), 8)
    for place, _, files in os.walk(folder):
        for name in files:
            Path(place, name).chmod(mode)
        if converter.coursedir.groupshared:
            Path(place).chmod(Path(place).stat().st_mode & 0o2777 | 0o2770)
