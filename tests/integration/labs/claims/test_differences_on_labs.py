"""Two answers on the support lab: exact balance, the rule of the choice, and readers who have no data."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from functools import cache
from itertools import product

import numpy as np
import pytest

from mondaylab.labs.claims.choice import ChoiceTemplate, better
from mondaylab.labs.claims.difference import ANSWERS, DifferenceTemplate, other_than
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.drawing.drawer import Drawer
from mondaylab.labs.drawing.form import Form, draw_form
from mondaylab.labs.drawing.plan import CannotDraw, Planner
from mondaylab.labs.gates.classifier import out_of_fold
from mondaylab.labs.gates.giveaway import auc_estimate
from mondaylab.labs.gates.skill import resampled_forms
from mondaylab.labs.material import Material
from mondaylab.settings import Site

LAB = "support/refund_reply"
BOTH = ("2026Q3", "2026Q4")
BROKEN = {"larger": "larger", "round": "rounder", "elsewhere": "farther", "first": "named", "words": "words"}
"""Way to make pairs otherwise -> the reader who finds it."""
WORST = ("critical", "material", "minor")


@cache
def opened(site: Site, quarter: str) -> Material:
    return Material.open(site, LAB, company="demo", quarter=quarter)


def differences(material: Material) -> list[DifferenceTemplate]:
    return [one for one in material.declaration.claims if isinstance(one, DifferenceTemplate)]


def the_choice(material: Material) -> ChoiceTemplate:
    (one,) = (one for one in material.declaration.claims if isinstance(one, ChoiceTemplate))
    return one


def drawn_slices(material: Material, made: DifferenceTemplate, number: int) -> list[Slices]:
    writer = material.writer()
    drawer = Drawer(writer, random.Random(5))
    names = {name: name for name in made.slot_names() if name != "week"}
    return [drawer.slice_of(names, drawer.rng.choice(writer.data.weeks[1:])) for _ in range(number)]


def with_answers(material: Material, number: int, secret: bytes = b"v" * 32) -> list[Form]:
    """Forms whose turn it is to show two answers."""
    forms = (draw_form(material, secret, cohort="co", learner=f"l{at}", attempt=1) for at in range(40 * number))
    shown = (form for form in forms if any(draft.format == "versions" for draft in form.shown.drafts))
    return [form for form, _ in zip(shown, range(number), strict=False)]


def test_each_pair_of_answers_stands_in_four_ways_exactly_as_often(demo_site):
    material = opened(demo_site, "2026Q4")
    facts, used = material.writer().facts, 0
    for made in differences(material):
        for slices in drawn_slices(material, made, 6):
            sound, wrong = made.sound(facts, slices), made.wrong(facts, slices, "wrong_version")
            ways = Counter((one["right"], one["says"]) for one in (*sound, *wrong))
            assert set(ways) <= {*product(ANSWERS, ANSWERS)} and len(set(ways.values())) <= 1
            for called in ANSWERS:  # the sentence names one answer: who is right is as open, with the same two texts
                both = [[one for one in each if one["says"] == called] for each in (sound, wrong)]
                flat = [Counter(frozenset((one["first"], one["second"])) for one in each) for each in both]
                assert flat[0] == flat[1]
            used += bool(sound)
    assert used >= 15


def read_aloud(errors: Mapping[str, list[str]]) -> str:
    """The answer to send, as one would work it out by hand."""
    for how_bad in WORST:
        having = [answer for answer in ANSWERS if how_bad in errors[answer]]
        if len(having) == 1:
            return other_than(having[0])
        if having:
            break
    return min(ANSWERS, key=lambda answer: len(errors[answer]))


def test_the_choice_is_the_rule_read_aloud_on_what_forms_show(demo_site):
    material = opened(demo_site, "2026Q4")
    facts, seen = material.writer().facts, Counter()
    for form in with_answers(material, 6):
        claims = {claim.template: claim for claim in form.claims}
        errors: dict[str, list[str]] = {answer: [] for answer in ANSWERS}
        for made in differences(material):
            claim = claims[made.id]
            values = {answer: float(made.said(claim.statement, answer)["value"]) for answer in ANSWERS}
            truth = made.about.truth(facts, claim.slices)
            (right,) = (one for one, value in values.items() if abs(value - truth) <= made.about.display.step / 2)
            off = abs(values[other_than(right)] - truth) / truth
            errors[other_than(right)].append(WORST[0 if off >= 0.3 else 1 if off >= 0.05 else 2])
            assert claim.flawed == (claim.statement["says"] != right)
            assert claim.severity == (errors[other_than(right)][-1] if claim.flawed else None)
        chosen = claims[the_choice(material).id]
        assert chosen.flawed == (chosen.statement["says"] != read_aloud(errors))
        seen[chosen.flawed] += 1
    assert len(seen) == 2


def test_a_wrong_difference_may_be_called_what_the_error_in_it_is_and_nothing_else(demo_site):
    """Of two figures none is made up and none breaks a policy."""
    material = opened(demo_site, "2026Q4")
    (form, *_), seen = with_answers(material, 1), set()
    names = {one.id for one in differences(material)}
    for key in form.key.claims:
        if key.template in names and key.flawed:
            assert (key.operator, key.group) == ("wrong_version", material.flaws.group_of("wrong_period"))
            assert key.kinds == (*material.flaws.entry("wrong_period").kinds, "comparison")
            seen.add(key.template)
    assert seen


def test_a_coin_decides_what_the_differences_are_called_and_each_has_its_own(demo_site):
    material = opened(demo_site, "2026Q4")
    writer, names = material.writer(), [one.id for one in differences(material)]
    flags = []
    for number in range(400):
        try:
            made = Planner(writer, random.Random(number)).plan()
        except CannotDraw:
            continue
        if names[0] in made.operators or any(one.id in names for one in made.templates):
            flags.append([made.operators.get(name) is not None for name in names])
    told = np.array(flags)
    assert len(told) > 120
    assert (np.abs(told.mean(axis=0) - 0.5) < 0.12).all(), "other rows are flawed in a third"
    assert (np.abs(np.corrcoef(told.T) - np.eye(len(names))) < 0.35).all(), "in a short form neither none nor all"


Seen = tuple[str, str, float, float, float, bool]
"""Texts and sentence, the answer called right, its value, the other one, what is usual, whether it is wrong."""


def _elsewhere(made: DifferenceTemplate) -> DifferenceTemplate:
    """The same, in which the wrong answer has the figure of another segment, carrier or region."""
    return made.model_copy(update={"about": made.about.model_copy(update={"operators": ("wrong_filter",)})})


def _drawn(material: Material, number: int, broken: str = "") -> list[Seen]:
    """Claims as forms draw them; broken: the wrong value always larger, rounded, of other slices, or said otherwise; or
    the first answer always wrong."""
    writer, rng = material.writer(), random.Random(11)
    drawer, facts = Drawer(writer, rng), writer.facts
    claims: list[Seen] = []
    some = [_elsewhere(made) if broken == "elsewhere" else made for made in differences(material)]

    @cache
    def usual(at: int, slots: tuple[tuple[str, str], ...]) -> float:
        weeks = [Slices(dict(slots), week) for week in writer.data.weeks[1:]]
        return float(np.median([value for one in weeks if (value := some[at].about.truth(facts, one)) is not None]))

    while len(claims) < number:
        made = rng.choice(some)
        names = {name: name for name in made.slot_names() if name != "week"}
        slices = drawer.slice_of(names, rng.choice(writer.data.weeks[1:]))
        operator = "wrong_version" if rng.random() < 0.5 else None
        stated = writer.statements(made, slices, operator, rng.random() < 0.5)
        if not stated:
            continue
        one = stated[rng.randrange(made.drawn_from) % len(stated)]
        values = {answer: float(made.said(one, answer)["value"]) for answer in ANSWERS}
        says, right = str(one["says"]), str(one["right"])
        if broken == "larger" and values[right] > values[other_than(right)]:
            continue
        if broken == "first" and right == "first":
            continue
        if broken == "round":
            values[other_than(right)] = round(values[other_than(right)], -1)
        texts = {answer: str(one[answer]) for answer in ANSWERS}
        if broken == "words":
            texts[other_than(right)] += " or so"
        # as a reader would: what is called right stands first
        shown = f"{made.id} right_{texts[says]} other_{texts[other_than(says)]} {says}".replace(" or so", "_or_so")
        usually = usual(some.index(made), tuple(slices.slots.items()))
        claims.append((shown, says, values[says], values[other_than(says)], usually, operator is not None))
    return claims


def _digits(value: float) -> int:
    return len(f"{value:.2f}".rstrip("0").rstrip("."))


def _readers(claims: list[Seen]) -> dict[str, np.ndarray]:
    """Reader without data -> how surely each says that the wrong answer is called right."""
    flawed, fold = np.array([claim[5] for claim in claims]), np.arange(len(claims)) % 5
    shown = [text for text, *_ in claims]
    return {
        "larger": np.array([said - other for _, _, said, other, _, _ in claims]),
        "rounder": np.array([float(_digits(other) - _digits(said)) for _, _, said, other, _, _ in claims]),
        # who knows what is usual for these slices, week by week
        "farther": np.array(
            [(abs(said - usual) - abs(other - usual)) / (usual or 1.0) for _, _, said, other, usual, _ in claims]
        ),
        "named": np.array([float(says == "first") for _, says, *_ in claims]),
        **{f"words {number}": p for number, p in enumerate(out_of_fold(shown, flawed, fold))},
    }


def _tells(claims: list[Seen]) -> dict[str, float]:
    """Reader -> the upper bound of how often it tells a claim that is wrong from one that is not, either way round."""
    flawed, one = np.array([claim[5] for claim in claims]), np.arange(len(claims))
    weights = resampled_forms(len(claims), 300)
    found = {name: auc_estimate(p, flawed, one, weights, np.zeros_like(one)) for name, p in _readers(claims).items()}
    return {name: max(auc.high, 1 - auc.low) for name, auc in found.items()}


@pytest.mark.deep
@pytest.mark.parametrize("quarter", BOTH)
def test_thousands_of_pairs_do_not_tell_which_is_wrong_and_would_if_they_were_made_otherwise(demo_site, quarter):
    material = opened(demo_site, quarter)
    told = _tells(_drawn(material, 2400))
    assert {name: high for name, high in told.items() if high >= 0.6} == {}
    found = {broken: _tells(_drawn(material, 800, broken)) for broken in BROKEN}
    for broken, reader in BROKEN.items():
        assert max(high for name, high in found[broken].items() if name.startswith(reader)) > 0.65, broken


def _trusting(material: Material, number: int, odds: float) -> float:
    """How often what the draft calls right, held against what it would send, gives a wrong choice away."""
    writer, rng = material.writer(), random.Random(12)
    drawer, facts = Drawer(writer, rng), writer.facts
    found: dict[bool, list[bool]] = {False: [], True: []}
    while sum(map(len, found.values())) < number:
        errors, as_said = ({answer: [] for answer in ANSWERS} for _ in range(2))
        week = rng.choice(writer.data.weeks[1:])
        for made in differences(material):
            names = {name: name for name in made.slot_names() if name != "week"}
            operator = "wrong_version" if rng.random() < odds else None
            stated = writer.statements(made, drawer.slice_of(names, week), operator, rng.random() < 0.5)
            if not stated:
                break
            one = stated[rng.randrange(made.drawn_from) % len(stated)]
            values = {answer: float(made.said(one, answer)["value"]) for answer in ANSWERS}
            for right, of in ((str(one["right"]), errors), (str(one["says"]), as_said)):
                wrong = other_than(right)
                how_bad = facts.flaws.severity(str(one["flaw"]), truth=values[right], stated=values[wrong])
                of[wrong].append(how_bad)
        else:
            flawed, sent = rng.random() < 0.4, better(errors)
            found[flawed].append((other_than(sent) if flawed else sent) != better(as_said))
    sound, wrong = (float(np.mean(found[flawed])) for flawed in (False, True))
    return 0.5 + abs(wrong - sound) / 2


@pytest.mark.deep
def test_the_drafts_own_words_do_not_tell_whether_it_sends_the_right_one(demo_site):
    material = opened(demo_site, "2026Q4")
    assert _trusting(material, 2000, 0.5) < 0.55
    assert _trusting(material, 800, 0.25) > 0.6, "were it mostly right about the differences, they would"
