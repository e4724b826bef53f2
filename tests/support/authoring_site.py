"""A checkout of a test's own on the demo company's data, and an answer about it with something for everybody in it."""

from __future__ import annotations

import csv
import io
import shutil
from datetime import timedelta
from itertools import islice
from pathlib import Path

from tests.support.adopted import figure
from tests.support.places import LAB, QUARTER, ROOT

from mondaylab.authoring.author import Workplace
from mondaylab.labs.claims.wording import spelled
from mondaylab.labs.material import Material
from mondaylab.labs.sources.asking import Asking
from mondaylab.settings import Site

FOLDERS = ("datasets", "labs", "grader", "hub_config")
REGION, WEEK = "Central", 43
_ROWS = 40
CANARY = "zq7canary@example.org"
"""Stands in no data of the company: where it is found, a pasted text was kept."""
TOLD = {
    "request": "region",
    "tool": "Sales Copilot",
    "model": "not stated",
    "answered": "2026-11-17",
    "about": {"region": REGION},
    "week": WEEK,
}
"""What an author says of the answer."""


def checkout(demo_site: Site, folder: Path) -> Site:
    """A copy of the folders that people edit, on the demo company's exports and snapshots."""
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name)
    site = Site(folder, folder / "var")
    site.var.mkdir()
    site.raw.symlink_to(demo_site.raw)
    site.snapshots.symlink_to(demo_site.snapshots)
    return site


def few_exports(site: Site) -> None:
    """Makes a checkout's raw exports its own, with the first rows of each table: a scrubber that knows few names.

    What finds everybody is built in a moment; for suites that are about what is done with a text that was scrubbed.
    """
    whole = site.raw.resolve() / "demo" / QUARTER
    site.raw.unlink()
    folder = site.raw / "demo" / QUARTER
    folder.mkdir(parents=True)
    for path in whole.iterdir():
        if path.suffix != ".csv":
            shutil.copy(path, folder)
            continue
        few = io.StringIO()
        with path.open(encoding="utf-8", newline="") as full:
            csv.writer(few, lineterminator="\n").writerows(islice(csv.reader(full), 1 + _ROWS))
        (folder / path.name).write_text(few.getvalue(), encoding="utf-8", newline="")


def workplace(site: Site) -> Workplace:
    """The finance lab, opened for its author."""
    return Workplace.open(site, LAB, company="demo", quarter=QUARTER)


def thirteen_sentences(material: Material) -> str:
    """An answer about a region's week: most of it holds, one number is wrong, one does not say what it is."""
    writer = material.writer()
    week = next(one for one in writer.data.weeks if one.isocalendar().week == WEEK)
    names = Asking.of(ROOT / "labs" / LAB, material.declaration, material.bindings.currency).names

    def shown(measure: str, cut: dict[str, str], more: float = 0) -> str:
        display = names[measure].display
        told = spelled(figure(material, measure, cut, week, display) + more, display)
        return told.removesuffix(" orders").removesuffix(" units")  # what it counts is said before

    def word(measure: str) -> str:
        now, then = (
            figure(material, measure, here, when, names[measure].display) for when in (week, week - timedelta(days=7))
        )
        return "rose" if now > then else "fell"

    here = {"region": REGION}
    return " ".join(
        [
            f"Hi, here is the note on {REGION} that you asked for.",
            f"In week {WEEK}, net sales in {REGION} came to {shown('net', here)}.",
            f"Gross margin was {shown('margin', here)}.",
            f"The whole company's gross margin was {shown('margin', {})}.",
            f"Completed orders came to {shown('orders', here, 10)}.",
            f"The average completed order was {shown('order_value', here)}.",
            f"Units sold were {shown('units', here)}.",
            f"Discounts stood at {shown('discount', here)}.",
            f"Net sales {word('net')} on the week before.",
            f"Completed orders {word('orders')} on the week before.",
            f"Cancelled orders came to {shown('cancelled', here)}.",
            f"All told, that took {shown('cost', here)}.",
            f"Write to {CANARY} if you want it as a table.",
        ]
    )
