"""Redrawn data: the same company with other subjects and magnitudes, so that only a real computation still fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mondaylab.concepts.bindings import Bindings
from mondaylab.errors import Refused

SPREAD = 0.15
"""Standard deviation of the log of the factor that every amount is multiplied with."""
SUBJECTS = 5_000
"""How many subjects are drawn. Of a large company, as many tell measures apart as twice as many do, and graded code
runs half as long; of a small one, fewer would leave many a slice empty, or without the one row that a wrong filter lets
in."""


@dataclass(frozen=True)
class Redrawn:
    """Redrawn tables, and what became of the subjects.

    Attributes:
        tables: Name -> table, with the columns, types and joins of the source.
        subject: What was drawn anew, as the company calls one of them (an order, say).
        subjects: How many there were.
        gone: How many of them were not drawn.
        repeated: How many were drawn twice or more often.
        amounts: Whether any amount was moved.
        dealt: What was dealt out anew among the subjects, in words; empty if nothing was.
    """

    tables: dict[str, pd.DataFrame]
    subject: str
    subjects: int
    gone: int
    repeated: int
    amounts: bool
    dealt: tuple[str, ...] = ()

    def words(self) -> str:
        """What was changed, for people who do not know a bootstrap; nothing in it helps to foresee a figure."""
        told = [
            f"{self.subject}s drawn anew: of {self.subjects:,}, {self.gone:,} are gone and {self.repeated:,} are there "
            "twice or more, under new numbers"
        ]
        if self.dealt:
            told.append(f"{_listed(self.dealt)} of each dealt out anew")
        if self.amounts:
            told.append(f"amounts moved by about {SPREAD:.0%}".replace("%", " %"))
        return "; ".join(told)

    def short(self) -> str:
        """Where a figure breaks that is right on own data only: ends a sentence with "where"."""
        if self.dealt:
            return (
                f"{_listed(self.dealt)} of each {self.subject} {'is' if len(self.dealt) == 1 else 'are'} dealt out anew"
            )
        return f"some {self.subject}s are there twice{' and others are gone' if self.gone else ' or more often'}"


def redraw(tables: Mapping[str, pd.DataFrame], bindings: Bindings, seed: int, *, deal: bool = False) -> Redrawn:
    """Resamples the subjects with replacement and perturbs amounts; all joins hold.

    The subject is what carries the date of the first bound entity in these tables (an order, say). Every table that
    refers to it follows: a subject drawn twice comes with two sets of rows under new ids, one not drawn is gone.

    Args:
        tables: Name -> table; not changed.
        bindings: Tell subjects, keys and amounts.
        seed: Any integer; the same seed gives the same tables.
        deal: Whether what describes the subjects (status, channel) is dealt out anew among them, each subject's set
            as a whole: a filter that changes nothing where no such row happens to be then does. What bindings deal by a
            key (`Dealt`, where a company recorded nothing) is dealt anew as well: the key's values change places.

    Raises:
        Refused: No bound entity has a date in these tables.
    """
    rng = np.random.default_rng(seed)
    subject, key = _subject(tables, bindings)
    everybody = tables[subject][key].to_numpy()
    # dealing is for the small slices that need as many subjects as there are
    picked = rng.choice(everybody, size=max(len(everybody), SUBJECTS) if deal else SUBJECTS)
    drawn = pd.DataFrame({key: picked})
    drawn["_new"] = [f"X{number:07d}" for number in rng.permutation(len(drawn))]
    own_keys = {entity.table: entity.key for entity in bindings.entities.values()}
    result = {}
    for name in sorted(tables):
        table = tables[name]
        if key in table.columns:
            table = drawn.merge(table, on=key, how="inner")
            table[key] = table["_new"]
            table = table.drop(columns="_new")[list(tables[name].columns)]
            own = own_keys.get(name)
            if own is not None and own != key:
                table[own] = [f"X{number:07d}" for number in rng.permutation(len(table))]
        else:
            table = table.copy()
        result[name] = table
    amounts = _perturb(result, bindings, rng)
    described = _describing(tables, bindings, subject) if deal else {}
    if deal:
        _exchange(result, bindings.dealt_by() - {key}, rng)
    if described:
        columns, places = list(described), rng.permutation(len(result[subject]))
        result[subject][columns] = result[subject][columns].iloc[places].set_axis(result[subject].index)
    _, times = np.unique(picked.astype(str), return_counts=True)
    return Redrawn(
        tables=result,
        subject=_called(subject, bindings),
        subjects=len(everybody),
        gone=len(everybody) - len(times),
        repeated=int((times > 1).sum()),
        amounts=amounts,
        dealt=tuple(described.values()),
    )


def _subject(tables: Mapping[str, pd.DataFrame], bindings: Bindings) -> tuple[str, str]:
    for name, entity in bindings.entities.items():
        table = bindings.day_table(name)
        if entity.table in tables and table is not None:
            return table, entity.key if table == entity.table else entity.joins[table].key
    raise Refused("no bound entity of these tables has a date to redraw by", where="bindings")


def _called(table: str, bindings: Bindings) -> str:
    """One row of the table, as people call it."""
    named = ((name, entity) for name, entity in bindings.entities.items() if entity.table == table)
    return next((entity.label or name.replace("_", " ") for name, entity in named), "record")


def _describing(tables: Mapping[str, pd.DataFrame], bindings: Bindings, subject: str) -> dict[str, str]:
    """The subject's own columns that say of what sort it is, with words for them: no key, no day, nothing measured."""
    keys = {entity.key for entity in bindings.entities.values()}
    keys |= {join.key for entity in bindings.entities.values() for join in entity.joins.values()}
    days = {entity.date for entity in bindings.entities.values()}
    found: dict[str, str] = {}
    for entity in bindings.entities.values():
        for name, field in entity.fields.items():
            table, _, column = field.column.partition(".")
            plain = field.unit is None and column not in keys and field.column not in days
            if table == subject and plain and not pd.api.types.is_datetime64_any_dtype(tables[subject][column]):
                label = field.label or name.replace("_", " ")
                found.setdefault(column, label.partition(" (")[0])  # "late (1 or 0)"
    return found


def _exchange(tables: dict[str, pd.DataFrame], keys: set[str], rng: np.random.Generator) -> None:
    """Lets the values of each of these keys change places, the same in every table: types and joins hold."""
    for key in sorted(keys):
        holders = [name for name in sorted(tables) if key in tables[name].columns]
        if not holders:
            continue
        values = pd.concat([tables[name][key] for name in holders]).dropna().drop_duplicates().sort_values()
        places = dict(zip(values, values.iloc[rng.permutation(len(values))], strict=True))
        for name in holders:
            tables[name][key] = tables[name][key].map(places).astype(tables[name][key].dtype)


def _perturb(tables: dict[str, pd.DataFrame], bindings: Bindings, rng: np.random.Generator) -> bool:
    """Moves every amount in place; returns whether there was one."""
    moved = False
    for column in bindings.amounts():
        name, _, field = column.partition(".")
        if name in tables:
            table = tables[name]
            factor = np.exp(rng.normal(0.0, SPREAD, len(table)))
            table[field] = (table[field] * factor).round(2)
            moved = True
    return moved


def _listed(words: tuple[str, ...], most: int = 4) -> str:
    """Some words as a list in a sentence."""
    if len(words) > most:
        return f"{', '.join(words[:most])} and more"
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
