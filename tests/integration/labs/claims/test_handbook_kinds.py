"""Claims about what the handbook says, in a lab on the demo company: held to the contract, and drawn fairly."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from mondaylab.labs.claims.registry import ClaimTemplate
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import Template
from mondaylab.labs.drawing.drawer import Drawer
from mondaylab.labs.drawing.plan import CannotDraw, Plan
from mondaylab.labs.gates.twins import twins_gate
from mondaylab.labs.material import Material

QUOTED = ("3.1", "3.2", "3.3", "3.4", "3.5", "3.7")
PERCENT = {"unit": "%", "scale": 100, "decimals": 1}


def said(**data: Any) -> dict[str, Any]:
    return {"draft": "memo", **data}


def changed(section: str, says: str, now: float, before: float, unit: str) -> dict[str, Any]:
    return {"section": section, "says": says, "now": now, "before": before, "unit": unit}


QUOTE = "Section {section} says: “{quote}.”"
LIMITS = [
    changed("2.1", "what an account manager may give on a line", 15, 10, "%"),
    changed("1.8", "the share of late shipments above which a carrier gets no new lanes", 10, 15, "%"),
    changed("3.3", "the window for returns", 30, 14, "days"),
    changed("4.3", "the term of an invoice", 14, 30, "days"),
    changed("3.5", "the voucher for one customer in one quarter", 60, 40, "EUR"),
    changed("5.3", "the difference that is written off without a ticket", 40, 60, "EUR"),
    changed("7.5", "the time that data of candidates are kept", 6, 12, "months"),
    changed("7.9", "the time that a work sample counts", 12, 6, "months"),
]
FOLLOWS = "By section {section}, {conclusion}: it was {value}."


def concluded(
    measure: str, section: str, keeps: str, limit: float, fields: tuple[str, ...], follows: str
) -> dict[str, Any]:
    """What a section makes of a week's measure."""
    by = {**{field: field for field in fields}, "period": "week"}
    rule = {"section": section, "keeps": keeps, "limit": limit, "yes": follows, "no": f"it is not so that {follows}"}
    return said(kind="conclusion", id=measure, measure=measure, by=by, display=PERCENT, judged_as=FOLLOWS, **rule)


CLAIMS = [
    said(kind="quote", id="halves", sections=QUOTED, operators=("half_quoted_rule", "merged_clauses"), judged_as=QUOTE),
    said(kind="quote", id="negations", sections=QUOTED, operators=("lost_negation",), judged_as=QUOTE),
    said(
        kind="limit",
        id="limit",
        limits=LIMITS,
        judged_as="By section {section}, {rule} is {value}.",
    ),
    concluded("margin", "1.7", "less_than", 32, ("region",), "the region is taken up with the regional lead"),
    concluded("late_rate", "1.8", "more_than", 10, ("carrier", "region"), "the carrier gets no new lanes there"),
    concluded("discount", "2.3", "more_than", 9, ("region",), "the region is reviewed by finance"),
]
TEMPLATES: list[Template] = [TypeAdapter(ClaimTemplate).validate_python(one) for one in CLAIMS]


@pytest.fixture(scope="module")
def lab(finance: Material) -> Material:
    """The finance lab with nothing but these claims."""
    return replace(finance, declaration=finance.declaration.model_copy(update={"claims": tuple(TEMPLATES)}))


def test_what_operators_seed_is_false_and_has_a_sound_twin(lab: Material) -> None:
    gate = twins_gate(lab, each=30)
    assert gate.passed, gate.said
    assert gate.n > 2_000


@given(data=st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_wrong_claim_has_a_sound_twin_about_the_same_slices(lab: Material, data: st.DataObject) -> None:
    writer, template = lab.writer(), data.draw(st.sampled_from(TEMPLATES))
    drawer = Drawer(writer, random.Random(data.draw(st.integers(0, 10**6))))
    slices = drawer.slice_of(
        {word: word for word in template.slot_names()}, data.draw(st.sampled_from(writer.data.weeks[1:]))
    )
    choice, operator = data.draw(st.integers(0, 499)), data.draw(st.sampled_from(template.operators))
    twin, mutant = (writer.write(template, slices, one, choice) for one in (None, operator))
    if twin is None or mutant is None:  # the figure shows as the limit, or the data has none
        assert template.kind == "conclusion" and twin is mutant
        return
    assert mutant.severity and mutant.statement != twin.statement and mutant.text != twin.text
    assert not template.holds(writer.facts, slices, mutant.statement)
    assert template.holds(writer.facts, slices, twin.statement)
    assert mutant.why and mutant.query and "None" not in mutant.why + mutant.query


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.id)
def test_neither_a_value_nor_which_way_it_goes_tells_a_flaw(lab: Material, template: Template) -> None:
    """As forms draw it: the coin first, then the operator's statement about slices that go that way."""
    writer, rng = lab.writer(), random.Random(3)
    seen: dict[bool, Counter[object]] = {True: Counter(), False: Counter()}
    for number in range(160):
        flawed, way = number % 2 == 1, rng.random() < 0.5
        operator = template.operators[number // 2 % len(template.operators)] if flawed else None
        try:
            plan = Plan((template,), {} if operator is None else {template.id: operator}, {}, {template.id: way})
            week = rng.choice(writer.data.weeks[1:])
            stated = Drawer(writer, rng).claim(template, Slices({}, week), plan).statement
        except CannotDraw:  # a week in which all regions lie on one side: a form takes another
            continue
        tells = stated["value"] if template.kind == "limit" else template.direction(stated)
        seen[flawed][tells] += 1
    assert seen[True].total() + seen[False].total() >= 80, "most weeks do"
    assert len(seen[True]) >= 2 and set(seen[True]) == set(seen[False])
    for what in seen[True]:
        assert abs(seen[True][what] - seen[False][what]) <= 24, (what, seen)
