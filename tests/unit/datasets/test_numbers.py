"""Dropped numbers and postcodes in free text: scrubbed, and found by the leak check; other numbers stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.datasets.freetext import Scrubber
from mondaylab.datasets.known import Known
from mondaylab.datasets.leaks import LeakSearch
from mondaylab.datasets.policy import Policy

SALARIES = [str(41_017 + 613 * i) for i in range(30)] + ["52340", "61250.75", "48000", "1234567", "990"]
POSTCODES = ["10115", "SW1A 1AA", "00-950", "123 45", "999", "ABCDE"]
FOUND = (  # parted by |
    "52340|52,340|52.340|52 340|52'340|52\u2019340|52\u202f340|52\u00a0340|52\u2009340|52,340.00|52.340,50|52340.5"
    "|EUR52340|52340EUR|-52340|€52340|$52,340|(52340)|52340,61250|salary_52340|\uff15\uff12\uff13\uff14\uff10|61250"
    "|61,250.75|61 250,75|1234567|1,234,567|1.234.567,00"
)
PASSING = (
    "48000|990|152340|523401|52341|5234|0.52340|AB52340|52340X7|52,34|52.3|523.40|152,340|52,340,100|48,000"
    "|v52340|1.52340"
)
CODES = "10115|D-10115|SW1A 1AA|sw1a1aa|00-950|00950|12345|123 45|10115 Berlin|(10115)"
NO_CODES = "101155|EUR 10115|10115 EUR|€10115|10115 %|10.115|10,115|X10115|999|ABCDE|SW1A|00 95|1011"


@pytest.fixture(scope="module")
def dropped() -> Known:
    return Known(frozenset(), {"number": frozenset(SALARIES), "postcode": frozenset(POSTCODES)}, {})


@pytest.fixture(scope="module")
def numbers_scrubber(dropped: Known, policy: Policy) -> Scrubber:
    return Scrubber(dropped, policy, lambda _, value: value, year=2026)


@pytest.fixture(scope="module")
def numbers_search(dropped: Known) -> LeakSearch:
    return LeakSearch.of(dropped, [])


@pytest.mark.parametrize(("texts", "kind"), [(FOUND, "dropped number"), (CODES, "postcode")])
def test_known_ones_are_found_by_both(
    numbers_scrubber: Scrubber, numbers_search: LeakSearch, texts: str, kind: str
) -> None:
    framed = [f"she gets {text}, and more" for text in texts.split("|")]
    assert [text for text in framed if kind not in numbers_search.kinds_in(text)] == []
    assert [text for text in framed if numbers_search.kinds_in(numbers_scrubber.scrub(text)[0])] == []


@pytest.mark.parametrize("text", f"{PASSING}|{NO_CODES}".split("|"))
def test_other_numbers_stay(numbers_scrubber: Scrubber, numbers_search: LeakSearch, text: str) -> None:
    framed = f"the box {text}, and more"
    assert numbers_search.kinds_in(framed) == set()
    assert not {"NUMBER", "PLACE"} & set(numbers_scrubber.scrub(framed)[1])


def test_a_column_of_categories_says_nothing(policy: Policy) -> None:
    few = Known(frozenset(), {"number": frozenset(SALARIES[:19])}, {})
    text = " and ".join(SALARIES[:19])
    assert LeakSearch.of(few, []).kinds_in(text) == set()
    assert "NUMBER" not in Scrubber(few, policy, lambda _, value: value, year=2026).scrub(text)[1]


@given(st.integers(10_000, 10**9), st.sampled_from(["", ",", ".", " ", "'", "\u202f"]))
def test_only_equal_numbers_are_found(numbers_search: LeakSearch, number: int, sign: str) -> None:
    text = f"for {number:,} a year".replace(",", sign)
    known = str(number) in {value.split(".")[0] for value in SALARIES} - {"48000"}
    assert ("dropped number" in numbers_search.kinds_in(text)) == known
