"""What is chosen from the menus is said in the words of the command's option, and read back as the same figure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.labs.adopting.by_hand import answered

from mondaylab.authoring.meaning import WHOLE, Meaning, claim_words, members, when_words, whens
from mondaylab.errors import MondaylabError
from mondaylab.labs.adopting.decisions import Decisions, decided, meant
from mondaylab.labs.adopting.entries import entries

ANSWER = answered("It came to 31.2 %, and fell.")
NUMBER, WORD = entries(ANSWER.bound)
REGIONS = members(ANSWER)["region"]


def meanings(against: st.SearchStrategy[str]) -> st.SearchStrategy[Meaning]:
    cut = st.sampled_from([{}, *({"region": name} for name in REGIONS)])
    return st.builds(
        Meaning, measure=st.just("margin"), cut=cut, when=st.sampled_from(whens(ANSWER.lexicon)), against=against
    )


def test_it_is_said_as_the_option_takes_it():
    meaning = Meaning(measure="margin", cut={"region": "North"}, when="week before")
    assert meaning.words() == "margin, region=North, week before"
    assert (
        Meaning(measure="net", when="week", against="week before").words() == f"net, {WHOLE}, week against week before"
    )


@given(meanings(st.just("")))
def test_a_figure_is_read_back_as_it_was_chosen(meaning: Meaning):
    claim = meant(ANSWER, NUMBER, meaning.words())
    assert Meaning.of(claim, ANSWER.lexicon) == meaning


@given(meanings(st.sampled_from(["week", "week before", "quarter", WHOLE, *(f"region={name}" for name in REGIONS)])))
def test_a_comparison_is_read_back_as_the_same_figures(meaning: Meaning):
    try:
        claim = meant(ANSWER, WORD, meaning.words())
    except MondaylabError:  # such as one held against itself
        return
    again = Meaning.of(claim, ANSWER.lexicon)
    if again is not None and again.against:
        assert meant(ANSWER, WORD, again.words()) == claim


@given(meanings(st.just("")))
def test_the_command_takes_the_same_words(meaning: Meaning):
    typed = Decisions.parsed((), [f"{NUMBER.number}: {meaning.words()}"], ())
    assert typed.means == {NUMBER.number: meaning.words()}
    found, _ = decided(ANSWER, entries(ANSWER.bound), typed)
    assert found[0].claim == meant(ANSWER, NUMBER, meaning.words())


def test_the_answer_s_own_members_come_first():
    assert REGIONS[0] == "North" and "South" in REGIONS


@pytest.mark.parametrize(
    ("when", "words"), [("week", "week 49"), ("week before", "week 48"), ("quarter", "the quarter")]
)
def test_times_are_told_as_people_say_them(when, words):
    assert when_words(when, ANSWER.lexicon) == words


def test_a_claim_is_told_by_the_measure_s_usual_name():
    claim = meant(ANSWER, WORD, "margin, region=North, week against week before")
    assert claim_words(ANSWER, claim) == "gross margin of North in week 49, against gross margin of North in week 48"
