"""What a checker is worth: how much more often it flags the wrong than the sound."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mondaylab.errors import Refused
from mondaylab.grader.metrics.checks import Floats
from mondaylab.grader.metrics.estimate import Estimate
from mondaylab.grader.metrics.intervals import MIN_RATE, recovered, wilson


def youden(hits: int, flawed: int, alarms: int, sound: int) -> Estimate:
    """J = hit rate - false-alarm rate, in [-1, 1]; 0: it flags flawed and sound rows alike; n: all rows.

    W. J. Youden, "Index for rating diagnostic tests", Cancer 3 (1950), 32-35. Interval: `difference_limits`, from 6
    rows of each class. A J of 1 is given, with the room for doubt that so few rows leave: no correction makes it.

    Args:
        hits: Flawed rows that were flagged.
        flawed: Flawed rows.
        alarms: Sound rows that were flagged.
        sound: Sound rows.

    Raises:
        Refused: A count lies outside 0 and its total.
    """
    if not 0 <= hits <= flawed or not 0 <= alarms <= sound:
        raise Refused(f"{hits} of {flawed} and {alarms} of {sound}", where="Youden's J")
    n = flawed + sound
    if n and not (flawed and sound):
        return Estimate.missing(n, "one class")
    if min(flawed, sound) < MIN_RATE:
        return Estimate.missing(n, "too few")
    low, high = difference_limits(hits, flawed, alarms, sound)
    return Estimate.of(hits / flawed - alarms / sound, float(low), float(high), n)


def difference_limits(count: ArrayLike, n: ArrayLike, other: ArrayLike, m: ArrayLike) -> tuple[Floats, Floats]:
    """Limits of the difference of two independent rates, `count` / `n` - `other` / `m`, in [-1, 1].

    The hybrid score interval: R. G. Newcombe, "Interval estimation for the difference between independent proportions:
    comparison of eleven methods", Statistics in Medicine 17 (1998), 873-890, method 10; it recovers the limits of the
    difference from the Wilson limits of both.

    Args:
        count: Successes, 0 to `n`.
        n: Trials, > 0.
        other: Successes of the other rate, 0 to `m`.
        m: Its trials, > 0.
    """
    k, size, k_other, size_other = (np.asarray(one, dtype=np.float64) for one in (count, n, other, m))
    first, second = k / size, k_other / size_other
    low, high = recovered(first - second, wilson(k_other, size_other), wilson(k, size), first, second)
    return np.maximum(low, -1.0), np.minimum(high, 1.0)
