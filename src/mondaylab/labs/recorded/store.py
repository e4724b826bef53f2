"""Recordings on disk: ``var/recordings/<company>/<role>/<lab>/<quarter>/<key>.json``, readable by their owner only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from mondaylab.errors import MondaylabError, Refused
from mondaylab.files import write_file
from mondaylab.labs.recorded.asked import Asked
from mondaylab.records import Record
from mondaylab.settings import Site, plain_name

TEXT_LIMIT = 20_000
"""Characters of an answer that are kept."""
Finish = Literal["stop", "length", "content_filter", "refusal"]


class Said(Record):
    """What a model answered, as it came."""

    model_asked: str
    """The model's name in the request."""
    model: str
    """The name that the server gave in its answer: what provenance shows."""
    recorded: str
    """UTC date, ISO."""
    finish: Finish
    text: str
    """The raw answer; read anew whenever it is used."""
    tokens_in: int | None = None
    """As the server counted them; none if it did not say."""
    tokens_out: int | None = None
    seconds: float
    """From request to answer."""


class Recording(Said):
    """One answer of a model to a request for sentences."""

    asked: Asked

    @property
    def key(self) -> str:
        """Under which it is kept."""
        return self.asked.key(self.model_asked)


def keep(folder: Path, root: Path, key: str, said: Said) -> Path:
    """Writes an answer as ``<key>.json``: the folders up to the root are 0700, the file 0600."""
    folder.mkdir(parents=True, exist_ok=True)
    for place in (folder, *folder.parents):
        place.chmod(0o700)
        if place == root:
            break
    path = folder / f"{key}.json"
    write_file(path, json.dumps(said.model_dump(mode="json"), indent=1, ensure_ascii=False), mode=0o600)
    return path


def folder_of(site: Site, *, company: str, lab: str, quarter: str) -> Path:
    """Where what models answered about one lab on one company's data in one quarter is kept."""
    role, _, name = lab.partition("/")
    return site.recordings.joinpath(plain_name(company), plain_name(role), plain_name(name), plain_name(quarter))


class RecordStore:
    """The recordings of one lab on one company's data in one quarter."""

    def __init__(self, site: Site, *, company: str, lab: str, quarter: str) -> None:
        self._root = site.recordings
        self.folder = folder_of(site, company=company, lab=lab, quarter=quarter)

    def get(self, key: str) -> Recording | None:
        """The recording under a key, or none.

        Raises:
            Refused: The file is damaged, or holds another request's answer.
        """
        path = self.folder / f"{plain_name(key)}.json"
        return _read(path) if path.is_file() else None

    def put(self, recording: Recording) -> Path:
        """Keeps an answer; the folders are 0700, the file 0600."""
        return keep(self.folder, self._root, recording.key, recording)

    def all(self) -> list[Recording]:
        """Every sound recording, in the order of their keys; `damaged` names the others."""
        return [found for _, found in self._each() if isinstance(found, Recording)]

    def damaged(self) -> list[str]:
        """In words, every file that is no recording or not the one its name says."""
        return [str(found) for _, found in self._each() if isinstance(found, MondaylabError)]

    def _each(self) -> list[tuple[Path, Recording | MondaylabError]]:
        read: list[tuple[Path, Recording | MondaylabError]] = []
        for path in sorted(self.folder.glob("*.json")) if self.folder.is_dir() else []:
            try:
                read.append((path, _read(path)))
            except MondaylabError as error:
                read.append((path, error))
        return read


def _read(path: Path) -> Recording:
    try:
        recording = Recording.read_json(path)
    except UnicodeDecodeError:
        raise Refused("not UTF-8 text", where=path) from None
    if recording.key != path.stem:
        raise Refused(
            "this recording was changed after it was made",
            where=path,
            fix="remove it, then: mondaylab labs record LAB --quarter QUARTER",
        )
    return recording
