"""What an assistant sent to whom: the same things are allowed to one and not to the other."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.toy_cases import SENT, about, facts, template

from mondaylab.concepts.handbook import Handbook
from mondaylab.errors import Refused
from mondaylab.labs.claims.company_data import CompanyData
from mondaylab.labs.claims.template import LabFacts

HERE = about(case="r1")
THINGS = st.lists(st.sampled_from([f"thing {letter}" for letter in "abcdef"]), min_size=1, unique=True)


def lists(customer: list[str], carrier: list[str]) -> LabFacts:
    at = facts()
    told = f"## 2.4 What is sent\n\n- the customer: {', '.join(customer)}\n- the carrier: {', '.join(carrier)}\n"
    return LabFacts(at.measures, CompanyData(at.data.catalog, at.data.weeks, Handbook(told)))


def test_the_handbooks_list_for_the_recipient_decides():
    made = template(**SENT)
    ok, bad = (
        {"recipient": "the customer", "sent": "case, amount"},
        {"recipient": "the carrier", "sent": "case, amount"},
    )
    assert ok in made.sound(facts(), HERE) and bad in made.wrong(facts(), HERE, "sent_too_much")
    assert made.words(bad) == bad
    assert made.why(facts(), HERE, bad, "x") == "For the carrier, handbook 2.4: What is sent does not list amount: x."
    assert made.why(facts(), HERE, ok, None) == "True: handbook 2.4: What is sent lists all of it for the customer."
    assert made.query(facts(), HERE, bad) == "case, amount to the carrier; handbook 2.4: What is sent"


@given(THINGS, THINGS, st.integers(1, 4))
def test_once_the_coin_has_chosen_the_recipient_what_is_sent_tells_nothing(one: list[str], other: list[str], size: int):
    at, made = lists(one, other), template(**SENT | {"size": size})
    try:
        right, wrong = list(made.sound(at, HERE)), list(made.wrong(at, HERE, "sent_too_much"))
    except Refused as error:
        assert "the other may not get" in error.what
        return
    assert right and all(made.holds(at, HERE, said) for said in right)
    assert not any(made.holds(at, HERE, said) for said in wrong)
    assert Counter(said["sent"] for said in right) == Counter(said["sent"] for said in wrong), "each set on either side"
    swapped = {"the customer": "the carrier", "the carrier": "the customer"}
    turned = [{**said, "recipient": swapped[said["recipient"]]} for said in wrong]
    assert sorted(map(str, turned)) == sorted(map(str, right)), "the inverse restores what was allowed"
    assert {made.direction(said) for said in right} == {made.direction(said) for said in wrong} == {True, False}


def test_a_recipient_that_is_not_listed_and_lists_that_do_not_differ_are_refused():
    with pytest.raises(Refused, match=r"section 2\.4 lists nothing for the post"):
        template(**SENT | {"recipients": ("the post", "the carrier")}).sound(facts(), HERE)
    with pytest.raises(Refused, match="get no 2 things that the other may not get"):
        template(**SENT).sound(lists(["thing a", "thing b"], ["thing a", "thing b", "thing c"]), HERE)
