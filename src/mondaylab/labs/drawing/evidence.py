"""The figure that a form's evidence task asks for."""

from __future__ import annotations

from mondaylab.forms.keys import EvidenceKey
from mondaylab.forms.shown import ShownQuestion
from mondaylab.labs.claims.company_data import CompanyData
from mondaylab.labs.claims.figures import Figure
from mondaylab.labs.claims.wording import phrase
from mondaylab.labs.drawing.drawer import Drawer
from mondaylab.labs.drawing.plan import CannotDraw
from mondaylab.labs.material import Material
from mondaylab.labs.sources.declaration import EvidenceTask
from mondaylab.measures import Measure
from mondaylab.measures.rewrite import leaves

THICK = 8
"""Rows that every part of the figure has to rest on. A thinner slice is empty on many a redraw, and a wrong filter
changes nothing there."""
_SLICES = 50
"""Slices that are tried."""


def draw_evidence(material: Material, drawer: Drawer) -> tuple[EvidenceKey | None, ShownQuestion | None]:
    """Draws a slice for the lab's evidence task; none where the lab has no such task.

    Raises:
        CannotDraw: The figure has no value, or rests on too few rows, in every slice that was tried.
    """
    task = material.declaration.evidence
    if task is None:
        return None, None
    for _ in range(_SLICES):
        key, question = _drawn(material, task, drawer)
        if _rests(key.measure, drawer.writer.data):
            return key, question
    raise CannotDraw(
        f"no slice for the evidence task in which the figure has a value and rests on at least {THICK} rows",
        where=material.name,
        fix="cut it by fewer fields",
    )


def _drawn(material: Material, task: EvidenceTask, drawer: Drawer) -> tuple[EvidenceKey, ShownQuestion]:
    week = drawer.rng.choice(drawer.writer.data.weeks[1:])
    drawn = drawer.slice_of(task.by, week)
    span = week if "period" in task.by else None
    figure = Figure(material.declaration.measures[task.measure], "plain", drawn.cut(task.by), span)
    question = phrase(task.question, drawn.words() | {"monday": week.isoformat()}, where="evidence")
    key = EvidenceKey(
        question=question,
        measure=figure.measure(),
        scale=task.display.scale,
        unit=task.display.unit,
        tolerance=task.display.step / 2,
    )
    return key, ShownQuestion(text=question, unit=task.display.unit)


def _rests(measure: Measure, data: CompanyData) -> bool:
    """Whether the figure has a value, and each of its parts rows enough."""
    if data.value(measure) is None:
        return False
    counts = (part.model_copy(update={"how": "count", "field": None, "q": None}) for part in leaves(measure))
    return all((data.value(count) or 0) >= THICK for count in counts)
