"""Verdicts, counts and the sentences made of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.grader.feedback.findings import checking, headline
from mondaylab.grader.verdicts import Counts, verdict, verdicts
from mondaylab.judging.answers import Answer
from mondaylab.plural import plural


@pytest.mark.parametrize(
    ("flawed", "answer", "expected"),
    [
        (True, Answer(p=50, action="verify"), "caught"),
        (True, Answer(p=100, action="use"), "missed"),
        (True, Answer(p=90), "missed"),
        (True, Answer(p=49, action="fix"), "missed"),
        (True, None, "missed"),
        (False, Answer(p=50, action="use"), "doubted"),
        (False, Answer(p=49, action="fix"), "trusted"),
        (False, Answer(action="use"), "unanswered"),
        (False, None, "unanswered"),
    ],
)
def test_verdicts(flawed, answer, expected):
    assert verdict(flawed, answer) == expected


@given(st.lists(st.tuples(st.booleans(), st.none() | st.integers(0, 100)), max_size=30))
def test_every_row_is_counted_once(rows):
    counts = Counts.of(verdict(flawed, None if p is None else Answer(p=p, action="fix")) for flawed, p in rows)
    assert counts.rows == len(rows)
    assert counts.flawed == sum(flawed for flawed, _ in rows)


def test_a_forms_verdicts(key, answers):
    assert verdicts(key.claims, answers.check) == {
        "a": "trusted",
        "b": "caught",
        "m1": "trusted",
        "c": "missed",
        "d": "doubted",
        "m2": "unanswered",
    }


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (Counts(caught=4, missed=1, doubted=1, trusted=12), "You caught 4 of 5 flaws and raised 1 false alarm."),
        (Counts(caught=5, trusted=13), "You caught all 5 flaws and raised no false alarm."),
        (Counts(missed=5, trusted=13), "You caught none of the 5 flaws and raised no false alarm."),
        (Counts(caught=5, doubted=13), "You caught all 5 flaws, but you doubted every sound statement too."),
        (Counts(caught=1, doubted=2, trusted=1), "You caught the one flaw and raised 2 false alarms."),
    ],
)
def test_headlines(counts, words):
    assert headline(counts, answered=counts.rows) == words


def test_headline_without_answers():
    assert "no judgement" in headline(Counts(missed=3, unanswered=9), answered=0)


def test_what_checking_changed():
    first, check = Counts(caught=2, missed=3, doubted=3, trusted=9), Counts(caught=4, missed=1, doubted=1, trusted=11)
    assert checking(first, check, first_answered=17) == "Checking found 2 more flaws and cleared 2 false alarms."
    assert checking(check, first, first_answered=17) == ("Checking talked you out of 2 flaws and added 2 false alarms.")
    assert "neither" in checking(check, check, first_answered=17)
    assert "no first look" in checking(check, check, first_answered=0)


def test_plural():
    assert (plural(1, "flaw"), plural(2, "flaw"), plural(0, "flaw"), plural(2, "batch", "batches")) == (
        "1 flaw",
        "2 flaws",
        "no flaws",
        "2 batches",
    )
