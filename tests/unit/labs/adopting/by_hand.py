"""Answers about North in week 49, read with a lexicon made by hand: no data behind them."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

from tests.unit.labs.binding.weekly import NAMES, NOW, weekly

from mondaylab.labs.adopting.answered import Answered, Origin
from mondaylab.labs.adopting.entries import Entry, entries
from mondaylab.labs.claims.slots import Slices

SUBJECT = {"region": "North", "carrier": "Corvo Express", "rival": "Aldrin Freight"}


def answered(text: str) -> Answered:
    """An answer of that text."""
    made = Answered(
        writer=cast(Any, None),
        asking=cast(Any, SimpleNamespace(names=NAMES)),
        request=cast(Any, None),
        draft="memo",
        quarter="2026Q4",
        subject=Slices(SUBJECT, NOW),
        text=text,
        origin=Origin(model="a model", answered=date(2026, 11, 30), prompt="How did {region} do?"),
    )
    known = {
        "lexicon": weekly(),
        "fields": {"region": "region", "carrier": "carrier", "rival": "carrier"},
        "names": frozenset({"North", "South", "Corvo Express", "Aldrin Freight"}),
    }
    made.__dict__.update(known)  # in place of what is read from data
    return made


def claims_of(answer: Answered) -> list[Entry]:
    return [one for one in entries(answer.bound) if one.claim is not None]
