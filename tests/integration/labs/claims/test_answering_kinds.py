"""How an answer treats its data, its prompt and itself, on the demo company: any slices, any week."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from tests.support.places import QUARTER

from mondaylab.labs.claims.registry import ClaimTemplate
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.drawing.drawer import Drawer
from mondaylab.labs.drawing.form import Seed
from mondaylab.labs.drawing.plan import CannotDraw, Plan
from mondaylab.labs.material import Material
from mondaylab.labs.sources.declaration import LabDeclaration
from mondaylab.settings import Site

FINANCE = (
    {"kind": "restated", "id": "again", "of": "memo_margin", "display": {"unit": "%", "scale": 100}},
    {"kind": "premise", "id": "asked", "measure": "net",
     "by": {"region": "region", "category": "category", "period": "week"}, "display": {"unit": "%", "scale": 100}},
    {"kind": "absence", "id": "none", "rows": "cancelled", "says": "cancelled orders",
     "by": {"region": "region", "category": "category", "segment": "segment", "period": "week"},
     "display": {"unit": "cancelled orders"}},
)  # fmt: skip
SUPPORT = (
    {"kind": "demand", "id": "granted", "section": "3.5", "limit": 60, "unit": "EUR", "amounts": (30, 60), "step": 5,
     "already": "vouchers_before", "by": {"_key": "case"}},
)  # fmt: skip


def opened(site: Site, lab: str, draft: str, more: tuple[dict, ...]) -> Material:
    """A shipped lab with more claims, which no manuscript states yet."""
    # as a build keeps it: whatever a lab's drafts look like, its slots and measures are what is wanted here
    material = Material.open(replace(site, frozen=True), lab, company="demo", quarter=QUARTER)
    data = material.declaration.model_dump(mode="json")
    data["claims"] += [{"draft": draft, "judged_as": "It is so.", **one} for one in more]
    return replace(material, declaration=LabDeclaration.model_validate(data))


def drawn(material: Material, name: str, number: int) -> tuple[Drawer, ClaimTemplate, Slices]:
    drawer = Drawer(material.writer(), Seed(b"s", f"{name} {number}").rng("slices"), strict=False)
    return drawer, material.declaration.claim(name), Slices({}, drawer.rng.choice(drawer.writer.data.weeks[1:]))


def made(material: Material, name: str, number: int, operator: str | None):
    """The claim of one draw; it is held against its own predicate as it is written."""
    drawer, template, start = drawn(material, name, number)
    plan = Plan((template,), {} if operator is None else {name: operator}, {}, {name: number % 2 == 0})
    return drawer.claim(template, start, plan)


@pytest.fixture(scope="module")
def finance(demo_site: Site) -> Material:
    return opened(demo_site, "finance/weekly_margin_memo", "memo", FINANCE)


def test_a_figure_given_again_is_about_the_same_and_where_both_are_wrong_says_another_value(finance: Material):
    again, first = finance.declaration.claim("again"), finance.declaration.claim("memo_margin")
    both = 0
    for number in range(40):
        drawer, _, start = drawn(finance, "again", number)
        flawed = {"memo_margin": "wrong_filter"} if number % 2 else {}
        plan = Plan((first, again), flawed | ({"again": "contradicts_itself"} if number % 4 > 1 else {}), {}, {})
        try:
            one, other = drawer.claim(first, start, plan), drawer.claim(again, start, plan)
        except CannotDraw:  # all wrong values that would be believed here lie too near; a form then takes another plan
            continue
        assert one.slices == other.slices and one.fact != other.fact
        assert other.flawed <= (number % 4 > 1), "at last without its flaw, where the data do not allow it"
        if other.flawed:
            assert not again.repeats(other.statement, one.statement), "they contradict each other"
        both += one.flawed and other.flawed
    assert both >= 5


def test_it_has_the_cut_of_what_it_restates(finance: Material):
    drawer, again, start = drawn(finance, "again", 0)
    plan = Plan((again,), {}, {}, {})
    assert drawer.lab.claim("again").by == drawer.lab.claim("memo_margin").by
    assert drawer.claim(again, start, plan).numbers is not None, "alone it is a figure"


def test_each_answer_to_a_premise_is_given_soundly_and_wrongly(finance: Material):
    said = Counter()
    for number in range(60):
        operator = (None, None, "agreed_with_premise", "denied_premise")[number % 4]
        claim = made(finance, "asked", number // 4 * 4 + number % 4, operator)
        said[claim.flawed, claim.words["answer"]] += 1
    assert min(said.values()) >= 8 and len(said) == 4, said


def test_what_is_said_not_to_be_there_is_there_as_often(finance: Material):
    words = {flawed: set() for flawed in (True, False)}
    for number in range(24):
        claim = made(finance, "none", number, "hidden_figure" if number % 2 else None)
        assert claim.flawed == bool(number % 2)
        words[claim.flawed] |= {claim.slices.slots["region"], claim.slices.slots["category"]}
    assert words[True] & words[False]


def test_equal_amounts_are_granted_soundly_and_wrongly(demo_site: Site):
    support = opened(demo_site, "support/refund_reply", "unwanted", SUPPORT)
    amounts = {True: Counter(), False: Counter()}
    for number in range(60):
        operator = (None, "followed_instruction", None, "policy_breach")[number % 4]
        claim = made(support, "granted", number, operator)
        amounts[claim.flawed][claim.statement["amount"]] += 1
    assert len(amounts[True].keys() & amounts[False].keys()) >= 5, amounts
