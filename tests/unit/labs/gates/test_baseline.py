"""What a model that reads the words alone earns."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mondaylab.labs.gates.baseline import baseline_gate, questions
from mondaylab.labs.gates.sample import Sample
from mondaylab.labs.recorded.baselines import Baseline, asked_key


@pytest.fixture(scope="module")
def sample(make):
    return make(forms=10)


def told(sample: Sample, forms: int, says) -> Baseline:
    """What a model answered about the first forms; `says` gives its words for a row."""
    answers = {
        asked_key(question): says(row)
        for form in range(forms)
        for row, question in zip(sample.rows_of(form), questions(sample, form), strict=True)
    }
    return Baseline(model_asked="m", model="some-model", asked="2026-11-23", snapshot="s", answers=answers)


def test_without_a_model_nothing_is_measured_and_nothing_invented(sample):
    gate = baseline_gate(sample, None)
    assert (gate.passed, gate.value, gate.low, gate.high, gate.n) == (True, None, None, None, 0)
    assert gate.said.startswith("No model was asked; not measured.")


def test_who_knows_earns_everything_who_does_not_nothing_and_who_errs_less_than_that(sample):
    knows = baseline_gate(sample, told(sample, 10, lambda row: str(100 * row.key.flawed)))
    errs = baseline_gate(sample, told(sample, 10, lambda row: str(100 * (not row.key.flawed))))
    assert (knows.value, knows.n, knows.passed, knows.bound) == (1, 10, True, None)
    assert errs.value < 0 and errs.passed
    assert knows.said.startswith("some-model, asked on 2026-11-23 with the text alone, earns 100.0%")


def test_only_the_forms_that_it_was_asked_about_count(sample):
    gate = baseline_gate(sample, told(sample, 3, lambda row: str(100 * row.key.flawed)))
    assert (gate.value, gate.n) == (1, 3) and "in 3 forms (54 of 54 rows answered with a number)" in gate.said


def test_a_form_that_was_asked_about_in_part_does_not_count(sample):
    whole = told(sample, 3, lambda row: str(100 * row.key.flawed))
    part = whole.model_copy(update={"answers": dict([*whole.answers.items()][:-1])})
    assert (baseline_gate(sample, part).value, baseline_gate(sample, part).n) == (1, 2)


def test_words_without_a_number_count_as_not_knowing(sample):
    some = baseline_gate(sample, told(sample, 3, lambda row: "I cannot say" if row.missing else "50"))
    dull = baseline_gate(sample, told(sample, 3, lambda row: "50"))
    assert some.value == dull.value and "(45 of 54 rows answered with a number)" in some.said


def test_answers_about_forms_that_are_drawn_no_more_are_told(sample):
    other = Baseline(model_asked="m", model="m", asked="2026-11-23", snapshot="s", answers={asked_key("old"): "3"})
    gate = baseline_gate(sample, other)
    assert gate.passed and gate.value is None and "about no whole form of these" in gate.said


def test_a_claim_is_asked_alone_and_what_is_missing_with_the_claims_of_its_draft(sample):
    for row, question in zip(sample.rows_of(0), questions(sample, 0), strict=True):
        others = [one for one in sample.rows_of(0) if one.draft == row.draft and not one.missing and one is not row]
        assert question.endswith(f"Statement: {row.said}")
        assert all((one.said in question) == row.missing for one in others if one.said not in row.said)


def test_a_claim_about_a_query_is_asked_with_its_query_and_others_as_before(sample):
    claim = next(row for row in sample.rows_of(0) if not row.missing)
    texts = {claim.key.claim_id: {"what": claim.text, "sql": "SELECT SUM(net)\nFROM order_line"}}
    first, *rest = sample.forms
    shown = Sample.of([replace(first, texts=texts), *rest], sample.names)
    for row, question, plain in zip(shown.rows_of(0), questions(shown, 0), questions(sample, 0), strict=True):
        if row.key.claim_id == claim.key.claim_id:
            assert question.endswith(f"\n\nSELECT SUM(net)\nFROM order_line\n\nStatement: {row.said}")
        else:
            assert question == plain
