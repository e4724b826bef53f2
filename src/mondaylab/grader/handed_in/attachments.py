"""Pictures that were pasted into an answer: kept with their cell, so that the page which shows the cell finds them.

Only formats that hold no script are kept, by what the bytes are and not by what they are called, and to a size.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Mapping
from urllib.parse import quote

Attachments = tuple[tuple[str, str, str], ...]
"""Name, media type and base64 text of each picture."""

MOST_BYTES = 5 * 1024**2
"""Largest picture that is kept, in bytes."""
MOST_TOGETHER = 10 * 1024**2
"""Bytes of all pictures of one cell."""
_LONGEST_NAME = 200
_LINK = "attachment:"
_UNQUOTED = "/()!*'~"


def images(told: object) -> Attachments:
    """The pictures among a cell's attachments, whatever a notebook holds there; the rest is left out."""
    if not isinstance(told, Mapping):
        return ()
    kept: list[tuple[str, str, str]] = []
    left = MOST_TOGETHER
    for name, bundle in told.items():
        if not _sound_name(name) or not isinstance(bundle, Mapping):
            continue
        for text in bundle.values():
            found = _picture(text)
            if found is not None and found[2] <= left:
                kept.append((name, found[0], found[1]))
                left -= found[2]
                break
    return tuple(kept)


def _sound_name(name: object) -> bool:
    return isinstance(name, str) and 0 < len(name) <= _LONGEST_NAME and name.isprintable()


def _picture(text: object) -> tuple[str, str, int] | None:
    """Media type, base64 text and bytes of a picture."""
    if isinstance(text, list):
        text = "".join(part for part in text if isinstance(part, str))
    if not isinstance(text, str) or len(text) > 2 * MOST_BYTES:
        return None
    plain = "".join(text.split())
    try:
        data = base64.b64decode(plain, validate=True)
    except (binascii.Error, ValueError):
        return None
    media_type = _media_type(data)
    return None if media_type is None or len(data) > MOST_BYTES else (media_type, plain, len(data))


def _media_type(data: bytes) -> str | None:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    return None


def linked(source: str, attachments: Attachments) -> tuple[str, dict[str, dict[str, str]]]:
    """A text and its pictures under names of ours, so that every link in the text leads to one of them.

    A page cannot be made of a text with a link to a picture that is not there; such a link becomes plain words.

    Args:
        source: The cell's text.
        attachments: What is kept of its pictures.

    Returns:
        The text, and the attachments as a notebook has them.
    """
    named = {name: f"picture-{number}.{kind.rpartition('/')[2]}" for number, (name, kind, _) in enumerate(attachments)}
    if _hidden(source):
        source = source.replace("&", "&amp;").replace("\\:", ":")
    forms = {form: ours for name, ours in named.items() for form in (name, quote(name), quote(name, safe=_UNQUOTED))}
    if forms:
        any_form = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
        link = re.compile(rf"<{_LINK}({any_form})>|{_LINK}({any_form})(?![\w.%-])")
        source = link.sub(lambda found: f"{_LINK}{forms[found[1] or found[2]]}", source)
    known = "|".join(re.escape(one) for one in named.values())
    lost = rf"{_LINK}(?!(?:{known})(?![\w.%-]))" if known else _LINK
    source = re.sub(lost, "picture left out ", source)
    return source, {named[name]: {kind: text} for name, kind, text in attachments}


def _hidden(source: str) -> bool:
    """Whether a link only becomes one when entities or backslashes are read."""
    return html.unescape(source).replace("\\", "").count(_LINK) > source.count(_LINK)
