"""What learners gained between two measurements of the same people."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from mondaylab.grader.metrics.checks import Floats, columns, complete
from mondaylab.grader.metrics.estimate import Estimate, Reason
from mondaylab.grader.metrics.intervals import bca
from mondaylab.records import Record

MIN_PAIRS = 20
"""Fewest learners of a gain."""


class Gain(Record):
    """Post less pre, learner by learner."""

    mean: Estimate
    """Mean difference, in the unit of the scores; n: learners."""
    d_z: Estimate
    """Mean difference over the standard deviation of the differences, Hedges-corrected; n: learners."""


def paired_gain(pre: ArrayLike, post: ArrayLike) -> Gain:
    """The mean gain and the standardized gain d_z of learners measured twice.

    J. Cohen, "Statistical power analysis for the behavioral sciences" (2nd ed., 1988), section 2.3.5 (d_z); L. V.
    Hedges, "Distribution theory for Glass's estimator of effect size and related estimators", Journal of Educational
    Statistics 6 (1981), 107-128 (the factor J against small-sample bias, exact, n - 1 degrees of freedom). Intervals:
    `bca`, whole learners drawn again, from 20, where they hold the truth 92 % of the time, from 100 some 94 %.

    Args:
        pre: Learner -> first score.
        post: Learner -> second score, same learners, same order, same unit.

    Raises:
        Refused: Unequal lengths.
    """
    before, after = columns("paired gain", pre, post)
    n = complete(before, after)
    reason: Reason | None = None
    if n < len(before):
        reason = "missing values"
    elif n < MIN_PAIRS:
        reason = "too few"
    elif np.ptp(after - before) <= 1e-12 * max(1.0, float(np.abs(after - before).max())):
        reason = "all equal"
    if reason is not None:
        none = Estimate.missing(n, reason)
        return Gain(mean=none, d_z=none)
    gain, unbiased = after - before, hedges(n - 1)

    def mean(weights: Floats) -> Floats:
        return np.asarray((weights @ gain) / weights.sum(axis=1))

    def standardized(weights: Floats) -> Floats:
        size, centred = (
            weights.sum(axis=1),
            gain - gain.mean(),
        )  # centred, so that a small spread is not lost in squares
        shift = (weights @ centred) / size
        square = (weights @ centred**2 - size * shift**2) / (size - 1)
        return np.asarray(unbiased * (gain.mean() + shift) / np.sqrt(np.where(square > 0, square, np.nan)))

    return Gain(mean=Estimate.of(*bca(mean, n), n), d_z=Estimate.of(*bca(standardized, n), n))


def hedges(degrees: int) -> float:
    """Hedges' J, < 1: Gamma(m / 2) / (sqrt(m / 2) Gamma((m - 1) / 2)) for m degrees of freedom, m >= 2."""
    logarithm = special.gammaln(degrees / 2) - special.gammaln((degrees - 1) / 2) - np.log(degrees / 2) / 2
    return float(np.exp(logarithm))
