"""Measures in words: one line that reads like a query, with what all parts share said once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mondaylab.measures.kinds import (
    Aggregate,
    Bound,
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
from mondaylab.measures.rewrite import leaves, rewritten
from mondaylab.records import altered


def describe(measure: Measure) -> str:
    """The measure as one line; shown in feedback as what proves the truth.

    What all parts have in common stands once, at the end::

        (sum(net) - sum(cost)) / sum(net) over order_line where status = completed, 2026-11-09 to 2026-11-15

    and what only one part has stands inside it: ``count(rows where late = 1) / count(rows) over shipment``.
    """
    common = _Common.of(list(leaves(measure)))
    words = _words(measure, common)
    comma = "," if " against " in words else ""
    over = "" if common.entity is None else f"{comma} over {common.entity}"
    return f"{words}{over}{common.conditions()}"


@dataclass(frozen=True)
class _Common:
    """What several aggregates share, so that it need not be said for each."""

    entity: str | None
    where: Mapping[str, tuple[str, ...]]
    bounds: Mapping[str, Bound]
    period: Period | None

    @classmethod
    def of(cls, parts: Sequence[Aggregate]) -> _Common:
        first, rest = parts[0], parts[1:]
        return cls(
            first.entity if all(part.entity == first.entity for part in rest) else None,
            {k: v for k, v in first.where.items() if all(part.where.get(k) == v for part in rest)},
            {k: v for k, v in first.bounds.items() if all(part.bounds.get(k) == v for part in rest)},
            first.period if all(part.period == first.period for part in rest) else None,
        )

    def conditions(self, said: _Common | None = None) -> str:
        """`` where ...`` or `` in <days>``, without what is said already; empty if all is."""
        where = {k: v for k, v in self.where.items() if said is None or k not in said.where}
        bounds = {k: v for k, v in self.bounds.items() if said is None or k not in said.bounds}
        words = [_equals(where)] if where else []
        words += [_between(field, bound) for field, bound in bounds.items()]
        if self.period is not None and (said is None or said.period is None):
            if not words:
                return f" in {_days(self.period)}"
            words.append(_days(self.period))
        return f" where {', '.join(words)}" if words else ""


def _words(measure: Measure, said: _Common) -> str:  # noqa: PLR0911  one return a kind
    """The measure without the conditions that are said already."""
    match measure:
        case Aggregate():
            return f"{_how(measure)}({_inside(measure, said)})"
        case Minus() if measure.left == measure.right:
            return f"{_part(measure.left, said)} - {_part(measure.right, said)}"
        case Minus():
            return _against("change of", measure.left, measure.right, said) or (
                f"{_part(measure.left, said)} - {_part(measure.right, said)}"
            )
        case Product():
            return f"{_part(measure.left, said)} x {_part(measure.right, said)}"
        case Ratio():
            return f"{_part(measure.top, said)} / {_part(measure.bottom, said)}"
        case Growth():
            return _against("growth of", measure.now, measure.before, said) or (
                f"growth from {_part(measure.before, said)} to {_part(measure.now, said)}"
            )
        case Rate():
            return f"share of {_equals(measure.holds)} among {_among(measure, said)}"
        case GrowthOver():
            weeks = f"a week, in {measure.periods} weeks,"
            steps = weeks if measure.days == 7 else f"every {measure.days} days, {measure.periods} times,"
            return f"{measure.how} growth {steps} of {_last(measure.of, said)}"
        case Scaled():
            return f"{measure.factor:g} x {_part(measure.of, said)}"
        case Rank():
            by = _field(measure.entity, measure.by, said)
            return f"rank of {measure.member} by {by} on {_last(measure.of, said)}"
        case TopShare():
            by = _field(measure.entity, measure.by, said)
            return f"share of the {measure.n} largest {by} in {_last(measure.of, said)}"


def _part(part: Measure, said: _Common) -> str:
    """A part of a larger expression: in brackets unless it is one aggregate, with what only it is limited to."""
    if isinstance(part, Aggregate):
        return _words(part, said)
    own = _Common.of(list(leaves(part)))
    extra = own.conditions(said)
    if not extra:
        return f"({_words(part, said)})"
    merged = _Common(said.entity, {**said.where, **own.where}, {**said.bounds, **own.bounds}, said.period or own.period)
    return f"({_words(part, merged)}{extra})"


def _last(part: Measure, said: _Common) -> str:
    """A part that ends the phrase: bare, unless brackets hold what only it is limited to."""
    own = _Common.of(list(leaves(part)))
    return _part(part, said) if own.conditions(said) else _words(part, said)


def _against(what: str, now: Measure, before: Measure, said: _Common) -> str | None:
    """``growth of X in these days against those``, when nothing but the days differs; else none."""
    late, early = (_Common.of(list(leaves(part))).period for part in (now, before))
    if late is None or early is None or late == early or not _same_but_days(now, before):
        return None
    merged = _Common(said.entity, said.where, said.bounds, late)
    words = _words(now, merged) if isinstance(now, Aggregate | Ratio) else _part(now, merged)
    return f"{what} {words} in {_days(late)} against {_days(early)}"


def _same_but_days(one: Measure, other: Measure) -> bool:
    """Whether two measures with one period each are the same but for it."""
    plain = [rewritten(part, lambda leaf: altered(leaf, period=None)) for part in (one, other)]
    return plain[0] == plain[1]


def _how(measure: Aggregate) -> str:
    return measure.how if measure.q is None else f"{measure.how} {measure.q:g}"


def _inside(measure: Aggregate, said: _Common) -> str:
    name = "rows" if measure.field is None else measure.field
    if said.entity is None:
        name = measure.entity if measure.field is None else f"{measure.entity}.{measure.field}"
    if measure.joined is not None:
        other, _, field = measure.joined.partition(".")
        name += f" for each {other} of the same {field}"
    return name + _Common.of([measure]).conditions(said)


def _among(rate: Rate, said: _Common) -> str:
    """What a rate is a share of, with the condition that rows are taken among."""
    rows = _inside(rate.of, said) if rate.of.field is None else f"distinct {_inside(rate.of, said)}"
    if not rate.given:
        return rows
    return f"{rows}{', ' if ' where ' in rows else ' where '}{_equals(rate.given)}"


def _field(entity: str, field: str, said: _Common) -> str:
    return field if said.entity == entity else f"{entity}.{field}"


def _equals(where: Mapping[str, tuple[str, ...]]) -> str:
    return ", ".join(f"{field} = {' | '.join(values) or 'nothing'}" for field, values in where.items())


def _between(field: str, bound: Bound) -> str:
    low, high = bound
    if low is None:
        return f"{field} < {high:g}"
    return f"{field} >= {low:g}" if high is None else f"{low:g} <= {field} < {high:g}"


def _days(period: Period) -> str:
    return str(period.start) if period.start == period.end else f"{period.start} to {period.end}"
