"""An independent evaluation of measures in SQL, for tests that hold the engine's own against it.

Nothing here uses the engine's evaluation: the bindings are read as plain YAML, the joins, filters and groups are
SQLite's, and only the last step (a ratio, a growth, an interpolation) is Python.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pandas as pd

from mondaylab.measures import (
    Aggregate,
    Growth,
    GrowthOver,
    Measure,
    Minus,
    Period,
    Product,
    Rank,
    Rate,
    Ratio,
    Scaled,
    TopShare,
)

ROUNDING = 1e-12
"""Relative error that adding up floats in another order may bring."""


@dataclass(frozen=True)
class Number:
    """A value with the error that rounding may have brought; no value: none."""

    value: float | None
    error: float = 0.0


class Shaky(Exception):
    """Rounding decides the answer: a tie, or a division by what may be zero."""


@dataclass
class Sql:
    """The same data in SQLite: one wide table an entity."""

    bindings: dict[str, Any]
    tables: Mapping[str, pd.DataFrame]
    database: sqlite3.Connection = field(default_factory=lambda: sqlite3.connect(":memory:"))
    answered: dict[str, dict[str | None, Number]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, table in self.tables.items():
            frame = table.copy()
            for column in frame.select_dtypes("datetime"):
                frame[column] = frame[column].dt.strftime("%Y-%m-%d")
            frame.to_sql(name, self.database, index=False)
        for name, entity in self.bindings["entities"].items():
            made = entity.get("derived", {})
            columns = [f"{stored(bound['column'], made)} as f_{key}" for key, bound in entity["fields"].items()]
            columns.append(f"{stored(entity['date'], made)} as day" if entity.get("date") else "null as day")
            joins = "".join(
                f' left join "{table}" on {quoted(join["source"])}."{join["key"]}" = "{table}"."{join["key"]}"'
                for table, join in entity.get("joins", {}).items()
            )
            self.database.execute(
                f'create table e_{name} as select {", ".join(columns)} from "{entity["table"]}"{joins}'
            )

    def rows(self, query: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        return self.database.execute(query, values).fetchall()

    def fields(self, entity: str) -> list[str]:
        return list(self.bindings["entities"][entity]["fields"])

    def numeric(self, entity: str) -> list[str]:
        kinds = {name: self.rows(f"select distinct typeof(f_{name}) from e_{entity}") for name in self.fields(entity)}
        return [name for name, found in kinds.items() if {kind for (kind,) in found} <= {"integer", "real", "null"}]

    def members(self, entity: str, by: str) -> list[str]:
        found = self.rows(f"select distinct f_{by} from e_{entity} where f_{by} is not null")
        return [str(int(v)) if isinstance(v, float) and v == int(v) else str(v) for (v,) in found]


def stored(column: str, made: Mapping[str, Any]) -> str:
    """A bound column as an expression over stored ones; of derived columns, the forms that SQL can say."""
    table, _, name = column.partition(".")
    if table != "derived":
        return quoted(column)
    how = made[name]
    if how["do"] == "product":
        return f"({' * '.join([stored(of, made) for of in how['of']])} * {how.get('factor', 1)})"
    of = stored(how["of"], made)
    if how["do"] == "difference":
        return f"({of} - {stored(how['less'], made)})"
    if how["do"] == "lookup":
        cases = " ".join(f"when {literal(one)} then {literal(two)}" for one, two in how["values"].items())
        other = f" when {of} is null then null else {literal(how['other'])}" if "other" in how else ""
        return f"(case {of} {cases} {'else' if other else ''} {f'case{other} end' if other else ''} end)"
    if how["do"] == "band":
        cases = " ".join(
            f"when {of} < {edge} then {literal(name)}" for edge, name in zip(how["edges"], how["names"], strict=False)
        )
        return f"(case when {of} is null then null {cases} else {literal(how['names'][-1])} end)"
    if how["do"] == "rescaled":
        (first, last), (start, end) = how["span"], how["into"]
        share = f"(julianday({of}) - julianday('{first}')) / (julianday('{last}') - julianday('{first}') + 1)"
        return f"date(julianday('{start}') + {share} * (julianday('{end}') - julianday('{start}') + 1))"
    raise NotImplementedError(how["do"])


def literal(value: object) -> str:
    return str(value) if isinstance(value, (int, float)) else "'" + str(value).replace("'", "''") + "'"


def quoted(column: str) -> str:
    return ".".join(f'"{part}"' for part in column.split("."))


def condition(part: Aggregate) -> tuple[str, tuple[object, ...]]:
    words, values = ["1"], []
    for name, allowed in part.where.items():
        # a number is compared as a number, and a word equals none (SQLite would cast it to 0)
        one = f"case typeof(f_{name}) when 'text' then f_{name} = ? else f_{name} = ? end"
        words.append(f"({' or '.join([one] * len(allowed)) or '0'})")
        values += [spoken for value in allowed for spoken in (value, number_or_text(value))]
    for name, (low, high) in part.bounds.items():
        words.append(f"(? is null or f_{name} >= ?) and (? is null or f_{name} < ?) and f_{name} is not null")
        values += [low, low, high, high]
    if part.period is not None:
        words.append("day between ? and ?")
        values += [part.period.start.isoformat(), part.period.end.isoformat()]
    return " and ".join(words), tuple(values)


def meeting(part: Aggregate) -> str:
    if part.joined is None:
        return ""
    other, _, field = part.joined.partition(".")
    return f" join (select f_{field} as met from e_{other}) on met = f_{field}"


def number_or_text(word: str) -> float | str:
    try:
        return float(word)
    except ValueError:
        return word


def groups(sql: Sql, part: Aggregate, by: str | None) -> dict[str | None, Number]:
    """The aggregate for each member of `by` (or for all rows, under the key none)."""
    name = f"{by} {part!r}"
    if name not in sql.answered:
        sql.answered[name] = asked(sql, part, by)
    return sql.answered[name]


def asked(sql: Sql, part: Aggregate, by: str | None) -> dict[str | None, Number]:
    where, values = condition(part)
    group = "null" if by is None else f"f_{by}"
    only = "" if by is None else f" and f_{by} is not null"
    source = f"from e_{part.entity}{meeting(part)} where {where}{only}"
    x = f"f_{part.field}"
    plain = {
        "count": "count(*)",
        "distinct": f"count(distinct {x})",
        "sum": f"total({x})",
        "mean": f"avg({x})",
        "min": f"min({x})",
        "max": f"max({x})",
        "range": f"max({x}) - min({x})",
    }
    if part.how in plain:
        size = f"total(abs({x}))" if part.how == "sum" else "0"
        found = sql.rows(f"select {group}, {plain[part.how]}, {size} {source} group by 1", values)
        return {spelled(key): Number(v, ROUNDING * max(size, abs(v or 0))) for key, v, size in found}
    if part.how == "median":
        found = sql.rows(
            f"with ranked as (select {group} as g, {x} as x,"
            f" row_number() over (partition by {group} order by {x}) as r,"
            f" count(*) over (partition by {group}) as n {source} and {x} is not null)"
            " select g, avg(x) from ranked where r in ((n + 1) / 2, (n + 2) / 2) group by 1",
            values,
        )
        return {spelled(key): Number(v, ROUNDING * abs(v)) for key, v in found}
    lists: dict[str | None, list[float]] = {}
    for key, v in sql.rows(f"select {group}, {x} {source} and {x} is not null order by 2", values):
        lists.setdefault(spelled(key), []).append(v)
    return {key: interpolated(found, float(part.q or 0)) for key, found in lists.items()}


def spelled(key: object) -> str | None:
    if isinstance(key, float) and key == int(key):
        key = int(key)
    return None if key is None else str(key)


def interpolated(found: list[float], q: float) -> Number:
    place = q * (len(found) - 1)
    low = int(place)
    high = min(low + 1, len(found) - 1)
    value = found[low] + (place - low) * (found[high] - found[low])
    return Number(value, ROUNDING * max(abs(found[low]), abs(found[high])))


ZERO = ("sum", "count", "distinct")


def alone(sql: Sql, part: Aggregate, by: str | None, member: str | None) -> Number:
    if by is not None and by in sql.fields(part.entity):
        where = {name: allowed for name, allowed in part.where.items() if name != by}
        found = groups(sql, part.model_copy(update={"where": where}), by)
    else:
        found, member = groups(sql, part, None), None
    return found.get(member, Number(0.0 if part.how in ZERO else None))


def value_of(sql: Sql, m: Measure, by: str | None = None, member: str | None = None) -> Number:  # noqa: PLR0911
    """The measure's value; for one member of a field, each part that has the field is limited to it."""

    def of(part: Measure) -> Number:
        return value_of(sql, part, by, member)

    match m:
        case Aggregate():
            return alone(sql, m, by, member)
        case Minus() | Product():
            return (minus if isinstance(m, Minus) else times)(of(m.left), of(m.right))
        case Ratio():
            return ratio(of(m.top), of(m.bottom))
        case Rate():
            given = joined(m.of, m.given)
            return ratio(of(joined(given, m.holds)), of(given))
        case Growth():
            return growth(of(m.now), of(m.before))
        case GrowthOver():
            steps = [of(earlier(m.of, m.days * (m.periods - step))) for step in range(m.periods + 1)]
            if m.how == "average":
                rates = [growth(now, before) for before, now in pairwise(steps)]
                if any(rate.value is None for rate in rates):
                    return Number(None)
                return Number(sum(rate.value for rate in rates) / len(rates), sum(rate.error for rate in rates))
            ends = ratio(steps[-1], steps[0])
            if ends.value is None or steps[0].value <= 0 or steps[-1].value <= 0:
                return Number(None)
            return Number(ends.value ** (1 / m.periods) - 1, ends.error)
        case Scaled():
            inner = of(m.of)
            return Number(None if inner.value is None else inner.value * m.factor, inner.error * abs(m.factor))
        case Rank():
            return rank(sql, m)
        case TopShare():
            members = [name for name in groups_of(sql, m.of, m.by) if name is not None]
            parts = [in_group(sql, m.of, m.by, name) for name in members]
            largest = sorted((part.value for part in parts), reverse=True)[: m.n]
            top, whole = Number(sum(largest), sum(part.error for part in parts)), value_of(sql, m.of)
            return ratio(top, whole) if whole.value > 0 else Number(None)


def groups_of(sql: Sql, m: Measure, by: str) -> set[str | None]:
    match m:
        case Aggregate():
            return set(groups(sql, m, by))
        case Minus():
            return groups_of(sql, m.left, by) | groups_of(sql, m.right, by)
        case Scaled():
            return groups_of(sql, m.of, by)


def in_group(sql: Sql, m: Measure, by: str, member: str) -> Number:
    match m:
        case Aggregate():
            return groups(sql, m, by).get(member, Number(0.0))
        case Minus():
            return minus(in_group(sql, m.left, by, member), in_group(sql, m.right, by, member))
        case Scaled():
            inner = in_group(sql, m.of, by, member)
            return Number(inner.value * m.factor, inner.error * abs(m.factor))


def rank(sql: Sql, m: Rank) -> Number:
    found = {name: value_of(sql, m.of, m.by, name) for name in sql.members(m.entity, m.by)}
    mine = found.pop(m.member)
    if mine.value is None:
        return mine
    others = [other for other in found.values() if other.value is not None]
    if any(0 < abs(other.value - mine.value) <= 10 * (mine.error + other.error) for other in others):
        raise Shaky
    return Number(1 + sum(other.value > mine.value for other in others))


def joined(part: Aggregate, where: Mapping[str, tuple[str, ...]]) -> Aggregate:
    both = {**part.where}
    for name, allowed in where.items():
        both[name] = tuple(set(allowed) & set(both[name])) if name in both else allowed
    return part.model_copy(update={"where": both})


def earlier(m: Measure, days: int) -> Measure:
    match m:
        case Aggregate():
            move = timedelta(days=days)
            return m.model_copy(update={"period": Period(start=m.period.start - move, end=m.period.end - move)})
        case Minus():
            return Minus(left=earlier(m.left, days), right=earlier(m.right, days))
        case Product():
            return Product(left=earlier(m.left, days), right=earlier(m.right, days))
        case Ratio():
            return Ratio(top=earlier(m.top, days), bottom=earlier(m.bottom, days))
        case Rate():
            return m.model_copy(update={"of": earlier(m.of, days)})


def times(one: Number, other: Number) -> Number:
    if one.value is None or other.value is None:
        return Number(None)
    return Number(one.value * other.value, abs(one.value) * other.error + abs(other.value) * one.error)


def minus(one: Number, other: Number) -> Number:
    if one.value is None or other.value is None:
        return Number(None)
    return Number(one.value - other.value, one.error + other.error)


def ratio(top: Number, bottom: Number) -> Number:
    if top.value is None or bottom.value is None or (bottom.value == 0 and bottom.error == 0):
        return Number(None)
    if abs(bottom.value) <= 100 * bottom.error:
        raise Shaky
    value = top.value / bottom.value
    return Number(value, (top.error + abs(value) * bottom.error) / abs(bottom.value))


def growth(now: Number, before: Number) -> Number:
    whole = ratio(minus(now, before), before)
    if whole.value is None or before.value > 0:
        return whole
    return Number(-whole.value, whole.error)
