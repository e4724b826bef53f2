"""A lexicon made by hand, of a weekly text about one region with two carriers: no data behind it."""

from __future__ import annotations

from datetime import date

from mondaylab.labs.binding.lexicon import Lexicon
from mondaylab.labs.sources.asking import Named

NOW, BEFORE = date(2026, 11, 30), date(2026, 11, 23)
NAMES = {
    "net": Named.model_validate({"says": ["net sales", "sales"], "display": {"unit": "EUR"}}),
    "margin": Named.model_validate(
        {"says": ["gross margin", "margin"], "display": {"unit": "%", "scale": 100, "decimals": 1}, "rate": True}
    ),
    "orders": Named.model_validate({"says": ["completed orders", "orders"], "display": {"unit": "orders"}}),
    "shipments": Named.model_validate({"says": ["shipments"], "display": {"unit": "shipments"}}),
    "late": Named.model_validate(
        {"says": ["share of late shipments"], "display": {"unit": "%", "scale": 100, "decimals": 1}, "rate": True}
    ),
}


def weekly() -> Lexicon:
    """Texts about North in week 49; figures of shipments are cut by carrier, of which there are two."""
    by_carrier = frozenset({"region", "carrier"})
    return Lexicon(
        names=NAMES,
        measures={
            **{name: (measure,) for measure, named in NAMES.items() for name in named.says},
            **{"order": ("orders",), "completed order": ("orders",), "shipment": ("shipments",)},
        },
        members={
            **{name.lower(): ("region", name) for name in ("North", "South")},
            **{name.lower(): ("carrier", name) for name in ("Corvo Express", "Aldrin Freight")},
        },
        subject={"region": "North"},
        cuts={
            "net": frozenset({"region"}),
            "margin": frozenset({"region"}),
            "orders": frozenset({"region"}),
            "shipments": by_carrier,
            "late": by_carrier,
        },
        open={},
        week=NOW,
        weeks={48: BEFORE, 49: NOW, 47: date(2026, 11, 16)},
    )
