"""Baselines: how wrong a model held each row of some forms to be, by the row's text alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from pydantic import Field

from mondaylab.errors import NotFound, Refused
from mondaylab.files import write_file
from mondaylab.records import Record, content_hash
from mondaylab.settings import Site, plain_name

_PERCENT = re.compile(
    r"\W*(?:(?:answer|likelihood|probability)\W*)?(\d{1,3}(?:\.\d+)?)\s*(?:%|percent|/\s*100)?\W*", re.IGNORECASE
)
_AGAIN = "remove it, then: mondaylab labs baseline LAB --quarter QUARTER"


SYSTEM = (
    "You check what AI assistants write for the staff of a trading company. You see one statement and no data. "
    "How likely is it that the statement is wrong? Answer with one whole number: 0 is surely right, 100 surely wrong."
)
"""How a model is asked."""


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

    def asked_about(self, question: str) -> bool:
        """Whether it was asked about a row, whatever it answered."""
        return asked_key(question) in self.answers

    def p(self, question: str) -> float | None:
        """The probability that a row is flawed, in [0, 1]; none where it was not asked, or no number came."""
        return percent(self.answers.get(asked_key(question), ""))


def asked_key(question: str) -> str:
    """Under what the answer to a question is kept; asked in another way it is another one."""
    return content_hash([SYSTEM, question])


def percent(words: str) -> float | None:
    """An answer that is a percentage and nothing else, in [0, 1]; none of any other: *90 % sure that it is right*."""
    found = _PERCENT.fullmatch(words)
    if found is None or words[: found.start(1)].rstrip().endswith(("-", "\N{MINUS SIGN}")) or float(found[1]) > 100:
        return None
    return float(found[1]) / 100


class BaselineStore:
    """The baselines of one lab on one company's data in one quarter: one file a model and snapshot."""

    def __init__(self, site: Site, *, company: str, lab: str, quarter: str) -> None:
        role, _, name = lab.partition("/")
        self.folder = site.recordings.joinpath(*map(plain_name, (company, role, name, quarter))) / "baselines"

    def get(self, model: str, snapshot: str) -> Baseline | None:
        """What a model was asked about the forms of a snapshot; none where it never was.

        Raises:
            Refused: The file is damaged.
        """
        path = self._path(model, snapshot)
        return _read(path) if path.is_file() else None

    def put(self, baseline: Baseline) -> None:
        """Keeps it in the place of what the same model was asked about the same snapshot before."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_file(self._path(baseline.model_asked, baseline.snapshot), baseline.canonical(), mode=0o600)

    def newest(self, snapshot: str) -> Baseline | None:
        """The last that was asked about the forms of a snapshot, of all models; none without any.

        Of one day the one that was asked most. A damaged file is passed over: nothing is held against a baseline.
        """
        fitting = [one for one in self._sound() if one.snapshot == snapshot]
        return max(fitting, key=lambda one: (one.asked, len(one.answers), one.model), default=None)

    def _sound(self) -> Iterator[Baseline]:
        for path in sorted(self.folder.glob("*.json")):
            with suppress(Refused):
                yield _read(path)

    def _path(self, model: str, snapshot: str) -> Path:
        return self.folder / f"{content_hash([model, snapshot])[:24]}.json"


def _read(path: Path) -> Baseline:
    try:
        return Baseline.read_json(path)
    except (UnicodeDecodeError, NotFound):
        raise Refused("no baseline can be read from it", where=path, fix=_AGAIN) from None
    except Refused as error:
        raise Refused(error.what, where=path, fix=_AGAIN) from None
