"""Where builds lie and which labs there are; a command asks before it imports anything that builds."""

from __future__ import annotations

from pathlib import Path

from mondaylab.errors import MondaylabError, Refused
from mondaylab.settings import Site, plain_name
from mondaylab.texts import read_text

REPORT = "report.json"
EMBEDDED = "demo"
"""The company that commands take if none is named."""


def build_folder(site: Site, lab: str, quarter: str, out: Path | None = None, *, company: str) -> Path:
    """``builds/<company>/<role>/<lab>/<quarter>``, or the same below `out`."""
    role, _, name = lab.partition("/")
    parts = (company, role, name, quarter)
    return (out or site.builds).joinpath(*map(plain_name, parts))


def declared_labs(site: Site) -> list[str]:
    """All labs of ``labs/``, sorted: every folder ``<role>/<lab>`` that holds a lab.toml or a lab.py.

    A folder that no command could name is none: what editors leave about, such as checkpoints, or ``Untitled Folder``.
    """
    folders = {path.parent for name in ("lab.toml", "lab.py") for path in (site.root / "labs").glob(f"*/*/{name}")}
    return sorted(f"{folder.parent.name}/{folder.name}" for folder in folders if _nameable(folder))


def _nameable(folder: Path) -> bool:
    try:
        return bool(plain_name(folder.parent.name) and plain_name(folder.name))
    except Refused:
        return False


def notebook_source(site: Site, lab: str) -> str:
    """What stands in its ``lab.py``; nothing if that cannot be read, as its build will say."""
    try:
        return read_text(site.lab(lab) / "lab.py")
    except MondaylabError:
        return ""
