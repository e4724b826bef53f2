"""Why there is no answer, in our own words: what a model's server says of itself may hold its key."""

from __future__ import annotations


class Unanswered(Exception):
    """There will be no answer.

    Attributes:
        status: HTTP status for the caller.
        words: Why, for a learner.
        again: Seconds after which to try again; none if that is useless.
    """

    def __init__(self, status: int, words: str, again: int | None = None) -> None:
        self.status, self.words, self.again = status, words, again
        super().__init__(words)


def stopped() -> Unanswered:
    """What answers has stopped doing so."""
    return Unanswered(502, "The assistant's model stopped answering. Try again.")


def troubled() -> Unanswered:
    """A company's endpoint has answered with something that is no answer."""
    return Unanswered(502, "The company's model has a problem. Try again in a minute.")
