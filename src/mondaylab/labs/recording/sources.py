"""Draft sources: what is asked for the words of a draft; the endpoint, and those that installed packages add."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Protocol

from mondaylab.errors import NotFound, Refused
from mondaylab.extensions import extensions
from mondaylab.labs.recorded.asked import Asked
from mondaylab.labs.recorded.store import Recording

ENDPOINT = "endpoint"
"""Our own source: `mondaylab.labs.recording.endpoint`."""
GROUP = "mondaylab.draft_sources"


class DraftSource(Protocol):
    """Gives drafts. What it gives is kept, and each sentence checked against the data, whatever it comes from."""

    def only_model(self) -> str:
        """The model's name, if it has exactly one; else it raises `Refused`."""

    def ask(self, asked: Asked, model: str) -> Recording:
        """One answer, as it came.

        Raises:
            CallFailed: No answer came; another try may go well.
            Refused: None ever will.
        """


def draft_source(name: str) -> Callable[[], DraftSource]:
    """What makes a package's draft source; nothing is made or asked yet.

    Raises:
        NotFound: No package has one of that name.
        Refused: A package's source has the name of another, or is nothing that can be called.
    """
    known = _sources()
    if name not in known:
        raise NotFound(
            f"no draft source {name!r}",
            where=f"there are: {', '.join([ENDPOINT, *known])}",
            fix="name one of these with --source, or install the package that has it",
        )
    return known[name]


def answer_of(source: DraftSource, asked: Asked, model: str) -> Recording:
    """What a source answers; raises as `DraftSource.ask`, and `Refused` where it is the answer to something else."""
    recording = source.ask(asked, model)
    if not isinstance(recording, Recording) or recording.key != asked.key(model):
        raise Refused(
            "the draft source gave something else than a recording of what it was asked",
            where=type(source).__qualname__,
            fix="mend the package that has it, or leave --source out",
        )
    return recording


@cache
def _sources() -> Mapping[str, Callable[[], DraftSource]]:
    return extensions(GROUP, _wrong_source, taken=(ENDPOINT,))


def _wrong_source(name: str, found: object) -> str | None:
    return None if callable(found) else "nothing that can be called to make a draft source"
