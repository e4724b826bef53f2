"""Whether a person's and an AI's confidence point the same way: a rational person could use nothing else."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mondaylab.grader.metrics.checks import Floats, columns, complete, probabilities
from mondaylab.grader.metrics.estimate import Estimate, Reason
from mondaylab.grader.metrics.intervals import bca
from mondaylab.records import Record

MIN_CELL = 15
"""Fewest rows of a cell that is compared (the authors' number)."""


class Alignment(Record):
    """How often, and how far at worst, more confidence of both goes with less truth."""

    eae: Estimate
    """Expected alignment error: the mean drop over ordered pairs of cells, in [0, 1]; n: rows."""
    mae: Estimate
    """Maximum alignment error: the largest drop, in [0, 1]; n: rows."""
    cells: int
    """Cells with at least 15 rows."""


def alignment(person: ArrayLike, ai: ArrayLike, outcome: ArrayLike) -> Alignment:
    """Alignment error of two confidences.

    N. L. Corvelo Benz, M. Gomez Rodriguez, "Human-alignment influences the utility of AI-assisted decision making",
    Scientific Reports 15 (2025), 29154. A cell is a level of the person's and a level of the AI's confidence. Of every
    two cells, one at least as high as the other in both (a cell and itself among them), the drop is how much lower its
    mean outcome is. Intervals: `bca` by row; both errors lean upwards in small samples.

    Args:
        person: Row -> level of the person's confidence, any number that orders.
        ai: Row -> level of the AI's confidence.
        outcome: Row -> what came true, 0 or 1, or its known chance, in [0, 1].

    Returns:
        The errors; not enough data with fewer than two cells of 15 rows, or where no outcome differs.

    Raises:
        Refused: Unequal lengths, or an outcome outside [0, 1].
    """
    h, b, y = columns("alignment", person, ai, outcome)
    probabilities("alignment", y)
    n = complete(h, b, y)
    if n < len(y) or n == 0:
        return _none(n, "missing values" if n < len(y) else "too few", 0)
    levels, cell = np.unique(np.stack([h, b]), axis=1, return_inverse=True)
    hot = np.eye(levels.shape[1])[cell.ravel()]
    kept = hot.sum(axis=0) >= MIN_CELL
    cells = int(kept.sum())
    if cells < 2:
        return _none(n, "too few", cells)
    if np.ptp(y) == 0:
        return _none(n, "all equal", cells)
    hot, levels = hot[:, kept], levels[:, kept]
    sums = hot * y[:, None]
    lower, upper = np.nonzero((levels[:, :, None] <= levels[:, None, :]).all(axis=0))

    def drops(weights: Floats) -> Floats:
        size = weights @ hot
        rates = (weights @ sums) / np.where(size > 0, size, np.nan)
        return np.maximum(rates[:, lower] - rates[:, upper], 0.0)

    return Alignment(
        eae=Estimate.of(*bca(lambda weights: np.nanmean(drops(weights), axis=1), n), n),
        mae=Estimate.of(*bca(lambda weights: np.nanmax(drops(weights), axis=1), n), n),
        cells=cells,
    )


def _none(n: int, reason: Reason, cells: int) -> Alignment:
    none = Estimate.missing(n, reason)
    return Alignment(eae=none, mae=none, cells=cells)
