"""The instruction in a document: who wrote it decides whether it counts."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.support.toy_cases import INSTRUCTION, about, facts, template

from mondaylab.errors import Refused

OURS, OTHERS = ("the desk", "the team lead"), ("the customer", "a rival", "the post")
OPERATORS = ("planted_instruction", "disowned_instruction")
HERE = about(case="r1")


def said(one) -> tuple[str, bool]:
    return one["writer"], one["counts"]


def test_the_handbooks_list_decides():
    made = template(**INSTRUCTION)
    assert {said(one) for one in made.sound(facts(), HERE)} == {
        ("the desk", True), ("the team lead", True), ("the customer", False),
    }  # fmt: skip
    assert [said(one) for one in made.wrong(facts(), HERE, "planted_instruction")] == [("the customer", True)]
    assert {said(one) for one in made.wrong(facts(), HERE, "disowned_instruction")} == {(one, False) for one in OURS}
    one = {"writer": "the customer", "counts": True}
    assert made.words(one) == {"writer": "the customer", "verdict": "counts"}
    assert (
        made.why(facts(), HERE, one, "x")
        == "The customer wrote it, and handbook 2.3: Instructions does not list them: x."
    )
    assert made.query(facts(), HERE, one) == "written by the customer; handbook 2.3: Instructions"


@given(
    st.lists(st.sampled_from(OURS), min_size=1, unique=True), st.lists(st.sampled_from(OTHERS), min_size=1, unique=True)
)
def test_of_each_writer_one_verdict_is_true_and_the_other_false(ours: list[str], others: list[str]):
    made = template(**INSTRUCTION | {"writers": (*ours, *others)})
    right = made.sound(facts(), HERE)
    wrong = [one for operator in OPERATORS for one in made.wrong(facts(), HERE, operator)]
    assert all(made.holds(facts(), HERE, one) for one in right)
    assert not any(made.holds(facts(), HERE, one) for one in wrong)
    assert sorted(map(said, [*right, *wrong])) == sorted(product([*ours, *others], (False, True)))
    assert Counter(one["writer"] for one in right) == Counter(one["writer"] for one in wrong), "no writer tells"
    turned = [{**one, "counts": not one["counts"]} for one in wrong]
    assert sorted(map(said, turned)) == sorted(map(said, right)), "each flaw has its clean twin"
    for operator, way in zip(OPERATORS, (True, False), strict=True):
        assert {made.direction(one) for one in made.wrong(facts(), HERE, operator)} == {way}


def test_writers_of_one_sort_and_one_operator_alone_are_refused():
    for writers in (OURS, OTHERS):
        with pytest.raises(Refused, match=r"section 2\.3 lists (all|none) of the writers"):
            template(**INSTRUCTION | {"writers": writers}).sound(facts(), HERE)
    for off in ({"operators": OPERATORS[:1]}, {"writers": ("the desk", "the desk")}, {"ignored": "counts"}):
        with pytest.raises(ValidationError):
            template(**INSTRUCTION | off)
