"""Words that say the same of other slices get braces; words that do not are told."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.labs.adopting.by_hand import answered, claims_of

from mondaylab.labs.adopting.spans import cut
from mondaylab.labs.adopting.templates import Stated, stated
from mondaylab.labs.adopting.varying import Fixed, braced, connected, varied
from mondaylab.labs.claims.wording import phrase

VARY = {
    "Gross margin in North came to 31.2 % in week 49.": ["Gross margin in {region} came to {value} in {week}"],
    "Net sales rose by 4.2% against the week before.": ["Net sales {direction} by {value} against the week before"],
    "Net sales were up by €500 on the week before.": ["Net sales {direction} by {value} on the week before"],
    "Gross margin was higher than in the previous week.": ["Gross margin was {comparison} than in the previous week"],
    "Corvo Express had 24 shipments and Aldrin Freight had 33 shipments.": [
        "{carrier} had {value}",
        "{rival} had {value}",
    ],
    "Week 49 had net sales of €75,460.": ["{Week} had net sales of {value}"],
    "Orders fell from 124 in week 48.": ["Orders {direction}", "{value} in {week_before}"],
}
FIXED = {
    "There was an increase of 4 % in net sales.": "'increase'",
    "Gross margin improved to 31.2 %.": "'improved'",
    "Net sales rose slightly by 2 %.": "'slightly'",
    "Net sales had increased by 4 % on the week before.": "'increased'",
    "Net sales came to only €75,460.": "'only'",
    "The team increased net sales by 4 % on the week before.": "'increased'",
    "Net sales came to €75,460 and not by chance.": "plain fact",
}


def made(text: str) -> list[str]:
    answer = answered(text)
    spans = cut(answer, 0, claims_of(answer))
    return [varied(answer, one, stating(answer, one), answer.marks[0])[0] for one in spans]


def stating(answer, span) -> Stated:
    return stated(answer, span.entry.claim)


@pytest.mark.parametrize("text", VARY)
def test_what_changes_with_the_slices_is_in_braces(text):
    assert made(text) == VARY[text]


@pytest.mark.parametrize("text", FIXED)
def test_words_that_fit_one_figure_only_are_told(text):
    with pytest.raises(Fixed, match=FIXED[text]):
        made(text)


def test_between_claims_only_what_is_spelled_as_in_the_data_is_replaced():
    answer = answered("For North in week 49 {sic}: see below.")
    words, fixed = connected(answer, 0, len(answer.text), answer.marks[0])
    assert words == "For {region} in {week} {{sic}}: see below."
    assert phrase(words, answer.subject.words(), where="") == answer.text
    assert fixed is None
    answer = answered("For the north of WEEK 49: see below.")
    words, fixed = connected(answer, 0, len(answer.text), answer.marks[0])
    assert fixed is not None and words == answer.text


@given(st.text(alphabet=string.printable))
def test_braces_that_are_meant_stay(text):
    assert phrase(braced(text), {}, where="") == text
