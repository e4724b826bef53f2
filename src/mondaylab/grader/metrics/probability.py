"""What stated probabilities are worth: Brier score, skill, its parts, calibration."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mondaylab.grader.metrics.checks import Floats, binary, columns, complete, probabilities
from mondaylab.grader.metrics.estimate import Estimate, Proportion, Reason
from mondaylab.grader.metrics.intervals import bca, rate, skewed_mean
from mondaylab.records import Record
from mondaylab.skill import brier_skill_score

MIN_LOSSES = 40
"""Fewest rows of a Brier score and its skill."""
MIN_BINNED = 60
"""Fewest rows of anything that sorts them into bins."""
BINS = 10
"""Equal ranges of probability: [0, .1), [.1, .2), ... [.9, 1]."""


def brier(flawed: ArrayLike, p_wrong: ArrayLike) -> Estimate:
    """The mean of (p - y)^2, in [0, 1]; 0 is perfect.

    G. W. Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78 (1950), 1-3.
    Interval: `skewed_mean` of the rows, from 40; it holds for rows drawn afresh, with a fresh share of flawed ones.

    Args:
        flawed: Row -> whether it is flawed.
        p_wrong: Row -> the stated probability that it is, in [0, 1]; what a row left out counts as, the caller says.

    Raises:
        Refused: Unequal lengths, truth other than true and false, or a probability outside [0, 1].
    """
    y, p, reason = _rows("Brier score", flawed, p_wrong, MIN_LOSSES)
    n = complete(y, p)
    if reason is not None:
        return Estimate.missing(n, reason)
    loss = (p - y) ** 2
    value, low, high = (float(one) for one in skewed_mean(loss))
    if not loss.any():
        high = _unseen(n)
    return Estimate.of(value, max(low, 0.0), min(high, 1.0), n)


def brier_skill(flawed: ArrayLike, p_wrong: ArrayLike) -> Estimate:
    """1 - BS / (q (1 - q)), in (-inf, 1], q being the share of flawed rows; the same score as the judgement points.

    A. H. Murphy (1973), as `mondaylab.skill.brier_skill_score`. Interval: `skewed_mean` of the rows' influence on the
    score, the chance in q among it (F. R. Hampel, "The influence curve and its role in robust estimation", JASA 69
    (1974), 383-393), from 40 rows.

    Args:
        flawed: As `brier`.
        p_wrong: As `brier`.

    Raises:
        Refused: As `brier`.
    """
    y, p, reason = _rows("Brier skill", flawed, p_wrong, MIN_LOSSES)
    n = complete(y, p)
    if reason is not None:
        return Estimate.missing(n, reason)
    loss, q = (p - y) ** 2, float(y.mean())
    score, spread = float(loss.mean()), q * (1 - q)
    value = brier_skill_score(score, q)
    influence = -(loss - score) / spread + score * (1 - 2 * q) * (y - q) / spread**2
    _, low, high = (float(one) for one in skewed_mean(value + influence))
    if not loss.any():
        low = brier_skill_score(_unseen(n), q)
    return Estimate.of(value, low, min(high, 1.0), n)


class Murphy(Record):
    """The parts of a Brier score: BS = reliability - resolution + uncertainty + within_bins."""

    reliability: Estimate
    """How far the stated probabilities are from what came true at them; 0 is best, at most 1."""
    resolution: Estimate
    """How far what came true differs between them; the more the better, at most the uncertainty."""
    uncertainty: Estimate
    """q (1 - q), the base rate's own score, at most .25."""
    within_bins: Estimate
    """What sorting into bins leaves over; 0 where every bin holds one probability."""


def murphy(flawed: ArrayLike, p_wrong: ArrayLike) -> Murphy:
    """Reliability, resolution and uncertainty over ten equal bins of probability.

    A. H. Murphy (1973); D. B. Stephenson, C. A. S. Coelho, I. T. Jolliffe, "Two extra components in the Brier score
    decomposition", Weather and Forecasting 23 (2008), 752-757 (the part within bins). Intervals: `bca` by row, from 60
    rows. In small samples reliability and resolution are both too large by about (bins - 1) q (1 - q) / n.

    Args:
        flawed: As `brier`.
        p_wrong: As `brier`.

    Raises:
        Refused: As `brier`.
    """
    y, p, reason = _rows("Murphy's parts", flawed, p_wrong, MIN_BINNED)
    n = complete(y, p)
    if reason is not None:
        none = Estimate.missing(n, reason)
        return Murphy(reliability=none, resolution=none, uncertainty=none, within_bins=none)
    cells = _one_hot(_bins(p))
    loss = (p - y) ** 2

    def parts(weights: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        size, total = weights @ cells, weights.sum(axis=1)
        told, came = _means(weights, cells, p, size), _means(weights, cells, y, size)
        q = (weights @ y) / total
        reliability = (size * (told - came) ** 2).sum(axis=1) / total
        resolution = (size * (came - q[:, None]) ** 2).sum(axis=1) / total
        uncertainty = q * (1 - q)
        rest = (weights @ loss) / total - (reliability - resolution + uncertainty)
        return reliability, resolution, uncertainty, rest

    def estimate(part: int) -> Estimate:
        return Estimate.of(*bca(lambda weights: parts(weights)[part], n), n)

    return Murphy(reliability=estimate(0), resolution=estimate(1), uncertainty=estimate(2), within_bins=estimate(3))


class CalibrationBin(Record):
    """One range of stated probability: what was said there, and what came true."""

    low: float
    """From here,"""
    high: float
    """up to here, not included (the last one: included)."""
    p_mean: float | None
    """Mean of the stated probabilities; None where there are none."""
    flawed: Proportion
    """Share of the rows here that were flawed."""


class Calibration(Record):
    """Whether a stated 70 % comes true in 70 of 100."""

    ece: Estimate
    """Expected calibration error over the bins, in [0, 1]."""
    bias: Estimate
    """Mean stated probability less the share of flawed rows, in [-1, 1]; > 0 doubts too much."""
    bins: tuple[CalibrationBin, ...]
    """Ten bins, also where there is not enough data: each says so itself."""


def calibration(flawed: ArrayLike, p_wrong: ArrayLike) -> Calibration:
    """Expected calibration error, calibration in the large, and the bins of a reliability diagram.

    `ece` as `expected_calibration_error` over ten equal bins, from 60 rows; `bias` as D. J. Spiegelhalter,
    "Probabilistic prediction in patient management and clinical trials", Statistics in Medicine 5 (1986), 421-433, with
    `skewed_mean`, from 40 rows; each bin's share with `wilson`, from 6.

    Args:
        flawed: As `brier`.
        p_wrong: As `brier`.

    Raises:
        Refused: As `brier`.
    """
    y, p, reason = _rows("calibration", flawed, p_wrong, MIN_LOSSES)
    n, seen = complete(y, p), np.isfinite(y) & np.isfinite(p)
    bins = []
    for number in range(BINS):
        here = seen & (_bins(np.where(seen, p, 0.0)) == number)
        count, size = int(y[here].sum()), int(here.sum())
        share = Proportion(n=size, count=count, reason=reason) if reason else rate(count, size)
        mean = float(p[here].mean()) if size and not reason else None
        bins.append(CalibrationBin(low=number / BINS, high=(number + 1) / BINS, p_mean=mean, flawed=share))
    if reason is not None:
        none = Estimate.missing(n, reason)
        return Calibration(ece=none, bias=none, bins=tuple(bins))
    value, low, high = (float(one) for one in skewed_mean(p - y))
    if np.ptp(p - y) == 0:
        low, high = value - _unseen(n), value + _unseen(n)
    bias = Estimate.of(value, max(low, -1.0), min(high, 1.0), n)
    return Calibration(ece=expected_calibration_error(y, p, _bins(p)), bias=bias, bins=tuple(bins))


def expected_calibration_error(outcome: ArrayLike, p: ArrayLike, cells: ArrayLike) -> Estimate:
    """The mean over rows of |mean outcome - mean p| of the row's cell, in [0, 1].

    M. P. Naeini, G. F. Cooper, M. Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", AAAI 29
    (2015), 2901-2907. Interval: `bca` by row, from 60 rows; in small samples the error itself is too large for a well
    calibrated person, and its interval with it.

    Args:
        outcome: Row -> what came true, 0 or 1, or its known chance, in [0, 1].
        p: Row -> stated probability, in [0, 1].
        cells: Row -> which cell it belongs to, any number.

    Raises:
        Refused: Unequal lengths, or a value outside [0, 1].
    """
    came, told, cell = columns("calibration error", outcome, p, cells)
    probabilities("calibration error", came, told)
    n = complete(came, told, cell)
    reason = _reason(came, told, n, MIN_BINNED) if n == complete(cell) == len(cell) else "missing values"
    if reason is not None:
        return Estimate.missing(n, reason)
    hot = _one_hot(np.unique(cell, return_inverse=True)[1])
    gap = hot * (told - came)[:, None]

    def error(weights: Floats) -> Floats:
        return np.asarray(np.abs(weights @ gap).sum(axis=1) / weights.sum(axis=1))

    return Estimate.of(*bca(error, n), n)


def _rows(where: str, flawed: ArrayLike, p_wrong: ArrayLike, minimum: int) -> tuple[Floats, Floats, Reason | None]:
    y, p = columns(where, flawed, p_wrong)
    binary(where, y)
    probabilities(where, p)
    return y, p, _reason(y, p, complete(y, p), minimum)


def _reason(y: Floats, p: Floats, n: int, minimum: int) -> Reason | None:
    if n < len(y):
        return "missing values"
    if n and (np.all(y == 0) or np.all(y == 1)):
        return "one class"
    if n < minimum:
        return "too few"
    return "all equal" if np.ptp(p) == 0 else None


def _unseen(n: int) -> float:
    """Upper end of a mean of losses that were all 0: n rows without one have a 2.5 % chance there (rule of three)."""
    return float(1 - 0.025 ** (1 / n))


def _bins(p: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    # a hair is added, so that .3 / .1 = 2.999... falls where it is written
    return np.minimum(np.floor(p * BINS + 1e-9), BINS - 1).astype(np.int64)


def _one_hot(cells: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> Floats:
    return np.eye(int(cells.max()) + 1)[cells]


def _means(weights: Floats, cells: Floats, values: Floats, size: Floats) -> Floats:
    return np.asarray(weights @ (cells * values[:, None]) / np.where(size > 0, size, 1.0))
