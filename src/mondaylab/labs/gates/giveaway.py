"""The giveaway gate: a text classifier that has never seen a kind of claim must not tell its flawed ones."""

from __future__ import annotations

import numpy as np

from mondaylab.labs.gates.classifier import out_of_fold
from mondaylab.labs.gates.report import Gate
from mondaylab.labs.gates.sample import Flags, Floats, Integers, Sample, readings
from mondaylab.labs.gates.skill import Estimate, resampled_forms

MAX_AUC = 0.6
"""The upper 95 % bound of the AUC must stay below it."""
MIN_CLAIMS = 2000
"""Fewer claims prove nothing."""
_FOLDS = 10
_REPLICATIONS = 1000


def giveaway_gates(sample: Sample, *, min_claims: int = MIN_CLAIMS) -> list[Gate]:
    """AUC over all claims, and within claim templates.

    Folds are by claim template: a template's claims are never in both training and trial. The first AUC mixes templates
    with different shares of flawed claims, so that a classifier that knows neither template ranks them by chance or
    against the truth; the second compares flawed and sound claims of one template only, which base rates cannot touch.
    Both must hold.
    """
    keep = sample.claims()
    rows = [row for row, kept in zip(sample.rows, keep, strict=True) if kept]
    flawed, template, form = sample.flawed[keep], sample.template[keep], sample.form[keep]
    fold = template_folds(template)
    told = [p for texts in readings(rows) for p in out_of_fold(texts, flawed, fold)]
    weights = resampled_forms(len(sample.forms), _REPLICATIONS)
    overall = [auc_estimate(p, flawed, form, weights, np.zeros_like(template)) for p in told]
    within = [auc_estimate(p, flawed, form, weights, template) for p in told]
    return [
        _gate("giveaway", "of all claims", overall, len(rows), min_claims),
        _gate("giveaway_within", "of one kind of claim", within, len(rows), min_claims),
    ]


def template_folds(template: Integers) -> Integers:
    """Claim -> fold, whole templates at a time, the folds about equally full; deterministic."""
    names, sizes = np.unique(template, return_counts=True)
    load = np.zeros(min(_FOLDS, max(2, len(names))))
    fold = np.zeros(len(template), dtype=np.int64)
    for which in np.argsort(-sizes, kind="stable"):
        lightest = int(load.argmin())
        fold[template == names[which]] = lightest
        load[lightest] += sizes[which]
    return fold


def auc_estimate(p: Floats, flawed: Flags, form: Integers, weights: Floats, group: Integers) -> Estimate:
    """The share of (flawed, sound) pairs within a group in which the flawed claim has the higher p; ties count half.

    Args:
        p: Claim -> score.
        flawed: Claim -> truth.
        form: Claim -> form, the cluster of the bootstrap.
        weights: Replication x form -> how often the form is drawn.
        group: Claim -> group; pairs across groups are not compared.

    Returns:
        AUC with its cluster-bootstrap interval; 0.5 where there is no pair.
    """
    plain = np.ones((1, weights.shape[1]))
    value, drawn = (_auc(p, flawed, each[:, form], group) for each in (plain, weights))
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Estimate(float(value[0]), float(low), float(high))


def _auc(p: Floats, flawed: Flags, weight: Floats, group: Integers) -> Floats:
    won, pairs = np.zeros(len(weight)), np.zeros(len(weight))
    for one in np.unique(group):
        rows = np.flatnonzero(group == one)
        order = rows[np.argsort(p[rows], kind="stable")]
        starts = np.flatnonzero(np.r_[True, np.diff(p[order]) > 0])
        bad = np.add.reduceat(weight[:, order] * flawed[order], starts, axis=1)
        good = np.add.reduceat(weight[:, order] * ~flawed[order], starts, axis=1)
        below = np.cumsum(good, axis=1) - good
        won += (bad * (below + good / 2)).sum(axis=1)
        pairs += bad.sum(axis=1) * good.sum(axis=1)
    auc: Floats = np.divide(won, pairs, out=np.full(len(weight), 0.5), where=pairs > 0)
    return auc


def _gate(name: str, among: str, estimates: list[Estimate], claims: int, min_claims: int) -> Gate:
    worst = max(estimates, key=lambda estimate: estimate.high)
    said = (
        f"Told two claims, one flawed, {among}, a text classifier that has not seen their kind picks the flawed one "
        f"{worst.value:.0%} of the time, at most {worst.high:.0%} (allowed: below {MAX_AUC:.0%}; {claims:,} claims)."
    )
    if claims < min_claims:
        said += f" That is too few claims to tell: {min_claims:,} are needed. Next: draw more forms."
    elif worst.high >= MAX_AUC:
        said += " Next: look for words that only flawed claims have, and word sound and flawed claims alike."
    return Gate(
        name=name,
        passed=claims >= min_claims and worst.high < MAX_AUC,
        enough=claims >= min_claims,
        value=worst.value,
        low=worst.low,
        high=worst.high,
        bound=MAX_AUC,
        n=claims,
        said=said,
    )
