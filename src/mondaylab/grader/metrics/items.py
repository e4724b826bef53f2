"""What the items of a form are worth: how hard each is, whether it goes with the rest, how reliable the sum is."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from mondaylab.errors import Refused
from mondaylab.grader.metrics.checks import Floats, binary, columns
from mondaylab.grader.metrics.estimate import Estimate, Proportion, Reason
from mondaylab.grader.metrics.intervals import Z, rate
from mondaylab.records import Record

MIN_LEARNERS = 30
"""Fewest learners of an item's figures: no item is retired on fewer answers."""


class Item(Record):
    """One item, in the order of the matrix's columns."""

    difficulty: Proportion
    """Share of learners who had it right, in [0, 1]: the higher, the easier."""
    rest_correlation: Estimate
    """Correlation of the item with the number right among the others, in [-1, 1]; n: learners."""


class ItemAnalysis(Record):
    """A set of items answered by the same learners."""

    items: tuple[Item, ...]
    alpha: Estimate
    """Cronbach's alpha, for right or wrong the same as KR-20, in (-inf, 1]; n: learners."""


def item_analysis(matrix: ArrayLike) -> ItemAnalysis:
    """Difficulty, rest-score correlation and KR-20 of right (1) and wrong (0) answers.

    G. F. Kuder, M. W. Richardson, "The theory of the estimation of test reliability", Psychometrika 2 (1937), 151-160
    (KR-20); L. J. Cronbach, Psychometrika 16 (1951), 297-334 (alpha); S. Henrysson, "Correction of item-total
    correlations in item analysis", Psychometrika 28 (1963), 211-218 (the item left out of the total). Intervals, from
    30 learners: `wilson`; R. A. Fisher's z, Metron 1 (1921), 3-32; L. S. Feldt, "The approximate sampling distribution
    of Kuder-Richardson reliability coefficient twenty", Psychometrika 30 (1965), 357-370.

    Args:
        matrix: (learners, items), 1 right, 0 wrong. A missing answer costs its item's figures, every rest-score
            correlation and alpha: give only items that all the learners answered.

    Raises:
        Refused: Not a matrix of 0 and 1.
    """
    try:
        right = np.asarray(matrix, dtype=np.float64)
    except (TypeError, ValueError):
        raise Refused("values that are not numbers, or rows of unequal length", where="item analysis") from None
    if right.ndim != 2:
        raise Refused(f"an array of shape {right.shape}", where="item analysis", fix="give learners x items")
    binary("item analysis", right)
    whole = bool(np.isfinite(right).all())
    total = right.sum(axis=1)
    items = tuple(
        Item(difficulty=_difficulty(column), rest_correlation=_correlation(column, total - column, whole=whole))
        for column in right.T
    )
    return ItemAnalysis(items=items, alpha=_alpha(right, whole=whole))


def item_of(right: ArrayLike, rest: ArrayLike) -> Item:
    """One item whose learners have forms of their own; figures as `item_analysis` gives them.

    Args:
        right: Learner -> whether they had it right.
        rest: Learner -> what they did on the others of their form, number or share right, any unit.

    Raises:
        Refused: Unequal lengths, or `right` is not of 0 and 1.
    """
    known, others = columns("item", right, rest)
    binary("item", known)
    whole = bool(np.isfinite(known + others).all())
    return Item(difficulty=_difficulty(known), rest_correlation=_correlation(known, others, whole=whole))


def _difficulty(column: Floats) -> Proportion:
    answered = column[np.isfinite(column)]
    count, n = int(answered.sum()), len(answered)
    if n < len(column):
        return Proportion(n=n, count=count, reason="missing values")
    return rate(count, n, minimum=MIN_LEARNERS)


def _correlation(item: Floats, rest: Floats, *, whole: bool) -> Estimate:
    n = len(item)
    reason = _reason(n, whole=whole, varies=n > 0 and bool(np.ptp(item) > 0 and np.ptp(rest) > 0))
    if reason is not None:
        return Estimate.missing(n if whole else int(np.isfinite(rest + item).sum()), reason)
    value = float(np.clip(np.corrcoef(item, rest)[0, 1], -1.0, 1.0))
    bounded = np.arctanh(np.clip(value, -1 + 1e-12, 1 - 1e-12))
    low, high = np.tanh(bounded + np.array([-Z, Z]) / np.sqrt(n - 3))
    return Estimate.of(value, low, high, n)


def _alpha(right: Floats, *, whole: bool) -> Estimate:
    n, k = right.shape
    total = right.sum(axis=1)
    reason = _reason(n, whole=whole, varies=n > 0 and bool(np.ptp(total) > 0))
    if reason is None and k < 2:
        reason = "too few"
    if reason is not None:
        return Estimate.missing(n if whole else int(np.isfinite(right).all(axis=1).sum()), reason)
    value = float(k / (k - 1) * (1 - right.var(axis=0).sum() / total.var()))
    degrees = (n - 1, (n - 1) * (k - 1))
    low, high = 1 - (1 - value) * special.fdtri(*degrees, [0.975, 0.025])
    return Estimate.of(value, low, high, n)


def _reason(n: int, *, whole: bool, varies: bool) -> Reason | None:
    if not whole:
        return "missing values"
    if n < MIN_LEARNERS:
        return "too few"
    return None if varies else "all equal"
