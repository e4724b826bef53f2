"""An answer is exactly what its type says: nothing is converted, nothing unknown slips in."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.errors import Refused
from mondaylab.forms.shown import ACTIONS, SEVERITIES
from mondaylab.judging.answers import Answer, AnswerEvent


@given(
    p=st.none() | st.integers(0, 100),
    action=st.none() | st.sampled_from(ACTIONS),
    severity=st.none() | st.sampled_from(SEVERITIES),
    value=st.none() | st.floats(allow_nan=False, allow_infinity=False),
)
def test_every_valid_answer_survives_a_round_trip(p: int | None, action: Any, severity: Any, value: float | None):
    answer = Answer(p=p, action=action, severity=severity, value=value)
    assert Answer.model_validate_json(answer.model_dump_json()) == answer
    assert answer.p == p


@pytest.mark.parametrize("p", [101, -1, 50.5, 50.0, True, False, "50", math.nan, math.inf, [50], 10**30])
def test_probability_is_a_whole_number_from_0_to_100(p: object):
    with pytest.raises(Refused):
        Answer.parse({"p": p}, where="test")


@given(st.integers().filter(lambda p: not 0 <= p <= 100) | st.floats() | st.booleans() | st.text() | st.binary())
def test_anything_else_is_refused_as_probability(p: object):
    with pytest.raises(Refused):
        Answer.parse({"p": p}, where="test")


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "ignore"},
        {"action": "USE"},
        {"severity": "huge"},
        {"value": math.nan},
        {"value": math.inf},
        {"value": "3"},
        {"value": True},
        {"value": 10**400},
        {"note": "x" * 501},
        {"note": "a\x00b"},
        {"note": "\ud800"},
        {"note": 3},
        {"kind": 3},
        {"truth": 1},
        {"P": 50},
    ],
)
def test_wrong_fields_are_refused(fields: dict[str, object]):
    with pytest.raises(Refused):
        Answer.parse(fields, where="test")


def test_unset_is_not_fifty():
    assert Answer().p is None
    assert Answer.parse({}, where="test").model_dump() == dict.fromkeys(
        ("p", "action", "kind", "severity", "value", "note")
    )


@pytest.mark.parametrize(
    "change", [{"event_id": "nope"}, {"stage": "second"}, {"claim_id": 3}, {"answer": None}, {"learner": "bob"}]
)
def test_events_are_strict(change: dict[str, object]):
    good = {
        "event_id": "6f9619ff-8b86-4011-b42d-00cf4fc964ff",
        "stage": "first",
        "claim_id": "c1",
        "answer": {"p": 1},
    }
    AnswerEvent.parse(good, where="test")
    with pytest.raises(Refused):
        AnswerEvent.parse({**good, **change}, where="test")
