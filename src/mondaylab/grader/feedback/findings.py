"""Findings: what the counts say, in sentences a person reads first."""

from __future__ import annotations

from mondaylab.grader.verdicts import Counts
from mondaylab.plural import plural


def headline(counts: Counts, *, answered: int) -> str:
    """The page's title: one or two sentences of counts, never a percentage.

    Args:
        counts: After checking.
        answered: Rows with a probability after checking.
    """
    if not answered:
        return "You handed in no judgement after checking, so there is nothing to compare with the truth."
    if counts.caught == counts.flawed:
        first = f"You caught all {counts.flawed} flaws" if counts.flawed > 1 else "You caught the one flaw"
    elif counts.caught:
        first = f"You caught {counts.caught} of {counts.flawed} flaws"
    else:
        first = f"You caught none of the {counts.flawed} flaws" if counts.flawed > 1 else "You missed the one flaw"
    if counts.sound and counts.doubted == counts.sound:
        return f"{first}, but you doubted every sound statement too."
    if not counts.doubted:
        return f"{first} and raised no false alarm."
    return f"{first} and raised {plural(counts.doubted, 'false alarm')}."


def checking(first: Counts, check: Counts, *, first_answered: int) -> str:
    """What checking changed, as one sentence."""
    if not first_answered:
        return "There is no first look to compare with."
    gained = check.caught - first.caught
    dropped = first.doubted - check.doubted
    parts = []
    if gained:
        parts.append(
            f"found {plural(gained, 'more flaw')}" if gained > 0 else f"talked you out of {plural(-gained, 'flaw')}"
        )
    if dropped:
        parts.append(
            f"cleared {plural(dropped, 'false alarm')}" if dropped > 0 else f"added {plural(-dropped, 'false alarm')}"
        )
    if not parts:
        return "Checking changed neither what you caught nor what you doubted."
    return f"Checking {' and '.join(parts)}."
