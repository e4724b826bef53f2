"""Two answers side by side: what the format takes, and how it stands as HTML and as text."""

from __future__ import annotations

import pytest
from tests.support.drafts_in_form import draft_of, each_format

from mondaylab.forms.formats import html_of, layout_problem, manuscript_problem, prompt_apart, text_of
from mondaylab.forms.shown import DraftPart
from mondaylab.labs.sources.manuscript import Manuscript

(DRAFT,) = (one for one in each_format() if one.format == "versions")


def test_each_answer_stands_under_its_head_and_the_review_under_its_own():
    assert text_of(DRAFT, {"v1": 1, "v2": 2, "v3": 3}).splitlines() == [
        "What both were asked. Not AI, nothing to judge.",
        "> How many returns came from South in week 46, and what was asked for?",
        "",
        "> Answer A",
        "> In week 46, 31 returns [1] came from South.",
        "> Trade customers there asked for 158.44 EUR [2] on average.",
        "",
        "> Answer B",
        "> South, week 46",
        "> ---------------------------  --------------",
        "> Returns                      43 returns [1]",
        "> Asked for on average, Trade  222.95 EUR [2]",
        "",
        "What the reviewing assistant says of them",
        "",
        "They differ in two places.",
        "",
        "- How many came in: answer A has it right [1].",
        "- The average of Trade customers: answer B has it right [2].",
        "",
        "The one to send is B [3], I would say.",
    ]
    html = html_of(DRAFT, {"v1": 1})
    assert '<span class="beside">31 returns<sup class="claim-number">1</sup></span>' in html
    assert "<h4>Answer B</h4>" in html and "222.95 EUR</td>" in html, "what has no number is not marked"
    assert prompt_apart(DRAFT) is None


def test_a_draft_names_the_tools_and_what_it_says_is_escaped():
    nasty = "<script>x()</script>"
    told = DRAFT.model_copy(update={"layout": {"heads": (nasty, "Tool B"), "review": nasty}})
    html = html_of(told).partition("</style>")[2]
    assert "<script" not in html and html.count("&lt;script&gt;") == 2 and "<h4>Tool B</h4>" in html
    assert "Answer A" not in text_of(told) and text_of(told).count(nasty) == 2
    assert layout_problem(told) is None
    three = DRAFT.model_copy(update={"layout": {"heads": ("a", "b", "c")}})
    assert "heads" in (layout_problem(three) or "")
    assert text_of(draft_of("Hello.", format="versions")) == "Hello.", "an older draft stands as it is"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("> One.\n\nTwo. [A](v1)", "begins with two quotes"),
        ("Hello.\n\n> One.\n\n> Two.\n\n[A](v1)", "begins with two quotes"),
        ("> One. [A](v1)\n\n> Two.\n\nThree.", "a claim stands in an answer"),
        ("> One.\n\n> Two.", "nothing says which of them is right"),
        ("> One.\n\n> Two.\n\n[A](v1)\n\n> Three.", "a third quote"),
    ],
)
def test_what_are_no_two_answers_is_told(words: str, found: str):
    parts = Manuscript.parsed("v", words, where="here").parts
    assert found in (manuscript_problem(DRAFT, parts) or "")


def test_a_piece_that_says_nothing_of_a_claim_is_written_down_as_it_always_was():
    assert DraftPart(text="x").model_dump(mode="json") == {"text": "x", "claim_id": None, "tag": None, "parts": []}
    assert DraftPart(text="x", about="c1").model_dump(mode="json")["about"] == "c1"
    assert manuscript_problem(DRAFT, DRAFT.parts) is None
