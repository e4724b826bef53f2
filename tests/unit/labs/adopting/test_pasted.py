"""A pasted text is read as text, and what was asked gets the subject's words in braces."""

from __future__ import annotations

import io

import pytest

from mondaylab.errors import Refused
from mondaylab.labs.adopting.pasted import in_braces, raw_text
from mondaylab.labs.recorded.answers import TEXT_LIMIT


def test_line_ends_and_byte_order_marks_are_nothing_to_it():
    assert raw_text(io.BytesIO(b"\xef\xbb\xbfone\r\ntwo\rthree")) == "one\ntwo\nthree"


@pytest.mark.parametrize("data", [b"\xff\xfeA\x00", b"  \n", b"secret name " * TEXT_LIMIT])
def test_no_error_repeats_what_was_pasted(data):
    with pytest.raises(Refused) as refused:
        raw_text(io.BytesIO(data))
    assert "secret" not in str(refused.value)


def test_the_subject_s_words_are_put_into_braces():
    words = {"region": "Central", "week": "week 43"}
    asked = "How did Central do in week 43, and {why}? Not Centrally."
    assert in_braces(asked, words) == "How did {region} do in {week}, and {{why}}? Not Centrally."
