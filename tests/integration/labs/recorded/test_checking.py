"""Sentences held against the data: exact cases, and the contract that no label contradicts the predicate."""

from __future__ import annotations

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.scripted_model import said

from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.material import Material
from mondaylab.labs.recorded.asked import figure_of
from mondaylab.labs.recorded.checking import CheckedSentence, Refusal, check_recording, check_sentence
from mondaylab.labs.recorded.store import Recording
from mondaylab.labs.recording.session import requests


@pytest.fixture(scope="module")
def asked(memo):
    return requests(memo, 1)[0][0]


@pytest.fixture(scope="module")
def check(memo, asked):
    """`check(claim, text, value)`; {value}, {region}, {category} and {up} in the text are the fact's."""
    writer = memo.writer()
    facts = {fact.claim: fact for fact in asked.facts}

    def held(claim: str, text: str, off: float = 0.0, **words: object) -> CheckedSentence | Refusal:
        fact, slices = facts[claim], Slices(facts[claim].slots, asked.week)
        template = figure_of(writer, claim)
        truth = template.truth(writer.facts, slices)
        said_value = round(truth + off, 6)
        size = f"{abs(said_value):,.{max(template.display.decimals, 0)}f}"
        filled = text.format(**{"v": size, "way": "rose" if said_value > 0 else "fell", **slices.words(), **words})
        return check_sentence(writer, fact, asked.week, filled, words.get("number", abs(said_value)))

    return held


def verdict(result: CheckedSentence | Refusal) -> str:
    return result.code if isinstance(result, Refusal) else result.operator or "sound"


POINTS = "Gross margin on {category} in {region} {way} by {v} points against the week before."


@pytest.mark.parametrize(
    "claim, text",
    [
        ("memo_net", "Net sales in {region} came to €{v}."),
        ("memo_net", "In {region} we had net sales of {v} EUR."),
        ("memo_margin", "In {week}, {region} had a gross margin of {v} percent."),
        ("memo_margin", "GROSS MARGIN IN {region} WAS {v}% IN {week}"),
        ("memo_points", POINTS),
        ("memo_points", "Against the week before, gross margin on {category} in {region} {way} {v} percentage points."),
    ],
)
def test_true_sentences_are_sound_however_they_are_put(check, claim, text):
    assert verdict(check(claim, text)) == "sound"


def test_the_value_gets_the_labs_own_spelling(check):
    result = check("memo_net", "Net sales in {region} came to {v} EUR.")
    assert "came to €" in result.text and "EUR" not in result.text


NET = "Net sales in {region} came to €{v}."


@pytest.mark.parametrize(
    "claim, text, words, code",
    [
        ("memo_net", "", {}, "empty"),
        ("memo_net", NET + " " + "very " * 60, {}, "too_long"),
        ("memo_net", NET + " <b>", {}, "markup"),
        ("memo_net", NET + " See [x](y).", {}, "markup"),
        ("memo_net", NET + " See http://x.", {}, "markup"),
        ("memo_net", NET + "\u202e", {}, "markup"),
        ("memo_net", "Net sales came to €{v}.", {}, "slice_missing"),
        ("memo_net", "Net sales in {region}ern came to €{v}.", {}, "slice_missing"),
        ("memo_margin", "Gross margin in {region} was {v} %.", {}, "slice_missing"),
        ("memo_margin", "Gross margin in {region} was {v} % in week 99.", {"week": "week 99"}, "slice_missing"),
        ("memo_net", NET[:-1] + " in 17 days.", {}, "loose_number"),
        ("memo_net", NET[:-1] + " in {week}.", {"week": "week 3"}, "loose_number"),
        ("memo_net", NET[:-1] + " of €{v}.", {}, "no_value"),
        ("memo_net", "Net sales in {region} came.", {}, "no_value"),
        ("memo_net", NET, {"number": 5.0}, "value_mismatch"),
        ("memo_net", "Net sales in {region} came to €{v},5.", {}, "ambiguous_number"),
        ("memo_net", "Net sales in {region} came to -€{v}.", {}, "ambiguous_number"),
        ("memo_net", "Net sales in {region} came to {v}.", {}, "wrong_unit"),
        ("memo_points", POINTS.replace("points", "%"), {}, "wrong_unit"),
        ("memo_points", POINTS.replace("{way}", "moved"), {}, "says_more"),
        ("memo_points", POINTS.replace("{way} by", "at"), {}, "no_direction"),
        ("memo_points", POINTS.replace("by", "to"), {}, "no_direction"),
        ("memo_points", "Rose and fell: " + POINTS, {}, "no_direction"),
        ("memo_net", NET[:-1] + ", thanks to discounts.", {}, "says_more"),
        ("memo_net", "Net sales in {region} rose to €{v}.", {}, "says_more"),
        ("memo_net", "Net sales in {region} came to over €{v}.", {}, "says_more"),
        ("memo_net", "Net sales in {region} came to €{v} & more.", {}, "says_more"),
        ("memo_net", "Net sales in {region} came to €{v} million.", {}, "says_more"),
        ("memo_net", "Net sales in {region} were not €{v}.", {}, "says_more"),
        ("memo_net", "{region} had €{v}.", {}, "says_less"),
    ],
)  # fmt: skip
def test_what_cannot_be_judged_is_refused_with_its_code(check, claim, text, words, code):
    assert verdict(check(claim, text, **words)) == code


def test_a_value_between_right_and_clearly_wrong_is_undecidable(check):
    assert verdict(check("memo_net", NET, off=100)) == "undecidable"
    assert verdict(check("memo_net", NET, off=-100)) == "undecidable"
    assert verdict(check("memo_net", NET, off=200)) == "wrong_number"
    assert verdict(check("memo_net", NET, off=30)) == "too_precise"


def test_a_turned_direction_is_a_wrong_sign(check):
    right = check("memo_points", POINTS)
    turned = check("memo_points", POINTS, way="fell" if right.stated > 0 else "rose")
    assert verdict(right) == "sound" and verdict(turned) == "wrong_sign"
    assert turned.stated == -right.stated


def test_a_value_that_an_operator_would_seed_is_labelled_by_it(memo, asked, check):
    writer = memo.writer()
    template = figure_of(writer, "memo_net")
    fact = next(fact for fact in asked.facts if fact.claim == "memo_net")
    slices = Slices(fact.slots, asked.week)
    truth = template.truth(writer.facts, slices)
    for operator in template.operators:
        for made in template.wrong(writer.facts, slices, operator):
            label = verdict(check("memo_net", NET, off=made["value"] - truth))
            assert label in template.operators
            assert made["value"] in [one["value"] for one in template.wrong(writer.facts, slices, label)]


def test_unknown_and_repeated_and_missing_claims(memo, asked):
    region = next(fact for fact in asked.facts if fact.claim == "memo_net")
    text = f"Net sales in {region.about[0]} came to {region.value}."
    value = float(region.value.strip("€").replace(",", ""))
    answer = said(("memo_net", text, value), ("memo_net", text, value), ("memo_profit", text, value))
    recording = Recording(
        asked=asked, model_asked="m", model="m", recorded="2026-11-23", finish="stop", seconds=1.0,
        text=answer["choices"][0]["message"]["content"],
    )  # fmt: skip
    checked = check_recording(memo.writer(), recording)
    assert [sentence.claim for sentence in checked.sentences] == ["memo_net"]
    codes = {(one.claim, one.code) for one in checked.refused}
    assert codes == {
        ("memo_net", "duplicate"), (None, "unknown_claim"), ("memo_margin", "not_said"), ("memo_points", "not_said"),
    }  # fmt: skip


@given(data=st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_label_contradicts_the_predicate(memo, asked, data):
    """Any value, any direction, any bending of the words: sound means that it holds, a label that it does not."""
    writer = memo.writer()
    fact = data.draw(st.sampled_from(asked.facts))
    template, slices = figure_of(writer, fact.claim), Slices(fact.slots, asked.week)
    truth = template.truth(writer.facts, slices)
    seeded = [made["value"] for name in template.operators for made in template.wrong(writer.facts, slices, name)]
    near = st.integers(-4, 4).map(lambda steps: truth + steps * template.display.step / 2)
    value = data.draw(st.one_of(st.sampled_from([truth, *seeded]), near, st.floats(0, 1e7)))
    shown = round(abs(value), max(template.display.decimals, 0))
    way = data.draw(st.sampled_from(["rose", "fell", "was"]))
    unit = {"EUR": f"€{shown:,}", "%": f"{shown:,} %", "points": f"{shown:,} points"}[template.display.unit]
    extra = data.draw(st.sampled_from(["", " not", " 3", " over", ", we had it"]))
    what = " ".join(fact.words)
    about = data.draw(st.sampled_from([fact.about, fact.about[:1]]))
    text = f"{what} {' in '.join(about)}{extra} {way} by {unit}."
    result = check_sentence(writer, fact, asked.week, text, shown)
    if isinstance(result, CheckedSentence):
        assert math.isclose(abs(result.stated), shown)
        said_so = {"value": result.stated}
        assert template.holds(writer.facts, slices, said_so) == (result.operator is None)
        if result.operator is not None:
            assert abs(result.stated - truth) > 3 * template.display.step / 2
            severity = memo.flaws.severity(result.operator, truth=truth, stated=result.stated)
            assert memo.flaws.entry(result.operator).kinds and severity


@pytest.mark.parametrize("lab", ["finance/weekly_margin_memo", "support/refund_reply", "people/screening_summary"])
def test_every_lab_asks_only_what_it_can_check(demo_site, lab):
    """The lab's own sentences, filled with the truth, pass the checks for every fact that is asked."""
    material = Material.open(demo_site, lab, company="demo", quarter="2026Q4")
    writer = material.writer()
    wanted, _ = requests(material, 1)
    assert wanted
    for asked, fact in ((one, fact) for one in wanted for fact in one.facts):
        template = figure_of(writer, fact.claim)
        slices = Slices(fact.slots, asked.week)
        truth = template.truth(writer.facts, slices)
        words = slices.words() | template.words({"value": truth})
        text = template.judged_as.format(**words)
        result = check_sentence(writer, fact, asked.week, text, abs(truth))
        assert verdict(result) == "sound", (fact.claim, text, result)
        assert result.text == text
