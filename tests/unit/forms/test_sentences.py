"""Sentences: which pieces of a draft stand in one."""

from __future__ import annotations

import pytest

from mondaylab.forms.sentences import said_together, sentences
from mondaylab.forms.shown import DraftPart


def parts(*pieces: str) -> list[DraftPart]:
    """Words, and claims in brackets."""
    return [
        DraftPart(claim_id=one[1:3], text=one[1:-1]) if one.startswith("[") else DraftPart(text=one) for one in pieces
    ]


def told(groups) -> list[str]:
    return ["".join(one.text or f"<{one.tag}>" for one in group) for group in groups]


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (["One. Two."], ["One. ", "Two."]),
        (["Is it? ", "[It is.]", " So “there.” Next"], ["Is it? ", "It is. ", "So “there.” ", "Next"]),
        (["Here: ", "[a]", ", and ", "[b]", ". Then ", "[c]", "."], ["Here: a, and b. ", "Then c."]),
        (["At 3.5 points it stays"], ["At 3.5 points it stays"]),
        (["[Whole.]", "[Another.]"], ["Whole.Another."]),
        ([" "], [" "]),
        ([], []),
    ],
)
def test_a_text_is_cut_where_sentences_end(pieces, expected):
    assert told(sentences(parts(*pieces))) == expected


def test_emphasis_stays_in_its_sentence_and_a_row_is_one():
    bold = DraftPart(tag="strong", parts=(DraftPart(text="where. It"),))
    assert told(sentences([DraftPart(text="This is "), bold, DraftPart(text=" stands. Next.")])) == [
        "This is <strong> stands. ",
        "Next.",
    ]
    row = DraftPart(tag="tr", parts=(DraftPart(tag="td", parts=(DraftPart(text="A. B."),)),))
    table = DraftPart(tag="table", parts=(DraftPart(tag="tbody", parts=(row, row)),))
    assert said_together(table) == [[row], [row]]
