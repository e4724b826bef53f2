"""The last search: what is ours in a text is not taken for somebody's."""

from __future__ import annotations

import pandas as pd
import pytest

from mondaylab.datasets.clearance import cleared
from mondaylab.datasets.pseudonyms import Pseudonyms
from mondaylab.errors import Refused
from mondaylab.quarter import Quarter

NO_ROWS = {"people": pd.DataFrame()}


@pytest.fixture(scope="module")
def called_anna():
    """Pseudonyms, and one of them that holds a known name, as where somebody is called like one of the words."""
    names = Pseudonyms(b"a" * 32, Quarter(2026, 4))
    return names, names.of("person", "K0001", "Anna")


def test_a_pseudonym_that_holds_a_name_by_chance_comes_through(policy, known, called_anna):
    names, made = called_anna
    assert not cleared(
        policy, known, NO_ROWS, {"notes": f"see {made}, and again ({made})"}, year=2026, pseudonyms=names
    )[0]


def test_the_same_word_refuses_where_nobody_made_it(policy, known, called_anna):
    others, (_, made) = Pseudonyms(b"b" * 32, Quarter(2026, 4)), called_anna
    with pytest.raises(Refused, match="holds a known name"):
        cleared(policy, known, NO_ROWS, {"notes": f"see {made}"}, year=2026, pseudonyms=others)


def test_what_stands_beside_a_pseudonym_is_searched(policy, known, called_anna):
    names, made = called_anna
    with pytest.raises(Refused, match="holds a known name"):
        cleared(policy, known, NO_ROWS, {"notes": f"{made} is Anna's"}, year=2026, pseudonyms=names)
