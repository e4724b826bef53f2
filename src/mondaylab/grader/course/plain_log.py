"""What nbgrader logs, as it may be shown: no tracebacks, and no paths of the machine it runs on."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

_TRACEBACK = "Traceback (most recent call last):"
_BETWEEN = re.compile(r"(During handling of|The above exception was)")
_RAISED = re.compile(r"(?:[A-Za-z_][\w.]*\.)?(?P<name>[A-Za-z_]\w*)(?:: (?P<words>.*))?$")
_IN_WORDS = frozenset({"Refused", "NotFound", "MondaylabError", "ExchangeError", "NbGraderException"})
"""Errors whose words were written for people."""
_PATH = re.compile(r"(?<![\w/:.])/(?:[^\s/'\":;,()\[\]<>]+/)+(?P<last>[^\s/'\":;,()\[\]<>]*)")
_FRAME = 2
"""Spaces before a frame of a traceback."""
_INSIDE = "something went wrong inside; the service's log says what"


def plain_log(text: str, folders: Iterable[Path] = ()) -> str:
    """A log without what only a programmer could use.

    Args:
        text: As logged.
        folders: Paths below these are shown from there on, others by their last part.
    """
    lines = "\n".join(_without_tracebacks(text.splitlines()))
    roots = sorted({str(path) for path in [*folders, Path(sys.prefix)]}, key=len, reverse=True)
    for root in roots:
        if root != "/":
            lines = re.sub(re.escape(root) + r"(?:/|(?![\w.-]))", "", lines)
    return _PATH.sub(lambda found: found["last"] or "…", lines)


def _without_tracebacks(lines: list[str]) -> Iterator[str]:
    """The lines; a chain of tracebacks becomes the words of the last error raised, if they are words."""
    inside, last, margin = False, "", 0
    for line in lines:
        if _TRACEBACK in line:
            inside, last, margin = True, "", 0
            before = line.partition(_TRACEBACK)[0].strip()
            if before and before != "[ERROR]":
                yield before
            continue
        if not inside:
            yield line
            continue
        if line.startswith("["):
            yield _words(last)
            inside = False
            yield line
            continue
        margin = margin or _margin(line)
        text = line[margin:] if not line[:margin].strip() else line
        if text.strip() and not text.startswith((" ", "\t")) and not _BETWEEN.match(text):
            last = text if _RAISED.match(text) or not last else f"{last}\n{text}"
    if inside:
        yield _words(last)


def _margin(line: str) -> int:
    """How far a log has moved a traceback to the right, by its first frame; 0 for any other line."""
    indent = len(line) - len(line.lstrip())
    return indent - _FRAME if line.lstrip().startswith('File "') and indent > _FRAME else 0


def _words(raised: str) -> str:
    first, *more = raised.split("\n")
    found = _RAISED.match(first)
    if found is None or found["name"] not in _IN_WORDS:
        return _INSIDE
    return "\n".join([found["words"] or "", *more])
