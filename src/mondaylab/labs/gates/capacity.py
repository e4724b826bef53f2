"""The gate on how many learners a lab has forms for: any two of them share few facts, drawn as a cohort's are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mondaylab.errors import Refused
from mondaylab.labs.drawing.cohort_forms import MAX_SHARED_FACTS, MORE_FACTS, independent_forms
from mondaylab.labs.drawing.form import Form
from mondaylab.labs.gates.report import Gate
from mondaylab.labs.gates.sample import secret
from mondaylab.labs.material import Material
from mondaylab.plural import plural

LEARNERS = 200
"""Learners of one cohort that a lab has to have forms for, if nobody says how many."""


def draw_cohort(
    material: Material, learners: int, say: Callable[[str], None] = lambda _: None
) -> tuple[tuple[Form, ...], str | None]:
    """Draws forms for one cohort as `cohort open` does, up to so many: what there is, and what else ended it."""
    names = [f"learner{number}" for number in range(learners)]
    drawn: list[Form] = []
    try:
        for form in independent_forms(material, secret(0), cohort="gates", learners=names, attempt=1):
            drawn.append(form)
            if len(drawn) % 50 == 0:
                say(f"{material.name}: {len(drawn)} of {learners} forms of one cohort drawn")
    except Refused as error:
        return tuple(drawn), error.what
    return tuple(drawn), None


def capacity_gate(cohort: Sequence[Form], learners: int, refused: str | None = None) -> Gate:
    """Whether a lab has forms enough.

    Args:
        cohort: The forms that were drawn, any two of which share few facts.
        learners: How many were asked for; drawing ended there, and there may be more.
        refused: Why no form at all could be drawn for the next learner, if that ended it.
    """
    count = len(cohort)
    passed = count >= learners
    said = (
        f"The lab gives {'at least ' if passed else ''}{plural(count, 'form')} any two of which share at most "
        f"{MAX_SHARED_FACTS:.0%} of their facts: so many learners can have it in one cohort (at least {learners})."
    )
    if refused is not None:
        said += f" Then none could be drawn: {refused}. Next: give claims more slices or operators."
    elif not passed:
        said += f" Next: give it {MORE_FACTS}; if no cohort has as many, check it for fewer (--learners {count})."
    return Gate(name="capacity", passed=passed, value=count, bound=learners, n=count, said=said)
