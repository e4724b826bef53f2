"""How many learners a lab has forms for: the figure, and what its sentence says to do."""

from __future__ import annotations

import pytest

from mondaylab.labs.drawing.cohort_forms import MORE_FACTS
from mondaylab.labs.gates.capacity import LEARNERS, capacity_gate


@pytest.fixture(scope="module")
def form(make):
    return make(forms=1).forms[0]


def test_a_form_for_each_learner_passes_and_there_may_be_more(form):
    gate = capacity_gate([form] * LEARNERS, LEARNERS)
    assert LEARNERS == 200 and gate.passed and (gate.value, gate.bound, gate.n) == (200, 200, 200)
    assert gate.said.startswith("The lab gives at least 200 forms any two of which share at most 25% of their facts:")
    assert gate.said.endswith("(at least 200).")


def test_too_few_forms_fail_and_the_gate_says_what_to_do(form):
    gate = capacity_gate([form] * 137, 200)
    assert not gate.passed and gate.value == 137
    assert gate.said.startswith("The lab gives 137 forms")
    assert gate.said.endswith(
        f"Next: give it {MORE_FACTS}; if no cohort has as many, check it for fewer (--learners 137)."
    )
    assert capacity_gate([form] * 137, 137).passed
    assert capacity_gate([form], 200).said.startswith("The lab gives 1 form any")
    assert capacity_gate([], 200).said.startswith("The lab gives no forms any")


def test_a_form_that_cannot_be_drawn_at_all_fails_and_says_why(form):
    gate = capacity_gate([form] * 199, 200, "no slices left")
    assert not gate.passed and "Then none could be drawn: no slices left. Next: give claims more slices" in gate.said
