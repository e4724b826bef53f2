"""Numbers in text: spelled one way, and none that no claim states."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.errors import Refused
from mondaylab.labs.claims.wording import Display, check_numbers, numbers_in, phrase, place, says_number, spelled


@pytest.mark.parametrize(
    ("value", "display", "text"),
    [
        (412_300.0, Display(unit="EUR", decimals=-2), "€412,300"),
        (-3.14, Display(unit="points", decimals=1), "3.1 points"),
        (31.0, Display(unit="%", decimals=1), "31.0 %"),
        (1243.0, Display(unit="completed orders"), "1,243 completed orders"),
        (2.0, Display(unit="place"), "second-highest"),
    ],
)
def test_spelled(value, display, text):
    assert spelled(value, display) == text


def test_a_rank_without_a_word_is_refused():
    with pytest.raises(Refused, match="no word"):
        place(9)


def test_a_loose_number_is_refused():
    with pytest.raises(Refused, match="the text holds 17, which no claim states"):
        check_numbers("Margin was 31.0 %, as in 17 other weeks.", ["31.0 %"], where="claim x")


@given(st.floats(-1e7, 1e7), st.integers(-3, 4), st.sampled_from(["EUR", "%", "points", "orders"]))
def test_what_a_claim_states_always_passes_its_own_check(value, decimals, unit):
    said = spelled(round(value, decimals), Display(unit=unit, decimals=decimals))
    check_numbers(f"It was {said}, they say.", [said], where="test")


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_any_other_number_is_found(stated, other):
    text = f"It was {stated:,} and {other:,}."
    if f"{other:,}" == f"{stated:,}":
        check_numbers(text, [f"{stated:,}"], where="test")
    else:
        with pytest.raises(Refused):
            check_numbers(text, [f"{stated:,}"], where="test")


def test_numbers_keep_their_separators():
    assert numbers_in("€1,234.50 in week 41, 2.5 points") == ["1,234.50", "41", "2.5"]


def test_a_phrasing_without_a_word_is_refused():
    with pytest.raises(Refused, match="no word for region"):
        phrase("{value} in {region}", {"value": "3"}, where="claim x")


@pytest.mark.parametrize(
    ("text", "value", "says"),
    [
        ("69.2 % of those who are 50 and over.", 50.0, True),
        ("69.2 % of those who are 50 and over.", -69.2, True),
        ("It came to €1,417.02.", 1417.02, True),
        ("In week 50 it was 17.", 50.0, False),
        ("By 3.11.2026 none.", 3.11, False),
        ("None at all.", 0.0, False),
    ],
)
def test_a_number_is_found_however_it_is_spelled(text, value, says):
    assert says_number(text, value) is says
