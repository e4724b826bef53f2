"""What a tool returned, passed on under its own name or under another."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.support.toy_cases import RETURNED, about, facts, template

PASSED_ON = template(**RETURNED)
THREE = template(**RETURNED | {"figures": {"a": "one", "b": "two", "c": "three"}})
CENTS = st.integers(0, 9_999_999)


def shown(one: int, other: int):
    return about(case="r1", case_amount=f"{one / 100:g}", case_before=str(other / 100))


def test_the_transcript_decides():
    slices = about(case="r1", case_amount="80", case_before="40.5")
    assert list(PASSED_ON.sound(facts(), slices)) == [
        {"figure": "case_amount", "value": 80.0}, {"figure": "case_before", "value": 40.5},
    ]  # fmt: skip
    made = PASSED_ON.wrong(facts(), slices, "misreported_result")
    assert list(made) == [{"figure": "case_amount", "value": 40.5}, {"figure": "case_before", "value": 80.0}]
    assert PASSED_ON.words(made[0]) == {"label": "the amount", "value": "€40.50"}
    assert PASSED_ON.why(facts(), slices, made[0], "x") == "The tool returned €80.00 as the amount: x."
    assert PASSED_ON.query(facts(), slices, made[0]) == "the transcript, case r1: the amount = 80"
    numbers = PASSED_ON.numbers(facts(), slices, made[0])
    assert (numbers.stated, numbers.truth, numbers.unit, numbers.tolerance) == (40.5, 80.0, "EUR", 0.005)


@given(CENTS, CENTS)
def test_what_is_wrong_is_more_than_three_tolerances_off_and_names_and_figures_stand_on_both_sides(
    one: int, other: int
):
    slices = shown(one, other)
    right = list(PASSED_ON.sound(facts(), slices))
    wrong = list(PASSED_ON.wrong(facts(), slices, "misreported_result"))
    assert bool(right) == bool(wrong)
    assert all(PASSED_ON.holds(facts(), slices, said) for said in right)
    assert not any(PASSED_ON.holds(facts(), slices, said) for said in wrong)
    for said in wrong:
        numbers = PASSED_ON.numbers(facts(), slices, said)
        assert abs(numbers.stated - numbers.truth) > 3 * numbers.tolerance
        twin = {**said, "value": numbers.truth}
        assert twin in right and PASSED_ON.holds(facts(), slices, twin), "its clean twin"
    for part in ("figure", "value"):
        assert Counter(said[part] for said in right) == Counter(said[part] for said in wrong)


@given(st.lists(CENTS, min_size=3, max_size=3, unique=True))
def test_of_three_each_name_stands_with_each_other_figure(cents: list[int]):
    slices = about(case="r1", **{name: str(value / 100) for name, value in zip("abc", cents, strict=True)})
    right, wrong = THREE.sound(facts(), slices), THREE.wrong(facts(), slices, "misreported_result")
    for part in ("figure", "value"):
        assert Counter(said[part] for said in [*right, *right]) == Counter(said[part] for said in wrong)


def test_figures_as_good_as_the_same_no_numbers_and_one_name_for_two_give_nothing():
    for one, other in (("80", "80.02"), ("80", "80"), ("80", "no"), ("-1", "80")):
        slices = about(case="r1", case_amount=one, case_before=other)
        assert not PASSED_ON.sound(facts(), slices) and not PASSED_ON.wrong(facts(), slices, "misreported_result")
    for figures in ({"a": "one"}, {"a": "one", "b": "one"}):
        with pytest.raises(ValidationError):
            template(**RETURNED | {"figures": figures})
