"""Which line of ``lab.toml`` an error is about: TOML readers do not say, and a practitioner has hundreds of lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TABLE = re.compile(r"^\s*\[(\[?)\s*([\w.\-]+)\s*\]?\]")


def line_of(text: str, place: Sequence[str | int]) -> int | None:
    """The line (1 for the first) of a part of a TOML text.

    Args:
        text: The file's text.
        place: Keys and indexes from the top, such as ``("claims", 3, "display")``; parts that have no line of their
            own (an inline table's) give the line of what holds them.

    Returns:
        None if not even the first part stands in the text.
    """
    lines = text.splitlines()
    names = [part for part in place if isinstance(part, str)]
    if not names:
        return None
    number = next((part for part in place if isinstance(part, int)), 0) if len(place) > 1 else 0
    start, rest = _header(lines, names[0], number), names[1:]
    for deep in range(2, len(names) + 1 if len(names) == len(place) else 2):  # [measures.net] is a table of its own
        inner = _header(lines, ".".join(names[:deep]), 0)
        start, rest = (start, rest) if inner is None else (inner, names[deep:])
    if start is None:
        return _key(lines, 0, names[0])
    for deep in range(
        len(rest) if len(names) < len(place) else 0, 0, -1
    ):  # [drafts.must_state] stands inside the last [[drafts]] above it
        inside = _inside(lines, start, names[0], ".".join([names[0], *rest[:deep]]))
        if inside is not None:
            start, rest = inside, rest[deep:]
            if not rest:
                return start
            break
    for name in rest:
        found = _key(lines, start, name)
        if found is not None:
            return found
    # of an array of tables the line with the id says more than its header
    return _key(lines, start, "id") or start


def _header(lines: list[str], name: str, number: int) -> int | None:
    """The line of the table of that name, of an array of tables the one with that number."""
    found = [n for n, line in enumerate(lines, 1) if (head := _TABLE.match(line)) and head[2] == name]
    return found[number] if number < len(found) else None


def _inside(lines: list[str], start: int, whole: str, name: str) -> int | None:
    """The line of a table of that name below `start`, and before the next one of the array `whole`."""
    for number, line in enumerate(lines[start:], start + 1):
        head = _TABLE.match(line)
        if head and head[2] == name:
            return number
        if head and head[2] == whole:
            return None
    return None


def _key(lines: list[str], start: int, name: str) -> int | None:
    """The first line after `start`, and before the next table, that sets the key."""
    for number, line in enumerate(lines[start:], start + 1):
        if re.match(rf"\s*[\"']?{re.escape(name)}[\"']?\s*=", line):
            return number
        if _TABLE.match(line):
            return None
    return None
