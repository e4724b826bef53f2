"""That the data does not show something, where it does and where it does not."""

from __future__ import annotations

from tests.support.toy_cases import about, facts, holds_and_fails, template

ABSENCE = template(
    kind="absence",
    rows="count",
    says="returns",
    by={"channel": "way", "customer": "who"},
    display={"unit": "returns"},
)


def test_the_same_words_are_sound_where_nothing_is_and_wrong_where_something_is():
    there, nothing = about(way="desk", who="bob"), about(way="portal", who="bob")
    assert holds_and_fails(ABSENCE, nothing, "hidden_figure") == ([{"there": False}], [])
    assert holds_and_fails(ABSENCE, there, "hidden_figure") == ([], [{"there": False}])
    said = {"there": False}
    assert ABSENCE.why(facts(), there, said, "it hides it") == "The data has 1 return there: it hides it."
    assert ABSENCE.why(facts(), nothing, said, None) == "True: the data has no returns there."
    assert ABSENCE.query(facts(), there, said).endswith("= 1 return")
    assert ABSENCE.fact(facts(), there, said) != ABSENCE.fact(facts(), nothing, said)
    assert ABSENCE.holds(facts(), there, {"there": True})
