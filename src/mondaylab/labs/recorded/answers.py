"""Answers: texts of a model, kept as they came, each beside what was asked, readable by their owner only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal

from mondaylab.errors import MondaylabError, Refused
from mondaylab.files import write_file
from mondaylab.records import Record, content_hash
from mondaylab.settings import Site, plain_name

TEXT_LIMIT = 20_000
"""Characters of an answer that are kept."""
Finish = Literal["stop", "length", "content_filter", "refusal"]
TEMPERATURE = 0.7
"""How freely a model words what it says: at 0 it would answer the same request the same way each time."""


class AskedText(Record):
    """One request for a text: everything that the answer depends on but the model."""

    lab: str
    company: str
    quarter: str
    snapshot: str
    request: str
    """Id of the request in ``asking.toml``."""
    number: int
    """Which answer to that request, from 1; the model's seed."""
    week: date
    """The reporting week."""
    subject: dict[str, str]
    """What the text is about: slot -> member."""
    messages: tuple[dict[str, str], ...]
    """All that is sent."""

    def key(self, model: str) -> str:
        """SHA-256 of model and request: under this the answer is kept."""
        return content_hash([model, self.model_dump(mode="json")])


class Answer(Record):
    """What a model answered, unedited."""

    asked: AskedText
    model_asked: str
    """The model's name in the request."""
    model: str
    """The name that the server gave in its answer: what provenance shows."""
    recorded: str
    """UTC date, ISO."""
    finish: Finish
    text: str
    """As it came; bound and judged anew whenever it is used."""
    tokens_in: int | None = None
    """As the server counted them; none if it did not say."""
    tokens_out: int | None = None
    seconds: float
    """From request to answer."""
    sha256: str = ""
    """Of the text, as it came: an answer is never edited."""

    @property
    def unedited(self) -> bool:
        """Whether the text is the one that came."""
        return self.sha256 == content_hash(self.text)

    @property
    def key(self) -> str:
        """Under which it is kept."""
        return self.asked.key(self.model_asked)


class AnswerStore:
    """The answers about one lab on one company's data in one quarter: ``<key>.json`` below `folder`."""

    def __init__(self, site: Site, *, company: str, lab: str, quarter: str) -> None:
        role, _, name = lab.partition("/")
        self._root = site.recordings
        self.folder = self._root.joinpath(*map(plain_name, (company, role, name, quarter))) / "answers"

    def get(self, key: str) -> Answer | None:
        """The answer under a key, or none.

        Raises:
            Refused: The file is damaged, or was changed after it was made.
        """
        path = self.folder / f"{plain_name(key)}.json"
        return read_answer(path) if path.is_file() else None

    def put(self, answer: Answer) -> Answer:
        """Keeps an answer with the hash of its text, and gives it so; the folders are 0700, the file 0600."""
        answer = answer.model_copy(update={"sha256": content_hash(answer.text)})
        self.folder.mkdir(parents=True, exist_ok=True)
        for place in (self.folder, *self.folder.parents):
            place.chmod(0o700)
            if place == self._root:
                break
        kept = json.dumps(answer.model_dump(mode="json"), indent=1, ensure_ascii=False)
        write_file(self.folder / f"{answer.key}.json", kept, mode=0o600)
        return answer

    def all(self) -> list[Answer]:
        """Every sound answer, in the order of their keys; `damaged` names the others."""
        return [found for found in self._each() if isinstance(found, Answer)]

    def damaged(self) -> list[str]:
        """In words, every file that is no answer or not the one its name says."""
        return [str(found) for found in self._each() if isinstance(found, MondaylabError)]

    def _each(self) -> Iterator[Answer | MondaylabError]:
        for path in sorted(self.folder.glob("*.json")):
            try:
                yield read_answer(path)
            except MondaylabError as error:
                yield error


_AGAIN = "remove it, then: mondaylab labs record LAB --quarter QUARTER"


def read_answer(path: Path) -> Answer:
    """One answer's file.

    Raises:
        Refused: It is no answer, holds another request's, or was edited.
    """
    try:
        answer = Answer.read_json(path)
    except UnicodeDecodeError:
        raise Refused("not UTF-8 text", where=path, fix=_AGAIN) from None
    except Refused as error:
        raise Refused(error.what, where=path, fix=_AGAIN) from None
    if answer.key != path.stem or not answer.unedited:  # or it is of before texts were held by a hash
        raise Refused("this answer was changed after it was made", where=path, fix=_AGAIN)
    return answer
