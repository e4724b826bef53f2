"""Whether the words of a claim say what is noted of it: a file of notes can be edited, its words are held by a hash."""

from __future__ import annotations

import math

from mondaylab.labs.binding.claims import MONEY
from mondaylab.labs.binding.marks import Mark, exactness, numbers_of
from mondaylab.labs.binding.words import DOWN, UP
from mondaylab.labs.claims.text_claim import TextClaim


def unsaid(claim: TextClaim, words: str) -> str | None:
    """What is noted of a claim and its words do not say; none where they may.

    Args:
        claim: As noted.
        words: Its span, as it came.
    """
    if claim.stated is not None and not any(_is(one, claim) for one in numbers_of(words)):
        return f"no number in {words!r} is {claim.stated:,.{max(claim.decimals, 0)}f} {claim.unit}".rstrip()
    way = _way(claim)
    if way is not None:
        for pattern, other, rises in ((UP, DOWN, False), (DOWN, UP, True)):
            if way == rises and pattern.search(words) and not other.search(words):
                return f"{words!r} says {'less' if rises else 'more'}, and {'more' if rises else 'less'} is noted"
    return None


def _way(claim: TextClaim) -> bool | None:
    """Whether it says that something is more; none of a plain figure."""
    if claim.stated is None:
        return claim.says == "more"
    return None if claim.against is None or claim.stated == 0 else claim.stated > 0


def _is(number: Mark, claim: TextClaim) -> bool:
    """Whether a number in the words is the claim's, whatever its sign: *fell by 3 %* has none."""
    plain = number.unit == "" and claim.unit not in ("%", "points", *MONEY)
    stated = abs(claim.stated or 0.0)
    return (
        math.isclose(abs(number.value), stated, abs_tol=1e-9)
        and claim.decimals in (number.decimals, exactness(number.value, number.decimals))
        and (plain or number.unit == claim.unit)
    )
