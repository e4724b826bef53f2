from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.datasets.aliases import FIRST, NOUNS, looks_like_alias, nouns_for, spelled
from mondaylab.datasets.common_words import NO_NAME_FORMS
from mondaylab.datasets.months import MONTHS
from mondaylab.datasets.name_list import listed

numbers = st.integers(0, 2**256 - 1)


def test_the_words_are_nobodys_name_and_stand_once() -> None:
    words = [*FIRST, *NOUNS]
    assert len(set(words)) == len(words)
    assert not set(words) & (listed().first | listed().last | NO_NAME_FORMS | MONTHS.keys())
    assert all(re.fullmatch("[a-z]{4,12}", word) for word in words)
    said = "rise rose fall fell peak top best worst more less new old north south east west"
    assert not set(words) & set(said.split())


@given(numbers, st.integers(1, 4), st.integers(1, 4))
def test_an_alias_is_words_without_a_digit_of_its_own_quarter(number: int, quarter: int, nouns: int) -> None:
    alias = spelled(number, quarter, nouns)
    assert alias.isalpha()
    words = [word.lower() for word in re.findall("[A-Z][a-z]+", alias)]
    assert "".join(words) == alias.lower()
    assert words[0] in FIRST[quarter - 1 :: 4]
    assert len(words) == nouns + 1
    assert set(words[1:]) <= set(NOUNS)
    assert all(looks_like_alias(text) for text in (alias, alias.lower(), alias.upper(), f"Ord{alias}"))


def test_all_of_a_quarters_aliases_are_reached() -> None:
    room = len(FIRST[::4]) * len(NOUNS)
    assert len({spelled(number, 1, 1) for number in range(room)}) == room


@pytest.mark.parametrize("text", ["", "Copper", "Lantern", "LanternCopper", "copper lantern", "departments", "P00123"])
def test_other_words_are_no_alias(text: str) -> None:
    assert not looks_like_alias(text)


@given(st.integers(1, 10**9))
def test_half_of_the_aliases_stay_free(count: int) -> None:
    nouns = nouns_for(count)
    assert len(FIRST) // 4 * len(NOUNS) ** nouns >= 2 * count
    assert nouns == 1 or len(FIRST) // 4 * len(NOUNS) ** (nouns - 1) < 2 * count
