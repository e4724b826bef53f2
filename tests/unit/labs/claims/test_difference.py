"""Which of two answers is right: exactly balanced, true by the data, as bad as the error that lies in it."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.support.toy_cases import APPROVAL, CASES, DIFFERENCE, FLAWS, about, facts, holds_and_fails, template

from mondaylab.errors import Refused
from mondaylab.labs.claims.attribute import AttributeTemplate
from mondaylab.labs.claims.difference import ANSWERS, TOLD_BY_FORM, DifferenceTemplate, other_than

DESK = about(way="desk")
INNER = {
    "figure": DIFFERENCE["about"],
    "attribute": {"kind": "attribute", "entity": "case", "record": "case", "field": "reason", "judged_as": "{value}"},
    "more": {
        "kind": "more", "measure": "count", "by": {"channel": "way"}, "than": {}, "display": {"unit": "cases"},
        "judged_as": "it is {comparison}",
    },
}  # fmt: skip
"""Kinds of claims that two answers may differ in."""


def difference(inner: dict, **more: object) -> DifferenceTemplate:
    return template(kind="difference", judged_as="{says} is right.", **{"about": inner, **more})


MADE = template(kind="difference", **DIFFERENCE)


def test_the_answers_say_it_in_the_words_of_what_they_differ_in_and_the_sentence_names_one():
    right, wrong = holds_and_fails(MADE, DESK, "wrong_version")
    assert {(one["first"], one["second"]) for one in right} == {
        ("€62.50 by desk", "€28.75 by desk"),
        ("€28.75 by desk", "€62.50 by desk"),
    }
    one = next(one for one in wrong if one["right"] == "second")
    words = MADE.words(one)
    assert words == {"first": "€28.75 by desk", "second": "€62.50 by desk", "says": "A", "other": "B"}
    assert (MADE.by, MADE.slot_names(), MADE.measure_names()) == ({"channel": "way"}, ("way",), ("mean",))
    assert MADE.about.id == MADE.id and MADE.weighed_as("wrong_version", one) == "wrong_filter"
    assert MADE.why(facts(), DESK, one, "it says B").startswith(
        "It says B. The data gives €62.50, not €28.75: the figu"
    )
    assert MADE.why(facts(), DESK, right[0], None).startswith("True: the data gives €62.50, not €28.75")
    numbers = MADE.numbers(facts(), DESK, one)
    assert (numbers.stated, numbers.truth) == (28.75, 62.5)


@pytest.mark.parametrize("kind", INNER)
def test_each_pair_of_texts_is_exactly_as_often_right_either_way_and_called_so(kind):
    made, slices = difference(INNER[kind]), about(way="desk", case="r2")
    right, wrong = holds_and_fails(made, slices, "wrong_version")
    assert right and len(right) == len(wrong)
    for seen in (("first", "second"), ("says",), ("right",), ("flaw",)):
        shares = [Counter(tuple(one[name] for name in seen) for one in each) for each in (right, wrong)]
        assert shares[0] == shares[1], f"{seen} would tell"
    for called in ANSWERS:  # and so it is among those in which the sentence names the same answer
        texts = [
            Counter((one["first"], one["second"]) for one in each if one["says"] == called) for each in (right, wrong)
        ]
        assert {frozenset(pair) for pair in texts[0]} == {frozenset(pair) for pair in texts[1]}
    assert Counter((one["right"], one["says"]) for one in (*right, *wrong)) == {
        pair: len(right) // 2 for pair in product(ANSWERS, ANSWERS)
    }


AT = facts()


@given(kind=st.sampled_from(sorted(INNER)), at=st.integers(0, 10_000), case=st.sampled_from(["r1", "r2", "r4", "r6"]))
def test_one_answer_has_one_flaw_and_turning_the_sentence_round_is_its_clean_twin(kind, at, case):
    made, slices = difference(INNER[kind]), about(way="portal", case=case)
    stated = [*made.sound(AT, slices), *made.wrong(AT, slices, "wrong_version")]
    one = stated[at % len(stated)]
    held = [made.about.holds(AT, slices, made.said(one, answer)) for answer in ANSWERS]
    assert sorted(held) == [False, True] and ANSWERS[held.index(True)] == one["right"]
    wrong = other_than(one["right"])
    assert made.said(one, wrong) in made.about.wrong(AT, slices, one["flaw"])
    twin = {**one, "says": other_than(one["says"])}
    assert made.holds(AT, slices, one) != made.holds(AT, slices, twin)
    assert twin in stated and {**made.words(one), **dict.fromkeys(("says", "other"))} == {
        **made.words(twin),
        **dict.fromkeys(("says", "other")),
    }
    answer, how_bad = made.error(AT, slices, one)
    numbers = made.about.numbers(AT, slices, made.said(one, wrong))
    sizes = {} if numbers is None else {"truth": numbers.truth, "stated": numbers.stated}
    assert answer == wrong and how_bad == FLAWS.severity(one["flaw"], **sizes)


def test_where_both_answers_are_wrong_nothing_is_decided():
    one = MADE.sound(facts(), DESK)[0]
    wrong = {**one, "first.value": 1.0, "second.value": 2.0}
    with pytest.raises(Refused, match="neither answer is right"):
        MADE.holds(facts(), DESK, wrong)
    with pytest.raises(Refused, match="both answers are right"):
        MADE.holds(facts(), DESK, {**wrong, "first.value": 62.5, "second.value": 62.5})


def test_what_two_answers_cannot_differ_in_is_refused():
    absence = {"kind": "absence", "rows": "count", "says": "returns", "display": {"unit": "returns"}, "judged_as": "x"}
    for inner, more, told in (
        (absence, {}, "cannot differ in a claim of kind 'absence'"),
        ({"kind": "restated", "of": "x", "display": {"unit": "x"}, "judged_as": "x"}, {}, "cannot differ in"),
        (INNER["figure"] | {"operators": ()}, {}, "has no flaw"),
        (INNER["figure"], {"optional": True}, "cannot be optional"),
        (INNER["figure"] | {"optional": True}, {}, "cannot be optional"),
        (INNER["figure"] | {"foil": True}, {}, "no foil"),
        (INNER["figure"] | {"judged_as": "by {way}"}, {}, "say the same: 'judged_as' of what it is about holds one of"),
        (INNER["figure"], {"names": ("A", "A")}, "same name"),
        (INNER["figure"], {"judged_as": "{first} and {says}"}, "neither {first} nor {second}"),
        (INNER["figure"], {"judged_as": "The first is right."}, "says {says}"),
        (INNER["figure"], {"by": {"channel": "other"}}, "stands in"),
        ({"kind": "strange"}, {}, "one of"),
        (APPROVAL | {"judged_as": "x", "amount": 3}, {}, "amount"),
    ):
        with pytest.raises(ValidationError, match=told):
            template(kind="difference", **{"judged_as": "{says}", "about": inner, **more})


@pytest.mark.parametrize("flaw", TOLD_BY_FORM)
def test_a_flaw_whose_value_looks_wrong_is_refused(flaw):
    with pytest.raises(ValidationError, match=f"'{flaw}' shows beside the right value which one is wrong"):
        difference({**INNER["figure"], "operators": ("wrong_filter", flaw)})


def test_a_flaw_that_mostly_makes_a_figure_larger_or_smaller_is_told():
    made = difference({**INNER["figure"], "operators": ("wrong_filter",)})
    at = facts(pd.DataFrame(CASES).assign(amount=lambda cases: 100.0 + 900.0 * (cases["channel"] == "portal")))

    def told(desk: int, portal: int) -> list[str]:
        return list(made.data_problems(at, [about(way="desk")] * desk + [about(way="portal")] * portal, ()))

    assert told(40, 40) == told(44, 36) == [], "of the desk's figure the other is larger, of the portal's it is smaller"
    (above,), (below,) = told(60, 20), told(20, 60)
    assert above.startswith("what 'wrong_filter' gives lies above the right figure in 75% of the cases (40-60 % are")
    assert below.startswith("what 'wrong_filter' gives lies below the right figure in 75% of the cases")
    assert told(9, 0) == [], "so few show nothing"
    assert told(30, 0) != []
    assert list(difference(INNER["attribute"]).data_problems(facts(), [about(case="r2")] * 30, ())) == []


class Watched(AttributeTemplate):
    """A kind that is told what else the lab has, and finds fault with it and with the data."""

    def bound(self, claims):
        return self.model_copy(update={"judged_as": f"{self.judged_as} of {len(claims)}"})

    def binding_problems(self, claims):
        yield f"{len(claims)} are too many"

    def data_problems(self, facts, slices, redrawn):
        yield f"tried on {len(slices)}"


def test_what_it_is_about_is_asked_as_if_it_stood_alone():
    made = difference(INNER["attribute"])
    inner = Watched.model_validate(made.about.model_dump())
    made = made.model_copy(update={"about": inner})
    others = {"one": MADE, "two": MADE}
    assert made.bound(others).about.judged_as == "{value} of 2"
    assert [*made.binding_problems(others)] == ["2 are too many"]
    assert [*made.data_problems(facts(), [about(case="r2")] * 40, ())] == ["tried on 10"]


def test_it_is_written_down_with_what_it_is_about_and_read_again():
    assert template(**MADE.model_dump(mode="json")) == MADE
