"""Answers: whole texts of a model, kept as they came, each beside what was asked."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from mondaylab.errors import Refused
from mondaylab.labs.recorded.store import Said, folder_of, keep
from mondaylab.records import Record, content_hash
from mondaylab.settings import Site, plain_name

TEMPERATURE = 0.7
"""How freely a model words what it says: at 0 it would answer the same request the same way each time."""


class AskedText(Record):
    """One request for a whole text: everything that the answer depends on but the model."""

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


class Answer(Said):
    """What a model answered with a whole text, unedited."""

    asked: AskedText
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
    """The answers about one lab on one company's data in one quarter, readable by their owner only."""

    def __init__(self, site: Site, *, company: str, lab: str, quarter: str) -> None:
        self._root = site.recordings
        self.folder = folder_of(site, company=company, lab=lab, quarter=quarter) / "answers"

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
        keep(self.folder, self._root, answer.key, answer)
        return answer


_AGAIN = "remove it, then: mondaylab labs record LAB --quarter QUARTER --whole"


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
