"""Flaws: what can be wrong with a claim, and the operators that seed it by working on the claim's measure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field

from mondaylab.errors import Refused
from mondaylab.labs.figures import Figure
from mondaylab.labs.measures import Aggregate, Catalog, Measure, Minus, Ratio, Scaled, rewritten
from mondaylab.labs.shown import FlawGroup, Severity
from mondaylab.records import Record


class Materiality(Record):
    """How a wrong figure's relative error becomes a severity."""

    minor_below: float = Field(gt=0)
    critical_from: float = Field(gt=0)


class OperatorEntry(Record):
    """One operator in ``grader/flaws.yaml``."""

    kinds: tuple[str, ...] = Field(min_length=1)
    severity: Severity | Literal["by_size"]
    says: str


class FlawTable(Record):
    """``grader/flaws.yaml``."""

    groups: tuple[FlawGroup, ...]
    operators: dict[str, OperatorEntry]
    materiality: Materiality

    @classmethod
    def of(cls, folder: Path) -> FlawTable:
        """Reads ``<folder>/flaws.yaml`` and checks that kinds and operators fit together.

        Raises:
            Refused: An operator has no code here, or a kind that no group lists.
        """
        path = folder / "flaws.yaml"
        table = cls.read_yaml(path)
        known = {kind.id for group in table.groups for kind in group.kinds}
        for name, entry in table.operators.items():
            unknown = sorted(set(entry.kinds) - known)
            if unknown:
                raise Refused(f"operator {name!r} has unknown kinds: {', '.join(unknown)}", where=path)
            if name not in FIGURE_OPERATORS and name not in PREDICATE_OPERATORS:
                raise Refused(f"operator {name!r} does not exist", where=path)
        return table

    def entry(self, operator: str) -> OperatorEntry:
        """The operator's entry.

        Raises:
            Refused: The table does not list it.
        """
        if operator not in self.operators:
            raise Refused(f"flaw operator {operator!r} is not listed", where="grader/flaws.yaml")
        return self.operators[operator]

    def group_of(self, operator: str) -> str:
        """The group of the operator's main kind."""
        main = self.entry(operator).kinds[0]
        return next(group.id for group in self.groups if main in {kind.id for kind in group.kinds})

    def severity(self, operator: str, *, truth: float | None = None, stated: float | None = None) -> Severity:
        """How bad this flaw is; a figure's follows the size of its relative error."""
        rule = self.entry(operator).severity
        if rule != "by_size":
            return rule
        if truth is None or stated is None:
            raise Refused(f"the severity of {operator!r} needs both values")
        error = abs(stated - truth) / abs(truth) if truth else float("inf")
        if error < self.materiality.minor_below:
            return "minor"
        return "critical" if error >= self.materiality.critical_from else "material"


class Ground:
    """What operators may look at to find a plausible neighbour: the data and its reporting weeks."""

    def __init__(self, catalog: Catalog, weeks: list[date]) -> None:
        self.catalog = catalog
        self.weeks = weeks


FigureOperator = Callable[[Figure, Ground], Iterator[Measure]]


def wrong_period(figure: Figure, ground: Ground) -> Iterator[Measure]:
    """The same figure one to three weeks off; for a change, also against another week than the one before."""
    if figure.week is None:
        return
    for days in (-7, 7, -14, 14, -21):
        week = figure.week + timedelta(days=days)
        if week in ground.weeks[1:]:
            yield figure.with_(week=week).measure()
    if figure.view in ("growth", "points"):
        for weeks_back in (2, 3):
            if figure.week - timedelta(days=7 * weeks_back) in ground.weeks:
                yield figure.with_(before=7 * weeks_back).measure()


def wrong_filter(figure: Figure, ground: Ground) -> Iterator[Measure]:
    """Cancelled and other excluded rows let in, or the neighbour's rows taken for these."""
    yield rewritten(figure.measure(), lambda part: part.model_copy(update={"where": _without_fixed(part, figure)}))
    for field, member in figure.cut.items():
        for other in ground.catalog.members(figure.entity, field):
            if other != member:
                yield figure.with_(cut={**figure.cut, field: other}).measure()


def wrong_aggregate(figure: Figure, ground: Ground) -> Iterator[Measure]:
    """The median for the mean, the mean for the median."""
    swap = {"mean": "median", "median": "mean"}
    base = rewritten(figure.base, lambda part: part.model_copy(update={"how": swap.get(part.how, part.how)}))
    if base != figure.base:
        yield figure.with_(base=base).measure()


def wrong_grain(figure: Figure, ground: Ground) -> Iterator[Measure]:
    """Rows counted where distinct things were meant: what a join to lines does to a count of orders."""

    def all_rows(part: Aggregate) -> Measure:
        return part.model_copy(update={"how": "count", "field": None}) if part.how == "distinct" else part

    base = rewritten(figure.base, all_rows)
    if base != figure.base:
        yield figure.with_(base=base).measure()


def wrong_denominator(figure: Figure, ground: Ground) -> Iterator[Measure]:
    """A share of the whole company instead of its own group, or a margin over cost instead of over sales."""
    if figure.view == "share":
        part = figure.with_(view="plain").measure()
        yield Ratio(top=part, bottom=figure.with_(view="plain", cut={}).measure())
        compared, member = next(iter(figure.cut.items()))
        yield Ratio(top=part, bottom=figure.with_(view="plain", cut={compared: member}).measure())
    base = figure.base
    if isinstance(base, Ratio) and isinstance(base.top, Minus) and base.bottom == base.top.left:
        yield figure.with_(base=Ratio(top=base.top, bottom=base.top.right)).measure()


def wrong_unit(figure: Figure, ground: Ground) -> Iterator[Measure]:
    """A relative change given as percentage points, and the other way round."""
    if figure.view == "points":
        yield figure.with_(view="growth").measure()
    elif figure.view == "growth" and isinstance(figure.base, Ratio):
        yield figure.with_(view="points").measure()


def wrong_sign(figure: Figure, ground: Ground) -> Iterator[Measure]:
    """A rise told as a fall, a fall as a rise."""
    if figure.view in ("growth", "points"):
        yield Scaled(of=figure.measure(), factor=-1.0)


FIGURE_OPERATORS: dict[str, FigureOperator] = {
    "wrong_period": wrong_period,
    "wrong_filter": wrong_filter,
    "wrong_aggregate": wrong_aggregate,
    "wrong_grain": wrong_grain,
    "wrong_denominator": wrong_denominator,
    "wrong_unit": wrong_unit,
    "wrong_sign": wrong_sign,
}
PREDICATE_OPERATORS = ("unsupported_cause", "policy_breach", "fabricated_source", "omitted_fact")


def _without_fixed(part: Aggregate, figure: Figure) -> dict[str, tuple[str, ...]]:
    return {field: values for field, values in part.where.items() if field in figure.cut}
