"""Disclosures: whether a figure about a group may be told."""

from __future__ import annotations

import pytest
from tests.support.toy_cases import EUR, about, facts, holds_and_fails, template


def test_a_small_group_may_not_be_reported_and_its_figure_is_true_all_the_same():
    made = template(
        kind="disclosure", measure="mean", people="people", by={"channel": "way", "reason": "why"}, section="2.1",
        least=3, display=EUR,
    )  # fmt: skip
    large, small = about(way="desk", why="damage"), about(way="portal", why="damage")
    assert holds_and_fails(made, large, "small_cell") == ([{"value": pytest.approx(76.67)}], [])
    # one customer is behind it: sound() finds nothing to say, and what wrong() says is the true mean
    assert made.sound(facts(), small) == ()
    assert list(made.wrong(facts(), small, "small_cell")) == [{"value": 60.0}]
    assert not made.holds(facts(), small, {"value": 60.0})


def test_a_large_group_may_not_be_reported_when_one_of_it_makes_more_than_half():
    made = template(
        kind="disclosure", measure="mean", people="people", largest="largest", by={"reason": "why"}, section="2.1",
        least=3, display=EUR,
    )  # fmt: skip
    damage = about(why="damage")  # ann makes 160 of 290, three customers
    assert holds_and_fails(made, damage, "small_cell") == ([], [{"value": 72.5}])
    assert "more than half" in made.why(facts(), damage, {"value": 72.5}, "x")
    mind = about(why="mind")  # eve makes 30 of 75, four customers
    assert holds_and_fails(made, mind, "small_cell") == ([{"value": 18.75}], [])
    small = made.model_copy(update={"least": 3, "largest": None})
    assert holds_and_fails(small, damage, "small_cell") == ([{"value": 72.5}], [])
