"""The rule on small groups, over all sizes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mondaylab.labs.claims.smallest_group import SmallestGroup

LEAST = 5
RULE = SmallestGroup(people="people", section="7.3", least=LEAST, part="invited")
few = st.integers(0, 40)


@given(everybody=few, part=few)
def test_a_share_needs_enough_people_in_its_part_and_outside_it(everybody: int, part: int):
    part = min(part, everybody)
    assert RULE.allows(everybody, part) == (part >= LEAST and everybody - part >= LEAST)
    assert RULE.allows(everybody, None) == (everybody >= LEAST)


def test_all_but_one_of_nine_and_two_of_eleven_are_not_told():
    assert RULE.allows(9, None) and not RULE.allows(9, 8)
    assert RULE.allows(11, None) and not RULE.allows(11, 2)
    assert RULE.allows(11, 5) and not RULE.allows(11, 11), "all of them is told of each of them"


@given(larger=few, smaller=few)
def test_what_is_left_over_is_nobody_or_enough(larger: int, smaller: int):
    smaller = min(larger, smaller)
    assert RULE.leaves_over(larger, smaller) == (larger - smaller in range(1, LEAST))
