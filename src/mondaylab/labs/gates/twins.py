"""The gate on operators: every statement they seed is false, and its clean twin true, by the kind's own predicate."""

from __future__ import annotations

import random

from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts, Template
from mondaylab.labs.drawing.drawer import Drawer
from mondaylab.labs.gates.report import Gate
from mondaylab.labs.gates.truth import SEPARATION, counted
from mondaylab.labs.material import Material

_SLICES = 20
"""Slices that every claim template is tried on."""


def twins_gate(material: Material, *, each: int = _SLICES, seed: int = 0) -> Gate:
    """Tries every template on slices of its own, apart from any form: all it can state there, sound and wrong."""
    writer = material.writer()
    drawer = Drawer(writer, random.Random(seed))  # noqa: S311  a trial must be repeatable, not secret
    problems: list[str] = []
    checked = 0
    for template in material.declaration.claims:
        by = {word: word for word in template.slot_names()}
        for _ in range(each):
            slices = drawer.slice_of(by, drawer.rng.choice(writer.data.weeks[1:]))
            found, count = _judged(template, writer.facts, slices, material.previous is not None)
            problems += [f"{template.id}: {problem}" for problem in found]
            checked += count
    return counted(
        "twins",
        problems,
        checked,
        f"What operators seed is false, and what it replaces is true ({checked:,} statements, each evaluated)",
        "correct the operator or the predicate of that kind of claim",
    )


def _judged(template: Template, facts: LabFacts, slices: Slices, stale: bool) -> tuple[list[str], int]:
    """Problems among everything a template states about some slices, and how many statements these are."""
    sound = list(template.sound(facts, slices))
    problems = [
        f"{dict(statement)} is offered as sound and does not hold"
        for statement in sound
        if not template.holds(facts, slices, statement)
    ]
    true_values = {
        numbers.stated for statement in sound if (numbers := template.numbers(facts, slices, statement)) is not None
    }
    checked = len(sound)
    for operator in template.operators:
        if operator == "stale" and not stale:
            continue
        for statement in template.wrong(facts, slices, operator):
            checked += 1
            if template.holds(facts, slices, statement):
                problems.append(f"{operator} gives {dict(statement)}, which is true")
            numbers = template.numbers(facts, slices, statement)
            if numbers is None:
                continue
            if abs(numbers.stated - numbers.truth) <= SEPARATION * numbers.tolerance:
                problems.append(f"{operator} gives {numbers.stated:g}, too near to {numbers.truth:g}")
            if numbers.truth not in true_values:
                problems.append(f"{operator} gives {numbers.stated:g} and has no clean twin")
    return problems, checked
