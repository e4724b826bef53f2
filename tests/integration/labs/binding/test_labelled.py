"""The binder on a real model's answers: what it binds is what a reader understood, and never what a value would fit."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.integration.labs.binding.labelled import ANSWERS, Found, Opened, bound, meant, open_labs, pairs
from tests.support.places import ROOT

from mondaylab.forms.flaws import FlawTable
from mondaylab.labs.binding.truth import JudgedText
from mondaylab.labs.recording.text_asker import TextAsker
from mondaylab.labs.recording.texts import judged_answer
from mondaylab.settings import Site

RECALL = {False: 0.80, True: 0.75}
"""Least share of what a reader understood that is bound: of answers that rules were made with, and of later ones."""
PAGE = ROOT / "docs" / "explanation" / "what_a_small_model_writes.md"


@pytest.fixture(scope="module")
def opened(demo_site: Site) -> Opened:
    return open_labs(demo_site)


@pytest.fixture(scope="module")
def judged(opened: Opened) -> list[tuple[dict[str, Any], JudgedText]]:
    """Every answer with what it claims, held against the data."""
    made = []
    for answer in ANSWERS:
        material, asking = opened[answer["lab"]]
        asked = TextAsker(material, asking).ask(asking.request(answer["request"]), answer["number"])
        made.append((answer, judged_answer(material, asking, asked, answer["text"])))
    return made


def rates(found: Found) -> tuple[float, float]:
    """Precision and recall."""
    right = sum(told is not None and label is not None for _, told, label in found)
    return right / sum(told is not None for _, told, _ in found), right / sum(
        label is not None for _, _, label in found
    )


@pytest.mark.parametrize("unseen", [False, True])
def test_what_is_bound_is_what_a_reader_understood(opened: Opened, unseen: bool):
    answers = [answer for answer in ANSWERS if answer.get("unseen", False) == unseen]
    found = list(pairs(opened, answers))
    precision, recall = rates(found)
    assert precision == 1.0, [(said, told) for said, told, label in found if label is None]
    assert recall >= RECALL[unseen], [(said, label) for said, told, label in found if told is None]


_CENTRAL = {"region": "Central"}
SUBJECTS: dict[str, tuple[str, str, dict[str, str]]] = {
    "F": ("finance/weekly_margin_memo", "region", _CENTRAL),
    "G": ("finance/weekly_margin_memo", "category", {**_CENTRAL, "category": "Tools"}),
    "C": (
        "finance/weekly_margin_memo",
        "carriers",
        {"region": "Central", "carrier": "Corvo Express", "rival": "Aldrin Freight"},
    ),
    "P": ("people/screening_summary", "department", {"department": "IT"}),
    "S": ("people/screening_summary", "sites", {"site": "Head office", "other_site": "South depot"}),
    "R": ("support/refund_reply", "region", {"region": "North"}),
    "Q": ("support/refund_reply", "reasons", {"region": "North", "reason": "damaged"}),
}
"""What the sentences of `doubtful.txt` stand in, by their first letter."""
DOUBTFUL = Path(__file__).with_name("doubtful.txt").read_text().splitlines()


def test_what_other_assistants_write_and_is_not_clear_is_never_bound(opened: Opened):
    """Denied, wished for, of a part, of others, of another time, in odd numbers: a person has to look."""
    wrong = []
    for line in DOUBTFUL:
        lab, request, subject = SUBJECTS[line[0]]
        answer = {"lab": lab, "request": request, "subject": subject, "week": "2026-11-30"}
        text, _ = bound(opened, {**answer, "text": line[2:].replace("\\n", "\n")})
        if text.claims or not text.doubts:
            wrong.append(line)
    assert len(DOUBTFUL) > 100 and wrong == []


def test_the_labelled_set_is_as_large_as_it_has_to_be():
    assert len(ANSWERS) >= 30 and sum(len(answer["labels"]) for answer in ANSWERS) >= 150


def test_a_wrong_number_is_never_bound_to_the_figure_that_it_fits(opened: Opened):
    """Every digit is turned into another; what is bound stays what it was, so it never hung on a value."""
    turned = str.maketrans("0123456789", "1234567890")
    for answer in ANSWERS:
        text, lexicon = bound(opened, answer)
        changed = answer["text"]
        for claim in text.claims:
            if claim.number is not None:
                changed = (
                    changed[: claim.start]
                    + answer["text"][claim.start : claim.end].translate(turned)
                    + (changed[claim.end :])
                )
        again, _ = bound(opened, {**answer, "text": changed})
        assert [meant(claim, lexicon) for claim in again.claims] == [meant(claim, lexicon) for claim in text.claims]


def test_the_requests_are_asked_again_as_they_were(opened: Opened):
    """So a recording of today is the answer to what is asked on the same data."""
    for answer in ANSWERS:
        material, asking = opened[answer["lab"]]
        asked = TextAsker(material, asking).ask(asking.request(answer["request"]), answer["number"])
        assert (asked.subject, asked.week.isoformat()) == (answer["subject"], answer["week"])


def test_an_error_of_the_model_is_called_what_a_reader_calls_it(judged: list[tuple[dict[str, Any], JudgedText]]):
    """Readers saw sheet, sentence and the true value; the kind that they put first is one that the operator allows."""
    table = FlawTable.of(ROOT / "grader")
    agree: list[bool] = []
    for answer, text in judged:
        for one in text.claims:
            said = next((it["kinds"] for it in answer.get("kinds", ()) if it["at"] == one.claim.start), None)
            if said is not None and one.operator is not None:
                agree.append(said[0] in table.entry(one.operator).kinds)
    assert len(agree) >= 60 and sum(agree) / len(agree) >= 0.90


def test_the_page_on_what_a_small_model_writes_has_these_figures(judged: list[tuple[dict[str, Any], JudgedText]]):
    claims = [one for _, text in judged for one in text.claims]
    kinds = Counter(one.operator for one in claims if one.flawed)
    says = Counter(one.claim.says for one in claims)
    wrong = Counter(one.claim.says for one in claims if one.flawed)
    usable = sum(text.usable and answer["finish"] == "stop" for answer, text in judged)
    with_error = sum(any(one.flawed for one in text.claims) for _, text in judged)
    doubts = sum(len(text.bound.doubts) + len(text.undecided) for _, text in judged)
    told = {
        "answers": len(judged),
        "claims": len(claims),
        "wrong": sum(wrong.values()),
        "with an error": with_error,
        "doubtful": doubts,
        "usable": usable,
        "figures": f"{wrong['value']} of {says['value']}",
        "sizes of changes": f"{wrong['change']} of {says['change']}",
        "more or less": f"{wrong['more'] + wrong['less']} of {says['more'] + says['less']}",
        **{str(kind): count for kind, count in kinds.items()},
    }
    page = dict(re.findall(r"^\| ([\w ]+?) \| ([\d, of]+?) \|", PAGE.read_text(), re.MULTILINE))
    told = {name: str(value) for name, value in told.items()}
    assert page == told, "\n".join(f"| {name} | {value} |" for name, value in told.items())
