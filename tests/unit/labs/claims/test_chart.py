"""Claims about a chart: what is seen is read back from the spec, and neither chart nor sentence tells."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.support.toy_cases import CASES, about, facts, template

from mondaylab.errors import Refused
from mondaylab.forms.native.chart_spec import Chart
from mondaylab.labs.claims.chart import ChartTemplate
from mondaylab.labs.claims.chart_ways import VISIBLE, round_above, round_below
from mondaylab.labs.claims.slots import Slices

SERIES = [{"says": "the worth of all that came back"}, {"says": "the average worth", "measure": "mean"}]
FILTER = [{"says": "whatever it was"}, {"says": "damaged alone", "where": {"reason": ["damage"]}}]
PERIOD = [
    {"says": "from {monday} to {sunday}", "days": [0, 6]},
    {"says": "from {monday_before} to {sunday_before}", "days": [-7, -1]},
]
ORDER = [{"says": "the longest bar first", "order": "lengths"}, {"says": "by the alphabet", "order": "names"}]
SCALE = [
    {"says": "begins at zero", "begins": "zero"},
    {"says": "begins at {start}, so that only ends can be compared", "begins": "above"},
]
# three channels, each with rows of both reasons
ROWS = CASES.assign(
    channel=["desk", "desk", "portal", "portal", "shop", "shop", "shop", "shop"],
    amount=[60.0, 40.0, 120.0, 20.0, 60.0, 30.0, 20.0, 50.0],
)
CHART = {
    "kind": "chart",
    "measure": "amount",
    "over": "case.channel",
    "display": {"unit": "EUR"},
    "title": "value",
    "says": "{chart_series}, {chart_order}, and it {chart_scale}",
    "axes": {"chart_series": SERIES, "chart_order": ORDER, "chart_scale": SCALE},
}
TOY = facts(ROWS)


def chart(**more) -> ChartTemplate:
    return template(**(CHART | more))


def only(axis, ways, **more) -> ChartTemplate:
    return chart(axes={axis: ways}, says=f"what came back {{{axis}}}", **more)


def test_a_sound_claim_shows_what_it_says_and_a_flawed_one_differs_on_one_axis():
    made = chart()
    sound = made.sound(TOY, about())
    assert (
        [one["asked"] for one in sound] == [one["done"] for one in sound] == list(map("".join, product("01", repeat=3)))
    )
    first, named = (Chart.read(one["chart"]) for one in sound[::2][:2])
    assert first == Chart({"shop": 160.0, "portal": 140.0, "desk": 100.0}, "value", 0.0, 200.0)
    assert list(named.bars) == ["desk", "portal", "shop"] and named.bars == first.bars
    mean = Chart.read(sound[4]["chart"])
    assert mean.bars == {"portal": 70.0, "desk": 50.0, "shop": 40.0} and mean.start == 0
    above = [Chart.read(one["chart"]).start for one in sound[1::2]]
    assert len(set(above)) == 1 and f"begins at {above[0]:g}," in sound[1]["what"], "the same for all: it would tell"
    for place, operator in enumerate(made.operators):
        wrong = made.wrong(TOY, about(), operator)
        for one in wrong:
            assert [a != b for a, b in zip(one["asked"], one["done"], strict=True)] == [n == place for n in range(3)]
            assert not made.holds(TOY, about(), one)
        assert {one["chart"] for one in wrong} == {one["chart"] for one in sound}
    assert all(made.holds(TOY, about(), one) for one in sound)


@given(
    data=st.data(), names=st.lists(st.sampled_from(ChartTemplate.known_operators), min_size=1, max_size=4, unique=True)
)
def test_each_chart_and_each_sentence_is_as_often_sound_as_flawed(data, names):
    told = dict(zip(ChartTemplate.known_operators, (SERIES, FILTER, PERIOD, ORDER, SCALE), strict=True))
    made = chart(axes={name: told[name] for name in names}, says="what is asked " + " ".join(f"{{{n}}}" for n in names))
    texts = {choice: (f"s{choice}", f"c{choice}") for choice in made.choices()}
    object.__setattr__(made, "_texts", lambda *_: texts)
    sound, flawed = made.sound(None, None), made.wrong(None, None, data.draw(st.sampled_from(names)))
    assert made.drawn_from % len(sound) == made.drawn_from % len(flawed) == 0
    for what in ("what", "chart"):
        shares = [Counter(one[what] for one in lists) for lists in (sound, flawed)]
        assert shares[0] == shares[1] and set(shares[0].values()) == {1}
    assert not {(one["what"], one["chart"]) for one in sound} & {(one["what"], one["chart"]) for one in flawed}


def test_truth_is_what_the_spec_says_and_not_how_it_was_made():
    made = only("chart_order", ORDER)
    claim = made.sound(TOY, about())[0]
    shown = Chart.read(claim["chart"])
    moved = shown.bars | {"shop": shown.bars["shop"] + 15}
    for other, holds in (
        (shown, True),
        (replace(shown, end=400.0), False),
        (replace(shown, title="weight"), False),
        (replace(shown, bars=moved), False),
        (replace(shown, bars=dict(reversed(shown.bars.items()))), False),
        (replace(shown, start=80.0), False),
        (replace(shown, bars={**shown.bars, "mail": 3.0}), False),
    ):
        assert made.holds(TOY, about(), claim | {"chart": other.spec()}) is holds, other
    near = replace(shown, bars=shown.bars | {"shop": shown.bars["shop"] + 2})
    for other in (near, replace(shown, start=1.0)):
        with pytest.raises(Refused, match="neither the same nor told apart"):
            made.holds(TOY, about(), claim | {"chart": other.spec()})


def test_bars_that_are_equal_may_stand_either_way():
    equal = facts(ROWS.assign(amount=[100.0, 80, 60, 20, 60, 60, 30, 30]))  # desk and shop
    made = only("chart_scale", SCALE)
    claim = next(one for one in made.sound(equal, about()))
    assert list(Chart.read(claim["chart"]).bars) == ["desk", "portal", "shop"]
    by_length = only("chart_order", ORDER)
    shown = Chart({"shop": 180.0, "desk": 180.0, "portal": 80.0}, "value", 0.0, 200.0)
    assert by_length.holds(equal, about(), {"asked": "0", "done": "0", "what": "", "chart": shown.spec()})


def test_what_nobody_could_see_is_not_drawn():
    """Two weeks that are alike, an order that is the same, a start near zero: then no claim of these slices is."""
    same = facts(
        ROWS.assign(channel=["a", "a", "a", "b", "b", "c", "c", "c"], amount=[90.0, 30.0, 0.0, 70, 0, 40, 0, 0])
    )
    assert only("chart_order", ORDER).sound(same, about()) == []
    large = facts(ROWS.assign(before=ROWS["amount"] * 1.0).assign(days=ROWS["amount"] * (1 + VISIBLE / 3)))
    near = [{"says": "one of it", "measure": "amount"}, {"says": "another", "measure": "near"}]
    measures = large.measures | {"near": large.measures["amount"].model_copy(update={"field": "days"})}
    assert only("chart_series", near).sound(replace(large, measures=measures), about()) == []
    assert only("chart_series", SERIES).sound(TOY, about())


def test_a_bar_below_zero_is_drawn_in_no_chart():
    lost = facts(ROWS.assign(amount=[-60.0, -40.0, *ROWS["amount"][2:]]))  # desk
    assert only("chart_order", ORDER).sound(lost, about()) == [] != only("chart_order", ORDER).sound(TOY, about())


def test_a_period_is_a_week_of_the_lab():
    days = [3, 8, 4, 9, 5, 10, 6, 40]
    weeks = facts(ROWS.assign(days=days, asked=ROWS["delivered"] + pd.to_timedelta(days, unit="D")))
    made = only("chart_period", PERIOD)
    assert made.needs(weeks.measures)["case"] >= {"channel", "amount"} and "week 42" in made.query(
        weeks, about(), {"asked": "0"}
    )
    told = made.sound(weeks, about())
    assert [Chart.read(one["chart"]).bars for one in told] == [
        {"desk": 40.0, "portal": 20.0, "shop": 30.0},
        {"desk": 60.0, "portal": 120.0, "shop": 80.0},
    ]
    assert told[1]["what"] == "what came back from Monday 5 October to Sunday 11 October"


def crowd(**columns) -> pd.DataFrame:
    """Cases of as many different people as a column has."""
    many = len(next(iter(columns.values())))
    rows = pd.concat([ROWS] * (many // len(ROWS) + 1), ignore_index=True).head(many)
    names = [f"p{n}" for n in range(many)]
    return rows.assign(case_id=names, customer=names, **columns)


GROUP = {"people": "people", "section": "2.1", "least": 3}
"""As section 2.1 of the toy handbook has it."""


@pytest.mark.parametrize("channels", ["aabbbcccc", "aaabbbcccc"])
def test_a_group_of_too_few_people_is_drawn_in_no_chart(channels):
    rows = facts(crowd(channel=list(channels), amount=[10.0] * len(channels)))
    assert bool(only("chart_scale", SCALE, group=GROUP).sound(rows, about())) is channels.startswith("aaa")
    assert only("chart_scale", SCALE).sound(rows, about()), "and would be without the rule"


def test_what_two_ways_leave_over_is_such_a_group_too():
    reasons = ["damage"] * 4 + ["mind"] * 3
    two = ["damage"] * 5 + ["mind"] * 2
    channels = [name for name in "abc" for _ in reasons]
    inside = [{"says": "all of it"}, {"says": "what came damaged", "where": {"reason": ["damage"]}}]
    for last, used in ((reasons, True), (two, False)):
        rows = facts(crowd(channel=channels, reason=[*reasons, *reasons, *last], amount=[10.0] * len(channels)))
        assert bool(only("chart_filter", inside, group=GROUP).sound(rows, about())) is used
    apart = [{"says": "damaged", "where": {"reason": ["damage"]}}, {"says": "unwanted", "where": {"reason": ["mind"]}}]
    rows = facts(crowd(channel=channels, reason=reasons * 3, amount=[10.0] * len(channels)))
    assert only("chart_filter", apart, group=GROUP).sound(rows, about()), "nobody is in both: none is left over"


def test_what_a_share_s_part_leaves_over_is_such_a_group_too():
    """Nobody is left over of all people; of those whose case was worth something, two are."""
    reasons = ["damage"] * 10 + ["mind"] * 3
    worth = [10.0] * 6 + [0.0] * 4 + [10.0] * 2 + [0.0]
    rows = facts(crowd(channel=[n for n in "abc" for _ in reasons], reason=reasons * 3, amount=worth * 3))
    worthy = rows.measures["people"].model_copy(update={"bounds": {"amount": (1.0, None)}})
    rows = replace(rows, measures=rows.measures | {"worthy": worthy})
    inside = [{"says": "all of it"}, {"says": "what came damaged", "where": {"reason": ["damage"]}}]
    assert only("chart_filter", inside, group=GROUP).sound(rows, about())
    assert not only("chart_filter", inside, group=GROUP | {"part": "worthy"}).sound(rows, about())


def test_ways_of_another_size_are_not_used_where_their_size_would_tell():
    total = {"desk": 100.0, "portal": 140.0, "shop": 160.0}  # of which 220 came damaged
    made = only("chart_filter", FILTER)
    assert made.sound(TOY, about()) and sum(total.values()) == sum(Chart.read(bars(made)).bars.values())
    assert not only("chart_filter", FILTER, alike=0.1).sound(TOY, about())
    assert only("chart_filter", FILTER, alike=0.9).sound(TOY, about())


def bars(made: ChartTemplate) -> str:
    return str(made.sound(TOY, about())[0]["chart"])


TWO_SLOTS = [
    {"says": "for {reason}", "cut": {"reason": "reason"}},
    {"says": "for {another}", "cut": {"reason": "another"}},
]


def of_two(reason: str, another: str) -> Slices:
    return Slices({"reason": reason, "another": another}, about().week)


def test_two_ways_may_cut_a_field_to_a_slot_each_and_only_the_one_asked_is_told():
    made = only("chart_filter", TWO_SLOTS)
    assert {"reason", "another"} <= {*made.slot_names()}
    one, other = made.sound(TOY, of_two("damage", "mind")), made.sound(TOY, of_two("mind", "damage"))
    assert [each["chart"] for each in one] == [each["chart"] for each in reversed(other)], "kept for both slots"
    assert one[0]["chart"] != one[1]["chart"]
    proof = made.query(TOY, of_two("damage", "mind"), one[0])
    assert "reason damage" in proof and "mind" not in proof
    wrong = made.wrong(TOY, of_two("damage", "mind"), "chart_filter")
    assert made.fact(TOY, of_two("damage", "mind"), one[0]) == made.fact(
        TOY, of_two("damage", "mind"), next(each for each in wrong if each["asked"] == "0")
    )
    assert made.query(TOY, of_two("damage", "mind"), one[0]) == made.query(TOY, of_two("damage", "other"), one[0])


def test_a_sentence_that_says_nothing_of_the_order_is_right_with_any():
    made = only("chart_series", SERIES)
    claim = made.sound(TOY, about())[0]
    shown = Chart.read(claim["chart"])
    turned = replace(shown, bars=dict(reversed(shown.bars.items())))
    assert made.holds(TOY, about(), claim | {"chart": turned.spec()})


def test_feedback_says_what_it_shows_and_proof_is_the_same_for_sound_and_flawed():
    made = chart()
    wrong = [one for name in made.operators for one in made.wrong(TOY, about(), name)]
    sound = made.sound(TOY, about())
    assert made.why(TOY, about(), sound[0], None).startswith("True: the chart shows the worth of all that came back")
    told = made.why(
        TOY, about(), next(one for one in wrong if (one["asked"], one["done"]) == ("000", "100")), "other bars"
    )
    assert told.startswith("Other bars: the chart shows the average worth")
    assert told.endswith("The bar of shop is at 40; by the sentence it would be at 160.")
    [proof] = {made.query(TOY, about(), one) for one in (*sound, *wrong)}
    assert not [name for name in made.known_operators if name in proof]


def test_whoever_guesses_from_words_reads_the_chart_as_a_table():
    made = chart()
    read = made.read_as(made.words(made.sound(TOY, about())[0]))
    assert read["chart"].splitlines()[1].split() == ["shop", "160"] and "axis goes from 0 to 200" in read["chart"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"axes": {"chart_order": SCALE}, "says": "bars, {chart_order}"}, "'order' is what ways of chart_order say"),
        ({"axes": {"chart_scale": ORDER}, "says": "bars, {chart_scale}"}, "'order' is what ways of chart_order say"),
        ({"axes": {"chart_filter": [SCALE[0], FILTER[0]]}, "says": "bars {chart_filter}"}, "'begins' is what ways of"),
        (
            {"axes": {"chart_order": [ORDER[0] | {"measure": "days"}, ORDER[1]]}, "says": "bars {chart_order}"},
            "as they are",
        ),
        ({"says": "the bars {chart_series}, {chart_order}"}, "'says' has not once the axis"),
    ],
)
def test_axes_that_say_what_another_says_are_refused(more, said):
    with pytest.raises(ValidationError, match=said):
        chart(**more)


@given(least=st.floats(1, 1e7), most=st.floats(1, 20))
def test_a_start_is_round_and_clearly_below_and_an_end_is_above(least, most):
    start = round_below(least, 0.01)
    assert start is not None and 0.5 * least - 1e-6 <= start <= 0.9 * least + 1e-6
    end = round_above(start, least * most)
    assert end >= least * most * (1 - 1e-5) and (least * most - start) / (end - start) >= 0.5


def test_the_alphabet_knows_no_case_and_no_accents():
    named = {"desk": "Zug", "portal": "iPad", "shop": "Österreich"}
    [_, by_name] = only("chart_order", ORDER).sound(facts(ROWS.assign(channel=ROWS["channel"].map(named))), about())
    assert list(Chart.read(by_name["chart"]).bars) == ["iPad", "Österreich", "Zug"]
