"""What a build is made from, as hashes: equal inputs give an equal build, so it need not be made again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from pydantic import model_validator

import mondaylab
from mondaylab.datasets.latest import latest
from mondaylab.errors import NotFound, Refused
from mondaylab.extensions import added, package_of
from mondaylab.files import file_hash
from mondaylab.forms.scoring import said_for
from mondaylab.quarter import Quarter
from mondaylab.records import Record, content_hash
from mondaylab.settings import Site

PACKAGE = Path(mondaylab.__file__).parent
_ENGINE = (
    "concepts",
    "measures",
    "forms",
    "labs",
    "judging",
    "datasets/latest.py",
    "datasets/snapshot.py",
    "errors.py",
    "extensions.py",
    "files.py",
    "quarter.py",
    "records.py",
    "settings.py",
)
"""What of the package a build runs; how a snapshot was sanitized is already in the snapshot's id."""
_TOOLS = ("ipykernel", "ipywidgets", "jupytext", "nbclient", "numpy", "pandas", "papermill", "pyarrow")
"""Packages whose versions can change what an executed notebook or a fact looks like."""
_GROUPS = ("mondaylab.claims", "mondaylab.operators", "mondaylab.formats")
"""What installed packages may add to a build; a changed one is another build."""
WORDS = {
    "lab": "the lab's own folder",
    "bindings": "the company's bindings",
    "grader": "grader/flaws.yaml, or what grader/scoring.yaml says for the role",
    "engine": "mondaylab itself",
    "tools": "a library or a package that labs run on",
    "snapshot": "the snapshot",
    "previous": "the snapshot of the quarter before",
    "parameters": "the parameters",
    "items": "the item statistics",
}


class Inputs(Record):
    """Everything that a build depends on; kept in its ``report.json``."""

    lab: str
    """SHA-256 over the lab's folder."""
    bindings: str
    """SHA-256 of the company's ``bindings.yaml``."""
    grader: str
    """SHA-256 over ``flaws.yaml`` and what of ``scoring.yaml`` holds for the lab's role."""
    engine: str
    """SHA-256 over the sources that build a lab."""
    tools: str
    """SHA-256 over the versions of the libraries that it runs on, and over packages that add to them."""
    snapshot: str
    """Snapshot id, which is a content hash itself."""
    previous: str | None
    """The latest snapshot of the quarter before: stale figures come from there; none if there is none."""
    parameters: dict[str, str | int | float | bool]
    """Papermill parameters as given."""
    items: str | None = None
    """SHA-256 of the item statistics, if the build was given any."""

    @model_validator(mode="before")
    @classmethod
    def _without_recordings(cls, data: object) -> object:
        """Builds once took the sentences that a model was recorded with: reports of then name their hash."""
        if not isinstance(data, Mapping):
            return data
        return {name: value for name, value in data.items() if name != "recordings"}

    @property
    def hash(self) -> str:
        """SHA-256 (hex) of all of it."""
        return content_hash(self.model_dump(mode="json"))

    def changed(self, before: Inputs) -> list[str]:
        """In words, what is not as it was."""
        return [words for name, words in WORDS.items() if getattr(self, name) != getattr(before, name)]


def inputs_of(
    site: Site,
    lab: str,
    *,
    company: str,
    quarter: str,
    snapshot: str,
    parameters: Mapping[str, object],
    items: str | None = None,
    common: Mapping[str, str] | None = None,
) -> Inputs:
    """Hashes what a build of the lab would be made from; opens no table.

    Args:
        site: The installation.
        lab: ``<role>/<lab>``; a folder that does not exist hashes as empty, the build itself then says so.
        company: Whose bindings and snapshots.
        quarter: Such as ``2026Q4``.
        snapshot: Snapshot id.
        parameters: As given to the build.
        items: SHA-256 of the item statistics.
        common: What `common_inputs` gave for all labs of a batch; hashed here if not given.

    Raises:
        Refused: A parameter is neither text nor a number nor true or false.
    """
    for name, value in parameters.items():
        if not isinstance(value, str | int | float | bool):
            raise Refused(f"parameter {name!r} must be text, a number, true or false", where=lab)
    return Inputs.parse(
        {
            **edited_inputs(site, lab, company=company),
            **(common or common_inputs()),
            "snapshot": snapshot,
            "previous": _previous(site, company, quarter),
            "parameters": dict(parameters),
            "items": items,
        },
        where=lab,
    )


def common_inputs() -> dict[str, str]:
    """The hashes that are the same for every lab: `Inputs` field -> SHA-256."""
    return {
        "engine": content_of([PACKAGE / place for place in _ENGINE]),
        "tools": content_hash({name: version(name) for name in _TOOLS} | _added()),
    }


def _added() -> dict[str, str]:
    """What installed packages bring that a build runs: group and name -> hash of the package that holds it."""
    found = {}
    for group in _GROUPS:
        for point in added(group):
            spec = find_spec(point.module.partition(".")[0])
            places = [] if spec is None else [*(spec.submodule_search_locations or ()), spec.origin]
            files = [Path(place) for place in places if place is not None]
            found[f"{group} {point.name} of {package_of(point)}"] = content_of(files)
    return found


def edited_inputs(site: Site, lab: str, *, company: str) -> dict[str, str]:
    """The hashes of what people edit: `Inputs` field -> SHA-256."""
    return {
        "lab": content_of([site.lab(lab)]),
        "bindings": content_of([site.company(company) / "bindings.yaml"]),
        "grader": content_hash([content_of([site.grader / "flaws.yaml"]), said_for(site, lab)]),
    }


def _previous(site: Site, company: str, quarter: str) -> str | None:
    try:
        return latest(site, company, str(Quarter.parse(quarter).previous)).name
    except NotFound:
        return None


def content_of(places: Iterable[Path]) -> str:
    """SHA-256 (hex) over files and all files below folders, by name and content; what is absent adds nothing."""
    lines = []
    for place in places:
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        for path in files:
            if path.is_file() and not _passing(path.relative_to(place.parent)):
                lines.append(f"{path.relative_to(place.parent)} {file_hash(path)}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _passing(path: Path) -> bool:
    """Whether editors and Python leave such files about: they change nothing."""
    return any(part == "__pycache__" or part.startswith(".") for part in path.parts)
