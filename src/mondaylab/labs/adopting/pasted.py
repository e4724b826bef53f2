"""Pasted answers: a text from any assistant, scrubbed before anything else sees it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import BinaryIO

from mondaylab.errors import Refused
from mondaylab.labs.adopting.answered import Answered, Origin
from mondaylab.labs.adopting.scrubbing import check_plain, finder_of, personal, scrubbed
from mondaylab.labs.adopting.varying import braced
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.material import Material
from mondaylab.labs.recorded.answers import TEXT_LIMIT
from mondaylab.labs.sources.asking import Asking, TextRequest
from mondaylab.labs.sources.references import there_are
from mondaylab.labs.writer import ClaimWriter
from mondaylab.records import Record
from mondaylab.settings import Site

_BYTES = 4 * TEXT_LIMIT
_NAME_LIMIT = 100
"""Characters of a tool's or a model's name."""
_NAME_FIX = "write the name of a model or a product"


class Pasted(Record):
    """What an author says of a text that they paste."""

    request: str
    """Id of what was asked for, as the lab's ``asking.toml`` has it."""
    about: tuple[str, ...] = ()
    """``SLOT=NAME`` for each slot that the request is about."""
    week: int | None = None
    """Calendar week, for a request about one."""
    model: str
    tool: str | None = None
    answered: date


def raw_text(file: BinaryIO, *, where: str = "--text") -> str:
    """The pasted text; nothing of it is repeated in an error.

    Args:
        file: Of bytes.
        where: Which text it is, for an error.

    Raises:
        Refused: It is no text, or too long.
    """
    data = file.read(_BYTES + 1)
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise Refused("not UTF-8 text", where=where, fix="save it as UTF-8") from None
    if len(text) > TEXT_LIMIT:
        raise Refused(f"more than {TEXT_LIMIT:,} characters", where=where, fix="is this one answer?")
    if not text.strip():
        raise Refused("the text is empty", where=where)
    return text


def pasted_answer(
    site: Site, material: Material, asking: Asking, paste: Pasted, text: str, prompt: str | None
) -> tuple[Answered, dict[str, int]]:
    """A pasted text as it is read, and how many personal data of which kind were taken out.

    Args:
        site: The installation.
        material: The lab on its snapshot.
        asking: What its words mean.
        paste: What is said of it.
        text: As it was pasted; goes no further than the scrubber.
        prompt: What was asked, likewise; none: the request's own words.

    Raises:
        Refused: It cannot be scrubbed, or what it is about is nothing in the data.
    """
    writer, request = material.writer(), asking.request(paste.request)
    subject = _subject(writer, request, paste)
    origin = Origin(model=paste.model, tool=paste.tool, answered=paste.answered, prompt=request.ask)
    answered = Answered(
        writer=writer,
        asking=asking,
        request=request,
        draft=request.draft,
        quarter=str(material.quarter),
        subject=subject,
        text="",
        origin=origin,
    )
    names = {option: told for option, told in (("--model", paste.model), ("--tool", paste.tool)) if told is not None}
    for option, told in names.items():
        _check_name(told, where=option)
    # it reads the exports, which takes longest
    scrubber = finder_of(site, material, asking)
    for option, told in names.items():
        if personal(told, scrubber):
            raise Refused("it holds personal data", where=option, fix=_NAME_FIX)
    clean, taken = scrubbed(text, scrubber, answered.names)
    if prompt is not None:
        asked, more = scrubbed(prompt, scrubber, answered.names, where="--prompt")
        origin = origin.model_copy(update={"prompt": in_braces(asked, subject.words())})
        taken += more
    # another record: what was worked out of the empty text stays behind
    return replace(answered, text=clean, origin=origin), dict(taken)


def _check_name(told: str, *, where: str) -> None:
    """Holds that what is said of a tool or a model is written as a name; nothing of it is repeated.

    Raises:
        Refused: It is none.
    """
    if len(told) > _NAME_LIMIT:
        raise Refused(f"more than {_NAME_LIMIT} characters", where=where, fix=_NAME_FIX)
    if len(f"{told}.".splitlines()) > 1:  # with a sign behind it: else a break at the end would count for nothing
        raise Refused("it holds a line break", where=where, fix=_NAME_FIX)
    check_plain(told, where=where)


def in_braces(text: str, words: Mapping[str, str]) -> str:
    """A text with words in place of what they say: *Central* becomes ``{region}``."""
    by_said = {said: word for word, said in words.items()}
    either = "|".join(re.escape(braced(said)) for said in sorted(by_said, key=len, reverse=True))
    told = braced(text)
    return re.sub(rf"(?<!\w)(?:{either})(?!\w)", lambda found: f"{{{by_said[found[0]]}}}", told) if either else told


def _subject(writer: ClaimWriter, request: TextRequest, paste: Pasted) -> Slices:
    """What the text is about.

    Raises:
        Refused: A slot is missing or none of the request's, or what is named is not in the data.
    """
    parts = [one.partition("=") for one in paste.about]
    given = {slot.strip(): member.strip() for slot, _, member in parts}
    if given.keys() != {*request.about}:
        told = ", ".join(f"--about {name}=NAME" for name in request.about) or "no --about"
        raise Refused(f"request {request.id!r} is about other slots", where="--about", fix=f"write {told}")
    for name, member in given.items():
        entity, _, field = (writer.lab.slots[name].field or "").partition(".")
        known = writer.data.catalog.members(entity, field)
        if member not in known:
            raise Refused(f"no {name} of that name ({there_are(known)})", where="--about")
    if len({*given.values()}) < len(given):
        raise Refused("two slots have the same name", where="--about")
    return Slices(given, _monday(writer, request, paste.week))


def _monday(writer: ClaimWriter, request: TextRequest, week: int | None) -> date:
    weekly = any("period" in row.by for row in request.rows)
    weeks = {monday.isocalendar().week: monday for monday in writer.data.weeks[1:]}
    if not weekly and week is None:
        return next(iter(weeks.values()))
    if week not in weeks:
        told = ", ".join(map(str, weeks))
        raise Refused(
            f"week {week} is none of the quarter's with a week before", where="--week", fix=f"there are {told}"
        )
    return weeks[week]
