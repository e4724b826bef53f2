"""Claims and doubts are numbered in reading order."""

from __future__ import annotations

from tests.unit.labs.adopting.by_hand import answered

from mondaylab.labs.adopting.entries import entries


def test_entries_are_numbered_as_they_stand():
    text = "Net sales rose by 4 % due to rain. Gross margin came to 31.2 %."
    found = entries(answered(text).bound)
    assert [(one.number, text[one.start : one.end], one.sentence) for one in found] == [
        (1, "rose by 4 %", 0),
        (2, "due to", 0),
        (3, "31.2 %", 1),
    ]
    assert [one.open for one in found] == [False, True, False]
