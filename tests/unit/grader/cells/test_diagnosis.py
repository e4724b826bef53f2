"""Diagnosis: what a caught flaw earns, and why doubting everything earns nothing."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mondaylab.errors import Refused
from mondaylab.forms.keys import ClaimKey
from mondaylab.forms.scoring import DiagnosisRules
from mondaylab.grader.cells.diagnosis import diagnose, diagnose_row, kind_result, value_result
from mondaylab.judging.answers import Answer

FEW = settings(max_examples=30)  # a case takes long to draw

RULES = DiagnosisRules(
    kind=0.5, severity=0.25, value=0.25, same_group=0.5, severity_weights={"minor": 1, "material": 2, "critical": 3}
)
GROUPS = {"number": "figures", "unit": "figures", "policy": "care"}


def perfect(key) -> dict[str, Answer]:
    return {
        claim.claim_id: Answer(p=90, action="fix", kind=claim.kinds[0], severity=claim.severity, value=claim.truth)
        if claim.flawed
        else Answer(p=10, action="use")
        for claim in key.claims
    }


def test_all_right_earns_all(key, diagnosis_rules, groups):
    assert diagnose(key.claims, perfect(key), diagnosis_rules, groups).share == 1.0


def test_the_small_form(key, answers, diagnosis_rules, groups):
    """b (weight 3 of 4) is all right, c is missed; one of four sound rows is doubted."""
    result = diagnose(key.claims, answers.check, diagnosis_rules, groups)
    assert math.isclose(result.share, 3 / 4 * 3 / 4)
    assert (result.false_alarms, result.sound) == (1, 4)


def test_parts_of_one_row(key, diagnosis_rules, groups):
    claim = key.claims[1]

    def share(**said) -> float:
        return diagnose_row(claim, Answer(p=80, action="fix", **said), diagnosis_rules, groups).share

    assert share(kind="number", severity="critical", value=30.5) == 1.0
    assert share(kind="unit", severity="critical", value=30.0) == 0.75
    assert share(kind="policy", severity="critical", value=30.0) == 0.5
    assert share(kind="number", severity="minor", value=30.0) == 0.75
    assert share(kind="number", severity="critical", value=30.6) == 0.75
    assert share(kind="number", severity="critical") == 0.75
    assert share() == 0.0


def test_a_row_without_a_number_shares_its_value_weight(key, diagnosis_rules, groups):
    row = diagnose_row(key.claims[3], Answer(p=80, action="fix", kind="policy"), diagnosis_rules, groups)
    assert row.value == "not asked" and math.isclose(row.share, 2 / 3)


def test_only_caught_flaws_earn(key, diagnosis_rules, groups):
    said = Answer(p=80, action="use", kind="number", severity="critical", value=30.0)
    assert diagnose_row(key.claims[1], said, diagnosis_rules, groups).share == 0.0


@FEW
@given(st.data())
def test_doubting_everything_earns_nothing_whatever_is_guessed(data):
    claims = _claims(data)
    said = {
        claim.claim_id: Answer(p=data.draw(st.integers(50, 100)), action="fix", kind="number", severity="critical")
        for claim in claims
    }
    assert diagnose(claims, said, RULES, GROUPS).share == 0.0


@FEW
@given(st.data())
def test_the_share_lies_in_bounds_and_a_false_alarm_never_pays(data):
    claims = _claims(data)
    said = {
        claim.claim_id: Answer(p=data.draw(st.integers(0, 100)), action="fix", kind="number", severity="critical")
        for claim in claims
    }
    result = diagnose(claims, said, RULES, GROUPS)
    assert 0.0 <= result.share <= 1.0
    sound = next(claim.claim_id for claim in claims if not claim.flawed)
    calmer = {**said, sound: Answer(p=0, action="use")}
    assert diagnose(claims, calmer, RULES, GROUPS).share >= result.share


@pytest.mark.parametrize("flawed", [True, False])
def test_degenerate_forms_are_refused(key, diagnosis_rules, groups, flawed):
    with pytest.raises(Refused):
        diagnose([claim for claim in key.claims if claim.flawed == flawed], {}, diagnosis_rules, groups)


def test_kinds_and_values(key):
    number = key.claims[1]
    assert kind_result(number, "number", GROUPS) == "right"
    assert kind_result(number, "unit", GROUPS) == "same group"
    assert kind_result(number, "nonsense", GROUPS) == "wrong"
    assert kind_result(number, None, GROUPS) == "not given"
    assert [value_result(number, said) for said in (29.5, 30.5, 30.51, None, math.inf)] == [
        "right",
        "right",
        "wrong",
        "not given",
        "not given",
    ]


def _claims(data) -> list[ClaimKey]:
    flags = data.draw(st.lists(st.booleans(), min_size=2, max_size=12).filter(lambda f: any(f) and not all(f)))
    severity = st.sampled_from(["minor", "material", "critical"])
    return [
        ClaimKey(
            claim_id=str(number),
            draft_id="d",
            template="t",
            text="t",
            flawed=flawed,
            kinds=("number",) if flawed else (),
            group="figures" if flawed else None,
            severity=data.draw(severity) if flawed else None,
            why="w",
            query="q",
        )
        for number, flawed in enumerate(flags)
    ]
