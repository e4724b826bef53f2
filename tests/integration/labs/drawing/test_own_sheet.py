"""What goes with a learner's own request: true figures, of nothing that their form asks about."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from mondaylab.labs.drawing.form import Form, draw_form
from mondaylab.labs.material import Material
from mondaylab.settings import Site

OTHERS = [pytest.param(lab, marks=pytest.mark.deep) for lab in ("people/screening_summary", "support/refund_reply")]


def drawn(material: Material, learner: str):
    return draw_form(material, b"s" * 32, cohort="co", learner=learner, attempt=1)


@pytest.fixture(scope="module")
def forms(finance: Material) -> list[Form]:
    return [drawn(finance, f"l{number}") for number in range(12)]


@pytest.mark.parametrize("lab", ["finance/weekly_margin_memo", *OTHERS])
def test_nothing_that_a_claim_is_about_stands_in_the_sheet(lab: str, demo_site: Site) -> None:
    material = Material.open(demo_site, lab, company="demo", quarter="2026Q4")
    for number in range(6):
        form = drawn(material, f"l{number}")
        sheet = form.shown.sheet
        assert sheet is not None and len(sheet.figures) >= 3
        asked = [key.text for key in form.key.claims]
        for line in sheet.figures:
            label, figures = line.removeprefix("- ").split(": ", 1)
            of = [one for one in label.split(", ")[1:] if one != "whole company"]
            weeks = re.findall(r"week \d+", figures)
            for text in asked:
                told = all(one in text for one in of) and any(re.search(rf"{one}\b", text) for one in weeks or [""])
                assert not told or (not of and not weeks), (line, text)


def test_the_figures_are_those_of_the_data(finance: Material, forms: list[Form]) -> None:
    lines = finance.lab_tables.concept("order_line")
    read = 0
    for form in forms:
        for line in form.shown.sheet.figures:
            found = re.fullmatch(
                r"- Completed orders, (\w+): (\d+) orders? in week (\d+), (\d+) orders? in week (\d+)", line
            )
            if found is None:
                continue
            region, *figures = found.groups()
            now, week, before, earlier = map(int, figures)
            mine = lines[(lines["region"] == region) & (lines["status"] == "completed")]
            by_week = mine.groupby(mine["day"].dt.isocalendar().week)["order"].nunique()
            assert (by_week[week], by_week[earlier]) == (now, before)
            read += 1
    assert read >= 5


def test_the_figure_that_is_to_be_proved_does_not_stand_in_it(finance: Material) -> None:
    """Where the evidence task is about the very figures of the request, only another week or region will do."""
    asking = finance.asking
    task = finance.declaration.evidence
    row = asking.requests[0].rows[0].model_copy(update={"measure": task.measure, "by": task.by, "before": False})
    about = tuple(slot for field, slot in task.by.items() if field != "period")
    request = asking.requests[0].model_copy(update={"rows": (row, row, row), "about": about, "ask": "So."})
    names = {**asking.names, task.measure: asking.names.get(task.measure) or next(iter(asking.names.values()))}
    material = replace(finance, asking=asking.model_copy(update={"requests": (request,), "names": names}))
    for number in range(8):
        form = drawn(material, f"l{number}")
        if form.shown.sheet is None:
            continue
        *of, week = form.shown.sheet.about.split(", ")
        assert not all(one in form.shown.evidence.text for one in [*of, week]), form.shown.evidence.text


def test_it_is_drawn_by_itself_and_missing_where_the_lab_says_nothing_of_requests(
    finance: Material, forms: list[Form]
) -> None:
    told, silent = forms[1], drawn(replace(finance, asking=None), "l1")
    assert silent.shown.sheet is None
    assert told.shown.model_copy(update={"sheet": None}) == silent.shown and told.key == silent.key
