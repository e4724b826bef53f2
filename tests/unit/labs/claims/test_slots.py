"""Slots that draw a record."""

from __future__ import annotations

import random

import pytest
from pydantic import ValidationError
from tests.support.toy_cases import facts

from mondaylab.errors import Refused
from mondaylab.labs.claims.slots import Slot, draw_slot


def test_a_record_slot_draws_as_often_from_each_of_its_tables():
    """One case of damage within a week to seven others; a number may have bounds."""
    where = [{"reason": ["damage"], "days": {"below": 5}}, {"days": {"at_least": 5}}]
    slot, rng = Slot(record="case", where=where, says={"why": "reason"}), random.Random(4)
    drawn = [draw_slot("case", slot, facts().data.catalog, rng)["case"] for _ in range(100)]
    assert 40 < drawn.count("r5") < 60 and len(set(drawn)) == 8
    one = Slot(record="case", where={"days": {"at_least": 31, "below": 32}})
    assert draw_slot("case", one, facts().data.catalog, rng) == {"case": "r2"}
    with pytest.raises(Refused, match="slot 'case' has no row to draw"):
        draw_slot("case", Slot(record="case", where=[{}, {"days": {"below": 0}}]), facts().data.catalog, rng)
    with pytest.raises(ValidationError, match="give 'at_least', 'below' or both"):
        Slot(record="case", where={"days": {}})
