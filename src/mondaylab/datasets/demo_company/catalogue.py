"""Suppliers, products, and how their costs drift from week to week."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from mondaylab.datasets.demo_company import identities
from mondaylab.datasets.demo_company.company import CATEGORIES, Company, monday_of
from mondaylab.quarter import Quarter

COST_WEEKS_FROM = date(2025, 1, 6)
"""A Monday: week 0 of `cost_index`."""

# list margin, middle unit price in EUR, share of the catalogue, nouns
_CATEGORY = {
    "Packaging": (0.325, 2.2, 0.20, ("Folding box", "Mailing bag", "Stretch film", "Packing tape", "Pallet cover")),
    "Cleaning": (0.415, 6.5, 0.16, ("Floor cleaner", "Hand soap", "Wiping cloth", "Bin liner", "Glass cleaner")),
    "Safety": (0.445, 11.0, 0.16, ("Work glove", "Safety goggles", "Hi-vis vest", "Ear protection", "Safety shoe")),
    "Office": (0.375, 4.2, 0.20, ("Copy paper", "Ring binder", "Ballpoint", "Label sheet", "Whiteboard marker")),
    "Furniture": (0.400, 120.0, 0.12, ("Desk", "Office chair", "Locker", "Shelf unit", "Workbench")),
    "Tools": (0.370, 24.0, 0.16, ("Cordless drill", "Socket set", "Spirit level", "Hammer", "Screwdriver set")),
}
_MODELS = ("Basic", "Plus", "Pro", "Eco", "Max", "Compact", "Duo", "Line")
_SUPPLIER_WORDS = (
    "Ostwerk",
    "Helvar",
    "Trimont",
    "Kordia",
    "Sandvell",
    "Brugg",
    "Levanto",
    "Norvik",
    "Pellar",
    "Quintec",
)
_COUNTRIES = ("DE", "DE", "DE", "NL", "PL", "AT", "CZ", "IT", "FR")


def suppliers(company: Company) -> pd.DataFrame:
    """All suppliers with their contact data."""
    random = company.random("suppliers")
    people = identities.names(random, company.suppliers)
    rows = []
    for number, name in enumerate(people, start=1):
        word = _SUPPLIER_WORDS[int(random.integers(len(_SUPPLIER_WORDS)))]
        firm = f"{word} {name[1]} {('GmbH', 'B.V.', 'S.p.A.', 'Sp. z o.o.')[int(random.integers(4))]}"
        rows.append(
            {
                "supplier_id": f"S{number:03d}",
                "name": firm,
                "contact_name": f"{name[0]} {name[1]}",
                "contact_email": f"{identities.plain(name[1])}@{identities.plain(firm)}{number}.example",
                "country": _COUNTRIES[int(random.integers(len(_COUNTRIES)))],
                "lead_days": int(random.integers(2, 28)),
                "iban": identities.iban(random),
            }
        )
    return pd.DataFrame(rows)


def products(company: Company, quarter: Quarter) -> pd.DataFrame:
    """The catalogue as of the quarter.

    ``unit_cost`` is the cost in the quarter's last week, ``list_price`` follows costs at the start of the quarter.
    ``_base_cost`` is the cost before drift, ``_appeal`` how well a product sells within its category.
    """
    random = company.random("products")
    shares = [_CATEGORY[category][2] for category in CATEGORIES]
    categories = np.sort(random.choice(len(CATEGORIES), size=company.products, p=shares))
    used: set[str] = set()
    rows = []
    for number, index in enumerate(categories.tolist(), start=1):
        category = CATEGORIES[index]
        margin, middle, _, nouns = _CATEGORY[category]
        base = middle * float(random.lognormal(0, 0.45)) * (1 - margin)
        rows.append(
            {
                "product_id": f"P{number:05d}",
                "name": _name(random, nouns, used),
                "category": category,
                "supplier_id": f"S{int(random.integers(1, company.suppliers + 1)):03d}",
                "_base_cost": base,
                "_list": base / (1 - margin - float(random.normal(0, 0.03))),
                "introduced": date(2016, 1, 4) + timedelta(days=int(random.integers(0, 3_300))),
                "_appeal": 1 / float(random.integers(1, 40)),
            }
        )
    frame = pd.DataFrame(rows)
    index = cost_index(company, quarter.end)
    codes = frame["category"].map(CATEGORIES.index).to_numpy()
    first, last = (week_of(day) for day in (quarter.start, quarter.end))
    frame["unit_cost"] = (frame["_base_cost"] * index[last, codes]).round(2)
    # list prices follow the eight weeks before the quarter
    frame["list_price"] = (frame["_list"] * index[max(first - 8, 0) : first + 1, codes].mean(axis=0)).round(2)
    order = ["product_id", "name", "category", "supplier_id", "unit_cost", "list_price", "introduced"]
    return frame[[*order, "_base_cost", "_appeal"]]


def week_of(day: date) -> int:
    """Row of `cost_index` for a day; days before the first week count as week 0."""
    return max((monday_of(day) - COST_WEEKS_FROM).days // 7, 0)


def cost_index(company: Company, until: date) -> np.ndarray:
    """Cost relative to the base, weeks x categories: inflation, wandering, and dearer packaging before Christmas."""
    weeks = week_of(until) + 1
    # a fixed length, so that a later quarter sees the same past
    length = max(weeks, 400)
    steps = company.random("costs").normal(0, 0.022, size=(length, len(CATEGORIES)))
    steps += company.random("costs", "common").normal(0, 0.012, size=(length, 1))
    wander = np.zeros_like(steps)
    for week in range(1, len(steps)):
        wander[week] = 0.72 * wander[week - 1] + steps[week]
    index = 1.0 + wander + 0.0004 * np.arange(len(steps))[:, None]
    for week in range(len(steps)):
        monday = COST_WEEKS_FROM + timedelta(weeks=week)
        if (monday.month, monday.day) >= (11, 9):
            index[week, CATEGORIES.index("Packaging")] += 0.04
    return np.asarray(index[:weeks])


def _name(random: np.random.Generator, nouns: tuple[str, ...], used: set[str]) -> str:
    while True:
        noun, model = nouns[int(random.integers(len(nouns)))], _MODELS[int(random.integers(len(_MODELS)))]
        name = f"{noun} {model} {int(random.integers(1, 10)) * 10}"
        if name not in used:
            used.add(name)
            return name
