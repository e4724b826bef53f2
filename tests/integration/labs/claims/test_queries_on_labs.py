"""Claims about queries on the finance lab: contract of the operators, exact balance, the same on changed data."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mondaylab.labs.claims.query import SEPARATION, QueryTemplate
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.drawing.drawer import Drawer
from mondaylab.labs.drawing.form import draw_form
from mondaylab.labs.drawing.redrawn import RedrawnFacts
from mondaylab.labs.gates.classifier import out_of_fold
from mondaylab.labs.gates.giveaway import auc_estimate
from mondaylab.labs.gates.queries import queries_gate
from mondaylab.labs.gates.sample import Sample
from mondaylab.labs.gates.skill import resampled_forms
from mondaylab.labs.material import Material
from mondaylab.settings import Site

LAB = "finance/weekly_margin_memo"
BOTH = ("2026Q3", "2026Q4")


@cache
def opened(site: Site, quarter: str) -> Material:
    return Material.open(site, LAB, company="demo", quarter=quarter)


def queries(material: Material) -> list[QueryTemplate]:
    return [one for one in material.declaration.claims if isinstance(one, QueryTemplate)]


def all_slices(material: Material) -> list[Slices]:
    """Everything that a file of queries may be about."""
    catalog, weeks = material.catalog, material.quarter.full_weeks()[1:]
    regions, channels = (catalog.members("order_line", field) for field in ("region", "channel"))
    return [
        Slices({"region": region, "channel": channel}, week)
        for region, channel, week in product(regions, channels, weeks)
    ]


def test_the_lab_has_every_way_to_be_wrong(demo_site):
    used = {name for one in queries(opened(demo_site, "2026Q4")) for name in one.operators}
    assert used == set(QueryTemplate.known_operators)


def test_what_is_called_net_sales_is_on_completed_orders(demo_site):
    """As the lab's words on top of its notebook say: a sum over all of them is the sum of net."""
    material = opened(demo_site, "2026Q4")
    slices, named = all_slices(material)[0], 0
    for made in queries(material):
        for choice in made.choices():
            said, sql = made.sentence(slices, choice), made.query_text(slices, choice)
            if "net sales" in said:
                named += 1
                assert "on completed orders" in said and "status = 'completed'" in sql
            assert ("on completed orders" in said) == ("completed" in sql)
    assert named >= 4


@given(data=st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_flaw_shows_on_the_data_and_turning_it_back_restores_the_claim(demo_site, data):
    material = opened(demo_site, "2026Q4")
    facts = material.writer().facts
    made = data.draw(st.sampled_from(queries(material)))
    slices = data.draw(st.sampled_from(all_slices(material)))
    operator = data.draw(st.sampled_from(made.operators))
    sound, wrong = made.sound(facts, slices), made.wrong(facts, slices, operator)
    if not sound:
        assert not wrong, "slices are used for both or for neither"
        return
    one = data.draw(st.sampled_from(wrong))
    at = list(made.axes).index(operator)
    assert [place for place, (a, b) in enumerate(zip(one["asked"], one["done"], strict=True)) if a != b] == [at]
    asked, done = (tuple(map(int, one[name])) for name in ("asked", "done"))
    apart = abs(
        made.given(facts.data, facts.measures, slices, done) - made.expected(facts.measures, facts.data, slices, asked)
    )
    assert apart > SEPARATION * made.display.step / 2 and not made.holds(facts, slices, one)
    clean = [each for each in sound if each["what"] == one["what"]]
    assert len(clean) == 1 and made.holds(facts, slices, clean[0]), "one clean twin, by the same sentence"
    assert [each["sql"] for each in sound].count(one["sql"]) == 1, "and the query is as often right"


def test_on_any_slices_each_query_and_sentence_is_exactly_as_often_sound_as_flawed(demo_site):
    material = opened(demo_site, "2026Q4")
    facts, rng = material.writer().facts, random.Random(3)
    used = 0
    for made in queries(material):
        for slices in rng.sample(all_slices(material), k=12):
            sound = made.sound(facts, slices)
            for operator in made.operators:
                wrong = made.wrong(facts, slices, operator)
                for what in ("what", "sql"):
                    shares = [Counter(one[what] for one in each) for each in (sound, wrong)]
                    assert shares[0] == shares[1], "each once"
                    assert not sound or set(shares[0].values()) == {1}
            used += bool(sound)
    assert used >= 30


def _agree(material: Material, slices: list[Slices]) -> int:
    facts = material.writer().facts
    redrawn, checked = RedrawnFacts(material), 0
    for made in queries(material):
        assert list(made.data_problems(facts, slices, redrawn)) == []
        checked += sum(bool(made.sound(facts, one)) for one in slices)
    return checked


def test_each_query_gives_what_its_measure_gives_on_changed_data_too(demo_site):
    material = opened(demo_site, "2026Q4")
    assert _agree(material, random.Random(1).sample(all_slices(material), k=2)) >= 5


@pytest.mark.deep
@pytest.mark.parametrize("quarter", BOTH)
def test_it_does_for_everything_that_a_form_may_draw(demo_site, quarter):
    material = opened(demo_site, quarter)
    assert _agree(material, all_slices(material)) >= 500


def test_a_query_that_is_called_sound_and_gives_something_else_fails_its_gate(demo_site, draw_finance):
    material = opened(demo_site, "2026Q4")
    drawn = map(draw_finance, range(40))  # queries take turns with another draft
    forms = [form for form in drawn if any(draft.draft_id == "query" for draft in form.shown.drafts)][:3]
    assert queries_gate(material, Sample.of(forms)).passed
    turned = [replace(one, flawed=not one.flawed) for one in forms[0].claims]
    gate = queries_gate(material, Sample.of([replace(forms[0], claims=tuple(turned))]))
    assert not gate.passed and gate.value >= 3


@pytest.fixture
def draw_finance(demo_site):
    material = opened(demo_site, "2026Q4")
    return lambda number: draw_form(material, b"q" * 32, cohort="co", learner=f"l{number}", attempt=1)


DRAWN = """
import sys, json
from pathlib import Path
from mondaylab.labs.drawing.form import draw_form
from mondaylab.labs.material import Material
from mondaylab.settings import Site
material = Material.open(Site(Path(sys.argv[1]), Path(sys.argv[2])), sys.argv[3], company="demo", quarter="2026Q4")
form = draw_form(material, b"q" * 32, cohort="co", learner="l1", attempt=1)
print(json.dumps([form.shown.model_dump(mode="json"), form.key.model_dump(mode="json")]))
"""


@pytest.mark.deep
def test_a_form_is_the_same_whatever_the_seed_of_hashes(demo_site):
    def drawn(seed: str) -> list:
        command = [sys.executable, "-c", DRAWN, str(demo_site.root), str(demo_site.var), LAB]
        made = subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True)
        return json.loads(made.stdout)

    assert drawn("1") == drawn("2") == drawn("77")


Told = tuple[str, str, bool]
"""Sentence, query, and whether the one is wrong about the other."""


def _drawn(material: Material, only: str | None = None) -> list[Told]:
    """Claims as forms draw them; with `only` not crossed: of all ``asked``, or ``done``, one way alone is flawed."""
    writer, rng = material.writer(), random.Random(11)
    drawer = Drawer(writer, rng)
    claims: list[Told] = []
    while len(claims) < 2400:
        template = rng.choice(queries(material))
        about = drawer.slice_of({"region": "region", "channel": "channel"}, rng.choice(writer.data.weeks[1:]))
        operator = rng.choice(template.operators) if rng.random() < 0.35 else None
        made = writer.statements(template, about, operator)
        if only and operator is not None:
            made = [one for one in made if set(one[only]) == {"0"}]
        if made:
            one = made[rng.randrange(len(made))]
            claims.append((one["what"], one["sql"], operator is not None))
    return claims


READ = {
    "sentence": lambda said, sql: said,
    "query": lambda said, sql: sql,
    "both": lambda said, sql: f"{said} {sql}",
    "shared": lambda said, sql: shared(words(said), words(sql)),
}
"""What a reader looks at."""


def words(text: str) -> set[str]:
    return {word.lower().lstrip("0") for word in re.findall(r"\w+", text)}


def shared(said: set[str], sql: set[str]) -> str:
    """Each word with where it stands, and none beside another: pairs of words would hold one text against the other."""
    stands = (("both", said & sql), ("said", said - sql), ("sql", sql - said))
    return " x ".join(f"{where}_{word}" for where, some in stands for word in sorted(some))


def _high(claims: list[Told], read: str) -> float:
    """The upper bound of a classifier that learnt on other claims of the same kinds."""
    flawed = np.array([claim[2] for claim in claims])
    fold, forms = np.arange(len(claims)) % 5, np.arange(len(claims))
    weights = resampled_forms(len(claims), 300)
    texts = [READ[read](said, sql) for said, sql, _ in claims]
    aucs = (auc_estimate(p, flawed, forms, weights, np.zeros_like(forms)) for p in out_of_fold(texts, flawed, fold))
    return max(auc.high for auc in aucs)


def one_sided(said: str) -> str:
    """A sentence as one would word it first: only one of two ways says a word that stands in the query."""
    return re.sub(r"every channel, not \w+ alone", "all channels", said.replace("all orders, completed or not", "any"))


@pytest.mark.deep
def test_words_of_thousands_of_claims_do_not_tell_and_would_if_they_were_not_crossed(demo_site):
    material = opened(demo_site, "2026Q4")
    drawn = _drawn(material)
    assert {read: high for read in READ if (high := _high(drawn, read)) >= 0.6} == {}
    assert _high([(one_sided(said), sql, flawed) for said, sql, flawed in drawn], "shared") > 0.65
    for only, read in (("asked", "sentence"), ("done", "query")):
        broken = _drawn(material, only)
        assert _high(broken, read) > 0.65 and _high(broken, "both") > 0.65
