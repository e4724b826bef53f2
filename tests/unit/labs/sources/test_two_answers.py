"""Two answers in a manuscript: exchanged, doubled or under another head, they would turn the key round."""

from __future__ import annotations

import pytest
from tests.support.places import ROOT

from mondaylab.labs.sources.declaration import DraftTemplate, LabDeclaration
from mondaylab.labs.sources.manuscript import Manuscript
from mondaylab.labs.sources.manuscript_references import version_problems

LAB = ROOT / "labs" / "support" / "refund_reply"
FIRST, SECOND = "{versions_count.first}", "{versions_count.second}"


@pytest.fixture(scope="module")
def lab() -> LabDeclaration:
    return LabDeclaration.of(LAB)


def two_answers(lab: LabDeclaration) -> DraftTemplate:
    return next(draft for draft in lab.drafts if draft.id == "versions")


def told(lab: LabDeclaration, turned, draft: DraftTemplate | None = None) -> list[str]:
    """The problems of each manuscript of the draft, once its text is turned."""
    draft, found = draft or two_answers(lab), []
    for version in two_answers(lab).versions:
        text = (LAB / "drafts" / "versions" / f"{version.version}.md").read_text("utf-8")
        made = Manuscript.parsed(version.version, turned(text), where="here")
        found.append("; ".join(words for _, words in version_problems(lab, draft, made)))
    return found


def exchanged(text: str) -> str:
    return text.replace(FIRST, "{x}").replace(SECOND, FIRST).replace("{x}", SECOND)


def test_what_the_lab_ships_has_each_answer_in_its_place(lab):
    assert told(lab, lambda text: text) == ["", "", "", ""]


@pytest.mark.parametrize(
    ("turned", "says"),
    [
        (exchanged, "the first quote has {versions_count.first} 0 times"),
        (lambda text: text.replace(SECOND, f"{FIRST} and {SECOND}"), "{versions_count.first} stands outside the first"),
        (lambda text: text.replace(FIRST, f"{FIRST}, yes {FIRST}"), "first} 2 times: write it there once"),
        (lambda text: text.replace(SECOND, "many"), "the second quote has {versions_count.second} 0 times"),
        (lambda text: f"{text}\nA says {FIRST}.\n", "{versions_count.first} stands outside the first quote"),
    ],
)
def test_an_answer_in_another_place_is_refused(lab, turned, says):
    for found in told(lab, turned):
        assert says in found


def test_both_in_one_card_are_refused(lab):
    for found in told(lab, lambda text: text.replace(SECOND, "many").replace(FIRST, f"{FIRST} or {SECOND}")):
        assert "the second quote has {versions_count.second} 0 times" in found


def test_claims_about_two_answers_stand_in_no_other_format(lab):
    memo = two_answers(lab).model_copy(update={"format": "memo"})
    for found in told(lab, lambda text: text, memo):
        for name in ("versions_count", "versions_choice"):
            assert f"claim '{name}' is about two answers, which only a draft of the format 'versions' has" in found


@pytest.mark.parametrize(
    ("heads", "good"),
    [
        (("A, from the old tool", "B, from the new one"), True),
        (("Answer B", "Answer A"), False),
        (("Alpha", "Beta"), False),
    ],
)
def test_a_head_holds_the_name_that_sentences_call_its_answer_by(lab, heads, good):
    named = two_answers(lab).model_copy(update={"layout": {"heads": heads}})
    for found in told(lab, lambda text: text, named):
        assert (found == "") == good
        if not good:
            assert f"the head {heads[0]!r} does not hold 'A', as claim 'versions_count' calls the first answer" in found
