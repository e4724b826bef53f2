"""What is personal goes, and the snapshot's own names stay."""

from __future__ import annotations

import re
from collections import Counter

from mondaylab.datasets.gazetteer import Span
from mondaylab.labs.adopting.scrubbing import scrubbed


class Finder:
    """Finds two people, one of whom is called like a region."""

    def find(self, text: str) -> list[Span]:
        return [Span(*found.span(), "PERSON") for found in re.finditer("Anna Baker|West", text)]


def test_a_mark_tells_the_kind_and_nothing_more():
    text, taken = scrubbed("Anna Baker says that West did well.", Finder(), ["West"])
    assert text == "[PERSON] says that West did well."
    assert taken == Counter({"PERSON": 1})


def test_a_name_that_is_none_of_the_snapshot_s_goes():
    text, taken = scrubbed("Anna Baker and Mr West.", Finder(), [])
    assert text == "[PERSON] and Mr [PERSON]." and taken == Counter({"PERSON": 2})
