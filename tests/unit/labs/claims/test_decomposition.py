"""What parts make of a change: the laws that any fair split of it keeps, on any values."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mondaylab.labs.claims.decomposition import Decomposition, Effect
from mondaylab.measures import Aggregate, Measure, Minus, Product, Ratio, Scaled


def part(name: str) -> Aggregate:
    return Aggregate(how="sum", entity="sale", field=name)


A, B, C = part("a"), part("b"), part("c")
TWO = [
    Product(left=A, right=B),
    Ratio(top=A, bottom=B),
    Minus(left=A, right=B),
    Ratio(top=Minus(left=B, right=A), bottom=B),
]
VALUES = st.floats(0.1, 1_000)
WEEKS = st.fixed_dictionaries({name: st.tuples(VALUES, VALUES) for name in ("a", "b", "c")})


def valued(weeks: dict[str, tuple[float, float]]):
    return lambda part, week: weeks[part.field][week == "now"]


def turned(weeks: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    return {name: (now, before) for name, (before, now) in weeks.items()}


@pytest.mark.parametrize("outcome", TWO)
@given(weeks=WEEKS)
def test_the_effects_of_all_parts_add_up_to_the_change(outcome: Measure, weeks):
    of = Decomposition(outcome, (A, B))
    change, one, other = of.change(valued(weeks)), of.effect(A, valued(weeks)), of.effect(B, valued(weeks))
    size = max(abs(value) for both in (one, other) for value in (both.first, both.last)) + abs(change)
    assert one.mean + other.mean == pytest.approx(change, abs=1e-9 * (size + 1))
    assert one.first + other.last == pytest.approx(change, abs=1e-9 * (size + 1)), "either order goes the whole way"


@given(weeks=WEEKS)
def test_a_part_among_three_and_the_rest_add_up(weeks):
    """The rest changes at once: what is no named factor is one player."""
    outcome = Ratio(top=Minus(left=Product(left=A, right=B), right=C), bottom=A)
    of = Decomposition(outcome, (A,))
    effect, change = of.effect(A, valued(weeks)), of.change(valued(weeks))
    rest_first = of.value(valued(weeks), "now", A) - of.value(valued(weeks), "before")
    rest_last = of.value(valued(weeks), "now") - of.value(valued(weeks), "before", A)
    scale = 1 + abs(change) + abs(rest_first) + abs(rest_last)
    assert effect.mean + (rest_first + rest_last) / 2 == pytest.approx(change, abs=1e-9 * scale)


@pytest.mark.parametrize("outcome", TWO)
@given(weeks=WEEKS)
def test_the_weeks_exchanged_turn_every_sign(outcome: Measure, weeks):
    of = Decomposition(outcome, (A, B))
    there, back = of.effect(A, valued(weeks)), of.effect(A, valued(turned(weeks)))
    assert (back.first, back.last) == (-there.last, -there.first)
    assert of.change(valued(turned(weeks))) == -of.change(valued(weeks))


@given(weeks=WEEKS)
def test_a_lone_factor_makes_all_of_it(weeks):
    for outcome in (A, Scaled(of=A, factor=-3.0)):
        of = Decomposition(outcome, (A,))
        change = of.change(valued(weeks))
        assume(change != 0)
        assert of.effect(A, valued(weeks)).shares(change) == (1.0, 1.0)


@given(weeks=WEEKS)
def test_a_part_that_did_not_change_makes_nothing(weeks):
    still = {**weeks, "a": (weeks["a"][0], weeks["a"][0])}
    for outcome in TWO:
        effect = Decomposition(outcome, (A, B)).effect(A, valued(still))
        assert (effect.first, effect.last) == (0.0, 0.0)


@given(weeks=WEEKS)
def test_a_part_of_a_sum_makes_its_own_change_in_either_order(weeks):
    of = Decomposition(Minus(left=A, right=Scaled(of=B, factor=-1.0)), (A, B))
    own = weeks["a"][1] - weeks["a"][0]
    effect = of.effect(A, valued(weeks))
    assert effect.first == pytest.approx(own, abs=1e-9) and effect.last == pytest.approx(own, abs=1e-9)


def test_the_outermost_factor_is_the_part():
    """Refusals are cases times the share refused; the cases that stand inside the share are not changed with them."""
    refused, share = part("refused"), Ratio(top=part("refused"), bottom=A)
    of = Decomposition(Product(left=A, right=share), (A, share))
    assert list(of.parts()) == [A, share]
    values = {"now": {"a": 30.0, "share": 0.2}, "before": {"a": 20.0, "share": 0.25}}
    effect = of.effect(A, lambda part, week: values[week]["a" if part == A else "share"])
    assert effect == Effect(first=(30 - 20) * 0.25, last=(30 - 20) * 0.2)
    assert list(Decomposition(of.outcome, (A,)).parts()) == [A, refused, A], (
        "where the share is no factor, its parts are"
    )


def test_without_a_value_there_is_no_effect():
    weeks = {"a": (1.0, 2.0), "b": (0.0, 3.0)}
    of = Decomposition(Ratio(top=A, bottom=B), (A, B))
    assert of.change(valued(weeks)) is None and of.effect(A, valued(weeks)) is None
    assert of.effect(A, lambda part, week: None) is None
    found = [Effect(first, last).shares(-2.0) for first, last in product((-1.0, 3.0), (-1.0,))]
    assert found == [(0.5, 0.5), (-1.5, 0.5)], "the least share comes first, whatever the sign"
