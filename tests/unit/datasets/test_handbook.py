from __future__ import annotations

import pytest

from mondaylab.datasets.handbook import Section, sections
from mondaylab.errors import Refused

TEXT = """# Handbook

# 1 Figures

## 1.1 Margin

One.

Two.

## 1.2 Week
Monday to Sunday.

# 2 Prices

## 2.1 Discounts above 15 %

Ask.
"""


def test_sections_by_number() -> None:
    found = sections(TEXT)
    assert list(found) == ["1.1", "1.2", "2.1"]
    assert found["1.1"] == Section("1.1", "Margin", "One.\n\nTwo.")
    assert found["1.2"].text == "Monday to Sunday."
    assert found["2.1"].title == "Discounts above 15 %"


def test_no_sections_refuses() -> None:
    with pytest.raises(Refused, match="no section"):
        sections("# Handbook\n\nText.")


def test_a_number_twice_refuses() -> None:
    with pytest.raises(Refused, match=r"numbered 1\.1"):
        sections("## 1.1 A\n\nx\n\n## 1.1 B\n\ny")
