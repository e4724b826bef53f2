"""The forms of a cohort: one a learner, any two of which share few enough facts, and no recording twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Protocol

from mondaylab.errors import Refused
from mondaylab.labs.drawing.form import Form, draw_form
from mondaylab.labs.drawing.plan import CannotDraw
from mondaylab.labs.material import Material
from mondaylab.plural import plural

MAX_SHARED_FACTS = 0.25
"""Two forms of a lab share at most this share of their facts."""
MORE_FACTS = "more that drafts can be about: weeks, subjects to draw, claims to choose from"
"""What a lab with too few forms needs, for messages."""
_REDRAWS = 20
"""Forms that are tried for one learner before the lab is said to have no other one."""
_WITHOUT_ROOM = 3
"""Draws in a row that find no room before that is the lab's fault: on small data one in some hundred does by chance."""


class Rests(Protocol):
    """What a form rests on; of one that was issued this is all that is kept beside what is shown."""

    @property
    def facts(self) -> frozenset[str]:
        """Hashes of its facts."""

    @property
    def recordings(self) -> frozenset[str]:
        """Hashes of the answers that it shows as they came."""


def independent_forms(
    material: Material,
    secret: bytes,
    *,
    cohort: str,
    learners: Iterable[str],
    attempt: int,
    beside: Sequence[Rests] = (),
) -> Iterator[Form]:
    """One form a learner, drawn again until any two share few enough facts; ends where there is none for the next.

    Args:
        material: The lab on its snapshot.
        secret: The cohort's.
        cohort: Cohort id.
        learners: Those who get one.
        attempt: 1 for the first.
        beside: What the forms rest on that others have already; they count among the two.

    Raises:
        Refused: The lab cannot give a valid form on this data.
    """
    held: list[Rests] = [*beside]
    for learner in learners:
        taken = frozenset[str]().union(*(one.recordings for one in held))
        names = {"cohort": cohort, "learner": learner}
        without_room = 0
        for redraw in range(_REDRAWS):
            try:
                form = draw_form(material, secret, **names, attempt=attempt, redraw=redraw, taken=taken)
            except CannotDraw:
                without_room += 1
                if without_room == _WITHOUT_ROOM:
                    raise
                continue
            without_room = 0
            if all(shared_facts(form, other) <= MAX_SHARED_FACTS for other in held):
                held.append(form)
                yield form
                break
        else:
            return


def draw_forms(
    material: Material,
    secret: bytes,
    *,
    cohort: str,
    learners: Sequence[str],
    attempt: int,
    beside: Sequence[Rests] = (),
) -> list[Form]:
    """One form a learner, any two of which share few enough facts, those that are `beside` them included.

    Raises:
        Refused: The lab has too few facts for so many learners.
    """
    forms = list(independent_forms(material, secret, cohort=cohort, learners=learners, attempt=attempt, beside=beside))
    if len(forms) < len(learners):
        raise Refused(
            f"it gives {plural(len(beside) + len(forms), 'form')} any two of which share at most "
            f"{MAX_SHARED_FACTS:.0%} of their facts, and there are {plural(len(beside) + len(learners), 'learner')}",
            where=material.name,
            fix=f"open it to {plural(len(beside) + len(forms), 'learner')} at most, or give the lab {MORE_FACTS}",
        )
    return forms


def shared_facts(one: Rests, other: Rests) -> float:
    """The share of the smaller form's facts that both hold, in [0, 1]."""
    return len(one.facts & other.facts) / min(len(one.facts), len(other.facts))


def most_shared(forms: Iterable[Rests]) -> float:
    """The greatest `shared_facts` of any two forms; 0 for fewer than two."""
    return max((shared_facts(one, other) for one, other in combinations(forms, 2)), default=0.0)
