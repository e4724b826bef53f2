"""What goes with a learner's own request: true figures, of nothing that their form asks about."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.drawing.form import Form, draw_form
from mondaylab.labs.drawing.own_sheet import _Asked
from mondaylab.labs.material import Material
from mondaylab.labs.sheet import SheetFact, told_by
from mondaylab.labs.sources.asking import SheetRow
from mondaylab.settings import Site

HERE = Slices({"region": "South"}, date(2026, 11, 16))
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
                assert not told, (line, text)


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


def test_the_figure_that_is_to_be_proved_is_told_and_its_parts_are(finance: Material, forms: list[Form]) -> None:
    form, task = forms[0], finance.declaration.evidence
    asked = _Asked(finance, (), form.key.evidence)
    told = {}
    for week in finance.writer().data.weeks[1:]:
        for region in finance.catalog.members("order_line", "region"):
            for category in finance.catalog.members("order_line", "category"):
                subject = Slices({"region": region, "category": category}, week)
                for measure in (task.measure, "net", "orders"):
                    row = SheetRow(measure=measure, by={"region": "region", "category": "category", "period": "week"})
                    told[region, category, week, measure] = asked.tells(row, subject)
    found = [key for key, yes in told.items() if yes]
    assert {measure for *_, measure in found} == {task.measure, "net"}, found
    assert len({key[:3] for key in found}) == 1, "of no other slice"
    region, category, week, _ = found[0]
    assert all(one in form.shown.evidence.text for one in (region, category, week.isoformat()))


def test_a_figure_that_a_claim_has_from_another_week_is_left_out(finance: Material, forms: list[Form]) -> None:
    """A claim of the wrong week states what is true of another: there it must not stand word for word."""
    for form in forms:
        stated = {key.claim_id: key.text for key in form.key.claims if key.operator == "wrong_period"}
        for line in form.shown.sheet.figures:
            label, figures = line.removeprefix("- ").split(": ", 1)
            of = [one for one in label.split(", ")[1:] if one != "whole company"]
            for text in stated.values():
                shared = {*re.findall(r"[\d.,]*\d", re.sub(r"week \d+", "", figures))} & {
                    *re.findall(r"[\d.,]*\d", text)
                }
                assert not shared or any(one not in text for one in of), (line, text)
    [about] = told_by(SheetRow(measure="net", by={"region": "region", "period": "week"}), HERE)
    fact = SheetFact(about=(about,), label="Net sales, South", now="€41,220")
    says = SimpleNamespace(slices=HERE, judged_as="Net sales of South were €41,220 in week 47.")
    assert _Asked(finance, [says], None).states(fact)
    other = SimpleNamespace(slices=Slices({"region": "North"}, HERE.week), judged_as=says.judged_as)
    assert not _Asked(finance, [other], None).states(fact)


def test_it_is_drawn_by_itself_and_missing_where_the_lab_says_nothing_of_requests(
    finance: Material, forms: list[Form]
) -> None:
    told, silent = forms[1], drawn(replace(finance, asking=None), "l1")
    assert silent.shown.sheet is None
    assert told.shown.model_copy(update={"sheet": None}) == silent.shown and told.key == silent.key
    assert '"sheet"' not in silent.shown.canonical(), "a form from before there was one is written as it was"
