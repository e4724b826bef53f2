"""What guessing earns: the grader's skill per form, its mean with an interval, and recalibration on other forms.

Sources: G. W. Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78 (1950),
1-3; A. H. Murphy, "A new vector partition of the probability score", Journal of Applied Meteorology 12 (1973), 595-600;
B. Efron, R. J. Tibshirani, "An introduction to the bootstrap" (1993), chapter 13 (percentile intervals).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mondaylab.labs.gates.sample import FOLDS, Floats, Integers, Sample
from mondaylab.skill import brier_skill_score

REPLICATIONS = 2000
"""Bootstrap replications of every interval: whole forms are drawn again, with replacement."""
_SEED = 20261123
_PRIOR = 10.0
"""Rows of the base rate that a cell is shrunk with: a cell seen twice says little."""


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


def form_skills(sample: Sample, p: Floats) -> Floats:
    """Form -> 1 - BS / (q (1 - q)), unclipped, in (-inf, 1]: what the grader clips at 0 and pays.

    Args:
        sample: The forms.
        p: Row -> probability that it is flawed, in [0, 1].

    Returns:
        One skill for each form that has both flawed and sound rows; the others have none.
    """
    size = np.bincount(sample.form, minlength=len(sample.forms))
    loss = np.bincount(sample.form, weights=(p - sample.flawed) ** 2, minlength=len(sample.forms))
    scored = sample.share * (1.0 - sample.share) > 0
    return brier_skill_score(loss[scored] / size[scored], sample.share[scored])


def mean_estimate(values: Floats) -> Estimate:
    """The mean over forms, with a percentile bootstrap interval (fixed seed, `REPLICATIONS` replications)."""
    if len(values) == 0:
        return Estimate(0.0, 0.0, 0.0)
    rng = np.random.default_rng(_SEED)
    means = values[rng.integers(0, len(values), (REPLICATIONS, len(values)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Estimate(float(values.mean()), float(low), float(high))


def recalibrated(sample: Sample, cells: Integers) -> Floats:
    """Row -> the share of flawed rows in its cell on the other parts of the forms, shrunk to their base rate.

    Whatever a strategy makes of its rows (a guess, a score, a category) it can be right only through which rows it
    tells apart. These cells are what it tells apart; their rates are the best use of it that other forms teach.
    """
    p = np.zeros(len(cells))
    count = int(cells.max(initial=0)) + 1
    for part in range(FOLDS):
        learn, tried = sample.fold != part, sample.fold == part
        base = float(sample.flawed[learn].mean()) if learn.any() else 0.5
        seen = np.bincount(cells[learn], minlength=count)
        wrong = np.bincount(cells[learn], weights=sample.flawed[learn], minlength=count)
        p[tried] = ((wrong + _PRIOR * base) / (seen + _PRIOR))[cells[tried]]
    return p


def binned(values: Floats, parts: int = 10) -> Integers:
    """Row -> which of `parts` equally full ranges its value lies in; equal values stay together."""
    edges = np.unique(np.quantile(values, np.linspace(0.0, 1.0, parts + 1)[1:-1])) if len(values) else values
    return np.searchsorted(edges, values, side="right").astype(np.int64)


def resampled_forms(forms: int, replications: int) -> Floats:
    """Replication x form -> how often the form is in it."""
    rng = np.random.default_rng(_SEED)
    drawn = rng.multinomial(forms, np.full(forms, 1.0 / forms), size=replications)
    return drawn.astype(np.float64)
