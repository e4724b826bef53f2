"""The screen names its own fields where an error names an option, and tells nothing of what nobody foresaw."""

from __future__ import annotations

import pytest

from mondaylab.authoring.in_words import in_words, unforeseen
from mondaylab.errors import Refused


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (Refused("the text is empty", where="--text"), ("the text is empty", "the answer", None)),
        (Refused("x", where="--means 3"), ("x", "which figure it is 3", None)),
        (Refused("x", fix="see --dry-run for the numbers"), ("x", None, "see the list for the numbers")),
        (Refused("x", fix="mondaylab data sanitize --quarter Q"), ("x", None, "mondaylab data sanitize --quarter Q")),
        (
            Refused("x", fix="give it another --name, or --replace it"),
            ("x", None, "give it another name, or tick that it takes the other's place"),
        ),
    ],
)
def test_options_are_fields(error, told):
    assert tuple(in_words(error).values()) == told


def test_an_unforeseen_error_repeats_nothing():
    told = unforeseen(ValueError("Anna Baker, 0171 5550123"))
    assert "Anna" not in str(told) and "ValueError" in str(told["what"]) and told["where"] and told["fix"]
