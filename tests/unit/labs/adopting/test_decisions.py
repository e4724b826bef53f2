"""An author decides what is meant and what is no claim, in the words of a menu and never by a value."""

from __future__ import annotations

import pytest
from tests.unit.labs.adopting.by_hand import answered
from tests.unit.labs.binding.weekly import BEFORE, NOW

from mondaylab.errors import Refused
from mondaylab.labs.adopting.decisions import Decisions, decided
from mondaylab.labs.adopting.entries import entries

VAGUE = "It came to 31.2 %, and fell, due to the weather."


def of(text: str, **told):
    answer = answered(text)
    decisions = Decisions.parsed(told.get("no", ()), told.get("means", ()), told.get("states", ()))
    return decided(answer, entries(answer.bound), decisions)


def test_what_is_doubtful_is_open_with_the_option_that_decides_it():
    found, needs = of(VAGUE)
    assert [one.open for one in found] == [True] * len(found)
    assert [need.number for need in needs] == [one.number for one in found]
    number, word, reason = needs
    assert number.decide == "--means '1: MEASURE, ...'" and word.decide == "--means '2: MEASURE, ...'"
    assert reason.decide is None


def test_a_number_is_never_no_claim():
    _, needs = of(VAGUE, no=[1])
    assert "31.2" in needs[0].what and "no claim" in needs[0].what


@pytest.mark.parametrize("tail", ["due to the weather", "driven by promotions", "in compliance with the handbook"])
def test_a_reason_or_a_rule_is_never_no_claim(tail):
    found, needs = of(f"It came to 31.2 %, {tail}.", means=["1: margin"], no=[2])
    assert found[1].open and (needs[0].number, needs[0].decide) == (2, None)


@pytest.mark.parametrize(
    ("text", "said", "what"),
    [
        ("It did not come to 31.2 %.", "margin", "'not'"),
        ("It never came to 31.2 %.", "margin", "'never'"),
        ("It may reach 31.2 %.", "margin", "'may'"),
        ("Gross margin failed to be 31.2 %.", "margin", "'failed to'"),
        ("It came to more than 31.2 %.", "margin", "plain fact"),
        ("Net sales came to €75,460.", "net, week before", "clearly"),
        ("Gross margin and orders, of all: it was 31.2 %.", "late, carrier=Corvo Express", "another"),
        ("South, all told: it was 31.2 %.", "margin", "another"),
        ("In week 48, it was 31.2 %.", "margin", "another"),
        ("It was 31.2 % in November.", "margin", "another"),
        ("It fell: -1.7 %.", "net, against week before", "sign"),
        ("It rose (+1.7 %).", "net, against week before", "sign"),
    ],
)
def test_no_author_can_say_other_than_the_text_does(text, said, what):
    number = next((one.number for one in entries(answered(text).bound) if "%" in text[one.start : one.end]), 1)
    with pytest.raises(Refused, match=what):
        of(text, means=[f"{number}: {said}"])


@pytest.mark.parametrize(
    "text", ["It was 31.2 %, one point better than in week 48.", "It came to 31.2 %, a bit more than in South."]
)
def test_what_it_is_held_against_in_another_part_is_no_other_time_or_slice(text):
    number = next(one.number for one in entries(answered(text).bound) if "%" in text[one.start : one.end])
    found, _ = of(text, means=[f"{number}: margin"])
    claim = found[number - 1].claim
    assert claim is not None and (claim.about.cut, claim.about.week) == ({"region": "North"}, NOW)


def test_an_option_that_would_be_refused_is_not_offered():
    _, needs = of("It did not come to 31.2 %.")
    assert needs and all(need.decide is None or "--means" not in need.decide for need in needs)


def test_a_slice_that_no_claim_is_about_needs_a_person():
    text = "It came to 31.2 % in South and North."
    number = next(one.number for one in entries(answered(text).bound) if "%" in text[one.start : one.end])
    _, needs = of(text, means=[f"{number}: margin, region=South"])
    assert "North" in {need.words for need in needs}


def test_what_is_meant_is_said_by_a_menu_and_the_number_stays_the_text_s():
    found, _ = of(VAGUE, means=["1: margin, region=South, week before"])
    claim = found[0].claim
    assert claim is not None and (claim.says, claim.stated, claim.unit, claim.decimals) == ("value", 31.2, "%", 1)
    assert (claim.about.measure, claim.about.cut, claim.about.week) == ("margin", {"region": "South"}, BEFORE)


def test_without_more_words_the_text_s_own_subject_is_meant():
    found, _ = of(VAGUE, means=["1: margin", "2: margin, against week before"])
    number, word = found[0].claim, found[1].claim
    assert number is not None and (number.about.cut, number.about.week) == ({"region": "North"}, NOW)
    assert word is not None and word.says == "less" and word.against is not None and word.against.week == BEFORE


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("1: profit", "no measure"),
        ("1: net", "unit"),
        ("1: margin, region=Mars", "names nothing"),
        ("1: margin, 31.2", "names nothing"),
        ("1: margin, against week before", "which way"),
        ("1: shipments", "several"),
        ("3: margin", "no number"),
        ("9: margin", "no claim or doubt 9"),
        ("margin", "NUMBER: MEASURE"),
        (f"{'9' * 5000}: margin", "NUMBER: MEASURE"),
    ],
)
def test_anything_else_is_refused(said, what):
    with pytest.raises(Refused, match=what):
        of(VAGUE, means=[said])


def test_states_are_read_with_their_numbers():
    assert Decisions.parsed((), (), ["the week's total=3", "why = 1, 2"]).states == {
        "the week's total": (3,),
        "why": (1, 2),
    }
    for text in ("the week's total", f"the week's total={'9' * 5000}"):
        with pytest.raises(Refused, match="ITEM=NUMBER") as refused:
            Decisions.parsed((), (), [text])
        assert len(str(refused.value)) < 200


def test_what_was_to_be_filled_in_is_never_decided():
    _, needs = of("Net sales came to [amount].", no=[1])
    assert needs and all(need.decide is None for need in needs)
