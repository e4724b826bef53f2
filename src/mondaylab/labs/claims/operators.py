"""Flaw operators on figures: each changes what is measured, never the text, and gives neighbours from data."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import cache

from mondaylab.extensions import extensions
from mondaylab.labs.claims.company_data import CompanyData, value_or_none
from mondaylab.labs.claims.figures import Figure
from mondaylab.measures import Aggregate, Measure, Minus, Ratio, Scaled, rewritten

NEIGHBOURS = 12
"""How many other members a wrong filter tries."""
FigureOperator = Callable[[Figure, CompanyData], Iterator[Measure]]


def wrong_period(figure: Figure, data: CompanyData) -> Iterator[Measure]:
    """The same figure one to three weeks off; for a change, also against another week than the one before."""
    if figure.week is None:
        return
    for days in (-7, 7, -14, 14, -21):
        week = figure.week + timedelta(days=days)
        if week in data.weeks[1:]:
            yield figure.with_(week=week).measure()
    if figure.view in ("growth", "points"):
        for weeks_back in (2, 3):
            if figure.week - timedelta(days=7 * weeks_back) in data.weeks:
                yield figure.with_(before=7 * weeks_back).measure()


def wrong_filter(figure: Figure, data: CompanyData) -> Iterator[Measure]:
    """Cancelled and other excluded rows let in, or the neighbour's rows taken for these."""
    yield rewritten(figure.measure(), lambda part: part.model_copy(update={"where": _without_fixed(part, figure)}))
    for field, member in figure.cut.items():
        for other in _neighbours(data.catalog.members(figure.entity, field), member):
            yield figure.with_(cut={**figure.cut, field: other}).measure()


def wrong_aggregate(figure: Figure, data: CompanyData) -> Iterator[Measure]:
    """The median for the mean, the mean for the median."""
    swap = {"mean": "median", "median": "mean"}
    base = rewritten(figure.base, lambda part: part.model_copy(update={"how": swap.get(part.how, part.how)}))
    if base != figure.base:
        yield figure.with_(base=base).measure()


def wrong_grain(figure: Figure, data: CompanyData) -> Iterator[Measure]:
    """Rows counted where distinct things were meant: what a join to lines does to a count of orders."""

    def all_rows(part: Aggregate) -> Measure:
        return part.model_copy(update={"how": "count", "field": None}) if part.how == "distinct" else part

    base = rewritten(figure.base, all_rows)
    if base != figure.base:
        yield figure.with_(base=base).measure()


def fan_out(figure: Figure, data: CompanyData) -> Iterator[Measure]:
    """Rows counted once for each match of a join that multiplies them."""
    if figure.across is not None:
        joined = {"joined": figure.across}
        yield figure.with_(base=rewritten(figure.base, lambda part: part.model_copy(update=joined))).measure()


def wrong_denominator(figure: Figure, data: CompanyData) -> Iterator[Measure]:
    """A share of the whole company instead of its own group, or a margin over cost instead of over sales."""
    if figure.view == "share":
        part = figure.with_(view="plain").measure()
        yield Ratio(top=part, bottom=figure.with_(view="plain", cut={}).measure())
        compared, member = next(iter(figure.cut.items()))
        yield Ratio(top=part, bottom=figure.with_(view="plain", cut={compared: member}).measure())
    base = figure.base
    if isinstance(base, Ratio) and isinstance(base.top, Minus) and base.bottom == base.top.left:
        yield figure.with_(base=Ratio(top=base.top, bottom=base.top.right)).measure()


def wrong_unit(figure: Figure, data: CompanyData) -> Iterator[Measure]:
    """A relative change given as percentage points, and the other way round."""
    if figure.view == "points":
        yield figure.with_(view="growth").measure()
    elif figure.view == "growth" and isinstance(figure.base, Ratio):
        yield figure.with_(view="points").measure()


def wrong_sign(figure: Figure, data: CompanyData) -> Iterator[Measure]:
    """A rise told as a fall, a fall as a rise."""
    if figure.view in ("growth", "points"):
        yield Scaled(of=figure.measure(), factor=-1.0)


def wrong_scale(figure: Figure, data: CompanyData) -> Iterator[Measure]:
    """A zero too many or too few: thousands read as units, a monthly figure as a yearly one."""
    if figure.view == "plain":
        yield Scaled(of=figure.measure(), factor=10.0)
        yield Scaled(of=figure.measure(), factor=0.1)


def inverted_condition(figure: Figure, data: CompanyData) -> Iterator[Measure]:
    """The share of A among B told as the share of B among A: the base rate is forgotten."""
    if isinstance(figure.base, Ratio) and figure.cut and figure.view == "plain":
        everybody = Figure(figure.base.top, "plain", {}, figure.week).measure()
        yield Ratio(top=figure.with_(base=figure.base.top).measure(), bottom=everybody)


def stale_values(figure: Figure, data: CompanyData) -> list[float]:
    """The same figure a quarter ago: same week of the quarter, last quarter's data. Empty without that data."""
    if data.previous is None:
        return []
    if figure.week is None:
        then = figure
    else:
        place = data.weeks.index(figure.week)
        if place == 0 or place >= len(data.previous_weeks):
            return []
        then = figure.with_(week=data.previous_weeks[place])
    value = value_or_none(data.previous, then.measure())
    return [] if value is None else [value]


_BUILT_IN: dict[str, FigureOperator] = {
    "wrong_period": wrong_period,
    "wrong_filter": wrong_filter,
    "wrong_aggregate": wrong_aggregate,
    "wrong_grain": wrong_grain,
    "fan_out": fan_out,
    "wrong_denominator": wrong_denominator,
    "wrong_unit": wrong_unit,
    "wrong_sign": wrong_sign,
    "wrong_scale": wrong_scale,
    "inverted_condition": inverted_condition,
}


@cache
def figure_operators() -> Mapping[str, FigureOperator]:
    """Operator -> what it makes of a figure: ours, then those of installed packages.

    ``stale`` stands apart: its values come from other data.

    Raises:
        Refused: A package's operator has the name of another, or is no function.
    """
    brought = extensions("mondaylab.operators", _wrong_operator, taken=_BUILT_IN)
    return {**_BUILT_IN, **brought}


def _wrong_operator(name: str, found: object) -> str | None:
    return None if inspect.isfunction(found) else "no function of a figure and the company data"


def _neighbours(members: list[str], member: str) -> list[str]:
    """Other members; of very many (records, say) the next ones in order, round the end."""
    place = members.index(member) if member in members else 0
    return [*members[place + 1 :], *members[:place]][:NEIGHBOURS]


def _without_fixed(part: Aggregate, figure: Figure) -> dict[str, tuple[str, ...]]:
    return {field: values for field, values in part.where.items() if field in figure.cut}
