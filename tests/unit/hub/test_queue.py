"""The queue of requests: fair between people, bounded for each, and nobody's place is lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.hub.queue import EACH, FairQueue, Full, Ticket

PEOPLE = st.sampled_from("abcd")


def begun(tickets: list[Ticket]) -> list[Ticket]:
    return [ticket for ticket in tickets if not ticket.before]


def order_of(waiting: list[Ticket], answered: Ticket) -> list[Ticket]:
    """Who begins when each answer ends in turn."""
    order = []
    while waiting:
        answered.leave()
        [answered] = begun(waiting)
        waiting = [ticket for ticket in waiting if ticket is not answered]
        order.append(answered)
    answered.leave()
    return order


def test_whoever_has_ten_requests_delays_anothers_first_by_one_answer() -> None:
    queue = FairQueue()
    many = [queue.join("anna") for _ in range(10)]
    bert, carl = queue.join("bert"), queue.join("carl")
    assert many[0].before == 0 and bert.before == 1 and carl.before == 2 and many[1].before == 3
    again = queue.join("bert")
    served = order_of([*many[1:], bert, carl, again], many[0])
    assert [ticket.person for ticket in served[:5]] == ["bert", "carl", "anna", "bert", "anna"]
    assert [ticket for ticket in served if ticket.person == "anna"] == many[1:]


def test_a_person_may_have_so_many_and_no_more_until_one_ends() -> None:
    queue = FairQueue()
    mine = [queue.join("anna") for _ in range(EACH)]
    with pytest.raises(Full):
        queue.join("anna")
    queue.join("bert")
    mine[-1].leave()
    mine[-1].leave()  # once more does nothing
    queue.join("anna")
    with pytest.raises(Full):
        queue.join("anna")


@pytest.mark.parametrize(("places", "most"), [(1, 1), (2, 1), (3, 1), (8, 4)])
def test_nobody_has_more_than_half_of_the_places(places: int, most: int) -> None:
    queue = FairQueue(places)
    mine = [queue.join("anna") for _ in range(9)]
    assert len(begun(mine)) == most
    assert queue.join("bert").before == (1 if places == 1 else 0)
    mine[0].leave()
    assert len(begun(mine[1:])) == (0 if places == 1 else most)


def test_who_was_away_has_saved_up_no_turns() -> None:
    queue = FairQueue()
    for _ in range(50):
        queue.join("anna").leave()
    first = queue.join("anna")
    late = [queue.join("bert") for _ in range(3)]
    anna = queue.join("anna")
    # no more of bert's in a row for anna's fifty
    assert [ticket.person for ticket in order_of([*late, anna], first)] == ["bert", "anna", "bert", "bert"]


def test_who_waits_is_told_each_move() -> None:
    async def told() -> list[int]:
        queue = FairQueue()
        first, second, third = queue.join("a"), queue.join("b"), queue.join("c")
        seen = [third.before]
        for leaving in (second, first):
            leaving.leave()
            seen.append(await asyncio.wait_for(third.moved(), 5))
        await asyncio.wait_for(third.begun(), 5)
        return seen

    assert asyncio.run(told()) == [2, 1, 0]


@given(
    places=st.integers(1, 3),
    moves=st.lists(st.tuples(st.booleans(), PEOPLE, st.integers(0, 30)), max_size=80),
)
def test_no_place_is_lost_and_every_place_told_is_right(places: int, moves: list[tuple[bool, str, int]]) -> None:
    """Whoever comes and goes, waiting or answered, in whatever order."""
    queue, here = FairQueue(places, each=4), []
    for comes, person, which in moves:
        if comes:
            try:
                here.append(queue.join(person))
            except Full:
                assert Counter(ticket.person for ticket in here)[person] == 4
        elif here:
            here.pop(which % len(here)).leave()
        waiting = [ticket for ticket in here if ticket.before]
        theirs = Counter(ticket.person for ticket in here)
        assert len(begun(here)) == min(places, sum(min(number, max(1, places // 2)) for number in theirs.values()))
        assert sorted(ticket.before for ticket in waiting) == list(range(1, len(waiting) + 1))
        for someone in "abcd":  # within one person's, who came first is first
            places_told = [ticket.before for ticket in waiting if ticket.person == someone]
            assert places_told == sorted(places_told)
    for ticket in here:
        ticket.leave()
    assert not queue.join("a").before


@given(st.lists(PEOPLE, min_size=2, max_size=24))
def test_between_two_turns_of_one_person_everybody_else_who_waits_has_one(people: list[str]) -> None:
    queue = FairQueue(each=99)
    tickets = [queue.join(person) for person in people]
    served = [ticket.person for ticket in [tickets[0], *order_of(tickets[1:], tickets[0])]]
    assert Counter(served) == Counter(people)
    for person in set(people):
        turns = [at for at, who in enumerate(served) if who == person]
        for one, next_one in pairwise(turns):
            between = Counter(served[one + 1 : next_one])
            assert all(between[who] == 1 for who in {*served[next_one:]} - {person})


@given(st.lists(st.tuples(PEOPLE.filter(lambda who: who != "a"), st.integers(0, 3)), max_size=40))
def test_nobody_is_overtaken_twice_by_the_same_person(others: list[tuple[str, int]]) -> None:
    """However often the others come back while somebody waits."""
    queue = FairQueue(each=99)
    answered = queue.join("b")
    mine = queue.join("a")
    overtook: Counter[str] = Counter()
    waiting: list[Ticket] = []
    for person, ends in others:
        waiting.append(queue.join(person))
        for _ in range(ends):
            answered.leave()
            if not mine.before:
                break
            found = begun(waiting)
            if not found:
                break
            [answered] = found
            waiting.remove(answered)
            overtook[answered.person] += 1
        if not mine.before:
            break
    assert all(times <= 1 for times in overtook.values())
