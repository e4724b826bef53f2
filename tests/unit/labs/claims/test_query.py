"""Claims about a query: each way means the same in SQL and as a measure, and neither query nor sentence tells."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.support.toy_cases import CASES, WEEK, about, facts, template

from mondaylab.errors import Refused
from mondaylab.labs.claims import query as module
from mondaylab.labs.claims.query import QueryTemplate
from mondaylab.labs.claims.query_text import check_query
from mondaylab.labs.claims.template import LabFacts
from mondaylab.labs.sources.declaration import MEASURE

AXES = {
    "query_filter": [
        {"says": "of desk cases", "sql": "AND channel = 'desk'", "where": {"channel": ["desk"]}},
        {"says": "of all cases", "sql": ""},
    ],
    "query_nulls": [
        {"says": "those without a voucher counted as nothing", "sql": "before"},
        {
            "says": "those without a voucher left out",
            "sql": "NULLIF(before, 0)",
            "bounds": {"before": {"at_least": 1e-9}},
        },
    ],
}
QUERY = {
    "kind": "query",
    "measure": "vouchers",
    "display": {"unit": "EUR", "decimals": 1},
    "says": "the average voucher {query_filter}, {query_nulls}",
    "sql": "SELECT AVG({query_nulls})\nFROM case\nWHERE amount > 0\n  {query_filter}\n",
    "axes": AXES,
}
QUERY["sql"] = QUERY["sql"].replace("FROM case", 'FROM "case"')
MEAN = {"kind": "aggregate", "how": "mean", "entity": "case", "field": "before"}


VOUCHERS = CASES.assign(before=[0.0, 40.0, 0.0, 0.0, 0.0, 10.0, 0.0, 0.0])


def at(cases=VOUCHERS) -> LabFacts:
    """The toy lab with the measure that queries ask for."""
    made = facts(cases)
    return LabFacts({**made.measures, "vouchers": MEASURE.validate_python(MEAN)}, made.data)


def query(**more) -> QueryTemplate:
    return template(**(QUERY | more))


def test_a_sound_claim_goes_one_way_and_a_flawed_one_another_on_one_axis():
    made, toy = query(), at()
    assert made.operators == ("query_filter", "query_nulls"), "every axis may be flawed"
    sound = made.sound(toy, about())
    assert [one["asked"] for one in sound] == [one["done"] for one in sound] == ["00", "01", "10", "11"]
    for place, operator in enumerate(made.operators):
        for one in made.wrong(toy, about(), operator):
            assert [a != b for a, b in zip(one["asked"], one["done"], strict=True)] == [n == place for n in range(2)]
            assert not made.holds(toy, about(), one)
    assert all(made.holds(toy, about(), one) for one in sound)
    desk = next(one for one in sound if one["asked"] == "01")
    assert desk["what"] == "the average voucher of desk cases, those without a voucher left out"
    assert desk["sql"].splitlines() == [
        "SELECT AVG(NULLIF(before, 0))", 'FROM "case"', "WHERE amount > 0", "  AND channel = 'desk'",
    ]  # fmt: skip
    wrong = next(one for one in made.wrong(toy, about(), "query_nulls") if one["asked"] == "00")
    told = made.why(toy, about(), wrong, "what has no value is counted otherwise")
    assert "left out (€40.0)" in told and told.endswith("what the sentence says comes to €10.0.")


@given(ways=st.lists(st.integers(2, 2), min_size=1, max_size=4), data=st.data())
def test_each_query_and_each_sentence_is_as_often_sound_as_flawed(ways, data):
    """Exactly, for any number of axes: every statement listed is drawn as often as any other."""
    names = QueryTemplate.known_operators[: len(ways)]
    axes = {
        name: [{"says": f"way {name} {n}", "sql": f"+ {10 ** (place + 1) * n}", "bounds": {name: (n, None)}}
               for n in range(count)]
        for place, (name, count) in enumerate(zip(names, ways, strict=True))
    }  # fmt: skip
    braces = " ".join(f"{{{name}}}" for name in names)
    made = query(axes=axes, says=f"what is asked {braces}", sql=f"SELECT SUM(amount) {braces}")
    texts = {choice: (f"s{choice}", f"q{choice}") for choice in made.choices()}
    object.__setattr__(made, "_texts", lambda *_: texts)
    sound = made.sound(None, None)
    operator = data.draw(st.sampled_from(names))
    flawed = made.wrong(None, None, operator)
    for lists in (sound, flawed):
        assert made.drawn_from % len(lists) == 0, "drawn modulo their number, each is as likely"
    for what in ("what", "sql"):
        share = {name: Counter(one[what] for one in lists) for name, lists in (("sound", sound), ("flawed", flawed))}
        assert len(set(share["sound"].values())) == len(set(share["flawed"].values())) == 1
        assert share["sound"].keys() == share["flawed"].keys()
    pairs = Counter((one["what"], one["sql"]) for one in flawed)
    assert set(pairs.values()) == {1} and not {(one["what"], one["sql"]) for one in sound} & pairs.keys()


def test_slices_on_which_two_ways_come_to_the_same_are_not_used_at_all():
    coarse = query(display={"unit": "EUR", "decimals": -2})
    assert coarse.sound(at(), about()) == [] and coarse.wrong(at(), about(), "query_filter") == []


def test_ways_less_than_a_hundredth_apart_are_not_used_unless_they_are_rounded_otherwise():
    """Half a cent more on an average of ten is no error that anybody would act on."""
    cases = VOUCHERS.assign(before=[1000.2, 40.0, 1000.0, 1000.0, 1000.0, 1000.0, 1000.0, 1000.0])
    axes = {"query_filter": [
        {"says": "of all", "sql": ""},
        {"says": "but small ones", "sql": "AND before > 50", "bounds": {"before": {"at_least": 50}}},
    ]}  # fmt: skip
    plain = {"says": "the sum {query_filter}", "sql": 'SELECT SUM(before) FROM "case" WHERE amount > 0 {query_filter}'}
    data = at(cases).data
    summed = LabFacts({"vouchers": MEASURE.validate_python(MEAN | {"how": "sum"})}, data)
    assert query(axes=axes, **plain).sound(summed, about()) == [], "40 of 7,040 is far more than three tolerances"
    whole = {"query_cast": [
        {"says": "in full", "sql": "SUM(before)"},
        {"says": "rounded", "sql": "ROUND(SUM(before))", "whole": True},
    ]}  # fmt: skip
    asked = {"says": "the sum {query_cast}", "sql": 'SELECT {query_cast} FROM "case"'}
    assert len(query(axes=whole, **asked).sound(summed, about())) == 2


def test_a_query_that_gives_nearly_what_it_says_is_neither_sound_nor_flawed():
    made, toy = query(), at()
    off = query(sql=QUERY["sql"].replace("AVG({query_nulls})", "AVG({query_nulls}) + 0.1"))
    with pytest.raises(Refused, match="neither the same nor told apart"):
        off.holds(toy, about(), off.sound(toy, about())[0])
    assert list(made.data_problems(toy, [about()], [toy])) == []
    found = list(off.data_problems(toy, [about()], []))
    assert len(found) == 4 and all("and its measures" in one for one in found)


@pytest.mark.parametrize("strange", ["RANDOM()", '(SELECT MAX(before) FROM "case")', "getenv('HOME')"])
def test_what_is_no_plain_question_is_refused_before_it_is_run(strange, monkeypatch):
    """Whoever draws a form need not have built its lab: a release brings its own SQL."""
    made, toy = query(sql=QUERY["sql"].replace("amount > 0", f"amount > {strange}")), at()
    monkeypatch.setattr(module, "run", lambda *_: pytest.fail("it was run"))
    for _ in range(2):
        with pytest.raises(Refused, match="may not hold"):
            made.holds(toy, about(), made.sound(toy, about())[0])


def test_a_text_is_checked_once(monkeypatch):
    made, toy, checked = query(), at(), []
    monkeypatch.setattr(module, "check_query", lambda text, *_, **__: checked.append(text))
    for _ in range(3):
        assert all(made.holds(toy, about(), one) for one in made.sound(toy, about()))
    assert len(checked) == len(set(checked)) == 4


def test_a_way_that_is_right_on_the_data_by_chance_is_found_on_changed_data():
    by_chance = query(axes={**AXES, "query_filter": [
        {"says": "of desk cases", "sql": "AND score >= 60", "where": {"channel": ["desk"]}}, AXES["query_filter"][1],
    ]})  # fmt: skip
    toy = at()
    assert list(by_chance.data_problems(toy, [about()], [])) == [], "who came to the desk has scored 60, as it happens"
    changed = at(VOUCHERS.assign(score=[90, 85, 70, 50, 50, 60, 30, 20]))
    assert len(list(by_chance.data_problems(toy, [about()], [changed]))) == 2


def test_slots_and_days_come_as_literals_and_as_words():
    made = query(
        by={"channel": "way", "period": "week"},
        says="from {monday} to {next_monday} at {way}, {query_filter}, {query_nulls}",
        sql='SELECT AVG({query_nulls}) FROM "case" WHERE channel = {way} AND asked < {next_monday} {query_filter}',
    )
    slices = about(way="o'clock")
    assert "channel = 'o''clock' AND asked < DATE '2026-10-19'" in made.query_text(slices, (1, 0))
    assert made.sentence(slices, (1, 0)).startswith("from Monday 12 October to Monday 19 October at o'clock, of all")
    assert WEEK.isoformat() == "2026-10-12"


def test_what_proves_it_is_the_same_for_a_sound_and_a_flawed_claim():
    made, toy = query(), at()
    wrong = [one for name in made.operators for one in made.wrong(toy, about(), name)]
    [proof] = {made.query(toy, about(), one) for one in (*made.sound(toy, about()), *wrong)}
    assert not [name for name in made.known_operators if name in proof], "feedback shows it to learners"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"axes": {"query_filter": AXES["query_filter"][:1], "query_nulls": AXES["query_nulls"]}}, "one way only"),
        ({"operators": ("query_join",)}, "has no axis"),
        ({"says": "the average voucher {query_filter}"}, "'says' has not once the axis"),
        ({"sql": "SELECT AVG(before) {query_filter}"}, "'sql' has not once the axis"),
        ({"axes": {**AXES, "query_filter": [AXES["query_filter"][0], AXES["query_filter"][0] | {"says": "of it"}]}},
         "same 'sql'"),
        ({"axes": {**AXES, "query_filter": [{"says": "of a", "sql": "AND 1"}, {"says": "of b", "sql": "AND 2"}]}},
         "mean the same"),
        ({"axes": {name: [{"says": f"way {n}", "sql": f"{n}", "days": (0, n)} for n in range(3)]
                   for name in QueryTemplate.known_operators[:3]},
          **dict.fromkeys(("says", "sql"), "all {query_join} {query_grain} {query_filter}")},
         "not drawn equally often"),
    ],
)  # fmt: skip
def test_axes_that_do_not_cross_are_refused(more, said):
    with pytest.raises(ValidationError, match=said):
        query(**more)


GOOD = """SELECT SUM(a.net) / COUNT(DISTINCT a."order") FROM a JOIN b USING ("order")
WHERE a.x IN ('u') AND NOT a.y IS NULL"""


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "SELECT CAST(SUM(x) / 1000 AS INTEGER) FROM a",
        "SELECT SUM(x::DOUBLE) FROM a WHERE CAST(d AS DATE) > DATE '2026-01-01' AND y::VARCHAR = '-- no comment'",
        "SELECT SUM(a.x) FROM a LEFT JOIN b ON a.k = b.k AND a.d >= b.d",
        "SELECT 100 * AVG(NULLIF(x, 0)) FROM a WHERE d BETWEEN DATE '2026-01-01' AND DATE '2026-01-02'",
    ],
)
def test_plain_questions_are_let_through(text):
    check_query(text, ["a", "b"], where="test")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT x FROM a",
        "SELECT SUM(x), COUNT(*) FROM a",
        "SELECT SUM(x) FROM c",
        "SELECT SUM(x) FROM main.a",
        "SELECT SUM(x) FROM a, b",
        "SELECT SUM(a.x) FROM a CROSS JOIN b",
        "SELECT SUM(x) FROM a GROUP BY y",
        "SELECT SUM(x) FROM a ORDER BY 1 LIMIT 1",
        "SELECT SUM(x) OVER () FROM a",
        "SELECT SUM(x) FROM (SELECT x FROM a)",
        "SELECT SUM(x) FROM a WHERE x = (SELECT MAX(x) FROM a)",
        "WITH r AS (SELECT 1) SELECT SUM(x) FROM a",
        "SELECT SUM(x) FROM a UNION SELECT SUM(x) FROM b",
        "SELECT SUM(x) FROM a; DROP TABLE a",
        "SELECT SUM(x) FROM generate_series(1, 1000000000) AS a(x)",
        "SELECT SUM(x) FROM range(5) AS a(x)",
        "SELECT SUM(INSTR(REPEAT('x', 1000000000), 'y')) FROM a",
        "SELECT SUM(x) FROM read_csv('/etc/passwd')",
        "SELECT SUM(x) FROM '/etc/passwd'",
        "SELECT SUM(RANDOM()) FROM a",
        "SELECT FIRST(x) FROM a",
        "SELECT STRING_AGG(x) FROM a",
        "SELECT SUM(rowid) FROM a",
        'SELECT SUM(x) FROM a WHERE "RowId" < 5',
        "SELECT SUM(a.x) FROM a POSITIONAL JOIN b",
        "SELECT SUM(a.x) FROM a ASOF JOIN b ON a.d >= b.d",
        "SELECT SUM(a.x) FROM a ASOF JOIN b USING (d)",
        "SELECT SUM(a.x) FROM a NATURAL JOIN b",
        "SELECT SUM(a.x) FROM a JOIN b ON TRUE",
        "SELECT SUM(a.x) FROM a JOIN b ON 1 = 1",
        "SELECT SUM(a.x) FROM a JOIN b ON a.x = a.x",
        "SELECT SUM(a.x) FROM a JOIN b ON a.x = b.x OR TRUE",
        "SELECT SUM(a.x) FROM a JOIN b ON a.x = 5 AND a.k = b.k",
        "SELECT SUM(x) FROM a -- of completed orders",
        "SELECT SUM(x) /* of completed orders */ FROM a",
        "-- first\nSELECT SUM(x) FROM a",
        "SELECT SUM(CAST(x AS INTEGER[])) FROM a",
        "SELECT SUM(CAST(x AS STRUCT(y INTEGER))) FROM a",
        "SELECT MAX(x::JSON) FROM a",
        "SELECT MAX(x::BLOB) FROM a",
        "SELECT SUM(TRY_CAST(x AS INTEGER)) FROM a",
        "SELECT COUNT(x || y) FROM a",
        "SELECT COUNT(CONCAT(x, y)) FROM a",
        "SELECT COUNT(LPAD(x, 1000000000, 'y')) FROM a",
        "SELECT COUNT(REPLACE(x, 'a', 'aaaa')) FROM a",
        "SELECT COUNT(FORMAT('{:>1000000000}', x)) FROM a",
        "COPY a TO 'x'",
        "ATTACH 'x'",
        "INSTALL httpfs",
        "SELECT (((",
    ],
)
def test_anything_but_a_plain_question_is_refused(text):
    with pytest.raises(Refused):
        check_query(text, ["a", "b"], where="test")


def test_every_choice_is_one_of_a_product():
    assert query().choices() == list(product((0, 1), repeat=2))
