from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.datasets.integrity.oddities import HIDDEN, is_formula, is_rounded


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "= A1", "@SUM(A1)", "+A1", "-A1", "+cmd|' /C calc'!A0", "-2+3+cmd|'x'!A0", "-1+SUM(A1)", "\uff1d1+1"],
)
def test_formulas(cell: str) -> None:
    assert is_formula(cell)


@pytest.mark.parametrize(
    "cell", ["-", "-5 %", "+49 30 23125", "-20 °C", "- none", "a=b", "a@b", "-3.5 (large)", "--", "1-2"]
)
def test_no_formulas(cell: str) -> None:
    assert not is_formula(cell)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_as_it_is_written_is_not_rounded(number: float) -> None:
    assert not is_rounded(repr(number))


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_a_number_is_rounded_if_a_float_is_another_number(number: Decimal) -> None:
    assert is_rounded(format(number, "f")) == (Decimal(repr(float(number))) != number)


@pytest.mark.parametrize(
    "cell", ["naïve café", "zero\u200djoiner", "soft\u00adhyphen", "tab\tline\n", "日本語", "👩\u200d💻", "שלום"]
)
def test_ordinary_letters_are_not_hidden(cell: str) -> None:
    assert HIDDEN.search(cell) is None
