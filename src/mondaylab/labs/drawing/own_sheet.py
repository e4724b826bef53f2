"""The fact sheet that goes with a learner's own request to the assistant: about nothing that their form is about."""

from __future__ import annotations

import random
from collections.abc import Collection
from datetime import timedelta

from mondaylab.forms.keys import EvidenceKey
from mondaylab.forms.shown import ShownSheet
from mondaylab.labs.claims.claim import Claim
from mondaylab.labs.claims.figures import WEEK, Figure
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.text_claim import About
from mondaylab.labs.claims.wording import numbers_in
from mondaylab.labs.material import Material
from mondaylab.labs.sheet import SheetFact, drawn_subject, sheet, sheet_lines, told_by
from mondaylab.labs.sources.asking import SheetRow, TextRequest
from mondaylab.measures.rewrite import leaves

_SUBJECTS = 12
"""Subjects that are tried of each request."""
_LEAST = 3
"""Rows that a sheet must have; a request of which nothing has to be left out comes first."""


def draw_own_sheet(
    material: Material, claims: Collection[Claim], evidence: EvidenceKey | None, rng: random.Random
) -> ShownSheet | None:
    """Draws what the assistant gets with the requests of whoever has the form.

    The sheet's figures are true, so none of them may be one that the form asks about: neither of what a claim is
    about, in its week or the week before, nor one that a claim about the same states of another week, nor what the
    figure that is to be proved is made of.

    Args:
        material: The lab on its snapshot.
        claims: All claims of the form.
        evidence: The figure that is to be proved.
        rng: What it is drawn by; nothing else of a form is.

    Returns:
        None where the lab has no ``asking.toml``, or no request of it has such a subject.
    """
    asking = material.asking
    if asking is None:
        return None
    writer = material.writer()
    asked = _Asked(material, claims, evidence)
    for least in (None, _LEAST):
        for request in asking.requests:
            for _ in range(_SUBJECTS):
                subject = drawn_subject(writer, request, rng)
                kept = () if subject is None else tuple(row for row in request.rows if not asked.tells(row, subject))
                if subject is None or len(kept) < (least or len(request.rows)):
                    continue
                own = request.model_copy(update={"rows": kept})
                facts = tuple(one for one in sheet(writer, asking, own, subject) or () if not asked.states(one))
                if len(facts) >= (least or len(request.rows)):
                    return _shown(material, own, subject, sheet_lines(facts, own, subject))
    return None


class _Asked:
    """What a form asks about."""

    def __init__(self, material: Material, claims: Collection[Claim], evidence: EvidenceKey | None) -> None:
        self._measures = material.declaration.measures
        self._evidence = () if evidence is None else (evidence.measure, *leaves(evidence.measure))
        self._claims = [({*one.slices.slots.values()}, one.slices.week, one.judged_as) for one in claims]

    def tells(self, row: SheetRow, subject: Slices) -> bool:
        """Whether a figure of the row would tell something of a claim, or is the one that is to be proved."""
        return any(self._is_told(about) for about in told_by(row, subject))

    def states(self, fact: SheetFact) -> bool:
        """Whether a claim about the same states a figure of the row: then it has the figure of another week."""
        members = {*fact.about[0].cut.values()}
        figures = {*numbers_in(f"{fact.now} {fact.before or ''}")}
        return any(mine >= members and figures & {*numbers_in(text)} for mine, _, text in self._claims)

    def _is_told(self, about: About) -> bool:
        figure = Figure(self._measures[about.measure], "plain", about.cut, about.week).measure()
        if figure in self._evidence or any(part in self._evidence for part in leaves(figure)):
            return True
        return any(
            members.issuperset(about.cut.values()) and about.week in (None, week, week - timedelta(days=WEEK))
            for members, week, _ in self._claims
        )


def _shown(material: Material, request: TextRequest, subject: Slices, lines: tuple[str, ...]) -> ShownSheet:
    section = next(one.must_state.section for one in material.declaration.drafts if one.id == request.draft)
    rules = material.handbook.sections.get(section)
    return ShownSheet(
        about=", ".join([*subject.slots.values(), subject.words()["week"] if request.weekly else "the whole quarter"]),
        figures=lines,
        handbook=None if rules is None else f"{material.handbook.cited(section)}\n{rules.body.strip()}",
    )
