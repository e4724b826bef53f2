"""Pasted texts: what a page sends of one, and the sitting that it becomes once it is scrubbed."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError

from mondaylab.authoring.author import Workplace
from mondaylab.authoring.sitting import Sitting
from mondaylab.errors import Refused
from mondaylab.labs.adopting.pasted import Pasted, pasted_answer, raw_text
from mondaylab.labs.adopting.recorded import plain_version

NOT_STATED = "not stated"
"""The model's name where a tool does not tell it."""
_NEEDED = {"request": "what was asked for", "tool": "the tool", "model": "the model", "answered": "the day"}


def pasted(workplace: Workplace, told: Mapping[str, Any], text: bytes = b"", prompt: bytes = b"") -> Sitting:
    """A pasted text as it is read, scrubbed; nothing of it, or of what was asked, is repeated in an error.

    Args:
        workplace: The lab, opened.
        told: What is said of it: the fields of `Pasted`, ``about`` by slot.
        text: UTF-8.
        prompt: What was asked, likewise; empty: the request's own words.

    Raises:
        Refused: A field is missing or wrong, or as `pasted_answer` does.
    """
    if missing := [words for name, words in _NEEDED.items() if not str(told.get(name) or "").strip()]:
        raise Refused(f"{', '.join(missing)} is missing", where="Where it comes from", fix="fill it in")
    paste = _paste(told)
    raw = raw_text(io.BytesIO(text))
    typed = prompt.decode("utf-8-sig", errors="replace").strip()  # of bytes, a mark of the byte order would be left
    asked = raw_text(io.BytesIO(prompt), where="--prompt") if typed else None
    answered, taken = pasted_answer(workplace.site, workplace.material, workplace.asking, paste, raw, asked)
    version = plain_version(paste.tool or paste.model, paste.request, answered.subject.words()["week"])
    return Sitting(answered, version, taken)


def _paste(told: Mapping[str, Any]) -> Pasted:
    about = told.get("about")
    try:
        paste = Pasted(
            request=str(told["request"]),
            about=tuple(f"{slot}={name}" for slot, name in about.items()) if isinstance(about, Mapping) else (),
            week=None if told.get("week") in (None, "") else int(told["week"]),
            model=str(told["model"]).strip(),
            tool=str(told["tool"]).strip(),
            answered=date.fromisoformat(str(told["answered"])),
        )
    except (ValidationError, ValueError, TypeError, OverflowError):  # its words would repeat what was typed
        raise Refused("the day or the week is none", where="Where it comes from", fix="choose them anew") from None
    if paste.answered > date.today():
        raise Refused("it is in the future", where="--answered", fix="choose the day on which it was answered")
    return paste
