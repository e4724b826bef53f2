"""Texts: asked for with a sheet of true figures, kept as they came, replayed, bound and judged."""

from __future__ import annotations

import pytest
from tests.support.scripted_model import completion

from mondaylab.labs.recording.text_asker import TextAsker
from mondaylab.labs.recording.texts import judged_answer, record_texts


def test_an_answer_is_kept_as_it_came_and_what_it_claims_is_held_against_the_data(
    script, store, finance, asking, sound
):
    told, region = sound
    text = f"  {told}\nThe gross margin in {region} was 99.9 %. \n"
    script.answers = [completion(text)]
    report = record_texts(finance, asking, store, script.endpoint, model="m", number=1)
    (one,) = report.texts
    assert one.state == "asked" and one.answer is not None and one.answer.text == text
    assert [(claim.claim.about.measure, claim.flawed, claim.operator) for claim in one.judged.claims] == [
        ("net", False, None),
        ("margin", True, "wrong_number"),
    ]
    assert one.usable and report.counts()["wrong"] == 1
    (sent,) = script.asked
    assert sent["seed"] == 1 and sent["temperature"] > 0
    assert sent["messages"][1]["content"] == one.answer.asked.messages[1]["content"]
    again = record_texts(finance, asking, store, script.endpoint, model="m", number=1)
    assert again.texts[0].state == "replayed" and again.texts[0].judged == one.judged and len(script.asked) == 1


@pytest.mark.parametrize(
    ("text", "finish"),
    [
        ("Net sales rose because of the weather.", "stop"),  # a reason, which nobody can hold against figures
        ("All went well.", "stop"),  # nothing to judge
        ("The gross margin was 99.9 %.", "length"),  # not whole
    ],
)
def test_a_text_that_is_cut_off_or_not_understood_throughout_is_not_usable(
    script, store, finance, asking, text, finish
):
    script.answers = [completion(text, finish=finish)]
    (one,) = record_texts(finance, asking, store, script.endpoint, model="m", number=1).texts
    assert one.answer is not None and not one.usable


def test_other_numbers_ask_about_other_subjects_the_same_each_time(finance, asking):
    request = asking.request("region")
    asked = [TextAsker(finance, asking).ask(request, number) for number in range(1, 7)]
    assert asked == [TextAsker(finance, asking).ask(request, number) for number in range(1, 7)]
    assert len({(one.week, *one.subject.values()) for one in asked}) > 3


@pytest.mark.parametrize(
    ("factor", "shown", "operator"),
    [
        (1, "€{:,.0f}", None),
        (10, "€{:,.0f}", "wrong_scale"),
        (1, "${:,.0f}", "wrong_unit"),
        (1.37, "€{:,.0f}", "wrong_number"),
    ],
)
def test_a_wrong_number_is_called_what_was_done_to_it(finance, asking, factor, shown, operator):
    asked = TextAsker(finance, asking).ask(asking.request("region"), 1)
    line = next(line for line in asked.messages[1]["content"].splitlines() if line.startswith("- Net sales"))
    now = float(line.split(": €")[1].split(" in week")[0].replace(",", ""))
    (claim,) = judged_answer(finance, asking, asked, f"Net sales were {shown.format(now * factor)}.").claims
    assert (claim.operator, claim.flawed) == (operator, operator is not None)
