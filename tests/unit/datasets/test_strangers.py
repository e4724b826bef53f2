"""Full names by lists, and who is greeted; what is written with capitals besides is left."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.datasets.name_list import listed
from mondaylab.datasets.strangers import strangers

FIRST = sorted(one for one in listed().first if one.isalpha() and len(one) > 2)
LAST = sorted(one for one in listed().last if one.isalpha() and len(one) > 2)


def found(text: str) -> list[str]:
    return [text[one.start : one.end] for one in strangers(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Thanks to Martin Huber in controlling.", ["Martin Huber"]),
        ("Asked by Huber, Martin, on Monday", ["Huber, Martin"]),
        ("As John Smith and Peter J. Brown said", ["John Smith", "Peter J. Brown"]),
        ("Anna von der Leyen called", ["Anna von der Leyen"]),
        ("Hi Jana, here it is", ["Jana"]),
        ("Dear Meyer,\nHello Jean-Pierre!", ["Meyer", "Jean-Pierre"]),
    ],
)
def test_who_is_named(text, names):
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "Net Sales in Central, Gross Margin in North; Whole Company.",
        "Dear Customer, dear Team, Hello CFO",
        "Power BI, Microsoft Excel and Amazon Web Services",
        "Summer Sales, Black Friday, April Results, May Day",
        "martin huber",
    ],
)
def test_what_is_nobody(text):
    assert found(text) == []


@given(st.sampled_from(FIRST), st.sampled_from(LAST), st.sampled_from(["", "On ", "Ask ", "x: "]))
def test_every_listed_full_name_goes_wherever_it_stands(first, last, before):
    name = f"{first.title()} {last.title()}"
    spans = strangers(f"{before}{name}, who was there")
    assert any(one.start <= len(before) and one.end >= len(before) + len(name) for one in spans)


@given(st.text(max_size=80))
def test_no_text_is_too_odd(text):
    for one in strangers(text):
        assert 0 <= one.start < one.end <= len(text) and one.kind == "PERSON"
