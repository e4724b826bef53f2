"""Small groups that two claims of one draft give away together, though neither is about one."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations

from mondaylab.labs.claims.claim import Claim
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts, Template
from mondaylab.measures import describe


def left_over(facts: LabFacts, stated: Iterable[tuple[Template, Claim]]) -> str | None:
    """What a reader could work out by taking one figure from another: nobody, or too few people to tell of.

    Two groups are compared where one lies inside the other by its cut, such as a department's applicants and those of
    them from one site; the part of a share is such a group as well. Claims that are flawed by telling of a small group
    are wrong by themselves.

    Args:
        facts: What the claims are written from.
        stated: The claims of one draft.

    Returns:
        What is given away, in words; none if nothing is.
    """
    groups = [
        (template, claim.slices, group)
        for template, claim in stated
        if (group := template.smallest_group) is not None and not (claim.flawed and template.slice_decides)
    ]
    for (whole, around, group), (part, inside, other) in permutations(groups, 2):
        if not _holds(_cut(whole, around), _cut(part, inside)):
            continue
        for people in sorted({*group.measure_names()} & {*other.measure_names()}):
            larger, smaller = (one.counted(facts, at, people) for one, at in ((whole, around), (part, inside)))
            if group.leaves_over(larger, smaller):
                return (
                    f"{whole.id} and {part.id} together give away {larger - smaller:.0f} {group.unit}, fewer than "
                    f"section {group.section} allows ({describe(facts.measures[people])})"
                )
    return None


def _cut(template: Template, slices: Slices) -> dict[str, str]:
    period = {"period": slices.week.isoformat()} if "period" in template.by else {}
    return slices.cut(template.by) | period


def _holds(around: dict[str, str], inside: dict[str, str]) -> bool:
    """Whether a cut has all of another's fields and values, and more."""
    return around.items() < inside.items()
