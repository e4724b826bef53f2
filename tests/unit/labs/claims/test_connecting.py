"""Words between claims: greetings pass, whatever could be true or false does not."""

from __future__ import annotations

import pytest

from mondaylab.errors import Refused
from mondaylab.labs.claims.connecting import check_connecting

ABOUT = ["week 41", "Higher Ground Ltd", "Garden bench 3"]
NAMES = ["North", "Office supplies", "desk"]


@pytest.mark.parametrize(
    "text",
    [
        "Dear Ms Novak, this is where gross margin stands in week 41.",
        "Best regards, Finance assistant",
        "Hello, this is about your return of the Garden bench 3, ordered by Higher Ground Ltd.",
        "I am sorry it arrived damaged.",
        "The desktop and the Northern lights are other words.",
        "",
    ],
)
def test_what_states_nothing_passes(text: str):
    check_connecting(text, ABOUT, NAMES, where="here")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("I suggest we keep prices as they are.", "'suggest' recommends or evaluates"),
        ("Slippage is under control.", "'under control' recommends or evaluates"),
        ("All in all a strong week 41.", "'strong' recommends or evaluates"),
        ("Best regards. This is the best week 41 so far.", "'best' recommends or evaluates"),
        ("Margins fell again in week 41.", "'fell' says which way"),
        ("Sales were higher than usual.", "'higher' says which way"),
        ("Most of it came from the North.", "'North' is what a claim can be about"),
        ("Thanks to Office supplies, week 41 held.", "'Office supplies' is what a claim can be about"),
        ("We looked at 17 orders.", "the text holds 17"),
    ],
)
def test_what_states_something_is_refused_by_its_word(text: str, says: str):
    with pytest.raises(Refused, match="no claim states") as caught:
        check_connecting(text, ABOUT, NAMES, where="here")
    assert says in caught.value.what
