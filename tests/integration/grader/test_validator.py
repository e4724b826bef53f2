"""The validator's score: J with its interval, a table of the kinds it is blind to, and no point for anything else."""

from __future__ import annotations

import pytest

from mondaylab.forms.scoring import ValidatorRules
from mondaylab.grader.cells.replay import Replay
from mondaylab.grader.cells.validator import AT_HOME, REDRAWN, WORDS, score_validator
from mondaylab.grader.handed_in.answer import CellAnswer
from mondaylab.grader.metrics import youden
from mondaylab.grader.sandbox.sandbox import Limits, Sandbox
from mondaylab.grader.scorer import MaterialData
from mondaylab.labs.drawing.form import draw_form

RULES = ValidatorRules(mutants=40, twins=40)


@pytest.fixture(scope="module")
def key(finance):
    return draw_form(finance, b"s" * 32, cohort="co", learner="lena", attempt=1).key


@pytest.fixture(scope="module")
def replay(finance):
    return Replay(MaterialData(finance), b"s" * 32, finance.name)


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(Limits(seconds=20)) as made:
        yield made


@pytest.fixture(scope="module")
def score(key, replay, sandbox):
    def scored(source: str):
        return score_validator(key, CellAnswer("ok", source), replay, sandbox, max_points=15, rules=RULES)

    return scored


def test_a_perfect_checker_has_a_j_of_one_and_room_for_doubt(score, right_validator):
    found = score(right_validator)
    assert found.points == 15
    told = next(line for line in found.details if "Youden" in line)
    low = youden(40, 40, 0, 40).low
    assert f"1.00, 95 % interval {low:.2f} to 1.00" in told
    rows = found.tables[0].rows
    assert sum(row[2] for row in rows[:-1]) == 40 and all(row[1] == row[2] for row in rows[:-1])
    assert rows[-1] == ("Sound", 0, 40)


def test_the_table_tells_which_kind_it_is_blind_to(score, right_validator, finance):
    """Passes a margin of any week of the region, so another week's passes too."""
    blind = right_validator.replace(
        "        if abs(",
        """        rows = lines[lines["region"] == claim["region"]]
        sums = rows.groupby(rows["day"].dt.to_period("W"))[["cost_amount", "net_amount"]].sum()
        every = 100 * (1 - sums["cost_amount"] / sums["net_amount"])
        margin = min(every, key=lambda one: abs(one - claim["value"]))
        if abs(""",
    )
    found = score(blind)
    assert 0 < found.points < 15
    rows = {row[0]: row[1:] for row in found.tables[0].rows}
    week, filtered = (f"Wrong, {finance.flaws.told(operator)}" for operator in ("wrong_period", "wrong_filter"))
    assert set(rows) == {week, filtered, "Sound"} and week.startswith("Wrong, scope or period: ")
    assert rows[week][0] == 0 < rows[week][1], "an operator's own row, though both are of one kind"
    assert rows[filtered][0] > 0.6 * rows[filtered][1]
    hits, wrong = (sum(row[number] for name, row in rows.items() if name != "Sound") for number in (0, 1))
    assert f"Wrong claims flagged: {hits} of {wrong}." in found.details
    j = youden(hits, wrong, *rows["Sound"])
    assert found.points == pytest.approx(15 * j.value, abs=0.01)
    assert any(f"{j.value:.2f}, 95 % interval {j.low:.2f} to {j.high:.2f}" in line for line in found.details)
    assert not any(operator in found.canonical() for operator in finance.flaws.operators if "_" in operator)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("raise ValueError('sly words')", "raised"),
        ("return 7", "wrong_type"),
        ("return [['a']]", "wrong_type"),
        ("return None", "wrong_type"),
        ("import os; os._exit(0)", "died"),
    ],
)
def test_one_that_fails_on_plain_claims_about_own_data_is_told_so_and_earns_nothing(score, body, code):
    found = score(f"def validator(claims, tables):\n    {body}\n")
    assert (found.points, found.state, found.code) == (0, "scored", code)
    assert found.reason == f"{WORDS[code]} {AT_HOME}"
    assert not found.tables and "sly" not in found.canonical()


@pytest.mark.parametrize(("source", "code"), [("def validator(", "syntax"), ("x = 1", "not_defined")])
def test_what_runs_nowhere_is_not_said_to_have_been_tried(score, source, code):
    found = score(source)
    assert (found.points, found.code, found.reason) == (0, code, WORDS[code])


def test_one_that_fails_on_redrawn_data_only_flags_nothing_there(score, replay):
    """Runs on the lab's own orders, whose ids it knows, and on no others."""
    known = replay.dataset(0).tables["orders"]["order_id"].iloc[0]
    source = (
        "def validator(claims, tables):\n"
        f"    assert {known!r} in set(tables['orders']['order_id'])\n"
        "    return {claim['id'] for claim in claims}\n"
    )
    found = score(source)
    assert (found.points, found.code) == (0, "raised")
    assert found.reason == f"{WORDS['raised']} {REDRAWN}"


def test_one_that_knows_claims_by_heart_earns_nothing(score, replay, key):
    """Learns texts, values and ids of the lab's own claims with their truth, as a leaked key would hold them."""
    trial = replay.trial(key, 0)
    wrong = [claim for claim in trial.claims if claim["id"] in trial.flawed]
    ids, texts = ({claim[part] for claim in wrong} for part in ("id", "text"))
    for known, part in ((ids, "id"), (texts, "text")):
        flags = f"{{c['id'] for c in claims if c[{part!r}] in KNOWN}}"
        source = f"KNOWN = {known!r}\ndef validator(claims, tables):\n    return {flags}\n"
        at_home = {claim["id"] for claim in trial.claims if claim[part] in known}
        assert at_home == trial.flawed, "the premise: at home it is perfect"
        assert score(source).points == 0


def test_a_time_out_is_no_find(key, replay):
    """Hangs on what it holds for wrong, and says nothing of the rest."""
    source = "def validator(claims, tables):\n    if len(claims) > 4:\n        while True: pass\n    return set()\n"
    with Sandbox(Limits(seconds=1)) as sandbox:
        found = score_validator(key, CellAnswer("ok", source), replay, sandbox, max_points=15, rules=RULES)
    assert found.points == 0
