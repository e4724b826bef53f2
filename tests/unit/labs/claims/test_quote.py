"""Quotations: word for word, whole, and with the negation that they have."""

from __future__ import annotations

import pytest
from pydantic import ValidationError
from tests.support.toy_cases import about, facts, holds_and_fails, template

from mondaylab.errors import Refused


def test_a_quotation_is_word_for_word():
    made = template(kind="quote", sections=("1.1", "1.2"))
    right, wrong = holds_and_fails(made, about(), "misquoted_source")
    quotes = {said["quote"] for said in right}
    assert "Goods may come back within 30 days of delivery." in quotes
    assert "Later cases are decided by the team lead only." in quotes, "without its Markdown"
    assert "Nobody pays the freight twice." not in quotes, "it has nothing that could be misquoted"
    said = {one["quote"] for one in wrong}
    assert {
        "Goods may come back within 60 days of delivery.",
        "Goods must come back within 30 days of delivery.",
    } <= said
    first = next(one for one in wrong if "60 days" in one["quote"])
    assert (
        made.why(facts(), about(), first, "x") == "Section 1.1 says: “Goods may come back within 30 days of delivery.”"
    )


def test_a_quotation_ends_where_the_condition_begins_or_runs_on_with_that_of_another_rule():
    made = template(kind="quote", sections=("1.1", "1.3"), operators=("half_quoted_rule", "merged_clauses"))
    right, half = holds_and_fails(made, about(), "half_quoted_rule")
    merged = made.wrong(facts(), about(), "merged_clauses")
    assert {one["quote"] for one in half} == {"The customer pays the way back of goods."}, "five words are too few"
    said = {one["quote"] for one in merged}
    assert "A parcel is never sent by mail, unless they came damaged." in said
    assert "Goods may come back within 30 days of delivery if the carrier collects it." in said
    assert not [one for one in merged if made.holds(facts(), about(), one)]
    # one coin decides whether there is a condition: the words of rules and of conditions stand as often in either
    assert {made.direction(one) for one in half} == {False} and {made.direction(one) for one in merged} == {True}
    assert {made.direction(one) for one in right} == {True, False}
    assert "The customer pays the way back of goods, unless they came damaged." in {one["quote"] for one in right}
    why = made.why(facts(), about(), half[0], "x")
    assert why == "Section 1.3 says: “The customer pays the way back of goods, unless they came damaged.”"
    for wrong in (("half_quoted_rule",), ("merged_clauses",), ("half_quoted_rule", "merged_clauses", "lost_negation")):
        with pytest.raises(ValidationError, match=r"go together|claim of its own"):
            template(kind="quote", sections=("1.1",), operators=wrong)
    bare = template(kind="quote", sections=("1.2",), operators=("half_quoted_rule", "merged_clauses"))
    with pytest.raises(Refused, match="not both a sentence with and one without a condition"):
        bare.sound(facts(), about())


def test_a_quotation_loses_its_negation_or_gets_one():
    made = template(kind="quote", sections=("1.3",), operators=("lost_negation",))
    right, wrong = holds_and_fails(made, about(), "lost_negation")
    said = {one["quote"] for one in wrong}
    assert {"A parcel is sent by mail.", "A label is sent if the carrier collects it."} <= said
    assert {"Goods are not checked when they arrive.", "Goods are never checked when they arrive."} <= said
    assert "No desk pays" not in str(said), "the desk is no a or an"
    assert {made.direction(one) for one in right} == {made.direction(one) for one in wrong} == {True, False}
    only = template(kind="quote", sections=("1.2",), operators=("lost_negation",))
    with pytest.raises(Refused, match="not both a sentence with and one without a negation"):
        only.sound(facts(), about())
