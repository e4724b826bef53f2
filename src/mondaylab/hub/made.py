"""What is already made, so that a step is done again only when something it is made from has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

import mondaylab
from mondaylab.files import file_hash, write_file
from mondaylab.settings import Site

PACKAGE = Path(mondaylab.__file__).parent


class Made:
    """Step -> hash of what it was made from, kept in ``var/made.json``."""

    def __init__(self, site: Site) -> None:
        self._path = site.made

    def is_current(self, step: str, inputs: str) -> bool:
        """Whether the step was finished with exactly these inputs."""
        return self._read().get(step) == inputs

    def done(self, step: str, inputs: str) -> None:
        """Records that the step is finished."""
        write_file(self._path, json.dumps(self._read() | {step: inputs}, indent=1))

    def _read(self) -> dict[str, str]:
        try:
            data = json.loads(self._path.read_text("utf-8"))
        except (FileNotFoundError, ValueError):  # never made, or unreadable: everything is made again
            return {}
        return data if isinstance(data, dict) else {}


def inputs_hash(places: Iterable[Path | str]) -> str:
    """SHA-256 (hex) over files, all files below folders, and plain words; the order of `places` does not matter."""
    lines = []
    for place in places:
        if isinstance(place, str):
            lines.append(place)
        elif place.is_dir():
            lines += [
                f"{path.relative_to(place)} {file_hash(path)}"
                for path in sorted(place.rglob("*"))
                if path.is_file() and "__pycache__" not in path.parts
            ]
        else:
            lines.append(f"{place.name} {file_hash(place)}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
