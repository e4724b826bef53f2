"""Item statistics from answers: difficulty, the item-rest correlation, and what the next build makes of them."""

from __future__ import annotations

import random
from statistics import correlation

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.forms.items import ItemStatistics
from mondaylab.forms.keys import ClaimKey
from mondaylab.grader.report.item_statistics import JudgedForm, item_statistics, state
from mondaylab.judging.answers import Answer

LAB = "finance/memo"
TEMPLATES = ("net", "margin", "orders", "late", "units", "share")


def claim(template: str, operator: str | None = None, *, foil: bool = False) -> ClaimKey:
    told = {"claim_id": f"c{template}", "draft_id": "d", "template": template, "text": "x", "query": "q", "why": "w"}
    kinds = ("number",) if operator else ()
    return ClaimKey(**told, flawed=operator is not None, operator=operator, foil=foil, kinds=kinds)


def form(skill: float, rng: random.Random, hard: str = "") -> JudgedForm:
    """A learner who is right on each row with probability `skill`; on the `hard` one by a coin."""
    claims = [claim(name, "wrong_period" if rng.random() < 0.4 else None) for name in TEMPLATES]
    answers = {}
    for one in claims:
        right = rng.random() < (0.5 if one.template == hard else skill)
        answers[one.claim_id] = Answer(p=90 if right == one.flawed else 10)
    return JudgedForm(claims, answers)


def of(forms: list[JudgedForm], item: str):
    return next(one for one in item_statistics(LAB, forms).items if one.item == item)


def test_an_item_is_a_template_in_one_state_and_right_is_the_true_side_of_fifty():
    claims = [claim("net", "stale"), claim("net2"), claim("net3", foil=True)]
    assert [state(one) for one in claims] == ["stale", "sound", "foil"]
    judged = JudgedForm(claims, {"cnet": Answer(p=50), "cnet2": Answer(p=49), "cnet3": Answer(p=50)})
    found = {one.item: (one.n, one.difficulty, one.discrimination) for one in item_statistics(LAB, [judged]).items}
    assert found == {"net|stale": (1, 1.0, None), "net2|sound": (1, 1.0, None), "net3|foil": (1, 0.0, None)}


def test_a_row_without_a_probability_counts_nowhere():
    judged = JudgedForm(
        [claim("net"), claim("margin")], {"cnet": Answer(p=10), "cmargin": Answer(p=None, action="use")}
    )
    assert item_statistics(LAB, [judged]).items == (), "a single row has no rest either"


def test_discrimination_is_the_correlation_with_the_rest_of_the_form():
    rng = random.Random(3)
    forms = [form(rng.choice([0.5, 0.95]), rng) for _ in range(200)]
    right, rest = [], []
    for judged in forms:
        known = {one.template: (judged.answers[one.claim_id].p >= 50) == one.flawed for one in judged.claims}
        if not judged.claims[0].flawed:
            right.append(float(known["net"]))
            rest.append(sum(value for name, value in known.items() if name != "net") / (len(TEMPLATES) - 1))
    item = of(forms, "net|sound")
    assert item.n == len(right) and item.difficulty == pytest.approx(sum(right) / len(right), abs=1e-4)
    assert item.discrimination == pytest.approx(correlation(right, rest), abs=1e-4)


def test_what_tells_nobody_from_nobody_is_retired_and_what_tells_stays():
    rng = random.Random(5)
    forms = [form(rng.choice([0.5, 0.6, 0.97]), rng, hard="late") for _ in range(500)]
    told = ItemStatistics(labs=(item_statistics(LAB, forms),))
    plan = told.plan(LAB)
    assert {item.partition("|")[0] for item in plan.retired} <= {"late"} and plan.retired
    assert all(of(forms, f"{name}|sound").discrimination > 0.05 for name in TEMPLATES if name != "late")


def test_below_thirty_learners_there_is_no_discrimination_and_nothing_is_retired():
    rng = random.Random(7)
    found = item_statistics(LAB, [form(0.5, rng) for _ in range(25)])
    assert all(one.discrimination is None for one in found.items)
    assert ItemStatistics(labs=(found,)).plan(LAB).retired == ()


def test_the_row_that_every_draft_has_is_never_retired():
    judged = [
        JudgedForm([claim("memo.missing"), claim("net")], {"cmemo.missing": Answer(p=90), "cnet": Answer(p=5)})
    ] * 40
    told = ItemStatistics(labs=(item_statistics(LAB, judged),))
    assert of(judged, "memo.missing|sound").difficulty == 0.0
    assert told.plan(LAB).retired == ("net|sound",), "everybody right: it tells nobody from nobody"


@given(st.integers(0, 60), st.floats(0, 1), st.integers(0, 10**6))
def test_figures_stay_in_their_ranges_and_every_item_is_counted(learners, skill, seed):
    rng = random.Random(seed)
    forms = [form(skill, rng) for _ in range(learners)]
    found = item_statistics(LAB, forms).items
    assert sum(one.n for one in found) == learners * len(TEMPLATES)
    assert all(0 <= one.difficulty <= 1 for one in found)
    assert all(one.discrimination is None or -1 <= one.discrimination <= 1 for one in found)
