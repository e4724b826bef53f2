"""Which of two answers to send: by the worse error, then by how many; never a tie."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.support.toy_cases import DIFFERENCE, WEEK, about, facts, template

from mondaylab.errors import Refused
from mondaylab.forms.shown import SEVERITIES
from mondaylab.labs.claims.choice import ChoiceTemplate, better
from mondaylab.labs.claims.claim import Claim
from mondaylab.labs.claims.difference import ANSWERS, other_than

NAMES = ("one", "two", "three")
DESK = about(way="desk")


def differences() -> dict:
    return {name: template(id=name, kind="difference", **DIFFERENCE) for name in NAMES}


def choice(of: tuple[str, ...] = NAMES, **more: object) -> ChoiceTemplate:
    return template(kind="choice", id="send", of=of, judged_as="Send {says}, not {other}.", **more)


def claim(name: str, statement: dict) -> Claim:
    told = dict.fromkeys(("text", "judged_as", "why", "query", "fact"), "")
    return Claim(template=name, slices=DESK, words={}, statement=statement, flawed=False, operator=None, **told)


def sent_by_hand(errors: list[tuple[str, str]]) -> str:
    """The rule as one would read it aloud, without a rank or a length of anything."""
    for how_bad in ("critical", "material", "minor"):
        have = {answer for answer, found in errors if found == how_bad}
        if len(have) == 1:
            return other_than(have.pop())
        if have:
            break
    first = sum(answer == "first" for answer, _ in errors)
    return "second" if first > len(errors) - first else "first"


@given(st.lists(st.tuples(st.sampled_from(ANSWERS), st.sampled_from(SEVERITIES)), min_size=1, max_size=9))
def test_the_worse_error_counts_first_and_then_how_many_and_an_odd_number_never_ties(errors):
    sorted_out = {answer: [how_bad for one, how_bad in errors if one == answer] for answer in ANSWERS}
    if len(errors) % 2:
        assert better(sorted_out) == sent_by_hand(errors)
        turned = {answer: sorted_out[other_than(answer)] for answer in ANSWERS}
        assert better(turned) == other_than(better(sorted_out)), "neither answer is better by its place"


def test_no_three_differences_leave_a_tie_and_two_do():
    for way in product(product(ANSWERS, SEVERITIES), repeat=3):
        better({answer: [how_bad for one, how_bad in way if one == answer] for answer in ANSWERS})
    with pytest.raises(Refused, match="equally good"):
        better({"first": ["minor"], "second": ["minor"]})
    with pytest.raises(ValidationError, match="could leave both answers equally good"):
        choice((*NAMES, "four"))
    for of, told in ((("one", "two", "two"), "twice"), (("one",), "at least 3")):
        with pytest.raises(ValidationError, match=told):
            choice(of)


def test_it_is_judged_by_what_the_form_has_drawn_and_by_nothing_that_is_said_of_it():
    at, made = facts(), choice().bound(differences())
    ways = differences()["one"]
    stated = [*ways.sound(at, DESK), *ways.wrong(at, DESK, "wrong_version")]
    seen = set()
    for three in product(stated, repeat=3):
        drawn = made.resting_on({name: claim(name, one) for name, one in zip(NAMES, three, strict=True)})
        (sound,), (wrong,) = drawn.sound(at, DESK), drawn.wrong(at, DESK, "wrong_choice")
        # the desk's mean told as the portal's and the other way round: all errors are equally bad
        least = min(ANSWERS, key=lambda answer: sum(one["right"] != answer for one in three))
        assert (sound["says"], wrong["says"]) == (least, other_than(least))
        assert made.holds(at, DESK, sound) and not made.holds(at, DESK, wrong)
        seen.add((sound["says"], tuple(one["says"] for one in three), tuple(one["right"] for one in three)))
    assert len(seen) == 8 * 8, "what the draft calls right in the differences is free of which answer is to be sent"


def test_it_is_about_all_that_its_differences_are_about_and_says_why():
    made = choice().bound(differences())
    assert (made.slot_names(), made.measure_names(), made.rests_on) == (("way",), ("mean",), NAMES)
    sound, wrong = made.sound(facts(), DESK), made.wrong(facts(), DESK, "wrong_choice")
    assert len({str(one) for one in sound}) > 1 and all(made.holds(facts(), DESK, one) for one in sound)
    assert not any(made.holds(facts(), DESK, one) for one in wrong)
    assert made.why(facts(), DESK, sound[0], None).startswith("True: A has ")
    assert made.why(facts(), DESK, wrong[0], "it is B").startswith("It is B: A has ")
    assert made.fact(facts(), DESK, sound[0]) not in made.fact(facts(), about(way="portal"), sound[0])
    assert made.sound(facts(), about(way="nowhere")) == []
    dated = {**DIFFERENCE, "about": {**DIFFERENCE["about"], "by": {"channel": "way", "period": "week"}}}
    others = {name: template(id=name, kind="difference", **dated) for name in NAMES}
    assert choice().bound(others).slot_names() == ("way",), "a week is nothing to draw"
    assert DESK.week == WEEK


def test_what_it_cannot_rest_on_is_told():
    own = differences()
    named = {name: one.model_copy(update={"names": ("X", "Y")}) for name, one in own.items() if name == "two"}
    for others, more, told in (
        (own | {"two": template(kind="source", id="two", sections=("1.1",))}, {}, "'two' is no difference of draft"),
        (own | {"two": own["two"].model_copy(update={"draft": "e"})}, {}, "'two' is no difference of draft"),
        (own | named, {}, "the same 'names'"),
        (own, {"optional": True}, "may not be optional"),
    ):
        made = choice(**more).bound(others)
        (problem,) = made.binding_problems(others)
        assert told in problem
    assert list(choice().bound(own).binding_problems(own)) == []
    with pytest.raises(Refused, match="are not all differences"):
        choice().sound(facts(), DESK)
