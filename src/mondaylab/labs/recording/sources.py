"""Text sources: what is asked for a text; the endpoint, and those that installed packages add."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Protocol

from mondaylab.errors import NotFound, Refused
from mondaylab.extensions import extensions
from mondaylab.labs.recorded.answers import Answer, AskedText

ENDPOINT = "endpoint"
"""Our own source: `mondaylab.labs.recording.endpoint`."""
GROUP = "mondaylab.text_sources"


class TextSource(Protocol):
    """Answers in texts. What it gives is kept, and what that claims held against the data, whatever it comes from."""

    def only_model(self) -> str:
        """The model's name, if it has exactly one; else it raises `Refused`."""

    def ask_text(self, asked: AskedText, model: str) -> Answer:
        """One answer, as it came.

        Raises:
            CallFailed: No answer came; another try may go well.
            Refused: None ever will.
        """


def text_source(name: str) -> Callable[[], TextSource]:
    """What makes a package's text source; nothing is made or asked yet.

    Raises:
        NotFound: No package has one of that name.
        Refused: A package's source has the name of another, or is nothing that can be called.
    """
    known = _sources()
    if name not in known:
        raise NotFound(
            f"no text source {name!r}",
            where=f"there are: {', '.join([ENDPOINT, *known])}",
            fix="name one of these with --source, or install the package that has it",
        )
    return known[name]


def answer_of(source: TextSource, asked: AskedText, model: str) -> Answer:
    """What a source answers; raises as `TextSource.ask_text`, and `Refused` where it answers something else."""
    answer = source.ask_text(asked, model)
    if not isinstance(answer, Answer) or answer.key != asked.key(model):
        raise Refused(
            "the text source gave something else than an answer to what it was asked",
            where=type(source).__qualname__,
            fix="mend the package that has it, or leave --source out",
        )
    return answer


@cache
def _sources() -> Mapping[str, Callable[[], TextSource]]:
    return extensions(GROUP, _wrong_source, taken=(ENDPOINT,))


def _wrong_source(name: str, found: object) -> str | None:
    return None if callable(found) else "nothing that can be called to make a text source"
