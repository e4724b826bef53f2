"""Nothing that a transcript shows gives a flaw away: not its words, not an amount, not who wrote or got what."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from mondaylab.labs.drawing.drawer import Drawer
from mondaylab.labs.drawing.form import Seed
from mondaylab.labs.drawing.plan import CannotDraw, Planner
from mondaylab.labs.gates.classifier import out_of_fold
from mondaylab.labs.gates.giveaway import MAX_AUC, auc_estimate
from mondaylab.labs.gates.sample import FOLDS, Row, draw_sample, readings, without_slices
from mondaylab.labs.gates.skill import resampled_forms
from mondaylab.labs.material import Material
from mondaylab.settings import Site

LAB = "support/refund_reply"
KINDS = ("agent_voucher", "agent_note", "agent_mail", "agent_figure")
QUARTERS = ("2026Q3", "2026Q4")
FORMS = 560
"""In each quarter: with four such claims in every other form, more than 2,000."""


@pytest.fixture(scope="module")
def materials(demo_site: Site) -> list[Material]:
    return [Material.open(demo_site, LAB, company="demo", quarter=quarter) for quarter in QUARTERS]


def masked(row: Row, names: frozenset[str]) -> str:
    """All that a learner reads of it, without names and figures."""
    return without_slices(row.seen_with_data, row, names)


@pytest.mark.deep
def test_a_bag_of_masked_words_does_not_tell_the_flawed_steps(materials: list[Material]):
    """The strongest such reader: it has seen the same kinds of claims, sound and flawed, on other forms."""
    texts, flawed, kind, form, forms = [], [], [], [], 0
    for material in materials:
        sample, _ = draw_sample(material, FORMS)
        rows = [row for row in sample.rows if row.key.template in KINDS]
        read = zip(rows, readings(rows)[1], strict=True)
        assert all(row.data and row.data.strip() in reading for row, reading in read)
        texts += [masked(row, sample.names) for row in rows]
        flawed += [row.key.flawed for row in rows]
        kind += [KINDS.index(row.key.template) for row in rows]
        form += [forms + row.form for row in rows]
        forms += len(sample.forms)
    truth, kinds, clusters = np.array(flawed), np.array(kind), np.array(form)
    assert len(texts) >= 2_000
    for told in out_of_fold(texts, truth, clusters % FOLDS):
        auc = auc_estimate(told, truth, clusters, resampled_forms(forms, 1_000), kinds)
        assert auc.high < MAX_AUC, auc


@pytest.mark.deep
def test_each_word_of_a_step_stands_in_sound_and_flawed_ones_as_often(materials: list[Material]):
    """Exactly so in what can be stated (tests of the kinds); drawn, a difference is chance."""
    tried = Counter()
    said: dict[tuple[str, str], Counter[bool]] = {}
    for material in materials:
        for number in range(1_000):
            for name, words, wrong in drawn_steps(material, number):
                tried[name, wrong] += 1
                for word in words:
                    said.setdefault((name, word), Counter())[wrong] += 1
    for (name, word), seen in said.items():
        sound, flawed = (seen[wrong] / tried[name, wrong] for wrong in (False, True))
        spread = sum(share * (1 - share) / tried[name, wrong] for share, wrong in ((sound, False), (flawed, True)))
        assert abs(sound - flawed) <= 4.5 * spread**0.5 + 0.02, (name, word, sound, flawed)


@pytest.mark.deep
def test_the_amount_of_a_voucher_does_not_tell_whether_its_verdict_is_wrong(materials: list[Material]):
    """Both stand in one statement: were small vouchers mostly in order, nobody would have to look anything up."""
    seen: dict[tuple[str, str], Counter[bool]] = {}
    for material in materials:
        for number in range(1_000):
            for name, words, wrong in drawn_steps(material, number):
                if name == "agent_voucher":
                    amount, verdict = sorted(words - {""}, key=lambda word: not word.startswith("€"))
                    seen.setdefault((verdict, amount), Counter())[wrong] += 1
    assert len(seen) == 10
    for (verdict, amount), found in seen.items():
        of = Counter[bool]()
        for (other, _), one in seen.items():
            of += one if other == verdict else Counter()
        share, usual = found[True] / found.total(), of[True] / of.total()
        spread = (usual * (1 - usual) / found.total()) ** 0.5
        assert abs(share - usual) <= 4 * spread + 0.03, (verdict, amount, share, usual)


def drawn_steps(material: Material, number: int):
    """Kind, words and truth of the steps of one plan: without the rest of the form, which takes far longer."""
    seed = Seed(b"t" * 32, str(number))
    try:
        plan = Planner(material.writer(), seed.rng("plan")).plan()
        drawer = Drawer(material.writer(), seed.rng("claims"))
        draft = next(one for one in drawer.lab.drafts if one.id == "agent")
        subject = drawer.subject(draft, plan, drawer.writer.data.weeks[1:])
        claims = [drawer.claim(one, subject, plan) for one in plan.templates if one.id in KINDS]
    except CannotDraw:
        return
    for claim in claims:
        told = {name: claim.words[name] for name in material.declaration.claim(claim.template).own_words}
        figure = told.pop("value", None)  # of no two records the same
        fields = told.pop("sent", "").split(", ")
        yield claim.template, {*told.values(), *fields, *(() if figure is None else ("€",))}, claim.flawed
