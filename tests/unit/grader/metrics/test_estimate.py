"""The record of a figure: with its interval, or with why there is none."""

from __future__ import annotations

import json
import math

import pytest

from mondaylab.errors import Refused
from mondaylab.grader.metrics import NOT_ENOUGH, Estimate

NAN = math.nan


def test_not_enough_data_survives_json_as_itself():
    for figure in (Estimate.missing(4, "too few"), Estimate.of(0.5, 0.2, 0.8, 40)):
        again = Estimate.model_validate(json.loads(figure.model_dump_json()))
        assert again == figure and json.loads(figure.canonical())["n"] == figure.n
    assert json.loads(Estimate.missing(4, "too few").canonical())["value"] is None
    assert str(Estimate.missing(4, "too few")) == f"{NOT_ENOUGH} (n = 4)"


@pytest.mark.parametrize(
    "fields",
    [
        {"value": 1.0, "n": 3},
        {"n": 3},
        {"value": 1.0, "low": 0.0, "high": 2.0, "n": 3, "reason": "too few"},
        {"low": 0.0, "n": 3, "reason": "too few"},
        {"value": NAN, "low": 0.0, "high": 1.0, "n": 3},
        {"value": 1.0, "low": 0.0, "high": 1.0, "n": -1},
        {"n": 3, "reason": "because"},
    ],
)
def test_half_a_figure_is_refused(fields):
    with pytest.raises(Refused):
        Estimate.parse(fields, where="test")
