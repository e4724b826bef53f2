"""Gates read code: forms whose code gives a flaw away fail, in their words or by themselves."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest
from tests.support.sampled import sampled

from mondaylab.labs.gates.giveaway import giveaway_gates
from mondaylab.labs.gates.sample import Sample
from mondaylab.labs.gates.shortcuts import best_use
from mondaylab.labs.gates.strategies import STRATEGIES

BY_NAME = {strategy.name: strategy for strategy in STRATEGIES}


def with_code(sample: Sample, told: bool) -> Sample:
    """The forms with a query beside each claim; `told`: that of a flawed one has a piece of its own."""
    forms = []
    for form in sample.forms:
        texts = {
            key.claim_id: {
                "what": key.text,
                "sql": "SELECT SUM(net) FROM order_line" + (" WHERE status <> 'trade'" if told and key.flawed else ""),
            }
            for key in form.key.claims
        }
        forms.append(replace(form, texts=texts))
    return Sample.of(forms, sample.names)


@pytest.mark.parametrize("name", sampled(["phrasing", "text", "length"], 3))
def test_code_that_only_flawed_claims_have_earns_points(make, name):
    plain = make(forms=20)
    assert best_use(BY_NAME[name], with_code(plain, told=False)).skill.high < 0.2
    assert best_use(BY_NAME[name], with_code(plain, told=True)).skill.low > 0.8


def test_what_a_claim_stands_beside_is_all_that_a_learner_reads_of_it(make):
    row = with_code(make(forms=5), told=True).rows[0]
    assert row.code.startswith("SELECT SUM(net)") and row.code in row.seen and row.text in row.seen


def with_two_answers(sample: Sample, times: float | None) -> Sample:
    """The forms with two answers to each claim, either of them right as often, and either called so as often.

    Args:
        sample: The forms.
        times: How many times the right figure the wrong one is; none: somewhat more or less.
    """
    rng, forms = random.Random(7), []
    for form in sample.forms:
        texts, ways = {}, {}
        for key in form.key.claims:
            right = math.exp(rng.uniform(math.log(100), math.log(90_000)))
            wrong = right * (math.exp(rng.uniform(-0.5, 0.5)) if times is None else times)
            ways[key.claim_id] = rng.random() < 0.5
            said, other = (wrong, right) if key.flawed else (right, wrong)
            both = (said, other) if ways[key.claim_id] else (other, said)
            texts[key.claim_id] = dict(zip(("first", "second"), (f"{one:,.0f} EUR" for one in both), strict=True))
        forms.append(replace(form, texts=texts, ways=ways))
    return Sample.of(forms, sample.names)


@pytest.mark.deep
def test_the_gates_see_that_the_wrong_one_of_two_answers_is_ten_times_as_large(make):
    plain = make(forms=60)
    for sample, found in ((with_two_answers(plain, 10), True), (with_two_answers(plain, None), False)):
        for gate in giveaway_gates(sample, min_claims=500):
            assert gate.passed != found and (gate.value > 0.9) == found
    broken = with_two_answers(plain, 10)
    apart = replace(broken, rows=tuple(replace(row, compared=None) for row in broken.rows))
    assert all(gate.value < 0.65 for gate in giveaway_gates(apart, min_claims=500)), "from the texts alone none sees it"


def test_which_answer_is_called_right_stands_first_and_what_are_no_figures_has_no_size(make):
    row = make(forms=5).rows[0]
    assert "right_1,200" in replace(row, compared=("1,200 EUR", "12 EUR")).seen_compared
    assert replace(row, compared=("1,200 EUR", "12 EUR")).seen_compared.endswith("right_is_larger right_is_larger_by_2")
    assert replace(row, compared=("0.4 %", "4.1 %")).seen_compared.endswith("right_is_smaller right_is_smaller_by_1")
    assert "right_is_" not in replace(row, compared=("broken", "lost")).seen_compared
    assert row.seen_compared == row.seen
