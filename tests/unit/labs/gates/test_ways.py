"""The gate on ways, on forms in which one kind of claim leans, and its intervals against published ones."""

from __future__ import annotations

import pytest

from mondaylab.labs.gates.skill import Estimate
from mondaylab.labs.gates.ways import MAX_LEAN, difference, leans_of, ways_gate


def leaning(template: int, share: float):
    """Flawed claims of one kind go up in this share of the forms, sound ones in the rest."""

    def change(made):
        if made.template == template:
            made.way = made.flawed == (made.rng.random() < share)

    return change


@pytest.mark.deep
def test_one_kind_of_claim_whose_way_tells_fails_the_gate_alone(make, failing):
    """Which is why there is one: guessing from a single kind in fifteen earns next to nothing."""
    sample = make(forms=140, change=leaning(3, 0.8))
    gate = ways_gate(sample)
    assert failing(sample) == {"ways"}
    assert gate.low > MAX_LEAN and gate.said.startswith("memo_orders leans most") and "Next: " in gate.said


def test_claims_that_a_coin_decides_pass(make):
    sample = make(forms=140)
    gate = ways_gate(sample)
    assert gate.passed and gate.low <= 0 and len(leans_of(sample)) == 15 and "Next: " not in gate.said
    assert gate.n == sample.claims().sum()


def test_a_claim_that_went_one_way_only_is_not_compared(make):
    def one_way(made):
        made.way = made.flawed if made.template == 0 else True

    assert [lean.template for lean in leans_of(make(forms=60, change=one_way))] == ["memo_sales"]
    assert ways_gate(make(forms=20, change=lambda made: setattr(made, "way", True))).said.startswith("No claim goes")


@pytest.mark.parametrize(
    ("more", "less", "low", "high"),
    # Newcombe 1998, table II, method 10
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_the_interval_is_the_published_one(more, less, low, high):
    found = difference(more, less, 0.95)
    assert found == Estimate(pytest.approx(found.value), pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))
