"""What is about to be published, searched once more as a whole; whatever looks personal refuses, by row number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from mondaylab.datasets import leaks
from mondaylab.datasets.known import Known
from mondaylab.datasets.patterns import forms_in
from mondaylab.datasets.policy import Action, Coarsen, Drop, Form, Group, Keep, Policy, Pseudonym, Scrub
from mondaylab.datasets.pseudonyms import Pseudonyms
from mondaylab.errors import Refused
from mondaylab.plural import counted

_WORDS: Mapping[Form, tuple[str, str]] = {
    "email": ("looks like an e-mail address", "look like e-mail addresses"),
    "phone": ("looks like a phone number", "look like phone numbers"),
    "card": ("looks like a payment card", "look like payment cards"),
    "iban": ("looks like a bank account", "look like bank accounts"),
    "national_id": ("looks like a national id", "look like national ids"),
    "birth_date": ("looks like a date of birth", "look like dates of birth"),
    "secret": ("looks like a password or key", "look like passwords or keys"),
    "name": ("looks like a person's name", "look like people's names"),
    "address": ("looks like a postal address", "look like postal addresses"),
}
_PERSONAL = ("email", "phone", "iban", "street", "birth_date")
"""What only a person, or somebody who stands for a company, has: a table that drops one of these is about people."""
_SHOWN = 3
_SHORTEST_NUMBER = 10**6
# of what a steward wrote into the policy by hand, only this can be a leak: a region may share its word with a name
_WRITTEN_DOWN = frozenset({"person", "email", "phone or account", "identifier"})

# a code or a group's number is often equal to somebody's by chance; in what people write, it is not
_IN_PROSE = frozenset({"dropped number", "postcode"})


class _Place(NamedTuple):
    """One column or text that is about to be published, as text.

    Attributes:
        name: ``table.column``, or the file's name.
        cells: Text of each row; "" where there is nothing.
        action: What the policy does with the column; none for a file.
        written: Whether the column is text, so that anything may stand in it.
    """

    name: str
    cells: list[str]
    action: Action | None
    written: bool
    personal: bool = False
    """Whether its table is about people: a column of names in it then holds theirs, whatever is called public."""


class Cleared(NamedTuple):
    """What the search came to.

    Attributes:
        overruled: What looked personal and the policy overruled: a sentence each, with the steward's reason.
        unneeded: What the policy overrules though nothing looks so: a sentence each.
    """

    overruled: tuple[str, ...]
    unneeded: tuple[str, ...]


def cleared(
    policy: Policy,
    known: Known,
    tables: Mapping[str, pd.DataFrame],
    texts: Mapping[str, str],
    *,
    year: int,
    pseudonyms: Pseudonyms,
) -> Cleared:
    """Searches everything that is about to be published.

    Args:
        policy: May overrule, by name, what is personal by its form.
        known: The raw values that must not come through.
        tables: Sanitized tables, rows in the order of the export.
        texts: Sanitized texts.
        year: Year of the data.
        pseudonyms: Those that stand in it; they are not searched.

    Raises:
        Refused: Something known to be personal came through, or something that looks so and is not overruled. Names
            places, counts and row numbers, never a cell.
    """
    places = [
        place._replace(cells=[*map(pseudonyms.left_out, place.cells)]) if place.written else place
        for place in _places(policy, tables, texts)
    ]
    patterned = [name for name, domain in policy.domains.items() if domain.pattern is not None]
    search = leaks.LeakSearch.of(known, patterned, policy.common_words)
    found = _known_problems(search, known, places)
    overruled: list[str] = []
    unneeded: list[str] = []
    advice = ["scrub or drop these"]
    for place in places:
        reasons = {} if place.action is None or isinstance(place.action, Drop) else place.action.overrule
        looks = _forms(place, year)
        unneeded += [
            f"{place.name}: nothing needs 'overrule: {form}': remove it, lest it lets through what comes later"
            for form in reasons
            if form not in looks and not (form == "name" and _names_stand_in(search, place))
        ]
        for form, cells in looks.items():
            count = sum(cell in cells for cell in place.cells)
            if form in reasons:
                overruled.append(
                    f"{place.name}: {counted(count, 'cell', 'cells')} {_looks(form, count)}: {reasons[form]}"
                )
            else:
                found.append(f"{place.name}: {_rows(place.cells, cells)} {_looks(form, count)}")
                advice = [*advice[:1], f"or, where it is none, say so beside the action: overrule: {{{form}: why}}"]
    if found:
        raise Refused(
            f"personal data would come through ({'; '.join(found)})",
            where="leak check",
            fix=f"in datasets/{policy.company}/policy.yaml, {', '.join(advice)}",
        )
    return Cleared(tuple(overruled), tuple(unneeded))


def _places(policy: Policy, tables: Mapping[str, pd.DataFrame], texts: Mapping[str, str]) -> Iterator[_Place]:
    for name, text in texts.items():
        yield _Place(name, text.splitlines(), None, written=True)
    for table, column, action in policy.actions():
        if column not in tables[table]:
            continue
        values = tables[table][column]
        written = bool(pd.api.types.is_string_dtype(values))
        personal = any(
            isinstance(one, Drop) and one.holds in _PERSONAL for one in policy.tables[table].columns.values()
        )
        yield _Place(f"{table}.{column}", _as_text(values, written=written), action, written, personal)


def _as_text(values: pd.Series, *, written: bool) -> list[str]:
    """Cells as text. Of numbers only whole ones of seven and more digits: the rest cannot be anybody's number."""
    if written:
        return list(values.fillna("").tolist())
    if pd.api.types.is_datetime64_any_dtype(values):
        return list(values.dt.strftime("%Y-%m-%d").fillna("").tolist())
    numbers = values.to_numpy("float64", na_value=np.nan)
    long = (np.abs(numbers) >= _SHORTEST_NUMBER) & (np.abs(numbers) < 2**63) & (np.floor(numbers) == numbers)
    return [str(int(value)) if it else "" for value, it in zip(values.tolist(), long.tolist(), strict=True)]


def _forms(place: _Place, year: int) -> dict[Form, set[str]]:
    if isinstance(place.action, Pseudonym | Coarsen):
        return {}  # made by us: words that a key picks, a month, a year
    public = isinstance(place.action, Keep) and place.action.public is not None and not place.personal
    name = place.name.rpartition(".")[2] if place.action else ""
    return forms_in(place.cells, year=year, name=name, names_allowed=public)


def _names_stand_in(search: leaks.LeakSearch, place: _Place) -> bool:
    """Whether known names stand in a column that may hold them: the policy's word is needed for these too."""
    return place.written and any(
        search.kinds_in(cell) - search.kinds_in(cell, names_allowed=True) for cell in set(place.cells)
    )


def _known_problems(search: leaks.LeakSearch, known: Known, places: list[_Place]) -> list[str]:
    """Raw values that came through, in words."""
    raw_ids = frozenset().union(*known.identifiers.values())
    found: list[str] = []
    kinds: dict[str, set[str]]
    for place in places:
        cells = set(place.cells) - {""}
        if isinstance(place.action, Pseudonym):
            kinds = {"identifier": cells & raw_ids}
        elif place.written:
            public = _names_allowed(place)
            kinds = leaks.leaks(search, {place.name: cells}, [place.name] if public else []).get(place.name, {})
            if _is_written_down(place.action):
                kinds = {kind: hits for kind, hits in kinds.items() if kind in _WRITTEN_DOWN}
            if not _is_prose(place.action):
                kinds = {kind: hits for kind, hits in kinds.items() if kind not in _IN_PROSE}
        else:
            kinds = {"phone or account": cells & search.whole_numbers}
        found += [
            f"{place.name}: {_texts(place.cells, hits)} a known {kind}" for kind, hits in sorted(kinds.items()) if hits
        ]
    return found


def _names_allowed(place: _Place) -> bool:
    """Whether the policy says, with a reason, that people may stand in the column."""
    action = place.action
    if action is None or isinstance(action, Drop):
        return False
    public = isinstance(action, Keep) and action.public is not None and not place.personal
    return "name" in action.overrule or public


def _is_prose(action: Action | None) -> bool:
    """Whether people wrote the cells: a text of its own, scrubbed or kept text."""
    return action is None or isinstance(action, Scrub) or (isinstance(action, Keep) and action.type == "text")


def _is_written_down(action: Action | None) -> bool:
    return isinstance(action, Group) or (isinstance(action, Keep) and action.type == "choice")


def _looks(form: Form, count: int) -> str:
    one, many = _WORDS[form]
    return one if count == 1 else many


def _rows(cells: list[str], hits: set[str]) -> str:
    """How many rows hold one of `hits`, and which are the first: ``3 cells (rows 2, 17, 40)``."""
    rows = [number for number, cell in enumerate(cells, start=1) if cell in hits]
    return f"{counted(len(rows), 'cell', 'cells')} ({_numbers(rows)})"


def _texts(cells: list[str], hits: set[str]) -> str:
    """How many different texts hold what should not come through: ``2 texts (rows 2, 17) hold``."""
    rows = [number for number, cell in enumerate(cells, start=1) if cell in hits]
    texts, verb = counted(len(hits), "text", "texts"), "holds" if len(hits) == 1 else "hold"
    return f"{texts} ({_numbers(rows)}) {verb}"


def _numbers(rows: list[int]) -> str:
    more = ", ..." if len(rows) > _SHOWN else ""
    return f"{'row' if len(rows) == 1 else 'rows'} {', '.join(map(str, rows[:_SHOWN]))}{more}"
