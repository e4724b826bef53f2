"""What *Check this* tells of a claim is the same whether the claim is sound or flawed."""

from __future__ import annotations

from collections import defaultdict

import pytest
from tests.support.sampled import sampled

from mondaylab.forms.shown import LooksIn
from mondaylab.judging.reading_tables import HANDBOOK, opening, reading_tables
from mondaylab.labs.drawing.form import draw_form
from mondaylab.labs.material import Material

LABS = ("finance/weekly_margin_memo", "support/refund_reply", "people/screening_summary")
FORMS = 16


@pytest.mark.parametrize("lab", sampled(LABS, 3))
def test_the_sound_and_the_flawed_twin_are_looked_up_in_one_place(demo_site, lab: str):
    material = Material.open(demo_site, lab, company="demo", quarter="2026Q4")
    told: dict[str, set[LooksIn | None]] = defaultdict(set)
    truths: dict[str, set[bool]] = defaultdict(set)
    for number in range(FORMS):
        form = draw_form(material, b"s" * 32, cohort="c", learner=f"l{number}", attempt=1)
        rows = form.shown.rows()
        for key in form.key.claims:
            told[key.template].add(rows[key.claim_id].looks_in)
            truths[key.template].add(key.flawed)
    assert {template for template, places in told.items() if len(places) != 1 or None in places} == set()
    written = [both for template, both in truths.items() if not template.startswith("qwen_")]  # answers: one truth each
    assert sum(len(both) == 2 for both in written) > len(written) / 2

    handbook = (material.snapshot.folder / "texts" / "handbook.md").read_text("utf-8")
    tables = reading_tables(material.lab_tables, handbook)
    for place in {one for places in told.values() for one in places}:
        query = opening(tables, material.bindings, place)
        assert query.filters == ()
        assert (query.group, query.sort) == (None, None)
        assert (query.table == HANDBOOK) == (place is not None and place.concept is None)
