"""Figures of a cohort's answers: what is counted, and what is not said of few."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mondaylab.forms.keys import ClaimKey
from mondaylab.grader.report.figures import Figures, figures
from mondaylab.grader.report.item_statistics import JudgedForm, item_statistics
from mondaylab.grader.report.rows import rows_of
from mondaylab.grader.report.signs import signs
from mondaylab.judging.answers import Answer

LAB = "finance/memo"
KINDS = {"stale": ("stale", "number"), "wrong_unit": ("unit",)}


def claim(template: str, operator: str | None = None, *, foil: bool = False) -> ClaimKey:
    told = {"claim_id": f"c{template}", "draft_id": "d", "template": template, "text": "x", "query": "q", "why": "w"}
    return ClaimKey(**told, flawed=operator is not None, operator=operator, foil=foil, kinds=KINDS.get(operator, ()))


def form(learner: str, *said: tuple[ClaimKey, int | None, int | None]) -> JudgedForm:
    """One learner's form: claim, p at first look, p after checking."""
    check = {one.claim_id: Answer(p=p) for one, _, p in said}
    first = {one.claim_id: Answer(p=p) for one, p, _ in said}
    return JudgedForm([one for one, _, _ in said], check, first, learner)


def told(forms: list[JudgedForm]) -> Figures:
    return figures(rows_of(forms), learners=len(forms))


def test_rows_are_counted_by_item_kind_and_truth():
    forms = [
        form(f"p{n}", (claim("net", "stale"), 10, 10 if n < 2 else 90), (claim("rate"), 60 if n < 3 else 0, 0))
        for n in range(8)
    ]
    found = told(forms)
    net, rate = found.items
    assert (net.item, net.kind, net.n, rate.item, rate.kind) == ("net|stale", "stale", 8, "rate|sound", "sound")
    assert net.first == (10,) * 8 and net.check == (10, 10, *(90,) * 6), "sorted: nobody's place in it"
    assert (net.right_first.count, net.right_check.count, rate.right_first.count) == (0, 6, 5)
    kind = found.kinds[0]
    assert (kind.kind, kind.items, kind.missed_first.count, kind.missed_check.count) == ("stale", 1, 8, 2)
    assert kind.missed_check.low < 0.25 < kind.missed_check.high
    assert (found.trusting.first.count, found.trusting.check.count, found.trusting.check.n) == (8, 2, 8)
    assert (found.doubting.first.count, found.doubting.check.count) == (3, 0)
    assert sum(line.learners for line in found.trusting.lines) == 8
    assert (found.gained.count, found.gained.n, found.kept.count, found.kept.n) == (6 + 3, 8 + 3, 5, 5)


def test_below_the_minimum_there_is_no_number():
    found = told([form(f"p{n}", (claim("net", "stale"), 10, 90), (claim("rate"), 0, 0)) for n in range(5)])
    assert found.items[0].right_check.value is None and found.items[0].right_check.count == 5
    assert found.kinds[0].missed_check.reason == "too few" and found.trusting.change.value is None
    assert found.items[0].rest_correlation.value is None and found.bands == ()


@pytest.mark.parametrize("people", range(5))
def test_fewer_than_five_people_show_nothing_at_all(people):
    found = told([form(f"p{n}", (claim("net", "stale"), 10, 90), (claim("rate"), 0, 0)) for n in range(people)])
    assert found == Figures(learners=people, hidden_items=found.hidden_items, gained=found.gained, kept=found.kept)
    assert found.gained.n == found.kept.n == 0


def test_most_missed_kind_comes_first_and_checking_is_compared_learner_by_learner():
    rng = random.Random(2)
    forms = []
    for n in range(30):
        stale, unit = (20 if rng.random() < 0.8 else 80), (20 if rng.random() < 0.2 else 80)
        forms.append(form(f"p{n}", (claim("net", "stale"), 10, stale), (claim("rate", "wrong_unit"), 10, unit)))
    found = told(forms)
    assert [kind.kind for kind in found.kinds] == ["stale", "unit"]
    change = found.trusting.change
    assert change.n == 30 and change.low <= change.value <= change.high < 0
    assert found.first_detection.d_prime.reason == "one class", "no sound row"


def test_telling_flawed_from_sound_is_of_the_whole_class():
    forms = []
    for n in range(24):
        rows = [(claim("net", "stale"), 40, 80 if n % 4 else 40), (claim("rate"), 10 if n % 3 else 60, 10)]
        forms.append(form(f"p{n}", *rows))
    found = told(forms)
    assert found.check_detection.d_prime.value > found.first_detection.d_prime.value
    assert found.check_detection.d_prime.n == 24 and told(forms[:19]).check_detection.d_prime.value is None


def test_a_row_without_both_answers_counts_nowhere():
    forms = [form(f"p{n}", (claim("net", "stale"), None, 90), (claim("rate"), 0, None)) for n in range(9)]
    assert rows_of(forms) == ()


@given(st.integers(0, 45), st.integers(0, 10**6))
@settings(max_examples=15)
def test_items_are_those_of_the_next_build_and_parts_add_up_to_what_totals_count(people, seed):
    rng = random.Random(seed)
    forms = []
    for n in range(people):
        said = []
        for template in ("net", "rate", "late", "share"):
            operator = rng.choice([None, None, "stale", "wrong_unit"])
            one = claim(template, operator, foil=operator is None and template == "late")
            said.append((one, rng.randrange(101), rng.randrange(101)))
        forms.append(form(f"p{n}", *said))
    found = told(forms)
    known = {one.item: one for one in item_statistics(LAB, forms).items}
    for one in found.items:
        assert one.n == known[one.item].n >= 5
        assert known[one.item].difficulty == pytest.approx(one.right_check.count / one.n, abs=1e-4)
        if one.n >= 30 and known[one.item].discrimination is not None:
            assert one.rest_correlation.value == pytest.approx(known[one.item].discrimination, abs=1e-4)
    assert {one.item for one in known.values() if one.n >= 5} == {one.item for one in found.items}
    if found.trusting is not None:
        assert sum(kind.missed_check.n for kind in found.kinds) <= found.trusting.check.n
        assert sum(one.n for one in found.items if one.flawed) <= found.trusting.check.n
    if found.bands and found.trusting is not None and found.doubting is not None:
        assert sum(band.flawed.count for band in found.bands) == found.trusting.check.n
        assert sum(band.flawed.n for band in found.bands) == found.trusting.check.n + found.doubting.check.n


def sign_of(people: int, first: float, check: float, operator: str | None = "stale", skill: bool = False) -> str:
    """The sign of an item that these shares of people got right, beside seven that one half of them gets right."""
    rng, forms = random.Random(1), []
    for n in range(people):
        good = n < people / 2
        others = [(claim(f"o{k}"), 0, 0 if good else rng.choice([0, 90])) for k in range(7)]
        wrong = 100 if operator is None else 0
        ends = [100 - wrong if n < round(share * people) else wrong for share in (first, check)]
        ends = [100 - wrong if good else wrong] * 2 if skill else ends
        forms.append(form(f"p{n}", (claim("net", operator), *ends), *others))
    statistics = item_statistics(LAB, forms)
    found = told(forms)
    item = f"net|{operator or 'sound'}"
    return signs(found.items, statistics)[item].name


@pytest.mark.parametrize(
    ("people", "first", "check", "operator", "sign"),
    [
        (11, 1.0, 1.0, "stale", "few"),
        (12, 0.95, 1.0, "stale", "giveaway"),
        (24, 0.1, 0.2, "stale", "hard"),
        (24, 0.5, 1.0, "stale", "easy"),
        (24, 1.0, 1.0, None, "easy"),
        (24, 0.3, 0.6, "stale", "none"),
        (30, 0.5, 1.0, "stale", "retired"),
    ],
)
def test_signs(people, first, check, operator, sign):
    assert sign_of(people, first, check, operator) == sign


def test_an_item_that_goes_with_the_rest_is_good_from_thirty_answers():
    assert sign_of(40, 0, 0, skill=True) == "good"
