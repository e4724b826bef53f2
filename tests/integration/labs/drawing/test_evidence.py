"""The evidence task asks for no figure that rests on next to nothing."""

from __future__ import annotations

import random

import pytest

from mondaylab.labs.drawing.drawer import Drawer
from mondaylab.labs.drawing.evidence import THICK, draw_evidence
from mondaylab.labs.drawing.plan import CannotDraw
from mondaylab.measures.rewrite import leaves


def drawn_where(material, kept):
    """A dozen figures, drawn where so many completed lines of each slice are left: slice -> how many."""
    lines = material.catalog.frame("order_line")
    lines = lines[lines["status"] == "completed"]
    week = lines["_date"].dt.to_period("W")
    place = lines.groupby(["region", "category", week], observed=True).cumcount()
    left = set(lines.loc[place < lines["category"].map(kept), "_key"])
    own = material.tables["order_lines"]
    tables = {**material.tables, "order_lines": own[own["line_id"].isin(left)]}
    return [draw_evidence(material, Drawer(material.writer(tables), random.Random(seed)))[0] for seed in range(12)]


def test_thin_slices_are_passed_over(finance):
    keys = drawn_where(finance, lambda category: 10_000 if category in ("Office", "Tools") else THICK - 1)
    asked = {part.where["category"][0] for key in keys for part in leaves(key.measure)}
    assert asked == {"Office", "Tools"}


def test_where_all_are_thin_there_is_no_task(finance):
    with pytest.raises(CannotDraw, match="rests on at least 8 rows"):
        drawn_where(finance, lambda category: THICK - 1)
    assert drawn_where(finance, lambda category: THICK + 3)
