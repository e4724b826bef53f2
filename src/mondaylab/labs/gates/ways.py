"""The gate on ways: which of two ways a claim goes (rose or fell, this cause or that) does not tell if it is flawed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import hypot

import numpy as np
from scipy.stats import binomtest

from mondaylab.labs.gates.report import Gate
from mondaylab.labs.gates.sample import Sample
from mondaylab.labs.gates.skill import Estimate

MAX_LEAN = 0.10
"""A kind fails when the share of its claims that are flawed differs by surely more than this from one way to the other:
when the lower limit of the difference lies above it. Too few forms fail `giveaway`."""
CONFIDENCE = 0.95
"""Of the intervals of all kinds of claims together."""


@dataclass(frozen=True)
class Lean:
    """One kind of claim: how much more often it is flawed when it goes the one way.

    Attributes:
        template: Its id.
        flawed: Flawed claims of either way, that which is flawed more often first.
        n: All claims of either way.
        difference: Of the two shares, in [0, 1], with its interval, in [-1, 1].
    """

    template: str
    flawed: tuple[int, int]
    n: tuple[int, int]
    difference: Estimate


def ways_gate(sample: Sample) -> Gate:
    """Holds the kind of claim that leans most against `MAX_LEAN`.

    A coin decides the way of a claim before the data is looked at; but where the data knows one way only, or one far
    more often, draws of the other fail, and what is left tells. Guessing strategies see that only when many claims do.
    """
    leans = leans_of(sample)
    if not leans:
        said = "No claim goes one of two ways."
        return Gate(name="ways", passed=True, bound=MAX_LEAN, n=0, said=said)
    worst = max(leans, key=lambda lean: (lean.difference.low, lean.difference.value))
    more, less = (flawed / n for flawed, n in zip(worst.flawed, worst.n, strict=True))
    passed = worst.difference.low <= MAX_LEAN
    said = (
        f"{worst.template} leans most: going one way it is flawed in {more:.0%} of {worst.n[0]}, going the other in "
        f"{less:.0%} of {worst.n[1]}; surely {max(worst.difference.low, 0.0):.0%} apart (allowed: {MAX_LEAN:.0%})."
    )
    if not passed:
        said += " Next: give it slices or flaws of the way that the data seldom goes, or a limit that it lies around."
    return Gate(
        name="ways",
        passed=passed,
        value=worst.difference.value,
        low=worst.difference.low,
        high=worst.difference.high,
        bound=MAX_LEAN,
        n=sum(sum(lean.n) for lean in leans),
        said=said,
    )


def leans_of(sample: Sample) -> list[Lean]:
    """Every kind of claim that was seen going both ways."""
    ways = np.array([-1 if row.way is None else int(row.way) for row in sample.rows])
    seen: list[tuple[str, list[tuple[int, int]]]] = []
    for template in sorted({row.key.template for row in sample.rows}):
        of_it = np.array([row.key.template == template for row in sample.rows])
        both = [_counted(sample.flawed[of_it & (ways == way)]) for way in (0, 1)]
        if all(n for _, n in both):
            seen.append((template, sorted(both, key=lambda one: -one[0] / one[1])))
    level = 1 - (1 - CONFIDENCE) / max(1, len(seen))
    return [Lean(name, *_columns(both), difference(both[0], both[1], level)) for name, both in seen]


def difference(more: tuple[int, int], less: tuple[int, int], level: float) -> Estimate:
    """The difference of two shares.

    R. G. Newcombe, "Interval estimation for the difference between independent proportions", Statistics in Medicine 17
    (1998), 873-890, method 10: from the Wilson limits of either.

    Args:
        more: Flawed, and all.
        less: The same of what it is compared with.
        level: Confidence, in (0, 1).
    """
    (p, low, high), (q, under, over) = (_share(*one, level) for one in (more, less))
    return Estimate(p - q, p - q - hypot(p - low, over - q), p - q + hypot(high - p, q - under))


def _share(flawed: int, n: int, level: float) -> tuple[float, float, float]:
    limits = binomtest(flawed, n).proportion_ci(level, method="wilson")
    return flawed / n, float(limits.low), float(limits.high)


def _counted(flawed: Iterable[bool]) -> tuple[int, int]:
    flags = list(flawed)
    return sum(map(int, flags)), len(flags)


def _columns(both: list[tuple[int, int]]) -> tuple[tuple[int, int], tuple[int, int]]:
    (a, b), (c, d) = both
    return (a, c), (b, d)
