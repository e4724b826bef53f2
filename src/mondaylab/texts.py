"""Text files that people write: read as they were meant, whichever editor saved them."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from mondaylab.errors import NotFound, Refused

SIZE_LIMIT = 4 << 20
"""Largest file that a person is believed to have written, in bytes."""
_SAVE = "save it as UTF-8 (in Notepad: Save as, Encoding: UTF-8)"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# all but tab, line end and form feed: no editor writes them, and every reader of ours takes them for something else
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def read_text(path: Path, *, missing: str = "no such file", fix: str | None = None, limit: int = SIZE_LIMIT) -> str:
    """The text of a file, without a byte order mark and with every line end as ``\\n``.

    Args:
        path: The file.
        missing: What is said if there is none.
        fix: What to do then.
        limit: Most bytes it may hold.

    Raises:
        NotFound: There is no such file.
        Refused: It cannot be read, is too long, or is not UTF-8 text; nothing of what stands in it is repeated.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise NotFound(missing, where=path, fix=fix) from None
    except OSError as error:
        raise Refused(f"cannot be read ({error.strerror})", where=path, fix="make it a file you can read") from None
    if len(data) > limit:
        raise Refused(f"larger than {limit >> 20} MB", where=path, fix="is this the file you meant?")
    return _decoded(data, path)


def _decoded(data: bytes, path: Path) -> str:
    # UTF-16 without its mark is told by its zeros: every other byte of plain text
    if data.startswith(_UTF_16) or (b"\0" in data and data.count(0) * 3 > len(data)):
        raise Refused("UTF-16 text, not UTF-8 text", where=path, fix=_SAVE)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refused(f"not UTF-8 text (line {line})", where=path, fix=_SAVE) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if found := _CONTROL.search(text):
        line, code = text.count("\n", 0, found.start()) + 1, ord(found[0])
        raise Refused(
            f"not plain text: a control character (code {code}) in line {line}", where=path, fix="take it out"
        )
    return text
