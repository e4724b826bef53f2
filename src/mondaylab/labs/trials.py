"""Trials for a learner's validator: fresh claims on redrawn data, half of them mutants, under ids that mean nothing."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mondaylab.errors import Refused
from mondaylab.labs.claims import Claim, Drawn
from mondaylab.labs.declaration import FigureTemplate
from mondaylab.labs.drawing import Drawer
from mondaylab.labs.keys import FormKey
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
    """

    claims: list[dict[str, Any]]
    flawed: frozenset[str]
    operators: dict[str, str]
    tables: Mapping[str, pd.DataFrame]


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
    template = material.declaration.claim(key.validator.template)
    if not isinstance(template, FigureTemplate):
        raise Refused("a validator task needs a claim about a figure", where=template.id)
    rng = random.Random(seed)  # noqa: S311  a trial must be repeatable, not secret
    drawer = Drawer(material.writer(tables), rng)
    sound = [_one(drawer, template, None, number) for number in range(MUTANTS)]
    mutants = [_one(drawer, template, template.operators[n % len(template.operators)], n) for n in range(MUTANTS)]
    pairs = [*sound, *mutants]
    rng.shuffle(pairs)
    claims, operators = [], {}
    for number, (drawn, claim) in enumerate(pairs):
        claim_id = f"v{number:03d}{rng.randrange(16**6):06x}"
        if claim.operator is not None:
            operators[claim_id] = claim.operator
        claims.append(_as_shown(claim_id, drawn, claim))
    return Trial(claims, frozenset(operators), operators, tables)


def _one(drawer: Drawer, template: FigureTemplate, operator: str | None, number: int) -> tuple[Drawn, Claim]:
    weeks = drawer.writer.ground.weeks[1:]
    for _ in range(60):
        drawn = drawer.slice_of(template.by, drawer.rng.choice(weeks))
        claim = drawer.writer.write(template, drawn, operator, number, drawer.rng.randrange(997))
        if claim is not None:
            return drawn, claim
    raise Refused(f"claim {template.id!r} cannot be drawn with flaw {operator!r}", where="validator task")


def _as_shown(claim_id: str, drawn: Drawn, claim: Claim) -> dict[str, Any]:
    return {
        **drawn.slots,
        "id": claim_id,
        "text": claim.text,
        "value": claim.stated,
        "unit": claim.unit,
        "week_start": drawn.week.isoformat(),
    }
