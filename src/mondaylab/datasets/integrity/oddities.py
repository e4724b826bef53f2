"""Cells that are not what they look like: hidden characters, formulas, markup, numbers that would be rounded."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from mondaylab.datasets.integrity.cells import Cells
from mondaylab.datasets.integrity.findings import Finding, where
from mondaylab.datasets.policy import Action, Bin, FindingName, Keep, Policy, Prefix, Pseudonym, Scrub
from mondaylab.plural import counted

HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd"
    "\U000e0000-\U000e007f]"
)
"""Control characters, those that turn the direction of writing, those that are not seen, and the mark of a lost one."""
_TURNING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
"""Those of them that a person's own free text does not have; the scrubber reads through the others."""

_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_FORMULA = re.compile(r"=\s*\S|@\s*\w|[+\-](?:[A-Za-z_@=(]|[\d.,\s+\-*/][^(|!]*(?:[|!]|(?<=[A-Za-z])\())")
_CALL = re.compile(
    r"[=+\-@].*(?:cmd\s*\||\bDDE|HYPERLINK\s*\(|WEBSERVICE\s*\(|IMPORT\w{1,20}\s*\(|!\w{1,20}\d)|=\s*\w{1,40}\(", re.I
)
_TAG = re.compile(
    r"<\s{0,4}[/!?]?\s{0,4}[A-Za-z][\w:-]{0,30}(?:[\s/>]|$)|<!|javascript\s{0,4}:|data\s{0,4}:\s{0,4}text/html|&(?:lt|#60|#x3c);\s{0,4}[A-Za-z/!]",
    re.I,
)
_ACTIVE = re.compile(
    r"(?:<|&(?:lt|#60|#x3c);)\s{0,4}/?\s{0,4}(?:script|iframe|object|embed|svg|math|style|link|meta|base|form)\b"
    r"|<[^<>]{0,2000}\bon[a-z]{3,20}\s{0,4}=|javascript\s{0,4}:|data\s{0,4}:\s{0,4}text/html",
    re.I,
)
_DIGITS = 15  # a float64 holds so many of any number


@dataclass(frozen=True)
class _Look:
    """One kind of odd cell.

    Attributes:
        name: The finding.
        hint: Occurs in every odd cell, and in few others: searched for in all cells at once.
        is_odd: Tells of one cell.
        one: Such a cell, with what it does.
        many: Such cells likewise.
    """

    name: FindingName
    hint: re.Pattern[str]
    is_odd: Callable[[str], object]
    one: str
    many: str


def oddities(policy: Policy, cells: Cells) -> Iterator[Finding]:
    """Looks at every column that comes through as text or as a number."""
    for table, column, action in policy.actions():
        looks = _looks(action, policy)
        distinct = cells.distinct(table, column) if looks else frozenset()
        together = "\n".join(distinct)
        for look in looks:
            odd = {value for value in distinct if look.is_odd(value)} if look.hint.search(together) else set()
            if odd:
                values = cells.of(table, column)
                rows = where(value in odd for value in values)
                yield Finding(
                    look.name, table, column, counted(len(rows), look.one, look.many), rows, len(rows) / len(values)
                )


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run a cell instead of showing it."""
    return cell.startswith(_STARTS) and _FORMULA.match(unicodedata.normalize("NFKC", cell)) is not None


def is_rounded(cell: str) -> bool:
    """Whether a number would lose digits as a float64. What is no number is not: it refuses elsewhere."""
    try:
        # the shortest text of the float is what it stands for; a float's own spelling is not rounded
        exact, kept = Decimal(cell), float(cell)
        return exact.is_finite() and abs(kept) != float("inf") and exact != Decimal(repr(kept))
    except (InvalidOperation, ValueError, OverflowError):
        return False


_CHARACTERS = "control characters, or others that cannot be seen or that turn the direction of writing"
_ODD_CHARACTERS = (f"cell holds {_CHARACTERS}", f"cells hold {_CHARACTERS}")
_FORMULAS = ("cell is a formula of a spreadsheet", "cells are formulas of a spreadsheet")
_START = re.compile(f"^[{re.escape(''.join(_STARTS))}]", re.MULTILINE)
_HIDDEN_LOOK = _Look("hidden_characters", HIDDEN, HIDDEN.search, *_ODD_CHARACTERS)
_IN_FREE_TEXT = (
    _Look("hidden_characters", _TURNING, _TURNING.search, *_ODD_CHARACTERS),
    _Look(
        "markup",
        _ACTIVE,
        _ACTIVE.search,
        "cell holds markup that acts (such as a script)",
        "cells hold markup that acts (such as scripts)",
    ),
    _Look("formulas", _START, _CALL.match, *_FORMULAS),
)
_IN_TEXT = (
    _HIDDEN_LOOK,
    _Look("markup", _TAG, _TAG.search, "cell holds markup (such as HTML)", "cells hold markup (such as HTML)"),
    _Look("formulas", _START, is_formula, *_FORMULAS),
)
_IN_NUMBERS = (
    _Look(
        "rounded_numbers",
        re.compile(rf"[^\n]{{{_DIGITS + 1}}}|[eE]"),
        is_rounded,
        "cell has more digits than a number keeps: export it rounded",
        "cells have more digits than a number keeps: export them rounded",
    ),
)


def _looks(action: Action, policy: Policy) -> tuple[_Look, ...]:
    if isinstance(action, Scrub):
        return _IN_FREE_TEXT
    if isinstance(action, Prefix) or (isinstance(action, Keep) and action.type in ("text", "code")):
        return _IN_TEXT
    if isinstance(action, Pseudonym):
        return (_HIDDEN_LOOK,) if any(policy.domains[name].pattern is None for name in action.all_domains()) else ()
    if isinstance(action, Bin) or (isinstance(action, Keep) and action.type == "number"):
        return _IN_NUMBERS
    return ()
