"""Geometry of the feedback page's charts: where marks go, as plain numbers; the template draws them.

Every chart comes in two widths and is never scaled down. Under `FEW` rows in a band there are words, no mark.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from mondaylab.grader.metrics.intervals import wilson

FEW = 4
"""Rows that a band needs before a share of it says anything."""
CURVE_FROM = 60
"""Rows from which on a calibration curve would say anything."""
_Z90 = 1.6448536269514722
_BANDS = ((0, 33, "Unlikely"), (34, 66, "In between"), (67, 100, "Likely"))


def share_limits(hits: int, n: int) -> tuple[float, float]:
    """The 90 % interval of a share, by `wilson`; (0, 1) for n = 0."""
    if n == 0:
        return 0.0, 1.0
    low, high = wilson(hits, n, z=_Z90)
    return float(low), float(high)


@dataclass(frozen=True)
class Strip:
    """One row's probabilities on a line from 0 to 100; x in pixels of a 220 x 36 drawing."""

    first: int | None
    check: int | None

    @property
    def first_x(self) -> float:
        """Centre of the first-look mark."""
        return 12 + 1.96 * (self.first or 0)

    @property
    def check_x(self) -> float:
        """Centre of the mark after checking."""
        return 12 + 1.96 * (self.check or 0)

    @property
    def label_first(self) -> bool:
        """Whether the first look's number has room beside the other."""
        return self.first is not None and (self.check is None or abs(self.first_x - self.check_x) >= 38)

    @property
    def words(self) -> str:
        """For those who do not see it."""
        first = "no first look" if self.first is None else f"first look {self.first} percent"
        check = (
            "no answer after checking" if self.check is None else f"after checking {self.check} percent likely wrong"
        )
        return f"{first}, {check}"


@dataclass(frozen=True)
class Dot:
    """One row in the dot chart."""

    x: float
    y: float
    flawed: bool


@dataclass(frozen=True)
class Band:
    """Rows that got an unlikely, in-between or likely probability."""

    label: str
    low: int
    high: int
    n: int
    flawed: int
    said: float
    """Mean probability said, 0 to 1."""
    interval: tuple[float, float]

    @property
    def enough(self) -> bool:
        """Whether there are enough rows for a mark."""
        return self.n >= FEW

    @property
    def fits(self) -> bool:
        """Whether what was said lies inside the interval of what was so."""
        return self.interval[0] <= self.said <= self.interval[1]


@dataclass(frozen=True)
class Calibration:
    """Dots and bands, drawn at one width."""

    width: int
    height: int
    left: int
    base: tuple[float, float]
    """Floor of the flawed and of the sound dots."""
    dots: tuple[Dot, ...]
    bands: tuple[Band, ...]

    def x(self, share: float) -> float:
        """Pixels of a share from 0 to 1."""
        return self.left + share * (self.width - self.left - 16)


def bands(rows: Sequence[tuple[int, bool]]) -> tuple[Band, ...]:
    """Sorts (probability 0-100, flawed) into the three bands."""
    result = []
    for low, high, label in _BANDS:
        inside = [(p, wrong) for p, wrong in rows if low <= p <= high]
        flawed = sum(wrong for _, wrong in inside)
        said = math.fsum(p for p, _ in inside) / len(inside) / 100 if inside else 0.0
        result.append(Band(label, low, high, len(inside), flawed, said, share_limits(flawed, len(inside))))
    return tuple(result)


def calibration(rows: Sequence[tuple[int, bool]], width: int) -> Calibration:
    """Places every row at its probability, stacked where several share a place.

    Args:
        rows: (probability 0-100, flawed) after checking.
        width: Pixels.
    """
    left = 84
    step = 13
    chart = Calibration(width, 0, left, (0, 0), (), ())
    stacks: dict[tuple[bool, int], int] = {}
    placed: list[tuple[float, int, bool]] = []
    for p, flawed in sorted(rows):
        place = round(p / 5)
        level = stacks.get((flawed, place), 0)
        stacks[flawed, place] = level + 1
        placed.append((chart.x(place / 20), level, flawed))
    tall = {
        kind: max([level for (wrong, _), level in stacks.items() if wrong is kind], default=1) for kind in (True, False)
    }
    upper = 30 + step * tall[True]
    lower = upper + 14 + step * tall[False]
    dots = tuple(Dot(x, (upper if wrong else lower) - 8 - step * level, wrong) for x, level, wrong in placed)
    return Calibration(width, round(lower + 26), left, (upper, lower), dots, bands(rows))


@dataclass(frozen=True)
class Trade:
    """Flaws caught against sound rows doubted, at first look and after checking, drawn at one width."""

    width: int
    height: int
    caught: tuple[int, int]
    """At first look, after checking."""
    doubted: tuple[int, int]
    flawed: int
    sound: int
    has_first: bool

    @property
    def points(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Pixels of the two marks."""
        first, check = (
            (self.x(doubted / max(1, self.sound)), self.y(caught / max(1, self.flawed)))
            for caught, doubted in zip(self.caught, self.doubted, strict=True)
        )
        return first, check

    @property
    def cross(self) -> tuple[float, float, float, float]:
        """The 90 % intervals after checking: x from, x to, y from, y to."""
        across = share_limits(self.doubted[1], self.sound)
        up = share_limits(self.caught[1], self.flawed)
        return self.x(across[0]), self.x(across[1]), self.y(up[0]), self.y(up[1])

    def x(self, share: float) -> float:
        """Pixels of a share of sound rows."""
        return 50 + share * (self.width - 64)

    def y(self, share: float) -> float:
        """Pixels of a share of flawed rows."""
        return self.height - 44 - share * (self.height - 62)
