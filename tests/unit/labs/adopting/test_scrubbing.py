"""What is personal goes, and the snapshot's own names stay."""

from __future__ import annotations

import re
from collections import Counter
from types import SimpleNamespace

import pytest

from mondaylab.datasets.freetext import Scrubber
from mondaylab.datasets.gazetteer import Span
from mondaylab.datasets.known import Known
from mondaylab.errors import Refused
from mondaylab.labs.adopting.scrubbing import check_plain, personal, scrubbed


class Finder:
    """Finds two people, one of whom is called like a region."""

    def find(self, text: str) -> list[Span]:
        return [Span(*found.span(), "PERSON") for found in re.finditer("Anna Baker|West", text)]


def test_a_mark_tells_the_kind_and_nothing_more():
    text, taken = scrubbed("Anna Baker says that West did well.", Finder(), ["West"])
    assert text == "«PERSON» says that West did well."
    assert taken == Counter({"PERSON": 1})


def test_a_name_that_is_none_of_the_snapshot_s_goes():
    text, taken = scrubbed("Anna Baker and Mr West.", Finder(), [])
    assert text == "«PERSON» and Mr «PERSON»." and taken == Counter({"PERSON": 2})


@pytest.fixture(scope="module")
def scrubber() -> Scrubber:
    """Knows nobody, and what addresses, titles and numbers look like."""
    policy = SimpleNamespace(common_words=(), domains={})
    return Scrubber(Known(frozenset(), {}, {}), policy, lambda *_: "", year=2026)


def test_a_colleague_whom_no_table_knows_goes_by_the_lists_of_names(scrubber):
    text, taken = scrubbed("Hi Jana, thanks to **Martin** Huber in controlling, South did well.", scrubber, ["South"])
    assert text == "Hi «PERSON», thanks to **«PERSON» in controlling, South did well." and taken == Counter(PERSON=2)


@pytest.mark.parametrize(
    "text",
    [
        r"Ask jo.doe\@acme.com",
        "Ask jo.doe&commat;acme.com",
        "Ask a.kaya4&#64;brenning.example",
        "Ms Quxl&eacute;y",
        r"DE74\-9296\-0000",
        r"pat\_smith@acme.com",
        "Quxl\u200bey",
        "Qux\u00adley",
        "Qux\x00ley",
        "Qux\rley",
        "Qux\ue000ley",
        "Qux\ud800ley",
    ],
)
def test_what_is_shown_as_other_signs_is_refused_without_a_word_of_it(scrubber, text):
    with pytest.raises(Refused, match="line 2 holds") as refused:
        scrubbed(f"one\n{text}", scrubber, [])
    assert not [one for one in ("doe", "kaya", "Qux", "9296", "smith") if one in str(refused.value)]


def test_tabs_and_the_line_ends_of_any_system_are_plain():
    check_plain("one\ttwo\r\nthree\n")


def test_an_error_says_which_text_it_is(scrubber):
    for text in ("Qux\x00ley", "week 47 (1752 units)"):
        with pytest.raises(Refused) as refused:
            scrubbed(text, scrubber, [], where="--prompt")
        assert refused.value.where == "--prompt"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Ask jo.doe@**acme**.com.", "Ask «EMAIL»."),
        ("Ask jo_doe@_acme_.com.", "Ask «EMAIL»."),
        ("Ask Mr. **Quxley**, who knows.", "Ask Mr. **«PERSON»**, who knows."),
        ("Ask **Mr.** Qux*ley* now.", "Ask **Mr.** «PERSON» now."),
        ("Call +49 30 1234567 now.", "Call «PHONE» now."),
    ],
)
def test_what_is_personal_is_found_as_it_is_shown(scrubber, text, clean):
    assert scrubbed(text, scrubber, [])[0] == clean


@pytest.mark.parametrize(
    "text",
    [
        "Up in week 47.\n2. 752 units 1000",
        "week 47 (1752 units)",
        "27.0/27.2/29.1",
        "30.1 - 29.8",
        "2026 (47.5)",
        "+49 30 12345 17.5 %",
        "47\n 175 2000",
    ],
)
def test_figures_are_never_taken_for_a_phone_number(scrubber, text):
    try:
        assert scrubbed(text, scrubber, [])[0] == text
    except Refused as error:
        assert "line 1 may be" in error.what and not any(one in error.what for one in ("752", "27.2", "29.8"))


def test_a_model_s_name_is_none_of_a_person(scrubber):
    assert personal("jo.doe@acme.com", scrubber) and personal("Mr Quxley", scrubber)
    assert not personal("claude-3-5-sonnet-20241022", scrubber)
