"""Claims about charts on the people lab: exact balance, flaws that are seen, no bar about too few people."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from functools import cache
from itertools import product
from math import log
from statistics import mean
from typing import Any

import pandas as pd
import pytest
from tests.support.places import ROOT
from tests.support.sampled import sampled

from mondaylab.forms.formats import html_of, text_of
from mondaylab.forms.native.chart_spec import Chart
from mondaylab.labs.claims.chart import ChartTemplate
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.drawing.form import Form, draw_form
from mondaylab.labs.gates.baseline import questions
from mondaylab.labs.gates.sample import Sample
from mondaylab.labs.material import Material
from mondaylab.settings import Site

LAB = "people/screening_summary"
PAIRS = [("home", "other_home"), ("invited_home", "other_invited_home"), ("age_home", "other_age_home")]
PAIRS += [("site_home", "other_site_home")]
FIELDS = {"site": "site", "other_department": "department"} | {
    slot: "home_department" for pair in PAIRS for slot in pair
}
LEAST = 5


@cache
def opened(site: Site, quarter: str) -> Material:
    return Material.open(site, LAB, company="demo", quarter=quarter)


def charts(material: Material) -> list[ChartTemplate]:
    return [one for one in material.declaration.claims if isinstance(one, ChartTemplate)]


def all_slices(material: Material, made: ChartTemplate) -> list[Slices]:
    """Everything that a chart may be about."""
    slots = [slot for slot in FIELDS if slot in made.slot_names()]
    members = [material.catalog.members("application", FIELDS[slot]) for slot in slots]
    week = material.quarter.full_weeks()[1]
    return [Slices(dict(zip(slots, values, strict=True)), week) for values in product(*members)]


@pytest.mark.parametrize("quarter", sampled(["2026Q4", "2026Q3"], 2))
def test_on_any_slices_each_chart_and_sentence_is_exactly_as_often_sound_as_flawed(demo_site, quarter):
    material = opened(demo_site, quarter)
    facts, used = material.writer().facts, Counter()
    for made in charts(material):
        for slices in all_slices(material, made):
            sound = made.sound(facts, slices)
            used[made.id] += bool(sound)
            assert all(made.holds(facts, slices, one) for one in sound)
            for place, operator in enumerate(made.operators):
                wrong = made.wrong(facts, slices, operator)
                for what in ("what", "chart"):
                    shares = [Counter(one[what] for one in each) for each in (sound, wrong)]
                    assert shares[0] == shares[1] and set(shares[0].values()) <= {1}
                for one in wrong:
                    assert not made.holds(facts, slices, one)
                    assert (
                        one["asked"][:place] + one["asked"][place + 1 :]
                        == one["done"][:place] + one["done"][place + 1 :]
                    )
                    twin = [each for each in sound if each["what"] == one["what"]]
                    assert len(twin) == 1 and seen(Chart.read(one["chart"]), Chart.read(twin[0]["chart"]))
    assert min(used.values()) >= 3 and used.keys() == {one.id for one in charts(material)}


def seen(one: Chart, other: Chart) -> bool:
    """Whether somebody who looks at both sees a difference: a bar ends, or stands, elsewhere."""
    long = max(one.length, other.length)
    ends = (abs(one.bars[name] - other.bars[name]) / long >= 0.05 - 1e-9 for name in one.bars)
    parts = (abs(one.part(name) - other.part(name)) >= 0.05 - 1e-9 for name in one.bars)
    return list(one.bars) != list(other.bars) or any(ends) or (one.start != other.start and any(parts))


@pytest.mark.parametrize("quarter", sampled(["2026Q4", "2026Q3"], 2))
def test_no_bar_is_about_fewer_people_than_the_handbook_lets_tell(demo_site, quarter):
    """Counted by pandas, for every bar of every chart that a form may draw."""
    material = opened(demo_site, quarter)
    facts, rows, left_alone = material.writer().facts, material.catalog.frame("application").astype(str), 0

    @cache
    def fewest(over: str, wanted: tuple[tuple[str, tuple[str, ...]], ...]) -> int:
        group = rows
        for field, allowed in wanted:
            group = group[group[field].isin(allowed)]
        return group.groupby(over)["applicant"].nunique().min()

    for made in charts(material):
        assert made.group is not None and made.group.least == LEAST
        for slices in all_slices(material, made):
            if not made.sound(facts, slices):
                left_alone += 1
                continue
            for choice in made.choices():
                cut, wanted = slices.cut(made.by), {}
                for way in made.ways(choice):
                    cut |= slices.cut(way.cut)
                    wanted |= way.where
                wanted |= {field: (value,) for field, value in cut.items()}
                assert fewest(made.over.partition(".")[2], tuple(sorted(wanted.items()))) >= LEAST
    assert left_alone, "Legal has a handful of people"


@cache
def forms(site: Site) -> list[Form]:
    material = opened(site, "2026Q4")
    drawn = (draw_form(material, b"c" * 32, cohort="co", learner=f"l{number}", attempt=1) for number in range(8))
    return [form for form in drawn if any(draft.format == "chart" for draft in form.shown.drafts)]


def test_who_reads_the_words_alone_gets_the_chart_beside_its_sentence(demo_site):
    sample = Sample.of(forms(demo_site))
    asked = [told for form in range(len(sample.forms)) for told in questions(sample, form) if "the bars show" in told]
    assert asked
    for told in asked:
        if not told.startswith("Charts for the works council\n\n- "):  # the row "nothing is missing" names all claims
            assert "Bar chart, number\n" in told and "the axis goes from" in told and "$schema" not in told


def test_it_stands_in_the_draft_as_a_picture_and_as_a_table(demo_site):
    form = forms(demo_site)[0]
    draft = next(one for one in form.shown.drafts if one.format == "chart")
    html, text = html_of(draft), text_of(draft)
    many = len(draft.claims)
    assert html.count("<svg") == 2 * many and html.count("<details") == many and "$schema" not in html + text
    assert text.count("Bar chart, number") == many == sum(part.tag == "pre" for part in draft.parts)


def test_the_block_of_the_page_is_the_lab_s_own():
    page = (ROOT / "docs" / "howto" / "write_a_lab.md").read_text()
    block = page.partition("### Claims about a chart")[2].partition("```text\n")[2].partition("```")[0]
    assert block.startswith('[[claims]]\nkind = "chart"')
    assert block in (ROOT / "labs" / LAB / "lab.toml").read_text()


def asked_of(made: ChartTemplate, slices: Slices, choice: str, *, whole: bool) -> tuple[str, ...]:
    """What a sentence says of the bars, in the words that tell how large they are."""
    named = dict(zip(made.axes, choice, strict=True))
    [home] = made.axes["chart_filter"][int(named["chart_filter"])].cut.values()
    told = (made.id, named["chart_series"], slices.slots[home])
    return (*told, *(slices.slots[slot] for slot in made.by.values())) if whole else told


@cache
def told(site: Site, quarter: str) -> list[tuple[ChartTemplate, Slices, str, dict[str, Any]]]:
    """Every claim that a form may state of a chart: (its template, its slices, its flaw or nothing, its statement)."""
    material = opened(site, quarter)
    facts = material.writer().facts
    return [
        (made, slices, operator, one)
        for made in charts(material)
        for slices in all_slices(material, made)
        for operator in ("", *made.operators)
        for one in (made.wrong(facts, slices, operator) if operator else made.sound(facts, slices))
    ]


def told_by_sum(site: Site, quarter: str, other: str, operator: str, *, whole: bool) -> float:
    """AUC of who knows of another quarter how long such bars are together, and calls flawed what is far from it."""
    known: dict[tuple[str, ...], list[float]] = {}
    for made, slices, flaw, one in told(site, other):
        if not flaw:
            key = asked_of(made, slices, one["asked"], whole=whole)
            known.setdefault(key, []).append(log(sum(Chart.read(one["chart"]).bars.values())))
    off: dict[bool, list[float]] = {True: [], False: []}
    for made, slices, flaw, one in told(site, quarter):
        here = known.get(asked_of(made, slices, one["asked"], whole=whole))
        if flaw in ("", operator) and here:
            total = log(sum(Chart.read(one["chart"]).bars.values()))
            off[bool(flaw)].append(abs(total - mean(here)))
    assert min(map(len, off.values())) > 100
    ranks = pd.Series([*off[True], *off[False]]).rank()
    many, rest = len(off[True]), len(off[False])
    return float((ranks[:many].sum() - many * (many + 1) / 2) / (many * rest))


@pytest.mark.deep
@pytest.mark.parametrize(("quarter", "other"), [("2026Q3", "2026Q4"), ("2026Q4", "2026Q3")])
def test_most_flaws_need_the_data_and_the_size_of_the_bars_tells_little(demo_site, quarter, other):
    """Linear readers of words see nothing of claims put together crosswise, so the gates do not tell: this does."""
    flawed = [(made, one) for made, _, flaw, one in told(demo_site, quarter) if flaw]
    seen_alone = 0
    for made, one in flawed:
        names = [name for name, a, b in zip(made.axes, one["asked"], one["done"], strict=True) if a != b]
        seen_alone += bool({"chart_order", "chart_scale"} & {*names})
    assert seen_alone / len(flawed) <= 0.40
    for operator, most in (("chart_filter", 0.60), ("chart_series", 0.65)):
        for whole in (True, False):
            assert told_by_sum(demo_site, quarter, other, operator, whole=whole) < most


def test_no_chart_of_the_lab_has_more_than_one_thing_that_is_seen_without_data(demo_site):
    for made in charts(opened(demo_site, "2026Q4")):
        assert len({"chart_order", "chart_scale"} & {*made.axes}) <= 1
        assert len({"chart_series", "chart_filter", "chart_period"} & {*made.axes}) >= 2


DRAWN = """
import sys, json
from pathlib import Path
from mondaylab.labs.drawing.form import draw_form
from mondaylab.labs.material import Material
from mondaylab.settings import Site
material = Material.open(Site(Path(sys.argv[1]), Path(sys.argv[2])), sys.argv[3], company="demo", quarter="2026Q4")
drawn = [draw_form(material, b"c" * 32, cohort="co", learner=f"l{number}", attempt=1) for number in range(9)]
print(json.dumps([[one.shown.model_dump(mode="json"), one.key.model_dump(mode="json")] for one in drawn]))
"""


@pytest.mark.deep
def test_a_form_is_the_same_whatever_the_seed_of_hashes(demo_site):
    def drawn(seed: str) -> str:
        command = [sys.executable, "-c", DRAWN, str(demo_site.root), str(demo_site.var), LAB]
        made = subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True)
        return json.dumps(json.loads(made.stdout))

    first = drawn("1")
    assert "vega-lite" in first and first == drawn("2") == drawn("77")
