"""What strategies look at, and what the report says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mondaylab.labs.gates import Gate, GateReport
from mondaylab.labs.gates.sample import masked
from mondaylab.labs.gates.strategies import number_of


@pytest.fixture(scope="module")
def sample(make):
    return make(forms=10)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Net sales in North came to €412,300 in week 41.", "412,300"),
        ("In week 41 margin was 31.0 %.", "31.0"),
        ("North had the lowest margin of all regions.", ""),
    ],
)
def test_the_number_that_a_sentence_is_about_is_never_its_week(sample, text, number):
    assert number_of(replace(sample.rows[0], text=text, said=text)) == number


def test_a_phrasing_is_the_sentence_without_what_it_is_about(sample):
    row = replace(sample.rows[0], text="North West sold 1,300 units on 3.11.2026 in North.")
    assert masked(row, ["North", "North West"]) == "_ sold # units on # in _."


def test_a_report_passes_only_if_every_gate_does():
    good = Gate(name="one", passed=True, n=1, said="Good.")
    bad = Gate(name="two", passed=False, n=1, said="Bad.")
    about = {"lab": "l", "quarter": "q", "company": "c", "snapshot": "s", "seeds": 1, "claims": 1}
    assert GateReport(**about, gates=(good,)).passed
    report = GateReport(**about, gates=(good, bad))
    assert not report.passed and report.failed() == (bad,)
    assert GateReport.parse(report.model_dump(mode="json"), where="test") == report
