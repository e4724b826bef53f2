"""Redrawn data: the same company with other subjects and magnitudes, so that only a real computation still fits."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from mondaylab.errors import Refused
from mondaylab.labs.concepts.bindings import Bindings

SPREAD = 0.15
"""Standard deviation of the log of the factor that every amount is multiplied with."""


def redraw(tables: Mapping[str, pd.DataFrame], bindings: Bindings, seed: int) -> dict[str, pd.DataFrame]:
    """Resamples the subjects with replacement and perturbs amounts; all joins hold.

    The subject is what carries the date of the first bound entity in these tables (an order, say). Every table that
    refers to it follows: a subject drawn twice comes with two sets of rows under new ids, one not drawn is gone.

    Args:
        tables: Name -> table; not changed.
        bindings: Tell subjects, keys and amounts.
        seed: Any integer; the same seed gives the same tables.

    Raises:
        Refused: No bound entity has a date in these tables.
    """
    rng = np.random.default_rng(seed)
    subject, key = _subject(tables, bindings)
    drawn = pd.DataFrame({key: rng.choice(tables[subject][key].to_numpy(), size=len(tables[subject]))})
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
    _perturb(result, bindings, rng)
    return result


def _subject(tables: Mapping[str, pd.DataFrame], bindings: Bindings) -> tuple[str, str]:
    for name, entity in bindings.entities.items():
        table = bindings.day_table(name)
        if entity.table in tables and table is not None:
            return table, entity.key if table == entity.table else entity.joins[table].key
    raise Refused("no bound entity of these tables has a date to redraw by", where="bindings")


def _perturb(tables: dict[str, pd.DataFrame], bindings: Bindings, rng: np.random.Generator) -> None:
    for column in bindings.amounts():
        name, _, field = column.partition(".")
        if name in tables:
            table = tables[name]
            factor = np.exp(rng.normal(0.0, SPREAD, len(table)))
            table[field] = (table[field] * factor).round(2)
