"""What each action of a policy does to a column."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mondaylab.datasets.freetext import Scrubber, placeholder_counts
from mondaylab.datasets.policy import Action, Bin, Coarsen, Drop, Group, Keep, Policy, Prefix, Pseudonym, Scrub
from mondaylab.datasets.pseudonyms import Pseudonyms
from mondaylab.errors import Refused

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?"
_INTEGER = r"[+-]?\d{1,18}"
_EXACT_DIGITS = 15  # of a whole number that a float holds unrounded
_PLACEHOLDER = re.compile(r"\[[A-Z ]+\]")
_DATE_FORM = {
    "date": (r"\d{4}-\d\d-\d\d", "%Y-%m-%d"),
    "datetime": (r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d", "%Y-%m-%d %H:%M:%S"),
}


@dataclass(frozen=True)
class Outcome:
    """What became of one column.

    Attributes:
        values: The sanitized column; none if it was dropped.
        note: What happened, in words, for the steward's report. Holds no raw value.
    """

    values: pd.Series | None
    note: str


class Columns:
    """Applies actions; holds what they share: pseudonyms and the scrubber."""

    def __init__(self, policy: Policy, pseudonyms: Pseudonyms, scrubber: Scrubber) -> None:
        self._domains = policy.domains
        self._pseudonyms = pseudonyms
        self._scrubber = scrubber

    def apply(self, action: Action, raw: pd.Series) -> Outcome:
        """Applies one action to a raw column of strings. Blank cells become missing values.

        Raises:
            Refused: A cell does not fit the action. The message counts such cells and never quotes one.
        """
        stripped = raw.str.strip()
        match action:
            case Drop():
                values, note = None, f"dropped ({action.holds})"
            case Scrub():
                clean, found = self._scrubber.column(raw)
                _refuse_names_only(raw, clean)
                values, note = _blank_is_missing(clean), f"scrubbed: {placeholder_counts(found)}"
            case Pseudonym():
                names = action.all_domains()
                values, note = self._pseudonym(names, stripped), f"pseudonyms of {', '.join(names)}"
            case Keep():
                values, note = _kept(action, stripped), f"kept as {action.type}"
            case Bin():
                values = _binned(_numbers(stripped), action.width)
                note = f"bins of {action.width:g}"
            case Coarsen():
                values, note = _coarse(action, stripped), f"{action.do} only"
            case Prefix():
                values = _blank_is_missing(_first_characters(stripped, action.length))
                note = f"first {action.length} characters"
            case Group():
                groups = {value: group for group, members in action.groups.items() for value in members}
                values = _mapped(stripped, groups, "in no group", "add the value to a group")
                note = f"{len(action.groups)} groups"
        return Outcome(values, note)

    def _pseudonym(self, names: tuple[str, ...], raw: pd.Series) -> pd.Series:
        """Each value under the first of the domains whose pattern it matches."""
        left = {value for value in raw.tolist() if value}
        mapping: dict[str, str] = {}
        for name in names:
            pattern = re.compile(self._domains[name].pattern or "(?s:.*)")
            belong = sorted(value for value in left if pattern.fullmatch(value))
            mapping |= self._pseudonyms.mapping(name, belong, self._domains[name].prefix)
            left.difference_update(belong)
        what = f"no identifier of {' or '.join(names)}"
        return _mapped(raw, mapping, what, "correct the export, or the pattern under 'domains:'")


def _kept(action: Keep, raw: pd.Series) -> pd.Series:
    match action.type:
        case "number":
            return _numbers(raw)
        case "integer":
            _refuse_if(~_fits(raw, _INTEGER), "no whole number", "correct the export, or the column's type")
            return _integers(raw)
        case "date" | "datetime":
            return _moments(action.type, raw)
        case "choice":
            return _mapped(raw, {value: value for value in action.values}, "not among 'values'", "add the value")
        case "code":
            _refuse_if(~_fits(raw, str(action.pattern)), "not of the 'pattern'", "correct the export, or the pattern")
            return _blank_is_missing(raw)
        case "text":
            return _blank_is_missing(raw)


def _binned(numbers: pd.Series, width: float) -> pd.Series:
    """The lower edges; bins so narrow that each holds one value refuse."""
    values: pd.Series = np.floor(numbers / width) * width
    distinct = np.sort(numbers.dropna().unique())
    gap = float(np.median(np.diff(distinct))) if len(distinct) > 2 else 0.0
    if values.nunique() > 0.95 * len(distinct) and width < (gap if len(distinct) >= 20 else gap / 100):
        raise Refused(f"bins of {width:g} leave every number by itself", fix="choose wider bins, or drop the column")
    return values


def _first_characters(raw: pd.Series, length: int) -> pd.Series:
    """The prefixes; so long ones that most values with letters in them stay whole refuse."""
    values: pd.Series = raw.str.slice(0, length)
    words = {value for value in raw.unique().tolist() if sum(map(str.isalpha, value)) > 3}
    whole = sum(len(value) <= length for value in words)
    if len(words) > 2 and whole > len(words) / 2:
        raise Refused(
            f"{whole} of {len(words)} different values are no longer than {length} characters and stay whole",
            fix="choose a shorter prefix, or drop the column",
        )
    return values


def _refuse_names_only(raw: pd.Series, clean: pd.Series) -> None:
    """A column of which only placeholders are left is no free text: whoever the tables do not know stays in it."""
    pairs = {(a, b) for a, b in zip(raw.tolist(), clean.tolist(), strict=True) if a.strip()}
    bare = sum(a != b and not any(map(str.isalnum, _PLACEHOLDER.sub("", b))) for a, b in pairs)
    if bare > 2 and bare > len(pairs) / 2:
        raise Refused(
            f"{bare} of {len(pairs)} different cells are nothing but personal data", fix="drop the column instead"
        )


def _mapped(raw: pd.Series, mapping: Mapping[str, str], what: str, fix: str) -> pd.Series:
    """The column with every cell replaced; a cell without a replacement refuses. Plain lists are fastest here."""
    whole = {**mapping, "": ""}
    cells = [whole.get(value) for value in raw.tolist()]
    _refuse_if(pd.Series([cell is None for cell in cells], dtype=bool), what, fix)
    return _blank_is_missing(pd.Series(cells, index=raw.index, dtype="str"))


def _fits(raw: pd.Series, pattern: str) -> pd.Series:
    """Whether each cell is blank or matches as a whole."""
    compiled, cells = re.compile(pattern, re.ASCII), raw.tolist()
    bad = {value for value in set(cells) if value and compiled.fullmatch(value) is None}
    return pd.Series([value not in bad for value in cells], dtype=bool)


def _numbers(raw: pd.Series) -> pd.Series:
    _refuse_if(~_fits(raw, _NUMBER), "no number", "correct the export, or the column's action")
    numbers = pd.to_numeric(raw.mask(raw == "")).astype("float64")
    _refuse_if(numbers.abs() == np.inf, "too large for a number", "correct the export")
    return numbers


def _integers(raw: pd.Series) -> pd.Series:
    """Whole numbers; with blanks among them as floats, unless a float would round one of them."""
    blank = raw == ""
    if not blank.any():
        return raw.astype("int64")
    if raw.str.len().max() <= _EXACT_DIGITS:
        return _numbers(raw)
    exact = raw.mask(blank, "0").astype("int64").astype("Int64")
    return exact.mask(blank)


def _moments(kind: str, raw: pd.Series) -> pd.Series:
    pattern, form = _DATE_FORM[kind]
    moments = pd.to_datetime(raw.str.replace("T", " ").mask(raw == ""), format=form, errors="coerce")
    bad = ~_fits(raw, pattern) | (moments.isna() & (raw != ""))
    _refuse_if(bad, f"no {kind} in ISO form", "export dates as 2026-11-30, and times as 2026-11-30 08:15:00")
    return moments.astype("datetime64[us]")


def _coarse(action: Coarsen, raw: pd.Series) -> pd.Series:
    moments = _moments("datetime" if raw.str.len().max() > 10 else "date", raw)
    if action.do == "month":
        return _blank_is_missing(moments.dt.strftime("%Y-%m").fillna("").astype("str"))
    years: pd.Series = moments.dt.year
    return years.astype("float64" if moments.isna().any() else "int64")


def _blank_is_missing(values: pd.Series) -> pd.Series:
    values = values.astype("str")
    return values.mask(values == "")


def _refuse_if(bad: pd.Series, what: str, fix: str) -> None:
    count = int(bad.sum())
    if count:
        raise Refused(f"{count} of {len(bad)} cells {'is' if count == 1 else 'are'} {what}", fix=fix)
