"""Skill: what the grader pays, nothing for chance, everything for the truth."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mondaylab.grader.cells.judgement import skill
from mondaylab.labs.gates.giveaway import auc_estimate, template_folds
from mondaylab.labs.gates.shortcuts import MAX_SKILL, best_use, earned_on, shortcut_gates
from mondaylab.labs.gates.skill import binned, form_skills, mean_estimate, recalibrated, resampled_forms
from mondaylab.labs.gates.strategies import STRATEGIES, Guess, Strategy

ANY = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def sample(make):
    return make(forms=60)


@given(seed=st.integers(0, 2**32 - 1))
@ANY
def test_it_is_the_graders_skill_form_by_form(sample, seed):
    p = np.random.default_rng(seed).uniform(size=len(sample.rows))
    wanted = []
    for number in range(len(sample.forms)):
        rows = sample.form == number
        wanted.append(skill(p[rows].tolist(), sample.flawed[rows].tolist()))
    assert form_skills(sample, p) == pytest.approx(wanted)


@given(seed=st.integers(0, 2**32 - 1))
@ANY
def test_chance_never_passes_for_skill(sample, seed):
    rng = np.random.default_rng(seed)
    p = rng.uniform(size=len(sample.rows))
    cells = rng.integers(0, 8, len(sample.rows))
    strategy = Strategy("chance", "chance", "nothing", lambda _: [Guess(p, cells)])
    assert best_use(strategy, sample).skill.high <= MAX_SKILL


@given(p=st.floats(0, 1))
@ANY
def test_a_constant_earns_nothing(sample, p):
    assert mean_estimate(form_skills(sample, np.full(len(sample.rows), p))).value <= 1e-12


def test_the_oracle_earns_everything(sample):
    assert (form_skills(sample, sample.flawed.astype(float)) == 1.0).all()
    oracle = Strategy("oracle", "the key", "-", lambda s: [Guess(s.flawed.astype(float), s.flawed.astype(np.int64))])
    best = best_use(oracle, sample)
    assert best.skill.value == best.skill.high == 1.0
    # whoever has it upside down is an oracle too, once recalibrated on other forms
    liar = Strategy("liar", "the key", "-", lambda s: [Guess(1.0 - s.flawed, s.flawed.astype(np.int64))])
    assert best_use(liar, sample).skill.value > 0.95


def test_a_form_with_nothing_flawed_has_no_skill_and_does_not_hide_the_others(make):
    mixed = make(forms=20, flawed=lambda rng: rng.choice([0, 7]))
    assert 0 < len(form_skills(mixed, mixed.flawed.astype(float))) < 20


def test_recalibration_never_sees_the_form_it_is_tried_on(sample):
    """Cells that hold one form each could only remember it; elsewhere they were never seen, so they tell nothing."""
    remembers = sample.form * 2 + sample.flawed
    p = recalibrated(sample, remembers)
    for part in range(5):
        assert len(set(p[sample.fold == part])) == 1


def test_no_strategy_sees_the_form_it_is_tried_on(make):
    """Turning round the truth of the last fold changes nothing that a strategy says about it."""
    sample = make(forms=25)
    tried = sample.fold == 4
    turned = replace(sample, rows=tuple(
        replace(row, key=row.key.model_copy(update={"flawed": not row.key.flawed})) if last else row
        for row, last in zip(sample.rows, tried, strict=True)))  # fmt: skip
    for strategy in STRATEGIES:
        for one, other in zip(strategy.guesses(sample), strategy.guesses(turned), strict=True):
            assert one.raw[tried] == pytest.approx(other.raw[tried]), strategy.name


def test_what_is_earned_claim_by_claim_adds_up_to_the_skill(sample):
    p = np.random.default_rng(1).uniform(size=len(sample.rows))
    total = sum(earned for _, earned in earned_on(sample, p))
    assert total == pytest.approx(form_skills(sample, p).mean())


def test_a_failing_strategy_names_the_claims_that_tell(make):
    def told(made):
        made.after = "so" if made.flawed and made.template in (5, 6, 8, 12) else ""

    gate = next(gate for gate in shortcut_gates(make(forms=60, change=told)) if gate.name == "shortcut_text")
    assert not gate.passed
    named = re.findall(r"(\w+) \(\d+\.\d%\)", gate.said.partition("It earns most on")[2])
    assert set(named) == {"answer_units", "answer_cost", "answer_wages", "note_quotes"}


def test_the_interval_covers_and_is_the_same_each_time():
    rng = np.random.default_rng(5)
    estimates = [mean_estimate(rng.normal(size=150)) for _ in range(200)]
    covered = sum(estimate.low <= 0.0 <= estimate.high for estimate in estimates)
    assert 180 <= covered <= 199
    values = rng.normal(size=50)
    assert mean_estimate(values) == mean_estimate(values)


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans(), st.integers(0, 2)), min_size=2, max_size=40))
@settings(max_examples=60)
def test_the_auc_counts_pairs_of_one_group(rows):
    p, flawed, group = (np.array(column) for column in zip(*rows, strict=True))
    pairs = [
        (p[i] > p[j]) + (p[i] == p[j]) / 2
        for i in range(len(p)) for j in range(len(p)) if flawed[i] and not flawed[j] and group[i] == group[j]
    ]  # fmt: skip
    estimate = auc_estimate(p.astype(float), flawed, np.arange(len(p)), resampled_forms(len(p), 50), group)
    assert estimate.value == pytest.approx(np.mean(pairs) if pairs else 0.5)
    assert 0.0 <= estimate.low <= estimate.high <= 1.0


@given(st.lists(st.integers(0, 12), min_size=1, max_size=60))
def test_a_template_is_never_in_two_folds(template):
    template = np.array(template)
    fold = template_folds(template)
    for one in set(template.tolist()):
        assert len(set(fold[template == one].tolist())) == 1
    if len(set(template.tolist())) > 1:
        assert len(set(fold.tolist())) > 1


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50), st.integers(2, 10))
def test_equal_values_share_a_bin_and_larger_ones_lie_in_no_lower_one(values, parts):
    cells = binned(np.array(values), parts)
    ranked = sorted(zip(values, cells.tolist(), strict=True))
    assert all(low[1] <= high[1] for low, high in pairwise(ranked))
    assert all(low[1] == high[1] for low, high in pairwise(ranked) if low[0] == high[0])
    assert cells.min() >= 0 and cells.max() < parts
