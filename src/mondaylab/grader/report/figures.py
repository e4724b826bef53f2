"""The figures of a report: typed records, each rate with its count, n and 95 % interval, or "not enough data"."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from statistics import median

from pydantic import Field

from mondaylab.grader.metrics import (
    ClusteredDetection,
    Estimate,
    Proportion,
    Reliance,
    calibration,
    clustered_detection,
    clustered_rate,
    item_of,
    paired_gain,
    reliance,
    signal_detection,
)
from mondaylab.grader.metrics.intervals import rate
from mondaylab.grader.report.groups import nested
from mondaylab.grader.report.rows import Row
from mondaylab.records import Record

Answers = tuple[int, ...]


class ItemFigures(Record):
    """One item, a claim template in one flaw state, that enough people answered."""

    item: str
    """``<template>|<state>``: the key by which the next build knows it."""
    template: str
    state: str
    kind: str
    flawed: bool
    first: Answers
    """Stated probabilities at first look, 0 to 100, sorted: nobody's in particular."""
    check: Answers
    """After checking, likewise."""
    right_first: Proportion
    """On the true side of 50; from 6 answers, as all rates."""
    right_check: Proportion
    rest_correlation: Estimate
    """Whether it goes with the rest of the form; from 30 answers."""

    @property
    def n(self) -> int:
        """Answers."""
        return len(self.check)

    @property
    def first_median(self) -> float:
        """Middle answer at first look."""
        return float(median(self.first))

    @property
    def check_median(self) -> float:
        """Middle answer after checking."""
        return float(median(self.check))


class KindFigures(Record):
    """One kind of flaw over all its items."""

    kind: str
    items: int
    """Items of the kind that it counts."""
    missed_first: Proportion
    """Put below 50 at first look."""
    missed_check: Proportion


class Line(Record):
    """Learners who went the same way, of one error."""

    first: float = Field(ge=0, le=1)
    """Share of their rows in error at first look."""
    check: float = Field(ge=0, le=1)
    learners: int


class TrustFigures(Record):
    """One way to be wrong, before and after checking."""

    first: Proportion
    """Share of rows, n counting rows; the interval knows that rows of one learner go together."""
    check: Proportion
    change: Estimate
    """Mean over learners of their share after checking less their share at first look; from 20 learners."""
    lines: tuple[Line, ...]


class Band(Record):
    """Rows that got a probability of this range after checking."""

    low: float
    high: float
    said: float | None
    """Mean of the stated probabilities, 0 to 1."""
    flawed: Proportion


class Figures(Record):
    """What the answers of one lab say; empty when fewer than five people handed in."""

    learners: int
    """Who handed in the judgement after checking."""
    items: tuple[ItemFigures, ...] = ()
    hidden_items: int = 0
    """Items that too few answered to be shown."""
    kinds: tuple[KindFigures, ...] = ()
    """Most missed first."""
    trusting: TrustFigures | None = None
    """Flawed rows put below 50."""
    doubting: TrustFigures | None = None
    """Sound rows put at 50 or more."""
    gained: Proportion | None = None
    """Put right by checking, of the rows that were wrong at first look."""
    kept: Proportion | None = None
    """Right in the end, of the rows that were right at first look."""
    first_detection: ClusteredDetection | None = None
    """How the class told flawed from sound at first look, and which way it leaned; from 20 learners."""
    check_detection: ClusteredDetection | None = None
    bands: tuple[Band, ...] = ()


def figures(rows: Sequence[Row], *, learners: int) -> Figures:
    """All figures of one lab.

    Args:
        rows: Of those who handed in the judgement after checking.
        learners: How many those are.
    """
    truths = [nested([row for row in rows if row.flawed is flawed], _item, _kind) for flawed in (True, False)]
    flawed, sound = truths
    rest = _rest(rows)
    items = [_item_figures(found, rest) for part in truths for found in part.items.values()]
    counted = (*flawed.total, *sound.total)
    return Figures(
        learners=learners,
        items=tuple(sorted(items, key=lambda one: (not one.flawed, _share(one), one.item))),
        hidden_items=flawed.hidden + sound.hidden,
        kinds=tuple(sorted((_kind_figures(*pair) for pair in flawed.kinds.items()), key=_most_missed)),
        trusting=_trust(flawed.total, lambda told: told.over_reliance),
        doubting=_trust(sound.total, lambda told: told.under_reliance),
        gained=_over(counted, lambda told: told.gained),
        kept=_over(counted, lambda told: told.kept),
        first_detection=_detection(counted, lambda row: row.doubted_first),
        check_detection=_detection(counted, lambda row: row.doubted),
        bands=_bands(counted),
    )


def _item(row: Row) -> str:
    return row.item


def _kind(row: Row) -> str:
    return row.kind


def _share(one: ItemFigures) -> float:
    return one.right_check.count / one.right_check.n


def _most_missed(kind: KindFigures) -> tuple[float, str]:
    return -kind.missed_check.count / kind.missed_check.n, kind.kind


def _rest(rows: Iterable[Row]) -> dict[Row, float]:
    """Row -> the share right among the others of its form; rows without others are left out."""
    forms: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        forms[row.learner].append(row)
    found: dict[Row, float] = {}
    for form in forms.values():
        right = sum(row.right for row in form)
        found |= {row: (right - row.right) / (len(form) - 1) for row in form if len(form) > 1}
    return found


def _item_figures(rows: Sequence[Row], rest: dict[Row, float]) -> ItemFigures:
    one = rows[0]
    placed = [row for row in rows if row in rest]
    figures = item_of([row.right for row in placed], [rest[row] for row in placed])
    return ItemFigures(
        item=one.item,
        template=one.template,
        state=one.state,
        kind=one.kind,
        flawed=one.flawed,
        first=tuple(sorted(row.first for row in rows)),
        check=tuple(sorted(row.check for row in rows)),
        right_first=rate(sum(row.right_first for row in rows), len(rows)),
        right_check=rate(sum(row.right for row in rows), len(rows)),
        rest_correlation=figures.rest_correlation,
    )


def _kind_figures(kind: str, rows: Sequence[Row]) -> KindFigures:
    return KindFigures(
        kind=kind,
        items=len({row.item for row in rows}),
        missed_first=_clustered(rows, lambda row: not row.doubted_first),
        missed_check=_clustered(rows, lambda row: not row.doubted),
    )


def _by_learner(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.learner].append(row)
    return found


def _clustered(rows: Iterable[Row], counts: Callable[[Row], bool]) -> Proportion:
    forms = _by_learner(rows).values()
    return clustered_rate([sum(counts(row) for row in form) for form in forms], [len(form) for form in forms])


def _reliance(rows: Sequence[Row], final: Callable[[Row], bool]) -> Reliance:
    """Of one learner. The AI is right where its statement is sound."""
    return reliance([row.right_first for row in rows], [not row.flawed for row in rows], [final(row) for row in rows])


def _over(rows: Iterable[Row], pick: Callable[[Reliance], Proportion]) -> Proportion:
    """One of the rates of reliance over all learners, from each learner's own counts."""
    own = [pick(_reliance(form, lambda row: row.right)) for form in _by_learner(rows).values()]
    return clustered_rate([one.count for one in own], [one.n for one in own])


def _trust(rows: Sequence[Row], pick: Callable[[Reliance], Proportion]) -> TrustFigures | None:
    if not rows:
        return None
    forms = _by_learner(rows).values()
    before = [pick(_reliance(form, lambda row: row.right_first)) for form in forms]
    after = [pick(_reliance(form, lambda row: row.right)) for form in forms]
    shares = [(one.count / one.n, two.count / two.n) for one, two in zip(before, after, strict=True)]
    return TrustFigures(
        first=clustered_rate([one.count for one in before], [one.n for one in before]),
        check=clustered_rate([one.count for one in after], [one.n for one in after]),
        change=paired_gain([first for first, _ in shares], [check for _, check in shares]).mean,
        lines=tuple(Line(first=a, check=b, learners=many) for (a, b), many in sorted(Counter(shares).items())),
    )


def _detection(rows: Iterable[Row], doubted: Callable[[Row], bool]) -> ClusteredDetection | None:
    forms = _by_learner(rows).values()
    own = [signal_detection([row.flawed for row in form], [doubted(row) for row in form]) for form in forms]
    if not own:
        return None
    hits, alarms = [one.hit_rate for one in own], [one.false_alarm_rate for one in own]
    return clustered_detection(
        [one.count for one in hits], [one.n for one in hits], [one.count for one in alarms], [one.n for one in alarms]
    )


def _bands(rows: Sequence[Row]) -> tuple[Band, ...]:
    """Ten ranges of stated probability; none below the minimum of `calibration`."""
    told = calibration([row.flawed for row in rows], [row.check / 100 for row in rows]).bins
    if all(one.flawed.reason and one.p_mean is None for one in told):
        return ()
    ends = [one.low for one in told[1:]]
    sorted_in: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        sorted_in[bisect_right(ends, row.check / 100 + 1e-9)].append(row)
    return tuple(
        Band(low=one.low, high=one.high, said=one.p_mean, flawed=_clustered(sorted_in[number], lambda row: row.flawed))
        for number, one in enumerate(told)
    )
