"""The contract of every flaw operator, on every claim of every lab: any slices, any way."""

from __future__ import annotations

import re
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.sampled import sampled

from mondaylab.labs.claims.figure import FigureTemplate
from mondaylab.labs.drawing.drawer import Drawer
from mondaylab.labs.drawing.form import Seed, check_form, draw_form
from mondaylab.labs.gates.twins import twins_gate
from mondaylab.labs.material import Material
from mondaylab.settings import Site

IS_OF_A_CASE = re.compile(r"_key = |^return \w+: ")
LABS = ("finance/weekly_margin_memo", "support/refund_reply", "people/screening_summary")


@cache
def opened(site: Site, lab: str) -> Material:
    return Material.open(site, lab, company="demo", quarter="2026Q4")


@pytest.mark.parametrize("lab", LABS)
@given(data=st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_operator_contract(demo_site: Site, lab: str, data):
    """What an operator states its predicate calls wrong, apart from the truth; the clean twin states the truth."""
    material = opened(demo_site, lab)
    writer = material.writer()
    template = data.draw(st.sampled_from([claim for claim in material.declaration.claims if claim.operators]))
    operator = data.draw(st.sampled_from(template.operators))
    drawer = Drawer(writer, Seed(b"s", str(data.draw(st.integers(0, 10**6)))).rng("slices"))
    week = data.draw(st.sampled_from(writer.data.weeks[1:]))
    about = next(draft for draft in material.declaration.drafts if draft.id == template.draft).about
    drawn = drawer.slice_of(dict(enumerate([*about, *template.slot_names()])), week)
    choice = data.draw(st.integers(0, 99))
    twin = writer.write(template, drawn, None, choice)
    mutant = writer.write(template, drawn, operator, choice)
    if mutant is None:
        return
    assert mutant.flawed and mutant.operator == operator and mutant.severity is not None
    assert not template.holds(writer.facts, drawn, mutant.statement)
    if twin is None:  # where the data alone decides, a slice has a wrong claim only; so has who is not the last
        last = isinstance(template, FigureTemplate) and template.pick == "last"
        data_decides = template.slice_decides or template.kind in ("rule", "demand")
        assert last or data_decides or operator == "overconfident_forecast"
        return
    assert template.holds(writer.facts, drawn, twin.statement) and not twin.flawed
    if operator != "small_cell":
        assert mutant.statement != twin.statement
    if isinstance(template, FigureTemplate):
        assert mutant.numbers.truth == twin.numbers.truth == twin.numbers.stated
        assert abs(mutant.numbers.stated - mutant.numbers.truth) > 3 * mutant.numbers.tolerance
        assert mutant.fact == twin.fact


@pytest.mark.deep
@pytest.mark.parametrize("quarter", ["2026Q3", "2026Q4"])
@pytest.mark.parametrize("lab", LABS)
def test_of_thousands_of_statements_none_is_true_by_accident_or_too_near(demo_site: Site, lab: str, quarter: str):
    material = Material.open(demo_site, lab, company="demo", quarter=quarter)
    gate = twins_gate(material, each=60, seed=5)
    assert gate.passed, gate.said
    assert gate.n >= 5_000, "six of these are well above 10,000 seeded claims"


@pytest.mark.parametrize("lab", sampled(LABS, 3))
def test_forms_hold_what_a_form_must(demo_site: Site, lab: str):
    material = opened(demo_site, lab)
    forms = [draw_form(material, b"s" * 32, cohort="co", learner=f"l{n}", attempt=1) for n in range(12)]
    operators = {claim.operator for form in forms for claim in form.key.claims if claim.operator}
    assert len(operators) >= 8, "kinds of flaw over a lab's forms"
    for form in forms:
        check_form(form.key)
        assert 12 <= len([claim for claim in form.key.claims if not claim.template.endswith(".missing")]) <= 20


def test_slices_are_of_the_draft(demo_site: Site):
    """All claims about one case name the same case."""
    drawn = (
        draw_form(opened(demo_site, LABS[1]), b"s" * 32, cohort="co", learner=f"lena{at}", attempt=1)
        for at in range(40)
    )
    form = next(one for one in drawn if any(draft.format == "agent" for draft in one.shown.drafts))
    records = [draft for draft in form.shown.drafts if draft.draft_id != "note"]
    assert len(records) == 2, "a mail, and what an assistant did"
    for draft in records:
        case = draft.title.rpartition(" ")[2]
        own = (claim for claim in form.key.claims if claim.draft_id == draft.draft_id)
        about = [claim for claim in own if IS_OF_A_CASE.search(claim.query)]
        assert about and all(case in claim.query for claim in about)
