"""A sentence is cut between its claims, and nothing that it states is left outside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.labs.adopting.by_hand import answered, claims_of

from mondaylab.labs.adopting.need import CannotAdopt
from mondaylab.labs.adopting.spans import cut

SENTENCES = {
    "Gross margin in North came to 31.2 % in week 49.": ["Gross margin in North came to 31.2 % in week 49"],
    "In week 49, net sales were €75,460.": ["net sales were €75,460"],
    "However, net sales were €75,460!": ["net sales were €75,460"],
    "Net sales fell from €80,000 to €75,460.": ["Net sales fell", "€80,000", "€75,460"],
    "Net sales rose by €4,390 compared to the previous week (€96,610), but gross margin fell to 30.8%.": [
        "Net sales rose by €4,390 compared to the previous week",
        "€96,610",
        "gross margin fell",
        "30.8%",
    ],
    "Orders were 121 in week 49 and 124 in week 48.": ["Orders were 121 in week 49", "124 in week 48"],
    "Gross margin (31.2 %) was higher than in the previous week (29.0 %).": [
        "Gross margin (31.2 %)",
        "was higher than in the previous week",
        "29.0 %",
    ],
    "**Net sales were €75,460** in North.": ["Net sales were €75,460"],
    "Net sales came to €75,460 (week 48: €80,000).": ["Net sales came to €75,460", "week 48: €80,000"],
    "Net sales came to €75,460, in week 49, which is good.": ["Net sales came to €75,460, in week 49"],
    "Net sales came to €75,460, offsetting the loss in gross margin.": ["Net sales came to €75,460"],
    "> Net sales were €75,460.": ["Net sales were €75,460"],
}


@pytest.mark.parametrize("text", SENTENCES)
def test_each_claim_has_the_words_that_are_about_it(text):
    answer = answered(text)
    spans = cut(answer, 0, claims_of(answer))
    assert [text[one.start : one.end] for one in spans] == SENTENCES[text]


def test_markup_between_the_words_of_one_claim_cannot_be_a_link():
    answer = answered("Net sales rose by **4 %** on the previous week.")
    with pytest.raises(CannotAdopt, match="Markdown"):
        cut(answer, 0, claims_of(answer))


@given(st.sampled_from(sorted(SENTENCES)), st.text(alphabet="0123456789", min_size=1, max_size=3))
def test_the_digits_of_a_number_are_nothing_to_it(text, digits):
    changed = text.replace("75,460", f"{int(digits):,}")
    answer, other = answered(text), answered(changed)
    one, two = (cut(each, 0, claims_of(each)) for each in (answer, other))
    told = [text[span.start : span.end].replace("75,460", f"{int(digits):,}") for span in one]
    assert told == [changed[span.start : span.end] for span in two]
