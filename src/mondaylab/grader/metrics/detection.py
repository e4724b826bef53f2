"""Telling flawed from sound: hits and false alarms, d' and criterion, the area under the ROC curve."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from mondaylab.grader.metrics.checks import Floats, binary, columns, complete
from mondaylab.grader.metrics.estimate import Estimate, Proportion, Reason
from mondaylab.grader.metrics.intervals import Limits, Z, beta_limits, rate, recovered
from mondaylab.records import Record

MIN_ROWS = 60
"""Fewest rows of d' and criterion: below, the log-linear d' is some .2 too small, and forms of unlike length would
differ by that alone."""
MIN_CLASS = 6
"""Fewest flawed rows, and fewest sound rows, of d', criterion and AUC."""
_SHRINK = 5.0
_HALVINGS = 50
Flags = NDArray[np.bool_]


class SignalDetection(Record):
    """How a person tells flawed rows from sound ones, and which way they lean."""

    hit_rate: Proportion
    """Share of flawed rows that were flagged; n: flawed rows."""
    false_alarm_rate: Proportion
    """Share of sound rows that were flagged; n: sound rows."""
    d_prime: Estimate
    """Sensitivity, in standard deviations; 0: flags say nothing; n: all rows."""
    criterion: Estimate
    """Leaning: > 0 flags too rarely (trusting), < 0 too often (cynical); n: all rows."""


def signal_detection(flawed: ArrayLike, flagged: ArrayLike) -> SignalDetection:
    """Hit and false-alarm rate, d' = z(H) - z(F) and c = -(z(H) + z(F)) / 2, both log-linear.

    The log-linear rule adds 1/2 to each count and 1 to each total, always, so that rates of 0 and 1 have a quantile.
    W. P. Tanner, J. A. Swets, Psychological Review 61 (1954), 401-409 (d'); N. A. Macmillan, C. D. Creelman, "Detection
    theory" (2nd ed., 2005), equations 1.5 and 2.1 (d', c); M. J. Hautus, "Corrections for extreme proportions and their
    biasing effects on estimated values of d'", Behavior Research Methods 27 (1995), 46-51 (log-linear). Intervals:
    `wilson` for the rates, from 6 rows; for d' and c `recovered` from the `beta_limits` of both rates, from 60 rows.

    Args:
        flawed: Row -> whether it is flawed.
        flagged: Row -> whether the person doubted it.

    Returns:
        The figures. Of one class, or with a missing value, nothing is given. Where every row was flagged, or none, d'
        and c would be made of the correction alone and are not given; the rates stand.

    Raises:
        Refused: Unequal lengths, or values other than true and false.
    """
    y, said = columns("signal detection", flawed, flagged)
    binary("signal detection", y, said)
    n = complete(y, said)
    if n < len(y) or y.all() or not y.any():
        return _no_detection(y, said, "missing values" if n < len(y) else "one class" if n else "too few")
    hits, flaws = int((y * said).sum()), int(y.sum())
    alarms, sound = int(((1 - y) * said).sum()), int((1 - y).sum())
    rates = {"hit_rate": rate(hits, flaws), "false_alarm_rate": rate(alarms, sound)}
    reason: Reason | None = None
    if n < MIN_ROWS or min(flaws, sound) < MIN_CLASS:
        reason = "too few"
    elif said.all() or not said.any():
        reason = "all equal"
    if reason is not None:
        none = Estimate.missing(n, reason)
        return SignalDetection(**rates, d_prime=none, criterion=none)
    d_prime, criterion = (
        Estimate.of(float(value), float(low), float(high), n)
        for value, low, high in sensitivity(hits, flaws, alarms, sound)
    )
    return SignalDetection(**rates, d_prime=d_prime, criterion=criterion)


def _no_detection(y: Floats, said: Floats, reason: Reason) -> SignalDetection:
    seen = np.isfinite(y) & np.isfinite(said)
    none = Estimate.missing(int(seen.sum()), reason)
    parts = []
    for rows in (seen & (y == 1), seen & (y == 0)):
        parts.append(Proportion(n=int(rows.sum()), count=int(said[rows].sum()), reason=reason))
    return SignalDetection(hit_rate=parts[0], false_alarm_rate=parts[1], d_prime=none, criterion=none)


def sensitivity(
    hits: ArrayLike, flawed: ArrayLike, alarms: ArrayLike, sound: ArrayLike
) -> tuple[tuple[Floats, Floats, Floats], tuple[Floats, Floats, Floats]]:
    """(d', low, high) and (c, low, high) of counts, on arrays: what `signal_detection` gives, whatever the n."""
    k1, n1, k0, n0 = (np.asarray(one, dtype=np.float64) for one in (hits, flawed, alarms, sound))
    z1, z0 = special.ndtri((k1 + 0.5) / (n1 + 1)), special.ndtri((k0 + 0.5) / (n0 + 1))
    of_hits, of_alarms = _quantiles(k1, n1), _quantiles(k0, n0)
    d_prime = z1 - z0
    low, high = recovered(d_prime, of_alarms, of_hits, z1, z0)
    # c = (-z0 - z1) / 2: the same difference, with the sign of z0 turned
    lean = -z0 - z1
    c_low, c_high = recovered(lean, of_hits, (-of_alarms[1], -of_alarms[0]), -z0, z1)
    return (d_prime, low, high), (lean / 2, c_low / 2, c_high / 2)


def _quantiles(count: Floats, n: Floats) -> Limits:
    low, high = beta_limits(count, n)
    return special.ndtri(low), special.ndtri(high)


def auc(flawed: ArrayLike, p_wrong: ArrayLike) -> Estimate:
    """The chance that a flawed row got the higher probability than a sound one, ties counting half, in [0, 1].

    D. Bamber, "The area above the ordinal dominance graph", Journal of Mathematical Psychology 12 (1975), 387-415. The
    interval is `area_limits`, from 6 rows of each class; n counts all rows.

    Args:
        flawed: Row -> whether it is flawed.
        p_wrong: Row -> the stated probability that it is; only the order matters, so percentages do as well.

    Raises:
        Refused: Unequal lengths, or truth other than true and false.
    """
    y, p = columns("AUC", flawed, p_wrong)
    binary("AUC", y)
    n = complete(y, p)
    if n < len(y):
        return Estimate.missing(n, "missing values")
    flaws = int(y.sum())
    if n and flaws in (0, n):
        return Estimate.missing(n, "one class")
    if min(flaws, n - flaws) < MIN_CLASS:
        return Estimate.missing(n, "too few")
    if np.ptp(p) == 0:
        return Estimate.missing(n, "all equal")
    area, variance = area_and_variance(p[y == 1], p[y == 0])
    low, high = area_limits(np.asarray(area), np.asarray(variance), flaws, n - flaws)
    return Estimate.of(area, float(low), float(high), n)


def area_and_variance(flawed: Floats, sound: Floats) -> tuple[float, float]:
    """The area and its variance by placements.

    E. R. DeLong, D. M. DeLong, D. L. Clarke-Pearson, "Comparing the areas under two or more correlated receiver
    operating characteristic curves", Biometrics 44 (1988), 837-845.
    """
    above, below = _placements(flawed, sound), _placements(sound, flawed)
    return float(above.mean()), float(above.var(ddof=1) / len(flawed) + below.var(ddof=1) / len(sound))


def _placements(values: Floats, others: Floats) -> Floats:
    """The share of `others` that each value beats, ties counting half."""
    others = np.sort(others)
    return (np.searchsorted(others, values, "left") + np.searchsorted(others, values, "right")) / (2 * len(others))


def area_limits(area: Floats, variance: Floats, flawed: int, sound: int) -> Limits:
    """Limits of an area, on arrays, in [0, 1]: a score interval, which stays honest near 1 where Wald's collapses.

    R. G. Newcombe, "Confidence intervals for an effect size measure based on the Mann-Whitney statistic, part 2",
    Statistics in Medicine 25 (2006), 559-573: all areas t with (area - t)^2 <= z^2 V(t). V is the variance under two
    normal distributions of equal spread (Bamber 1975, with D. B. Owen's T for the normal orthant), times the sample's
    own DeLong variance over it, shrunk to 1 with the weight of five rows, for learners who are not normal.

    In simulation 94-97 % of the time from 6 and 12 rows for normal learners; 92 % where half the flaws are seen for
    sure and the rest guessed.

    Args:
        area: Areas.
        variance: Their DeLong variances.
        flawed: Flawed rows, >= 2.
        sound: Sound rows, >= 2.
    """
    few, model = min(flawed, sound), _normal_variance(area, flawed, sound)
    usable = (variance > 0) & (model > 1e-12)
    own = np.where(usable, variance / np.where(usable, model, 1.0), 1.0)
    ratio = np.where(usable, (few * own + _SHRINK) / (few + _SHRINK), 1.0)

    def outside(t: Floats) -> Flags:
        return (area - t) ** 2 > Z**2 * ratio * _normal_variance(t, flawed, sound)

    far, near = np.zeros_like(area), np.array(area)
    far_high, near_high = np.ones_like(area), np.array(area)
    for _ in range(_HALVINGS):
        middle = (far + near) / 2
        out = outside(middle)
        far, near = np.where(out, middle, far), np.where(out, near, middle)
        middle = (far_high + near_high) / 2
        out = outside(middle)
        far_high, near_high = np.where(out, middle, far_high), np.where(out, near_high, middle)
    return near, near_high


def _normal_variance(area: Floats, flawed: int, sound: int) -> Floats:
    quantile = special.ndtri(np.clip(area, 1e-12, 1 - 1e-12))
    both = area - 2 * special.owens_t(quantile, 1 / np.sqrt(3))  # two of one class beat one of the other
    pairs = area * (1 - area) + (flawed + sound - 2) * (both - area**2)
    return np.asarray(np.maximum(pairs, 0.0) / (flawed * sound))
