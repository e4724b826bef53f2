"""A 95 % interval holds the truth 93 to 97 times in 100, at the n that people come with, in `make deep`.

Every simulation calls the code that makes a report's intervals. Truths: in closed form where there is one, else from
a million rows. Rows are drawn afresh each time; the number of flawed ones is drawn with them where a figure's interval
says so (Brier), and spread over the numbers that forms have where a rate at one n would jump with n p.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from mondaylab.grader.metrics import auc, brier, brier_skill, paired_gain, signal_detection
from mondaylab.grader.metrics.detection import MIN_CLASS, MIN_ROWS, area_and_variance, area_limits, sensitivity
from mondaylab.grader.metrics.gain import MIN_PAIRS
from mondaylab.grader.metrics.intervals import MIN_RATE, skewed_mean, wilson
from mondaylab.grader.metrics.probability import MIN_LOSSES
from mondaylab.grader.metrics.youden import difference_limits

BAND = (0.93, 0.97)
REPLICATIONS = 20_000
SHARE = 1 / 3
DETECTABLE = [(d, c) for d in (0.0, 1.0, 1.5, 2.0, 2.5) for c in (-0.6, 0.0, 0.6)]


def covered(low: np.ndarray, high: np.ndarray, truth: float) -> float:
    return float(np.mean((low <= truth) & (truth <= high)))


def check(shares: dict[object, float]) -> None:
    """All of them in the band; what is outside is named with its coverage."""
    for name, share in shares.items():
        print(f"{name}: {share:.4f}")  # pytest -s, or the report of a failure, shows the whole table
    assert {name: share for name, share in shares.items() if not BAND[0] <= share <= BAND[1]} == {}


@pytest.mark.deep
def test_rates_of_single_learners():
    """Hits on the 6 to 24 flawed rows of a form, false alarms on its 12 to 60 sound ones, at any ability."""
    rng = np.random.default_rng(1)
    shares = {}
    for name, least, most in (("hits", MIN_RATE, 24), ("false alarms", 12, 60)):
        for p in np.arange(0.05, 0.951, 0.05):
            n = rng.integers(least, most + 1, REPLICATIONS)
            low, high = wilson(rng.binomial(n, p), n)
            shares[name, round(float(p), 2)] = covered(low, high, p)
    check(shares)


@pytest.mark.deep
@pytest.mark.parametrize("n", [200, 600])
def test_rates_of_cohorts(n):
    rng = np.random.default_rng(2)
    shares = {}
    for p in np.arange(0.05, 0.951, 0.05):
        shares[round(float(p), 2)] = covered(*wilson(rng.binomial(n, p, REPLICATIONS), n), p)
    check(shares)


@pytest.mark.deep
@pytest.mark.parametrize(("flawed", "sound"), [(15, 45), (20, 40), (27, 33), (30, 50), (100, 200)])
def test_d_prime_from_sixty_rows(flawed, sound):
    rng = np.random.default_rng(3)
    assert flawed + sound >= MIN_ROWS
    shares = {}
    for d, c in DETECTABLE:
        hits = rng.binomial(flawed, special.ndtr(d / 2 - c), REPLICATIONS)
        alarms = rng.binomial(sound, special.ndtr(-d / 2 - c), REPLICATIONS)
        (_, low, high), (_, c_low, c_high) = sensitivity(hits, flawed, alarms, sound)
        shares["d'", d, c] = covered(low, high, d)
        if d <= 2.0:  # c of an extreme d' leans to the safe side: up to 97.7 %
            shares["c", d, c] = covered(c_low, c_high, c)
        else:
            assert covered(c_low, c_high, c) >= BAND[0]
    check(shares)


@pytest.mark.deep
@pytest.mark.parametrize(("wrong", "sound"), [(40, 40), (41, 55), (80, 80)])
def test_youdens_j_of_checkers(wrong, sound):
    """Checkers of any quality on as many claims as a trial has; perfect ones err on the safe side."""
    rng = np.random.default_rng(7)
    shares = {}
    for hit in (0.1, 0.3, 0.5, 0.7, 0.9, 0.95):
        for alarm in (0.05, 0.1, 0.3, 0.5, 0.9):
            hits, alarms = rng.binomial(wrong, hit, REPLICATIONS), rng.binomial(sound, alarm, REPLICATIONS)
            low, high = difference_limits(hits, wrong, alarms, sound)
            shares[hit, alarm] = covered(low, high, hit - alarm)
    check(shares)


@pytest.mark.deep
@pytest.mark.parametrize(("flawed", "sound"), [(MIN_CLASS, 12), (8, 16), (10, 20), (20, 40), (30, 50)])
def test_auc(judges, flawed, sound):
    rng = np.random.default_rng(4)
    shares = {}
    for name, judge in judges.items():
        truth = special.ndtr(judge.d / np.sqrt(2))
        p, _ = judge.look(np.repeat([1.0, 0.0], [flawed, sound]) + np.zeros((5000, 1)), rng, SHARE)
        if name in ("very careful", "overconfident"):  # whole percents tie: the truth is that of the rounded ones
            truth = area_and_variance(*(judge.look(np.full(400_000, y), rng, SHARE)[0] for y in (1.0, 0.0)))[0]
        found = np.array([area_and_variance(row[:flawed], row[flawed:]) for row in p])
        shares[name] = covered(*area_limits(found[:, 0], found[:, 1], flawed, sound), truth)
    check(shares)


def true_brier(judge, rng) -> float:
    loss = [np.mean((judge.look(np.full(1_000_000, y), rng, SHARE)[0] - y) ** 2) for y in (1.0, 0.0)]
    return SHARE * loss[0] + (1 - SHARE) * loss[1]


@pytest.mark.deep
@pytest.mark.parametrize("n", [MIN_LOSSES, 60, 80, 300])
def test_brier(judges, n):
    rng = np.random.default_rng(5)
    shares = {}
    for name, judge in judges.items():
        y = (rng.uniform(size=(REPLICATIONS, n)) < SHARE).astype(float)
        _, low, high = skewed_mean((judge.look(y, rng, SHARE)[0] - y) ** 2)
        shares[name] = covered(low, high, true_brier(judge, rng))
    check(shares)


@pytest.mark.deep
def test_the_public_functions_cover_as_their_kernels_do(judges):
    """End to end, whole records: 5,000 learners of 60 rows each."""
    rng, judge, n = np.random.default_rng(6), judges["careful"], 60
    truths = {
        "hits": special.ndtr(1.0),
        "false alarms": special.ndtr(-1.0),
        "d'": 2.0,
        "criterion": 0.0,
        "AUC": special.ndtr(2.0 / np.sqrt(2)),
        "Brier": true_brier(judge, rng),
    }
    truths["skill"] = 1 - truths["Brier"] / (SHARE * (1 - SHARE))
    held = {name: [] for name in truths}
    for _ in range(5000):
        y = (rng.uniform(size=n) < SHARE).astype(float)
        p, flagged = judge.look(y, rng, SHARE)
        seen = signal_detection(y, flagged)
        figures = (
            seen.hit_rate,
            seen.false_alarm_rate,
            seen.d_prime,
            seen.criterion,
            auc(y, p),
            brier(y, p),
            brier_skill(y, p),
        )
        for (name, truth), figure in zip(truths.items(), figures, strict=True):
            if figure.enough:
                held[name].append(figure.low <= truth <= figure.high)
    assert min(len(one) for one in held.values()) > 4900
    check({name: float(np.mean(one)) for name, one in held.items()})


@pytest.mark.deep
@pytest.mark.parametrize("n", [MIN_PAIRS, 40, 100])
def test_paired_gain(n):
    """BCa is a little short at small n: 92 % at 20 learners. That is said, not hidden."""
    rng = np.random.default_rng(7)
    for d in (0.0, 0.5, 1.0):
        held = []
        for _ in range(1000):
            before = rng.normal(size=n)
            found = paired_gain(before, before + rng.normal(d, 1.0, size=n))
            held.append([found.mean.low <= d <= found.mean.high, found.d_z.low <= d <= found.d_z.high])
        shares = np.mean(held, axis=0)
        print(n, d, shares)
        assert (shares > 0.91).all() and (shares < 0.975).all()


def cohort(judge, rng, learners: int = 40, rows: int = 80):
    y = (rng.uniform(size=(learners, rows)) < SHARE).astype(float)
    p, flagged = judge.look(y, rng, SHARE)
    return [(y[i], p[i], flagged[i]) for i in range(learners)]


def middle(figures) -> float:
    return float(np.mean([one.value for one in figures if one.enough]))


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(10))
def test_cohorts_come_out_in_order(judges, seed):
    """Careful before hasty before guessing by skill; trusting and cynical apart by criterion, not by skill."""
    rng = np.random.default_rng(seed)
    people = {name: cohort(judge, rng) for name, judge in judges.items()}

    def of(name, figure) -> float:
        return middle(figure(*one) for one in people[name])

    for figure in (
        lambda y, p, flagged: signal_detection(y, flagged).d_prime,
        lambda y, p, flagged: auc(y, p),
        lambda y, p, flagged: brier_skill(y, p),
    ):
        assert of("careful", figure) > of("hasty", figure) + 0.1 > of("guessing", figure) + 0.2
    assert of("careful", lambda y, p, f: brier(y, p)) < of("hasty", lambda y, p, f: brier(y, p))
    assert of("hasty", lambda y, p, f: brier(y, p)) < of("guessing", lambda y, p, f: brier(y, p))

    pooled = {
        name: signal_detection(
            np.concatenate([one[0] for one in people[name]]), np.concatenate([one[2] for one in people[name]])
        )
        for name in ("trusting", "cynical")
    }
    trusting, cynical = pooled["trusting"], pooled["cynical"]
    assert trusting.criterion.low > 0.5 and cynical.criterion.high < -0.5
    assert abs(trusting.d_prime.value - cynical.d_prime.value) < 0.2


def test_a_short_simulation_covers(judges):
    """The same in a second, for every run: a broken interval is far outside."""
    rng = np.random.default_rng(8)
    n = rng.integers(MIN_RATE, 25, 2000)
    assert 0.92 < covered(*wilson(rng.binomial(n, 0.8), n), 0.8) < 0.98
    (_, low, high), _ = sensitivity(
        rng.binomial(20, special.ndtr(0.75), 2000), 20, rng.binomial(40, special.ndtr(-0.75), 2000), 40
    )
    assert 0.92 < covered(low, high, 1.5) < 0.98
    y = (rng.uniform(size=(2000, 60)) < SHARE).astype(float)
    p, _ = judges["careful"].look(y, rng, SHARE)
    _, low, high = skewed_mean((p - y) ** 2)
    assert 0.92 < covered(low, high, true_brier(judges["careful"], rng)) < 0.98
    found = np.array([area_and_variance(p[i][y[i] == 1], p[i][y[i] == 0]) for i in range(500)])
    sizes = [(int(one.sum()), int((1 - one).sum())) for one in y[:500]]
    limits = [area_limits(a, v, *size) for a, v, size in zip(found[:, 0], found[:, 1], sizes, strict=True)]
    assert 0.91 < covered(*np.array(limits).T, special.ndtr(np.sqrt(2))) < 0.98
