"""The gate on queries: run as they are shown, they give what a sound sentence says, on changed data too."""

from __future__ import annotations

from collections.abc import Iterator

from mondaylab.errors import Refused
from mondaylab.labs.claims.claim import Claim
from mondaylab.labs.claims.query import QueryTemplate
from mondaylab.labs.claims.template import LabFacts
from mondaylab.labs.drawing.redrawn import RedrawnFacts
from mondaylab.labs.gates.report import Gate
from mondaylab.labs.gates.sample import Sample
from mondaylab.labs.gates.truth import counted
from mondaylab.labs.material import Material


def queries_gate(material: Material, sample: Sample) -> Gate:
    """Runs every query of the forms on the data and on changed copies of it.

    A sound one gives there what its sentence asks for, by the lab's measures. A flawed one differs on the data shown:
    on a copy it may not, as where nothing is there that a filter would leave out.
    """
    templates = {one.id: one for one in material.declaration.claims if isinstance(one, QueryTemplate)}
    claims = [claim for form in sample.forms for claim in form.claims if claim.template in templates]
    own = material.writer().facts
    problems: list[str] = []
    for claim in claims:
        problems += _off(templates[claim.template], claim, own, flawed=claim.flawed)
    if claims:
        for facts in RedrawnFacts(material):
            for claim in claims:
                if not claim.flawed:
                    problems += _off(templates[claim.template], claim, facts, flawed=False)
    return counted(
        "queries",
        problems,
        len(claims),
        f"Run as they stand, queries give what sound sentences say, on changed data too, and flawed ones do not say "
        f"({len(claims):,} queries)",
        "correct the way of the claim that is named: its SQL and its measure do not mean the same",
    )


def _off(template: QueryTemplate, claim: Claim, facts: LabFacts, *, flawed: bool) -> Iterator[str]:
    try:
        agrees = template.agrees(facts, claim.slices, claim.statement)
    except Refused as error:
        yield f"{claim.template}: {error.what}"
        return
    if agrees == flawed:
        told = "the same as" if agrees else "something else than"
        yield f"{claim.template}: {claim.statement['sql']!r} gives {told} {claim.statement['what']!r}"
