"""Crosswise slices: each word stands in fit and unfit claims equally often, whatever sizes the groups have."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date

from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.drawing.crosswise import ENOUGH, crosswise

WEEK = date(2026, 10, 12)
HOMES, SITES, AGES = "ABCDE", "VWXYZ", "mnop"
CHANCE = random.Random(3)
# of A nearly every group is large, of E nearly none; and so by site
LARGE = {
    (home, site, age): CHANCE.random() < 0.9 - 0.1 * (HOMES.index(home) + SITES.index(site))
    for home in HOMES
    for site in SITES
    for age in AGES
}


def large(one: Slices) -> bool | None:
    return LARGE[one.slots["home"], one.slots["site"], one.slots["age"]]


def found(number: int, wanted: bool, fields: tuple[str, ...] = ("home", "site", "age")) -> list[Slices]:
    rng = random.Random(number)

    def draw() -> Slices:
        return Slices({"home": rng.choice(HOMES), "site": rng.choice(SITES), "age": rng.choice(AGES)}, WEEK)

    return crosswise(draw, fields, large, wanted, rng)


def test_slices_are_what_was_wanted_and_their_words_do_not_tell_it():
    drawn = {wanted: [found(number, wanted)[0] for number in range(1500)] for wanted in (True, False)}
    for wanted, slices in drawn.items():
        assert all(large(one) is wanted for one in slices)
    for slot in ("home", "site", "age"):
        fit, unfit = (Counter(one.slots[slot] for one in drawn[wanted]) for wanted in (True, False))
        assert max(abs(fit[name] - unfit[name]) for name in fit | unfit) < 130, slot
    free = Counter(key[0] for key, fit in LARGE.items() if fit)
    assert free["A"] > 1.5 * free["E"], "drawn freely, the words would tell"


def test_some_are_returned_and_none_where_nothing_crosses():
    assert len(found(1, True)) == ENOUGH
    assert found(1, True, ("home",)) == []
    rng = random.Random(1)
    same = Slices({"home": "A", "site": "V"}, WEEK)
    assert crosswise(lambda: same, ("home", "site"), lambda one: True, True, rng) == []
    other = iter(range(10**6))
    every = crosswise(
        lambda: Slices({"home": str(next(other)), "site": str(next(other))}, WEEK),
        ("home", "site"),
        lambda one: None,
        True,
        rng,
    )
    assert every == [], "where nothing can be stated there is nothing to cross"
