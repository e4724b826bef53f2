"""Snapshots: a quarter's sanitized tables and texts, immutable, named by the hash of their content.

Learners' kernels import this module: it needs pandas and pyarrow only.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import pandas as pd
import pyarrow as pa
import pyarrow.parquet
from pydantic import Field

from mondaylab.errors import Refused
from mondaylab.records import Record, content_hash
from mondaylab.settings import plain_name

MANIFEST = "manifest.json"
_FORMAT = 1


class Entry(Record):
    """One file of a snapshot."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    rows: int = Field(ge=0)
    """Rows of a table, lines of a text."""
    columns: tuple[str, ...] = ()
    """A table's columns in order."""


class Manifest(Record):
    """``manifest.json``: what belongs to a snapshot."""

    format: int = _FORMAT
    id: str
    company: str
    quarter: str
    policy: str = Field(pattern=r"^[0-9a-f]{64}$")
    """SHA-256 of the policy that made it."""
    files: dict[str, Entry]
    """Relative path (``tables/orders.parquet``, ``texts/handbook.md``) -> entry."""
    accepted: tuple[str, ...] = ()
    """What was odd about the raw rows and what the policy says why it is right; learners can read it."""
    created: str
    """UTC, ISO; not part of the id: the same content made again has the same id."""
    steward: str | None = None
    """Who answers for the policy, and so for what came through; none in snapshots from before it was noted."""

    @classmethod
    def of(
        cls,
        company: str,
        quarter: str,
        policy: str,
        files: dict[str, Entry],
        accepted: tuple[str, ...] = (),
        *,
        steward: str | None = None,
    ) -> Self:
        """A manifest with its id computed and the time of now."""
        return cls(
            id=snapshot_id(company, quarter, policy, files, accepted),
            company=company,
            quarter=quarter,
            policy=policy,
            files=files,
            accepted=accepted,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            steward=steward,
        )

    def text(self) -> str:
        """The file."""
        return self.model_dump_json(indent=1) + "\n"

    def for_learners(self) -> str:
        """The file as learners get it: they are not told who answers for the policy."""
        return self.model_dump_json(indent=1, exclude={"steward"}) + "\n"


def snapshot_id(
    company: str, quarter: str, policy: str, files: dict[str, Entry], accepted: tuple[str, ...] = ()
) -> str:
    """``<company>-<quarter>-<12 hex>``, hashed over everything in the manifest but the time."""
    plain = {path: entry.model_dump(mode="json") for path, entry in files.items()}
    content: dict[str, object] = {
        "format": _FORMAT,
        "company": company,
        "quarter": quarter,
        "policy": policy,
        "files": plain,
    }
    if accepted:  # what earlier snapshots lack does not change their ids
        content["accepted"] = list(accepted)
    return f"{company}-{quarter}-{content_hash(content)[:12]}"


class Snapshot:
    """A snapshot on disk, whole, or the part of it that a lab's ``data/`` folder holds.

    Every file is checked against the manifest when it is read, from the very bytes that are parsed.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest

    @classmethod
    def open(cls, folder: Path) -> Snapshot:
        """Opens a folder that has a manifest.

        Raises:
            NotFound: There is no manifest.
            Refused: The manifest is damaged: its id is not the hash of its entries.
        """
        manifest = Manifest.read_json(folder / MANIFEST)
        if manifest.format != _FORMAT:
            raise Refused(f"snapshot format {manifest.format} is not {_FORMAT}", where=folder)
        if manifest.id != snapshot_id(
            manifest.company, manifest.quarter, manifest.policy, manifest.files, manifest.accepted
        ):
            raise Refused("the manifest was altered: its id does not fit its entries", where=folder, fix=_AGAIN)
        return cls(folder, manifest)

    @property
    def id(self) -> str:
        """``<company>-<quarter>-<12 hex of the content>``."""
        return self.manifest.id

    @property
    def company(self) -> str:
        """Whose data it is."""
        return self.manifest.company

    @property
    def quarter(self) -> str:
        """Such as ``2026Q4``."""
        return self.manifest.quarter

    def names(self) -> list[str]:
        """Tables of the manifest that are present here, sorted."""
        listed = (Path(path) for path in self.manifest.files if path.startswith("tables/"))
        return sorted(path.stem for path in listed if (self.folder / path).is_file())

    def table(self, name: str) -> pd.DataFrame:
        """Reads one table.

        Raises:
            Refused: It is not in the manifest, not here, or was altered after sanitizing.
        """
        entry, data = self._read(f"tables/{plain_name(name)}.parquet", f"table {name!r}", self.names())
        frame: pd.DataFrame = pa.parquet.read_table(io.BytesIO(data)).to_pandas()
        if tuple(frame.columns) != entry.columns or len(frame) != entry.rows:
            raise Refused(f"table {name!r} is not as the manifest says", where=self.folder, fix=_AGAIN)
        return frame

    def tables(self, names: Iterable[str] | None = None) -> dict[str, pd.DataFrame]:
        """Several tables by name; all that are present if none are named."""
        return {name: self.table(name) for name in (self.names() if names is None else names)}

    def texts(self) -> list[str]:
        """Names for `text`, of all that the manifest lists, sorted."""
        return sorted(Path(path).stem for path in self.manifest.files if path.startswith("texts/"))

    def text(self, name: str) -> str:
        """Reads one text, such as ``handbook`` (the ending ``.md`` may be given)."""
        file = name if name.endswith(".md") else f"{name}.md"
        texts = [path.removeprefix("texts/") for path in self.manifest.files if path.startswith("texts/")]
        return self._read(f"texts/{plain_name(file)}", f"text {name!r}", texts)[1].decode("utf-8")

    def verify(self, *, whole: bool = True) -> None:
        """Checks every file, and that no other file lies beside them.

        Args:
            whole: Whether a listed file may not be absent (a lab's ``data/`` folder holds a part only).

        Raises:
            Refused: A file was altered, added or removed.
        """
        for path, entry in self.manifest.files.items():
            if not whole and not (self.folder / path).exists():
                continue
            data = self._read(path, path, [])[1]
            if path.startswith("tables/"):
                found = pa.parquet.read_metadata(io.BytesIO(data))
                if found.num_rows != entry.rows:
                    raise Refused(f"{path} is not as the manifest says", where=self.folder, fix=_AGAIN)
        for part in ("tables", "texts"):
            for file in sorted((self.folder / part).glob("*")):
                if f"{part}/{file.name}" not in self.manifest.files:
                    raise Refused(
                        f"{part}/{file.name} does not belong to the snapshot", where=self.folder, fix="remove it"
                    )

    def _read(self, path: str, what: str, present: list[str]) -> tuple[Entry, bytes]:
        entry = self.manifest.files.get(path)
        if entry is None:
            raise Refused(
                f"{what} is not in the snapshot", where=self.folder, fix=f"here are {', '.join(present) or 'none'}"
            )
        try:
            data = (self.folder / path).read_bytes()
        except FileNotFoundError:
            raise Refused(
                f"{what} is missing", where=self.folder, fix=f"here are {', '.join(present) or 'none'}"
            ) from None
        if hash_of(data) != entry.sha256:
            raise Refused(f"{what} was altered after sanitizing", where=self.folder, fix=_AGAIN)
        return entry, data


_AGAIN = "remove this folder and make it again: mondaylab data sanitize --company COMPANY --quarter QUARTER"


def hash_of(data: bytes) -> str:
    """SHA-256 (hex)."""
    return hashlib.sha256(data).hexdigest()
