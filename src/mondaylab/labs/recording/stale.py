"""Stale answers: made on another snapshot, or to a request that is not asked so any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mondaylab.errors import Refused
from mondaylab.labs.recorded.answers import Answer
from mondaylab.labs.recording.text_asker import TextAsker
from mondaylab.records import Record


class StaleAnswer(Record):
    """An answer that no longer fits, and why."""

    key: str
    request: str
    number: int
    model: str
    """As the server named itself."""
    recorded: str
    why: str


def stale_among(answers: Iterable[Answer], asker: TextAsker) -> Iterator[StaleAnswer]:
    """Those answers that are to nothing which is asked today; who records again gets new ones in their place."""
    for answer in answers:
        why = _why(answer, asker)
        if why is not None:
            yield StaleAnswer(
                key=answer.key,
                request=answer.asked.request,
                number=answer.asked.number,
                model=answer.model,
                recorded=answer.recorded,
                why=why,
            )


def _why(answer: Answer, asker: TextAsker) -> str | None:
    asked = answer.asked
    if asked.snapshot != asker.snapshot:
        return f"made on snapshot {asked.snapshot}"
    request = next((one for one in asker.requests if one.id == asked.request), None)
    if request is None:
        return "its request was taken out"
    try:
        same = asker.ask(request, asked.number) == asked
    except Refused:  # the data has nothing left that it could be about
        same = False
    return None if same else "its request was changed"
