"""Geometry of the report's charts, in pixels; the template draws them. Each fits a phone, and none is scaled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mondaylab.grader.metrics import Estimate, Proportion
from mondaylab.grader.report.figures import Band, TrustFigures

STRIP = 320
TALLEST = 12
"""Marks in a stack; above, bars stand for people."""
_STEP = 7.2
_BAR = 90
_TO, _MINUS = "\u2013", "\u2212"


@dataclass(frozen=True)
class Stack:
    """People who gave about the same answer."""

    x: float
    many: int


@dataclass(frozen=True)
class Strip:
    """One item's answers on a line from 0 to 100, stacked where several share a place of five points."""

    stacks: tuple[Stack, ...]
    height: int
    bars: bool
    """Whether stacks are bars, because there are too many for marks."""
    median: float
    """Pixels of the first look's middle answer."""
    step: float

    @property
    def base(self) -> float:
        """Pixels of the line that they stand on."""
        return self.height - 9

    @property
    def marks(self) -> list[tuple[float, float]]:
        """Centres of the marks."""
        return [(stack.x, self.base - 5 - self.step * level) for stack in self.stacks for level in range(stack.many)]


def place(p: float) -> float:
    """Pixels of a probability of 0 to 100 on a strip."""
    return round(8 + (STRIP - 16) * p / 100, 1)


def strip(check: Sequence[int], first_median: float) -> Strip:
    """Draws the answers after checking, and the middle answer at first look."""
    found = Counter(5 * round(p / 5) for p in check)
    tallest = max(found.values(), default=1)
    bars = tallest > TALLEST
    step = _BAR / tallest if bars else _STEP
    return Strip(
        stacks=tuple(Stack(place(p), many) for p, many in sorted(found.items())),
        height=round(step * tallest + 16),
        bars=bars,
        median=place(first_median),
        step=step,
    )


@dataclass(frozen=True)
class Scale:
    """A line for shares from `low` to `high`."""

    width: int
    low: float
    high: float

    def x(self, value: float) -> float:
        """Pixels of a value."""
        return round(8 + (self.width - 16) * (value - self.low) / (self.high - self.low), 1)


SHARES = Scale(176, 0, 1)
CORRELATIONS = Scale(120, -1, 1)


@dataclass(frozen=True)
class Slope:
    """One error before and after checking."""

    trust: TrustFigures
    top: float
    """Share at the upper end, 0.25 to 1."""
    width: int = 326
    height: int = 214

    @property
    def ticks(self) -> tuple[float, float, float]:
        """Shares with a line."""
        return 0, self.top / 2, self.top

    @property
    def ends(self) -> tuple[int, int]:
        """Pixels across of first look and after checking."""
        return 108, self.width - 66

    def y(self, share: float) -> float:
        """Pixels down of a share."""
        return round(self.height - 30 - (self.height - 46) * share / self.top, 1)

    def thick(self, learners: int) -> float:
        """Width of a line of several learners."""
        return min(1 + 0.9 * (learners - 1), 7)


def slope(trust: TrustFigures) -> Slope:
    """Draws it on a scale that its longest part fills."""
    seen = [end for line in trust.lines for end in (line.first, line.check)]
    seen += [one.high for one in (trust.first, trust.check) if one.high is not None]
    return Slope(trust, next(top for top in (0.25, 0.5, 1.0) if max(seen) <= top))


@dataclass(frozen=True)
class Reliability:
    """Said against so."""

    bands: tuple[Band, ...]
    width: int = 326
    height: int = 290

    def x(self, share: float) -> float:
        """Pixels across of what was said."""
        return round(44 + (self.width - 60) * share, 1)

    def y(self, share: float) -> float:
        """Pixels down of what was so."""
        return round(self.height - 44 - (self.height - 56) * share, 1)

    @property
    def marked(self) -> tuple[Band, ...]:
        """Bands with enough rows."""
        return tuple(band for band in self.bands if band.flawed.enough)


def percent(share: float) -> str:
    """``67%``."""
    return f"{100 * share:.0f}%"


def interval(one: Estimate | Proportion) -> str:
    """``60-92%``, with a dash; nothing where there is no figure."""
    return "" if one.low is None or one.high is None else f"{100 * one.low:.0f}{_TO}{100 * one.high:.0f}%"


def points(share: float) -> str:
    """A difference of shares in points: ``-29``, ``+3``, ``0``, with a true minus sign."""
    whole = round(100 * share)
    return f"{whole:+d}".replace("-", _MINUS) if whole else "0"


def signed(value: float) -> str:
    """A correlation with its sign: ``+0.35``, ``-0.10``, with a true minus sign."""
    return f"{value:+.2f}".replace("-", _MINUS)
