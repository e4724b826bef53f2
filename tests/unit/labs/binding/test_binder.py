"""The binder finds by its words what a sentence claims, sees no values, and puts to a person what is not clear."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.labs.binding.weekly import BEFORE, NOW, weekly

from mondaylab.labs.binding.binder import bind
from mondaylab.labs.binding.claims import BoundText
from mondaylab.labs.binding.said import unsaid
from mondaylab.labs.claims.text_claim import TextClaim


def told(claim: TextClaim) -> tuple[object, ...]:
    """A claim in short: what it says, of what, whose and when, and against what."""
    against = None
    if claim.against is not None:
        against = when(claim.against.week) if claim.against.cut == claim.about.cut else whose(claim.against.cut)
    return (claim.says, claim.stated, claim.about.measure, whose(claim.about.cut), when(claim.about.week), against)


def whose(cut: dict[str, str]) -> str:
    return " ".join(cut[field] for field in sorted(cut)) or "all"


def when(week: object) -> str:
    return {NOW: "now", BEFORE: "before"}.get(week, str(week))  # type: ignore[call-overload]


SENTENCES = {
    "Gross margin in North came to 31.2 % in week 49.": [("value", 31.2, "margin", "North", "now", None)],
    "In week 49, net sales reached €75,460, up from €69,024 in week 48.": [
        ("value", 75460.0, "net", "North", "now", None),
        ("more", None, "net", "North", "now", "before"),
        ("value", 69024.0, "net", "North", "before", None),
    ],
    "Net sales rose by 9.3 % to €75,460.": [
        ("change", 9.3, "net", "North", "now", "before"),
        ("value", 75460.0, "net", "North", "now", None),
    ],
    "The margin fell by 1.4 percentage points compared to the previous week.": [
        ("change", -1.4, "margin", "North", "now", "before")
    ],
    "Orders rose from 121 to 124, a 2.5% increase.": [
        ("more", None, "orders", "North", "now", "before"),
        ("value", 121.0, "orders", "North", "before", None),
        ("value", 124.0, "orders", "North", "now", None),
        ("change", 2.5, "orders", "North", "now", "before"),
    ],
    "There was a decrease of 4 % in net sales.": [("change", -4.0, "net", "North", "now", "before")],
    "The company-wide margin was 29.2 %.": [("value", 29.2, "margin", "all", "now", None)],
    "The margin of 31.2 % is higher than the company average of 29.2 %.": [
        ("value", 31.2, "margin", "North", "now", None),
        ("more", None, "margin", "North", "now", "all"),
        ("value", 29.2, "margin", "all", "now", None),
    ],
    "In South net sales were €12,000 in the week before.": [("value", 12000.0, "net", "South", "before", None)],
    "There were 124 completed orders.": [("value", 124.0, "orders", "North", "now", None)],
    "Corvo Express had 45 shipments, while Aldrin Freight had 85.": [
        ("value", 45.0, "shipments", "Corvo Express North", "now", None),
        ("value", 85.0, "shipments", "Aldrin Freight North", "now", None),
    ],
    "Corvo Express had 45 shipments compared to 85 for Aldrin Freight.": [
        ("value", 45.0, "shipments", "Corvo Express North", "now", None),
        ("value", 85.0, "shipments", "Aldrin Freight North", "now", None),
    ],
    "Aldrin Freight has more shipments than Corvo Express.": [
        ("more", None, "shipments", "Aldrin Freight North", "now", "Corvo Express North")
    ],
    "Corvo Express had a higher share of late shipments (17.8 %) than Aldrin Freight (4.7 %).": [
        ("more", None, "late", "Corvo Express North", "now", "Aldrin Freight North"),
        ("value", 17.8, "late", "Corvo Express North", "now", None),
        ("value", 4.7, "late", "Aldrin Freight North", "now", None),
    ],
    "Net sales saw a slight increase, rising from €10,000 in the previous week.": [
        ("more", None, "net", "North", "now", "before"),
        ("value", 10000.0, "net", "North", "before", None),
    ],
    "Margin rose by 1.0 points (30.8 % vs 29.8 %).": [
        ("change", 1.0, "margin", "North", "now", "before"),
        ("value", 30.8, "margin", "North", "now", None),
        ("value", 29.8, "margin", "North", "before", None),
    ],
    "- **Net sales:** €75,460 (+9.3 % vs. week 48)": [
        ("value", 75460.0, "net", "North", "now", None),
        ("change", 9.3, "net", "North", "now", "before"),
    ],
    "**Margin**: 30.8 % (-1.0 points)": [
        ("value", 30.8, "margin", "North", "now", None),
        ("change", -1.0, "margin", "North", "now", "before"),
    ],
    "In week 49, 41 orders came from South and 126 orders from North.": [
        ("value", 41.0, "orders", "South", "now", None),
        ("value", 126.0, "orders", "North", "now", None),
    ],
    "There were 480 orders from South in week 49 compared to 400 in week 48.": [
        ("value", 480.0, "orders", "South", "now", None),
        ("value", 400.0, "orders", "South", "before", None),
    ],
    "The company got 168 orders, 41 orders from South.": [
        ("value", 168.0, "orders", "all", "now", None),
        ("value", 41.0, "orders", "South", "now", None),
    ],
    "The number of orders from South was 41, compared to 52 orders from North.": [
        ("value", 41.0, "orders", "South", "now", None),
        ("value", 52.0, "orders", "North", "now", None),
    ],
    "Orders in North were 41, while that from South was 52.": [
        ("value", 41.0, "orders", "North", "now", None),
        ("value", 52.0, "orders", "South", "now", None),
    ],
    "The entire trading company managed to get 132 orders.": [("value", 132.0, "orders", "all", "now", None)],
    "Across the entire organization, there were 168 orders in week 49 and 144 orders in week 48.": [
        ("value", 168.0, "orders", "all", "now", None),
        ("value", 144.0, "orders", "all", "before", None),
    ],
    "In the whole company, there were 168 orders in week 49 and 144 orders in week 48.": [
        ("value", 168.0, "orders", "all", "now", None),
        ("value", 144.0, "orders", "all", "before", None),
    ],
    "The company got 91 orders in week 49.": [("value", 91.0, "orders", "all", "now", None)],
    "There were 141 orders in South in week 49 and 126 in week 48.": [
        ("value", 141.0, "orders", "South", "now", None),
        ("value", 126.0, "orders", "South", "before", None),
    ],
    "The margin rose by 0.6 points from week 48 to 49 (from 30.8% to 31.4%).": [
        ("change", 0.6, "margin", "North", "now", "before"),
        ("value", 30.8, "margin", "North", "before", None),
        ("value", 31.4, "margin", "North", "now", None),
    ],
    "The margin was 31.6%, compared to 29.1% last week.": [
        ("value", 31.6, "margin", "North", "now", None),
        ("value", 29.1, "margin", "North", "before", None),
    ],
    "Net sales increased.": [("more", None, "net", "North", "now", "before")],
    "Net sales came to $75,460.": [("value", 75460.0, "net", "North", "now", None)],
    "A solid week overall, and more efficient work.": [],
    "Please let me know if you need more details.": [],
}
DOUBTFUL = {
    "Net sales increased due to strong demand.": ["cause"],
    "The figure was 31.2 %.": ["no_measure"],
    "Gross margin was €75,460.": ["unit"],
    "There were 45 shipments.": ["whose"],
    "The company had 91 orders in North.": ["whose"],
    "In week 49 the company warehouse shipped 168 orders.": ["whose"],
    "Orders went from South's 41 to 52.": ["when", "no_measure"],
    "In week 49, the whole company had 168 orders. It had 144 orders in week 48.": ["whose"],
    "In week 49, the whole company had 168 orders. Before, in week 48, there were 144 orders.": ["when", "whose"],
    "The margin was 34.5 % in both weeks.": ["same"],
    "The whole company had 168 orders. There were 41 orders from North. In comparison, they had 144 orders.": ["whose"],
    "There were 480 orders from South to North.": ["whose"],
    "There were 480 orders from South and North.": ["whose"],
    "The region delivered the company 168 orders.": ["whose"],
    "To keep the company informed, orders were 168.": ["whose"],
    "There were 168 orders in week 49 and 126 in week 48 were cancelled.": ["no_measure"],
    "Net sales were €75,460 in week 49 and €5,000 in credit notes in week 48.": ["no_measure"],
    "Orders rose by 124 in week 49 and 112 in week 48.": ["number"],
    "Orders rose by 124 compared to 112 last week.": ["number"],
    "With 312 orders, week 48 and 49 net sales were €75,460.": ["when"],
    "Net sales climbed from week 48 to 49, as the 2 prior weeks did.": ["number"],
    "There were 168 orders in week 49 and 144 visitors in week 48.": ["no_measure"],
    "There were 168 orders, and 144 cancelled orders beside.": ["no_measure"],
    "There were 150 orders in week 48 and 49.": ["when"],
    "In week 48 and 49 orders in North were 41.": ["when"],
    "Net sales rose by 4 % from week 40 to 49.": ["when"],
    "Net sales fell by 4 % from week 49 to 48.": ["when"],
    "Net sales came to €50 from week 48 to 49.": ["when"],
    "In the whole company there were 168 orders, and the margin was 31.2 %.": ["whose"],
    "Corvo Express carried 45 shipments, compared to 85 shipments and 4 orders.": ["no_partner"],
    "Net sales were €75,460, against €70,000 last year.": ["when", "no_measure"],
    "This is allowed by the handbook.": ["rule"],
    "Net sales were the highest.": ["rank"],
    "The margin remained at 31.2 %.": ["same"],
    "Net sales were over €70,000.": ["number"],
    "Dear [Name], net sales were €75,460.": ["placeholder"],
    "A decrease in customer satisfaction is likely.": ["no_measure"],
    "| Net sales | €75,460 | €69,024 |": ["no_measure"],  # which is which stands in the table's head
    "Net sales: 75,460/69,024.": ["number"],
    "The average gross margin was 31.2 %.": ["no_measure"],
    "Fewer orders were settled by card.": ["no_measure"],
    "Net sales stood at €75,460 and €69,024.": ["whose"],
    "Last week net sales were €75,460.": ["when"],  # many a text calls the reporting week so
    "Net sales were €75,460, reflecting an increase in efficiency.": ["cause", "no_measure"],
    "Net sales may have increased.": ["maybe"],
    "It follows an increase in net sales.": ["when"],
    "Net sales were higher than expected.": ["no_partner"],
    "Net sales were €75,460 and customer satisfaction rose by 5 %.": ["no_measure"],
}


@pytest.mark.parametrize("sentence", SENTENCES, ids=range(len(SENTENCES)))
def test_a_sentence_claims_what_its_words_say(sentence: str):
    bound = bind(sentence, weekly())
    assert [told(claim) for claim in bound.claims] == SENTENCES[sentence]
    assert bound.doubts == ()


@pytest.mark.parametrize(
    ("said", "found"), [("41 orders in week 49 and 26 orders in week 48", 2), ("41 orders in week 48 and 49", 0)]
)
def test_a_small_number_behind_a_week_is_a_figure_unless_it_may_be_a_week(said: str, found: int):
    assert len(bind(f"There were {said}.", weekly()).claims) == found


@pytest.mark.parametrize("said", ["€23,400", "€23,000", "€101,000", "€23,414", "€23.4k"])
def test_what_a_claim_was_bound_to_is_what_its_words_say(said: str):
    text = f"Net sales came to {said}."
    (claim,) = bind(text, weekly()).claims
    assert unsaid(claim, text) is None


@pytest.mark.parametrize("sentence", DOUBTFUL, ids=range(len(DOUBTFUL)))
def test_what_is_not_clear_is_put_to_a_person(sentence: str):
    assert {doubt.why for doubt in bind(sentence, weekly()).doubts} == {*DOUBTFUL[sentence]}


@pytest.mark.parametrize("text", ["1, " * 1700, "Net sales were " + "9" * 400 + ".", "[" * 20_000, "İzmir " * 300, ""])
def test_odd_texts_are_read_soon_and_refuse_nothing(text: str):
    assert bind(text, weekly()).claims == ()


def test_this_means_what_the_sentence_before_spoke_of():
    bound = bind("Net sales were €75,460. This is an increase of 9.3 %.", weekly())
    assert told(bound.claims[1]) == ("change", 9.3, "net", "North", "now", "before")
    alone = bind("Net sales were €75,460 and the margin 31.2 %. This is an increase of 9.3 %.", weekly())
    assert [doubt.why for doubt in alone.doubts] == ["no_measure"]  # which of the two?


@pytest.mark.parametrize(("said", "decimals"), [("€75,460", 0), ("€75,400", -2), ("€75,000", -3), ("€75.4k", -2)])
def test_a_number_is_as_exact_as_it_is_told(said: str, decimals: int):
    (claim,) = bind(f"Net sales were {said}.", weekly()).claims
    assert claim.decimals == decimals


_NO_WEEK = r"(?<!week )(?<!week \d)(?<!week \d\d to )(?<!week \d\d to \d)(?<!week 48 and )(?<!week 48 and \d)"
_NUMBERS = re.compile(rf"{_NO_WEEK}\d+(?:[.,]\d+)*")
_DIGIT = re.compile(rf"{_NO_WEEK}\d")


def meanings(bound: BoundText) -> list[tuple[object, ...]]:
    """All but the numbers themselves."""
    return [(claim.number, *told(claim)[:1], *told(claim)[2:], claim.unit) for claim in bound.claims]


def test_a_sentence_too_long_to_read_hides_nobody_who_was_told_of():
    text = f"The whole company had 168 orders. It fell{', and orders rose' * 40}. In week 48, they had 144 orders."
    bound = bind(text, weekly())
    assert [claim.stated for claim in bound.claims] == [168.0]
    assert bound.doubts[-1].why == "whose"


@given(st.lists(st.sampled_from([*SENTENCES, *DOUBTFUL]), min_size=1, max_size=4), st.data())
def test_which_figure_is_meant_never_depends_on_its_value(said: list[str], data: st.DataObject):
    """The words are the same and every digit another: so is all that was bound, or a wrong number would be hidden."""
    text = " ".join(said)
    other = _DIGIT.sub(lambda _: str(data.draw(st.integers(1, 9))), text)
    assert meanings(bind(other, weekly())) == meanings(bind(text, weekly()))
    assert [doubt.why for doubt in bind(other, weekly()).doubts] == [doubt.why for doubt in bind(text, weekly()).doubts]


@given(st.lists(st.sampled_from([*SENTENCES, *DOUBTFUL]), max_size=3), st.text(max_size=60))
def test_no_number_is_passed_over_and_none_counts_twice(said: list[str], rest: str):
    bound = bind(" ".join([*said, rest]), weekly())
    numbers = [one.number for one in (*bound.claims, *bound.doubts) if one.number is not None]
    assert sorted(numbers) == list(range(len(numbers)))
    plain = bind(" ".join(said), weekly())
    counted = [one.number for one in (*plain.claims, *plain.doubts) if one.number is not None]
    assert len(counted) == len(_NUMBERS.findall(" ".join(said)))  # as they stand in our own sentences
    assert all(0 <= one.start < one.end <= len(bound.text) for one in (*bound.claims, *bound.doubts))
