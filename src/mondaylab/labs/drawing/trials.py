"""Trials for a learner's validator: fresh claims on redrawn data, half of them mutants, under ids that mean nothing."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from mondaylab.errors import Refused
from mondaylab.forms.keys import FormKey
from mondaylab.labs.claims.claim import Claim
from mondaylab.labs.claims.number import NumberTemplate
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.drawing.drawer import Drawer
from mondaylab.labs.material import Material

MUTANTS = 40
"""Wrong claims in a trial, and as many sound ones."""


@dataclass(frozen=True)
class Trial:
    """One run of a validator.

    Attributes:
        claims: What the validator gets: dicts with id, text, value, unit, the slot words and ``week_start``.
        flawed: Ids of the mutants. Never given to learner code.
        operators: Mutant id -> flaw operator.
        tables: The redrawn tables it may look at.
        kinds: Mutant id -> the kind of its flaw and what it did, in words that learners may see.
    """

    claims: list[dict[str, Any]]
    flawed: frozenset[str]
    operators: dict[str, str]
    tables: Mapping[str, pd.DataFrame]
    kinds: Mapping[str, str] = field(default_factory=dict)


def validator_trial(material: Material, key: FormKey, tables: Mapping[str, pd.DataFrame], seed: int) -> Trial:
    """Draws a trial for the form's validator task.

    Args:
        material: The lab and its snapshot.
        key: The form's key; names the family of claims.
        tables: The data that the claims are about, redrawn or the snapshot's own.
        seed: Any integer.

    Raises:
        Refused: The form has no validator task, or the data gives too few such claims.
    """
    if key.validator is None:
        raise Refused("this form has no validator task", where=key.form_id)
    rng = random.Random(seed)  # noqa: S311  a trial must be repeatable, not secret
    drawer = Drawer(material.writer(tables), rng)
    claims, operators = _mixed(drawer, _family(material, key.validator.template), MUTANTS)
    kinds = {one: material.flaws.told(operator) for one, operator in operators.items()}
    return Trial(claims, frozenset(operators), operators, tables, kinds)


def practice_claims(material: Material, template: str, rng: random.Random, pairs: int = 3) -> list[dict[str, Any]]:
    """A few claims of the validator's family on the lab's own data, sound and wrong mixed, without their truth."""
    return _mixed(Drawer(material.writer(), rng), _family(material, template), pairs)[0]


def _family(material: Material, name: str) -> NumberTemplate:
    template = material.declaration.claim(name)
    if not isinstance(template, NumberTemplate):
        raise Refused("a validator task needs a claim about a figure", where=name)
    return template


def _mixed(drawer: Drawer, template: NumberTemplate, pairs: int) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """As many mutants as sound claims, shuffled; and mutant id -> operator."""
    flaws = drawer.writer.usable(template)
    if not flaws:
        raise Refused(f"claim {template.id!r} has no flaw left to seed on this data", where="validator task")
    drawn = [_one(drawer, template, None) for _ in range(pairs)]
    drawn += [_one(drawer, template, flaws[number % len(flaws)]) for number in range(pairs)]
    drawer.rng.shuffle(drawn)
    claims, operators = [], {}
    for number, (slices, claim) in enumerate(drawn):
        claim_id = f"v{number:03d}{drawer.rng.randrange(16**6):06x}"
        if claim.operator is not None:
            operators[claim_id] = claim.operator
        claims.append(_as_shown(claim_id, slices, claim))
    return claims, operators


def _one(drawer: Drawer, template: NumberTemplate, operator: str | None) -> tuple[Slices, Claim]:
    weeks = drawer.writer.data.weeks[1:]
    for _ in range(60):
        slices = drawer.slice_of(template.by, drawer.rng.choice(weeks))
        claim = drawer.writer.write(template, slices, operator, drawer.rng.randrange(template.drawn_from))
        if claim is not None:
            return slices, claim
    raise Refused(f"claim {template.id!r} cannot be drawn with flaw {operator!r}", where="validator task")


def _as_shown(claim_id: str, slices: Slices, claim: Claim) -> dict[str, Any]:
    return {
        **slices.slots,
        "id": claim_id,
        "text": claim.text,
        "value": None if claim.numbers is None else claim.numbers.stated,
        "unit": None if claim.numbers is None else claim.numbers.unit,
        "week_start": slices.week.isoformat(),
    }
