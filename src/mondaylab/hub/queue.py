"""Who is answered next: a queue that is fair between people, bounded for each, and that tells everybody's place.

People take turns; within one person's requests, first come is first served. Whoever has ten requests waiting delays
another's first by no more than the one that is being answered. Of several places nobody has more than half.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import suppress
from heapq import heapify, heappop, heapreplace

EACH = 10
"""Most requests of one person at once, the one being answered among them."""


class Full(Exception):
    """A person has as many requests here as one may have."""


class Ticket:
    """One request's place; it has to be given back with `leave`, however the request ends.

    Attributes:
        person: Whose request it is.
        before: How many answers have to end before this one begins, at least; 0 once it has begun.
    """

    def __init__(self, queue: FairQueue, person: str) -> None:
        self.person = person
        self.before = 1
        self._queue = queue
        self._joined = queue._round  # the round it came in: who was away has saved up no turns
        self._told = asyncio.Event()

    def leave(self) -> None:
        """Gives the place back, waiting or being answered; a second time does nothing."""
        self._queue._leave(self)

    async def moved(self) -> int:
        """Waits until the place has changed since the last time, and returns it."""
        await self._told.wait()
        self._told.clear()
        return self.before

    async def begun(self) -> None:
        """Waits until it is this request's turn."""
        while self.before:
            await self.moved()

    def _put(self, before: int) -> None:
        if before != self.before:
            self.before = before
            self._told.set()


class FairQueue:
    """Places for answers, and the requests that wait for one. For one event loop.

    Each waiting request belongs to a round: a person's next to the round after their last, but to none that is over.
    Rounds are served in order, and within a round those whose last answer is longest ago. (This is start-time fair
    queueing with answers of one size: how long one will be is not known before it ends.)
    """

    def __init__(self, places: int = 1, each: int = EACH) -> None:
        self._places, self._each = places, each
        self._share = max(1, places // 2)
        """Most answers of one person at once: places that are held long are never all one person's."""
        self._round = self._count = 0
        self._served: dict[str, tuple[int, int]] = {}
        """The round of each person's last answer and its number among all, while that can still matter."""
        self._waiting: list[Ticket] = []
        """In the order in which they came."""
        self._answered: list[Ticket] = []

    def join(self, person: str) -> Ticket:
        """A place for one more request of a person; it may have begun at once.

        Raises:
            Full: They have as many here as one may have.
        """
        if sum(ticket.person == person for ticket in (*self._waiting, *self._answered)) >= self._each:
            raise Full
        ticket = Ticket(self, person)
        self._waiting.append(ticket)
        self._advance()
        return ticket

    def _leave(self, ticket: Ticket) -> None:
        for those in (self._waiting, self._answered):
            with suppress(ValueError):
                those.remove(ticket)
        self._advance()

    def _advance(self) -> None:
        """Lets those begin for whom there is room, and tells the others their place."""
        while len(self._answered) < self._places and (found := self._next()) is not None:
            number, ticket = found
            self._round = max(self._round, number)
            self._count += 1
            here = {waiting.person for waiting in self._waiting}
            self._served = {who: last for who, last in self._served.items() if last[0] >= self._round or who in here}
            self._served[ticket.person] = (number, self._count)
            self._waiting.remove(ticket)
            self._answered.append(ticket)
            ticket._put(0)
        for before, (_, ticket) in enumerate(self._in_order(), start=1):
            ticket._put(before)

    def _next(self) -> tuple[int, Ticket] | None:
        """The request that may begin, with its round: of somebody who does not have their share already."""
        theirs = Counter(ticket.person for ticket in self._answered)
        return next((found for found in self._in_order() if theirs[found[1].person] < self._share), None)

    def _in_order(self) -> Iterator[tuple[int, Ticket]]:
        """The waiting requests as they will be served, each with its round."""
        served, count = dict(self._served), self._count
        theirs: dict[str, deque[tuple[int, Ticket]]] = {}
        for came, ticket in enumerate(self._waiting):
            theirs.setdefault(ticket.person, deque()).append((came, ticket))

        def turn(person: str) -> tuple[int, int, int, str]:
            came, ticket = theirs[person][0]
            last, at = served.get(person, (-1, -1))
            return max(ticket._joined, last + 1), at, came, person

        turns = [turn(person) for person in theirs]
        heapify(turns)  # only whose turn it was has another afterwards
        while turns:
            number, _, _, person = turns[0]
            _, ticket = theirs[person].popleft()
            count += 1
            served[person] = (number, count)
            if theirs[person]:
                heapreplace(turns, turn(person))
            else:
                heappop(turns)
            yield number, ticket
