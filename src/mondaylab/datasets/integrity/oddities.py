"""Cells that are not what they look like: hidden characters, formulas, markup that acts, numbers that would be rounded."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation

from mondaylab.datasets.integrity.cells import Cells
from mondaylab.datasets.integrity.findings import Finding, where
from mondaylab.datasets.policy import Action, Bin, FindingName, Keep, Policy, Prefix, Pseudonym, Scrub

HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd"
    "\U000e0000-\U000e007f]"
)
"""Control characters, those that turn the direction of writing, those that cannot be seen, and the mark of a lost one."""
_TURNING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
"""Those of them that a person's own free text does not have; the scrubber reads through the others."""

_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "|", "%")
_FORMULA = re.compile(r"=\s*\S|@\s*\w|[+\-]\s*(?:[A-Za-z_@=(]|[\d.,\s+\-*/]+[A-Za-z(|!])|[|%].*[|!]")
_CALL = re.compile(r"[=+\-@].*(?:cmd\s*\||\bDDE|HYPERLINK\s*\(|WEBSERVICE\s*\(|IMPORT\w+\s*\(|!\w+\d)|=\s*\w+\(", re.I)
_TAG = re.compile(r"<\s{0,4}[/!?]?\s{0,4}[A-Za-z][\w:-]{0,30}(?:[\s/>]|$)|<!|javascript\s{0,4}:|data\s{0,4}:\s{0,4}text/html|&(?:lt|#60|#x3c);\s{0,4}[A-Za-z/!]", re.I)
_ACTIVE = re.compile(
    r"(?:<|&(?:lt|#60|#x3c);)\s{0,4}/?\s{0,4}(?:script|iframe|object|embed|svg|math|style|link|meta|base|form)\b"
    r"|<[^<>]{0,2000}\bon[a-z]{3,20}\s{0,4}=|javascript\s{0,4}:|data\s{0,4}:\s{0,4}text/html",
    re.I,
)
_DIGITS = 15  # a float64 holds so many of any number


def oddities(policy: Policy, cells: Cells) -> Iterator[Finding]:
    """Looks at every column that comes through as text or as a number."""
    for table, column, action in policy.actions():
        for name, is_bad, words in _looks(action, policy):
            values = cells.of(table, column)
            bad = {value for value in set(values) if is_bad(value)}
            if bad:
                rows = where(value in bad for value in values)
                yield Finding(name, table, column, f"{len(rows):,} cells {words}", rows, len(rows) / len(values))


_Look = tuple[FindingName, Callable[[str], bool], str]


def _looks(action: Action, policy: Policy) -> list[_Look]:
    hidden: _Look = (
        "hidden_characters",
        lambda cell: HIDDEN.search(cell) is not None,
        "hold control characters, or others that cannot be seen or that turn the direction of writing",
    )
    if isinstance(action, Scrub):
        turning: _Look = ("hidden_characters", lambda cell: _TURNING.search(cell) is not None, hidden[2])
        active: _Look = ("markup", lambda cell: _ACTIVE.search(cell) is not None, "hold markup that acts (such as scripts)")
        calls: _Look = ("formulas", lambda cell: _starts(cell) and _CALL.match(cell.strip()) is not None, "are formulas of a spreadsheet")
        return [turning, active, calls]
    if isinstance(action, Prefix) or (isinstance(action, Keep) and action.type in ("text", "code")):
        tags: _Look = ("markup", lambda cell: _TAG.search(cell) is not None, "hold markup (such as HTML)")
        formulas: _Look = ("formulas", is_formula, "are formulas of a spreadsheet")
        return [hidden, tags, formulas]
    if isinstance(action, Pseudonym):
        return [hidden]
    if isinstance(action, Bin) or (isinstance(action, Keep) and action.type == "number"):
        return [("rounded_numbers", is_rounded, "have more digits than a number keeps: export them rounded")]
    return []


def _starts(cell: str) -> bool:
    return cell.startswith(_STARTS)


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run a cell instead of showing it."""
    if not _starts(cell):
        return False
    return _FORMULA.match(unicodedata.normalize("NFKC", cell)) is not None


def is_rounded(cell: str) -> bool:
    """Whether a number would lose digits as a float64. What is no number is not: it refuses elsewhere."""
    if len(cell) <= _DIGITS and "e" not in cell.lower():
        return False
    try:
        # the shortest text of the float is what it stands for; a float's own spelling is not rounded
        exact = Decimal(cell)
        return exact.is_finite() and abs(float(cell)) != float("inf") and exact != Decimal(repr(float(cell)))
    except (InvalidOperation, ValueError, OverflowError):
        return False
