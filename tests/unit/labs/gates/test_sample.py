"""Gates read code: forms whose code gives a flaw away fail, in their words or by themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.support.sampled import sampled

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
