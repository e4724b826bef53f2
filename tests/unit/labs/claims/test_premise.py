"""An answer to a question that takes something for granted, on weeks small enough to be counted by hand."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.unit.labs.claims.test_cause import ABOUT, facts

from mondaylab.labs.claims.premise import PremiseTemplate

DECLARED = {
    "id": "x",
    "draft": "d",
    "judged_as": "a",
    "measure": "cases",
    "display": {"unit": "%", "scale": 100},
    "by": {"shop": "shop", "period": "week"},
}
PREMISE = PremiseTemplate.model_validate(DECLARED)


def test_a_true_and_a_false_premise_stand_in_sound_and_in_wrong_claims():
    at = facts((10, 4), (8, 4))  # a fall of 20 %
    sound = list(PREMISE.sound(at, ABOUT))
    (agreed,), (denied,) = (PREMISE.wrong(at, ABOUT, operator) for operator in PREMISE.operators)
    told = [tuple(PREMISE.words(one).values()) for one in (*sound, agreed, denied)]
    assert told == [("rose", "No", "fell"), ("fell", "Yes", "fell"), ("rose", "Yes", "rose"), ("fell", "No", "rose")]
    assert all(PREMISE.holds(at, ABOUT, one) for one in sound)
    assert not PREMISE.holds(at, ABOUT, agreed) and not PREMISE.holds(at, ABOUT, denied)
    assert PREMISE.why(at, ABOUT, agreed, "x") == (
        "The data gives a fall of 20 %, and the question takes for granted, wrongly, that it rose: x."
    )
    assert len({PREMISE.fact(at, ABOUT, one) for one in (*sound, agreed, denied)}) == 1


@pytest.mark.parametrize("now", [(100, 4), (101, 4)])
def test_where_hardly_anything_changed_nothing_is_said(now):
    at = facts((100, 4), now)
    assert PREMISE.sound(at, ABOUT) == () == PREMISE.wrong(at, ABOUT, "agreed_with_premise")
    assert not PREMISE.holds(at, ABOUT, {"premise": True, "rose": True})


@given(st.integers(1, 40), st.integers(1, 40))
def test_no_word_tells(before: int, now: int):
    """Over either direction of the data, each set of words is as often sound as wrong."""
    said = {True: Counter(), False: Counter()}
    for at in (facts((before, 0), (now, 0)), facts((now, 0), (before, 0))):
        wrong = [one for operator in PREMISE.operators for one in PREMISE.wrong(at, ABOUT, operator)]
        assert all(PREMISE.holds(at, ABOUT, one) for one in PREMISE.sound(at, ABOUT))
        assert not any(PREMISE.holds(at, ABOUT, one) for one in wrong)
        for sound, made in ((True, PREMISE.sound(at, ABOUT)), (False, wrong)):
            said[sound].update(tuple(PREMISE.words(one).values()) for one in made)
    if abs(before - now) > 0.05 * max(before, now):
        assert said[True] == said[False] and len(said[True]) == 4


def test_one_operator_alone_or_the_same_words_would_tell():
    for wrong in ({"operators": ("agreed_with_premise",)}, {"agrees": "Hm", "corrects": "Hm"}):
        with pytest.raises(ValidationError):
            PremiseTemplate.model_validate({**DECLARED, **wrong})
    assert PremiseTemplate.model_validate({**DECLARED, "operators": ()}).operators == ()
