"""Recorded answers, to be adopted: what the store keeps, with the figures that went with the request."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from mondaylab.errors import MondaylabError, NotFound, Refused
from mondaylab.labs.adopting.answered import Answered, Origin
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.wording import phrase
from mondaylab.labs.material import Material
from mondaylab.labs.recorded.answers import Answer, AnswerStore, read_answer
from mondaylab.labs.sheet import sheet
from mondaylab.labs.sources.asking import Asking

_AGAIN = "mondaylab labs record LAB --quarter QUARTER"
_LONGEST = 80
"""Characters of a version's name, as `free_place` has it."""


def found_answer(
    store: AnswerStore, asking: Asking, request: str, number: int, *, snapshot: str, model: str | None = None
) -> Answer:
    """The answer to a request; of several those about the snapshot before others, and then to the request of today.

    Args:
        store: The lab's answers.
        asking: What the lab asks now.
        request: Id of the request.
        number: Which answer to it.
        snapshot: Id of the one that the lab is on.
        model: Whose; needed where several models answered.

    Raises:
        NotFound: There is none.
        Refused: Several models answered, or a file was changed after it was made.
    """
    files = sorted(store.folder.glob("*.json")) if store.folder.is_dir() else []
    answers, damaged = list[Answer](), list[MondaylabError]()
    for path in files:
        try:
            one = read_answer(path)
        except MondaylabError as error:  # another one's, most often
            damaged.append(error)
            continue
        if (one.asked.request, one.asked.number) == (request, number) and model in (None, one.model_asked):
            answers.append(one)
    if not answers and damaged:
        raise damaged[0]
    if not answers:
        raise NotFound(f"no answer {number} to request {request!r} is recorded", where=store.folder, fix=_AGAIN)
    answers = [one for one in answers if one.asked.snapshot == snapshot] or answers
    answers = [one for one in answers if _worded_so(asking, one)] or answers
    if len(models := sorted({one.model_asked for one in answers})) > 1:
        raise Refused(f"{len(models)} models answered: {', '.join(models)}", where=store.folder, fix="add --model NAME")
    return max(answers, key=lambda one: one.recorded)


def recorded_answer(material: Material, asking: Asking, answer: Answer) -> Answered:
    """A recorded answer as it is read.

    Args:
        material: The lab on its snapshot.
        asking: What its words mean.
        answer: As it was kept.

    Raises:
        Refused: It did not come to its end, was edited, or is about other data.
    """
    asked, where = answer.asked, f"answer {answer.asked.number} to request {answer.asked.request!r}"
    if not answer.unedited:
        raise Refused("it was changed after it was made", where=where, fix=_AGAIN)
    if answer.finish != "stop":
        raise Refused(f"it did not come to its end ({answer.finish})", where=where, fix="adopt another one")
    if asked.snapshot != material.snapshot.id:
        raise Refused("it is about another snapshot than the quarter's latest", where=where, fix=_AGAIN)
    writer, request = material.writer(), asking.request(asked.request)
    subject = Slices(asked.subject, asked.week)
    if not _worded_so(asking, answer):
        raise Refused("the request was worded otherwise when it was asked", where=where, fix=_AGAIN)
    given = sheet(writer, asking, request, subject) or ()
    return Answered(
        writer=writer,
        asking=asking,
        request=request,
        draft=request.draft,
        quarter=str(material.quarter),
        subject=subject,
        text=answer.text,
        origin=Origin(model=answer.model, answered=date.fromisoformat(answer.recorded), prompt=request.ask),
        given=tuple(about for row in given for about in row.about),
    )


def _worded_so(asking: Asking, answer: Answer) -> bool:
    """Whether the request says today what was asked."""
    asked = answer.asked
    request = next((one for one in asking.requests if one.id == asked.request), None)
    if request is None or {*request.about} - asked.subject.keys():
        return False
    words = phrase(request.ask, Slices(asked.subject, asked.week).words(), where=asked.request)
    return any(one.get("content", "").startswith(f"{words}\n") for one in asked.messages)


def plain_version(*words: object) -> str:
    """A version's name made of words: small letters, digits and underscores, a letter first.

    Where it is too long, the first word is cut: a model's name, say, and not which of its answers it is.
    """
    name = _underscored(words)
    name = name if name[:1].isalpha() else f"a_{name}"
    if len(name) <= _LONGEST:
        return name
    end = f"_{_underscored(words[1:])}"
    room = _LONGEST - len(end)
    return (f"{name[:room].rstrip('_')}{end}" if room > 0 else name[:_LONGEST]).rstrip("_")


def _underscored(words: Iterable[object]) -> str:
    return re.sub(r"[^a-z0-9]+", "_", " ".join(map(str, words)).lower()).strip("_")
