"""The gate on evidence: whoever computes the asked figure in a wrong way is found out on redrawn data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from mondaylab.concepts.redraw import redraw
from mondaylab.errors import Refused
from mondaylab.labs.drawing.rivals import rivals
from mondaylab.labs.drawing.separation import separate
from mondaylab.labs.gates.report import Gate
from mondaylab.labs.gates.sample import Sample
from mondaylab.labs.gates.truth import counted
from mondaylab.labs.material import Material
from mondaylab.measures.catalog import Catalog

REDRAWS = 3
"""Redrawn datasets a figure is replayed on, at the least, as `grader/scoring.yaml` has it."""


@dataclass(frozen=True)
class _Drawn:
    catalog: Catalog


def evidence_gate(material: Material, sample: Sample) -> Gate:
    """Draws data as grading does, and asks of every form's figure whether each wrong measure fails on some of it."""

    @cache
    def draw(number: int, *, dealt: bool = False) -> _Drawn:
        if not number:
            return _Drawn(material.catalog)
        drawn = redraw(material.tables, material.bindings, number, deal=dealt)
        return _Drawn(Catalog(material.bindings, drawn.tables))

    problems: list[str] = []
    checked = 0
    for form in sample.forms:
        key = form.key.evidence
        if key is None:
            continue
        wrong = rivals(material, key, material.catalog)
        checked += len(wrong)
        if not wrong:
            problems.append(f"{key.question} no flaw operator makes a wrong measure of it")
            continue
        try:
            separation = separate(key, wrong, draw, REDRAWS)
        except Refused as error:
            problems.append(f"{key.question} {error.what} ({error.where})")
        else:
            if separation.pasted:
                problems.append(f"{key.question} one fixed number is right on all data")
    return counted(
        "evidence",
        problems,
        checked,
        f"A figure computed in a wrong way fails on redrawn data ({checked:,} wrong measures, each tried)",
        "ask for another measure, or cut it by other fields",
    )
