"""Baselines: how wrong a model held each row of some forms to be, by the row's text alone."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import Field

from mondaylab.errors import NotFound, Refused
from mondaylab.files import write_file
from mondaylab.records import Record, content_hash
from mondaylab.settings import Site, plain_name

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_AGAIN = "remove it, then: mondaylab labs baseline LAB --quarter QUARTER"


class Baseline(Record):
    """What one model answered, each row asked alone."""

    model_asked: str = Field(min_length=1)
    """The model's name in the request."""
    model: str = Field(min_length=1)
    """The name that the server gave in its last answer."""
    asked: str = Field(min_length=1)
    """ISO date of the last answer."""
    snapshot: str
    """Whose forms were asked about."""
    answers: dict[str, str]
    """SHA-256 of a question (see `asked_key`) -> the model's words, as they came."""

    def p(self, question: str) -> float | None:
        """The probability that a row is flawed, in [0, 1]; none where it was not asked, or no number came."""
        return percent(self.answers.get(asked_key(question), ""))


def asked_key(question: str) -> str:
    """Under what the answer to a question is kept."""
    return content_hash(question)


def percent(words: str) -> float | None:
    """The first number of an answer as a share, in [0, 1]; none where there is none, or it is no percentage."""
    found = _NUMBER.search(words)
    if found is None or words[: found.start()].rstrip().endswith(("-", "\N{MINUS SIGN}")) or float(found[0]) > 100:
        return None
    return float(found[0]) / 100


class BaselineStore:
    """The baselines of one lab on one company's data in one quarter: one file a model."""

    def __init__(self, site: Site, *, company: str, lab: str, quarter: str) -> None:
        role, _, name = lab.partition("/")
        self.folder = site.recordings.joinpath(*map(plain_name, (company, role, name, quarter))) / "baselines"

    def get(self, model: str, snapshot: str) -> Baseline | None:
        """What a model was asked about the forms of a snapshot; none where it never was.

        Raises:
            Refused: The file is damaged.
        """
        path = self._path(model)
        found = _read(path) if path.is_file() else None
        return found if found is not None and found.snapshot == snapshot else None

    def put(self, baseline: Baseline) -> None:
        """Keeps it in the place of what the same model was asked before."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_file(self._path(baseline.model_asked), baseline.canonical(), mode=0o600)

    def newest(self, snapshot: str) -> Baseline | None:
        """The last that was asked about the forms of a snapshot, of all models; none without any.

        Raises:
            Refused: A file is damaged.
        """
        known = [_read(path) for path in sorted(self.folder.glob("*.json"))]
        fitting = [one for one in known if one.snapshot == snapshot]
        return max(fitting, key=lambda one: (one.asked, one.model), default=None)

    def _path(self, model: str) -> Path:
        return self.folder / f"{content_hash(model)[:24]}.json"


def _read(path: Path) -> Baseline:
    try:
        return Baseline.read_json(path)
    except (UnicodeDecodeError, NotFound):
        raise Refused("no baseline can be read from it", where=path, fix=_AGAIN) from None
    except Refused as error:
        raise Refused(error.what, where=path, fix=_AGAIN) from None
