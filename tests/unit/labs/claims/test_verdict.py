"""Verdicts: whether a case keeps a limit of the handbook."""

from __future__ import annotations

import pytest
from tests.support.toy_cases import about, facts, holds_and_fails, template

from mondaylab.errors import Refused


def test_a_verdict_goes_by_the_limit_itself():
    made = template(
        kind="verdict", measure="days", by={"_key": "case"}, keeps="at_most", limit=30, section="1.1",
        display={"unit": "days"}, yes="is within", no="is past",
    )  # fmt: skip
    for case, kept in (("r1", True), ("r7", True), ("r2", False), ("r6", False)):
        right, wrong = holds_and_fails(made, about(case=case), "policy_misread")
        assert (right, wrong) == ([{"kept": kept}], [{"kept": not kept}])
    assert made.words({"kept": False}) == {"verdict": "is past", "limit": "30 days"}
    assert made.direction({"kept": True}) is True
    moved = made.model_copy(update={"limit": 28.0})
    with pytest.raises(Refused, match=r"section 1\.1 no longer states the limit 28 days"):
        moved.sound(facts(), about(case="r1"))
