"""The 95 % intervals of every figure, on arrays: a simulation runs the very code that a report runs.

Chosen by simulated coverage (tests/unit/grader/metrics/test_coverage.py), not by habit. Sources, by function.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from mondaylab.grader.metrics.estimate import Proportion

Floats = NDArray[np.float64]
Limits = tuple[Floats, Floats]

Z = float(special.ndtri(0.975))
MIN_RATE = 6
"""Fewest rows of a rate. A form of 12 rows has about four flaws: no rate; one of 20 has about seven."""
REPLICATIONS = 2000
_SEED = 20261201
_SKEW = 0.7
"""Part of the sample skewness that `skewed_mean` corrects for. Below 60 rows the sample's own is too noisy to be taken
whole: 1 covers over 97 % for trusting answers, 0 (Student's t) 90 % for careful ones, 0.7 all in 93-97 %, from 40."""
_GROUPS = 200
_CHUNK = 200


def wilson(count: ArrayLike, n: ArrayLike, *, z: float = Z) -> Limits:
    """Limits of a binomial rate, in [0, 1].

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927), 209-212; best
    at small n in L. D. Brown, T. T. Cai, A. DasGupta, "Interval estimation for a binomial proportion", Statistical
    Science 16 (2001), 101-133.

    Over the numbers of flaws of forms it covers 94.5-96.5 %; at one small n it jumps with p (n 6: 89.5 at worst).

    Args:
        count: Successes, 0 to n.
        n: Trials, > 0, broadcast against `count`.
        z: Normal quantile of the level; of 95 % if not given.
    """
    k, size = np.asarray(count, dtype=np.float64), np.asarray(n, dtype=np.float64)
    p, scale = k / size, 1.0 + z**2 / size
    centre = (p + z**2 / (2 * size)) / scale
    half = z / scale * np.sqrt(p * (1 - p) / size + z**2 / (4 * size**2))
    return np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)


def beta_limits(count: ArrayLike, n: ArrayLike) -> Limits:
    """Limits of a binomial rate under a uniform prior, strictly inside (0, 1), so that they have a normal quantile.

    Bayes and Laplace; see A. Agresti, "Categorical data analysis" (3rd ed., 2013), section 1.6.
    """
    k, size = np.asarray(count, dtype=np.float64), np.asarray(n, dtype=np.float64)
    return special.betaincinv(k + 1, size - k + 1, 0.025), special.betaincinv(k + 1, size - k + 1, 0.975)


def rate(count: int, n: int, *, minimum: int = MIN_RATE) -> Proportion:
    """`count` of `n` as a rate with its Wilson interval; not enough data below `minimum`."""
    if n < minimum:
        return Proportion(n=n, count=count, reason="too few")
    low, high = wilson(count, n)
    return Proportion(
        value=count / n, low=min(float(low), count / n), high=max(float(high), count / n), n=n, count=count
    )


def skewed_mean(values: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean of the last axis, limits corrected for skewness: losses of careful people are mostly near 0, a few near 1.

    P. Hall, "On the removal of skewness by transformation", JRSS B 54 (1992), 221-228 (the monotone cubic), with
    Student's t quantile and the skewness shrunk by 0.7.

    Args:
        values: (..., n), n >= 3.

    Returns:
        Mean, low, high, each (...); where nothing varies, low and high are the mean.
    """
    n = values.shape[-1]
    mean, spread = values.mean(axis=-1), values.std(axis=-1, ddof=1)
    centred = values - mean[..., None]
    width = np.sqrt((centred**2).mean(axis=-1))
    safe = np.where(width > 0, width, 1.0)
    skew = _SKEW * (centred**3).mean(axis=-1) / safe**3
    quantile = float(special.stdtrit(n - 1, 0.975))

    def back(t: float) -> Floats:
        x = t / np.sqrt(n) - skew / (6 * n)
        steep = np.where(np.abs(skew) > 1e-8, skew, 1.0)
        return np.asarray(np.where(np.abs(skew) > 1e-8, 3 / steep * (np.cbrt(1 + steep * x) - 1), x))

    return mean, mean - spread * back(quantile), mean - spread * back(-quantile)


def recovered(value: Floats, minus: Limits, plus: Limits, first: Floats, second: Floats) -> Limits:
    """Limits of `first - second` from the limits of each (method of variance estimates recovery).

    G. Y. Zou, A. Donner, "Construction of confidence limits about effect measures: a general approach", Statistics in
    Medicine 27 (2008), 1693-1702.

    Args:
        value: first - second.
        minus: Limits of `second`.
        plus: Limits of `first`.
        first: The minuend.
        second: The subtrahend.
    """
    low = value - np.sqrt((first - plus[0]) ** 2 + (minus[1] - second) ** 2)
    high = value + np.sqrt((plus[1] - first) ** 2 + (second - minus[0]) ** 2)
    return low, high


def bca(statistic: Callable[[Floats], Floats], n: int) -> tuple[float, float, float]:
    """A statistic of weighted rows and its bias-corrected and accelerated bootstrap limits (fixed seed, 2,000 samples).

    B. Efron, "Better bootstrap confidence intervals", JASA 82 (1987), 171-185; above 200 rows the acceleration comes
    from leaving out groups of rows.

    Args:
        statistic: (samples, n) non-negative weights -> (samples,) values; a NaN sample is left out.
        n: Rows, >= 2.

    Returns:
        The statistic of all rows with weight 1, low, high.
    """
    rng = np.random.default_rng(_SEED)
    value = float(statistic(np.ones((1, n)))[0])
    samples = np.concatenate([statistic(_resampled(rng, n)) for _ in range(REPLICATIONS // _CHUNK)])
    samples = np.sort(samples[np.isfinite(samples)])
    if len(samples) == 0:
        return value, value, value
    groups = np.arange(n) % min(n, _GROUPS)
    left = statistic((groups[None, :] != np.arange(groups.max() + 1)[:, None]).astype(np.float64))
    left = left[np.isfinite(left)]
    pull = left.mean() - left if len(left) else np.zeros(1)
    total = float((pull**2).sum())
    acceleration = float((pull**3).sum()) / (6 * total**1.5) if total > 0 else 0.0
    below = ((samples < value).mean() + (samples <= value).mean()) / 2
    shift = float(special.ndtri(np.clip(below, 1 / (len(samples) + 1), len(samples) / (len(samples) + 1))))
    ends = [shift + (shift + z) / (1 - acceleration * (shift + z)) for z in (-Z, Z)]
    low, high = np.quantile(samples, special.ndtr(ends))
    return value, min(float(low), value), max(float(high), value)


def _resampled(rng: np.random.Generator, n: int) -> Floats:
    """(samples, n): how often each row is in the sample."""
    drawn = rng.integers(0, n, size=(_CHUNK, n)) + np.arange(_CHUNK)[:, None] * n
    return np.bincount(drawn.ravel(), minlength=_CHUNK * n).reshape(_CHUNK, n).astype(np.float64)
