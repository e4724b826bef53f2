"""Attributes: a field of one record, as it stands there or in plain words."""

from __future__ import annotations

import pytest
from pydantic import ValidationError
from tests.support.toy_cases import CASES, about, facts, holds_and_fails, template


def test_an_attribute_is_mixed_up_or_made_up():
    made = template(kind="attribute", entity="case", record="case", field="delivered", instead=("asked",))
    right, wrong = holds_and_fails(made, about(case="r1"), "mixed_up_record")
    assert (right, wrong) == ([{"value": "5 October 2026"}], [{"value": "15 October 2026"}])
    named = template(kind="attribute", entity="case", record="case", field="customer")
    right, wrong = holds_and_fails(named, about(case="r1"), "fabricated_entity")
    assert right == [{"value": "ann"}]
    assert wrong and not {said["value"] for said in wrong} & set(CASES["customer"]), "halves of real names, nobody's"


def test_an_attribute_in_plain_words_says_another_of_its_values_when_it_is_wrong():
    puts = {"damage": "it came damaged", "mind": "you changed your mind"}
    made = template(kind="attribute", entity="case", record="case", field="reason", says=puts, section="1.1")
    right, wrong = holds_and_fails(made, about(case="r1"), "mixed_up_record")
    assert (right, wrong) == ([{"value": "damage"}], [{"value": "mind"}])
    assert holds_and_fails(made, about(case="r1"), "policy_misread") == (right, wrong)
    assert made.words(wrong[0]) == {"value": "you changed your mind"}
    assert made.why(facts(), about(case="r1"), wrong[0], "x") == (
        "The record says damage (“it came damaged”), not mind (“you changed your mind”): x."
    )
    assert made.query(facts(), about(case="r1"), right[0]) == "case r1: reason = damage; handbook 1.1: Returns"
    few = template(kind="attribute", entity="case", record="case", field="reason", says={"mind": "a", "late": "b"})
    assert few.sound(facts(), about(case="r1")) == () == few.wrong(facts(), about(case="r1"), "mixed_up_record")
    for bad in (
        {"says": {"damage": "x"}},
        {"says": {"damage": "x", "mind": "x"}},
        {"says": puts, "instead": ("days",)},
        {"says": puts, "operators": ("policy_misread",)},  # and no section whose rule could be misread
    ):
        with pytest.raises(ValidationError, match="says"):
            template(kind="attribute", entity="case", record="case", field="reason", **bad)
