"""Every wrong measure of an evidence figure fails on a redrawn dataset, and whoever computes it is told which it is."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from tests.support.sampled import sampled

from mondaylab.concepts.redraw import SUBJECTS, redraw
from mondaylab.errors import Refused
from mondaylab.forms.keys import EvidenceKey
from mondaylab.forms.scoring import ScoringRules
from mondaylab.grader.cells.dataset import Dataset
from mondaylab.grader.cells.evidence import score_evidence
from mondaylab.grader.cells.replay import Replay
from mondaylab.grader.handed_in.answer import CellAnswer
from mondaylab.grader.sandbox.sandbox import Limits, Sandbox
from mondaylab.grader.scorer import MaterialData
from mondaylab.labs.drawing.drawer import Drawer
from mondaylab.labs.drawing.evidence import draw_evidence
from mondaylab.labs.drawing.form import draw_form
from mondaylab.labs.drawing.rivals import Rival, rivals
from mondaylab.labs.drawing.separation import DEALT, agrees, separate, value_of
from mondaylab.labs.gates.evidence import REDRAWS as GATED
from mondaylab.labs.material import Material
from mondaylab.measures import Aggregate, Scaled
from mondaylab.measures.rewrite import leaves

LABS = ("finance/weekly_margin_memo", "support/refund_reply", "people/screening_summary")
REDRAWS = 3


@pytest.fixture(scope="module")
def replays(demo_site):
    """Lab and quarter -> its material and a replay of it, made once."""
    made = {}

    def replay(lab: str, quarter: str = "2026Q4") -> tuple[Material, Replay]:
        if (lab, quarter) not in made:
            material = Material.open(demo_site, lab, company="demo", quarter=quarter)
            made[lab, quarter] = material, Replay(MaterialData(material), b"s" * 32, lab)
        return made[lab, quarter]

    return replay


def figures(material: Material, count: int) -> list[EvidenceKey]:
    """Evidence figures of as many forms, drawn as forms draw them."""
    writer = material.writer()
    return [draw_evidence(material, Drawer(writer, random.Random(number)))[0] for number in range(count)]


def told_apart(key: EvidenceKey, rival: Rival, datasets) -> int:
    """On how many datasets the rival is wrong, worked out without the separation's own choice."""
    wrong = 0
    for dataset in datasets:
        right, value = value_of(key, key.measure, dataset), value_of(key, rival.measure, dataset)
        wrong += value is None or abs(value - right) > key.tolerance
    return wrong


def check_all(material: Material, replay: Replay, count: int) -> Counter:
    seen: Counter = Counter()
    for key in figures(material, count):
        separation = replay.separation(key, REDRAWS)
        assert not separation.pasted
        assert REDRAWS < len(separation.datasets) <= 1 + REDRAWS + DEALT
        for rival in separation.rivals:
            assert told_apart(key, rival, separation.datasets[1:]), (key.question, rival)
            seen[rival.operator] += 1
    return seen


@pytest.mark.parametrize("lab", sampled(LABS, 3))
def test_every_wrong_measure_fails_on_a_redraw(replays, lab):
    seen = check_all(*replays(lab), 40)
    assert {"wrong_filter", "wrong_scale", "inverted_condition"} <= set(seen)
    if lab == LABS[0]:
        assert {"wrong_period", "wrong_denominator"} <= set(seen)


@pytest.mark.deep
@pytest.mark.parametrize("quarter", ["2026Q3", "2026Q4"])
@pytest.mark.parametrize("lab", LABS)
def test_every_wrong_measure_fails_on_a_redraw_of_hundreds_of_forms(replays, lab, quarter):
    check_all(*replays(lab, quarter), 600)


def test_the_usual_redraws_alone_would_let_one_pass(replays):
    """Where no cancelled order happens to lie in the slice, to count them in changes nothing; dealt anew, it does."""
    material, replay = replays(LABS[0])
    usual = [replay.dataset(number) for number in range(1, REDRAWS + 1)]
    missed = 0
    for key in figures(material, 40):
        separation = replay.separation(key, REDRAWS)
        lucky = [one for one in separation.rivals if not told_apart(key, one, usual)]
        added = [one for one in separation.datasets[1:] if one not in usual]
        assert bool(lucky) == bool(added)
        assert len(separation.datasets) == 1 + REDRAWS, "others make way for them"
        assert all(told_apart(key, one, separation.datasets) for one in lucky)
        missed += bool(lucky)
    assert missed, "the premise: luck is not enough"


def test_figures_are_worked_out_once(replays):
    material, replay = replays(LABS[0])
    key = figures(material, 1)[0]
    assert replay.separation(key, REDRAWS) is replay.separation(key.model_copy(), REDRAWS)


def test_what_is_the_same_by_construction_is_refused_by_its_operators_name(replays):
    """Twice the half of a figure is the figure, on any data."""
    material, replay = replays(LABS[2])
    key = figures(material, 1)[0]
    same = Rival("wrong_scale", "is the same", Scaled(of=Scaled(of=key.measure, factor=0.5), factor=2.0))
    drawn = []

    def draw(number: int, *, dealt: bool = False) -> Dataset:
        drawn.append((number, dealt))
        return replay.dataset(number, dealt=dealt)

    with pytest.raises(Refused) as refused:
        separate(key, (same,), draw, REDRAWS)
    assert "wrong_scale" in str(refused.value.where)
    assert "wrong_scale" not in refused.value.what, "that is shown to the learner"
    assert len(drawn) == 1 + REDRAWS + DEALT


def test_a_figure_without_a_value_on_a_redraw_is_replayed_on_others(replays):
    """A share of a group that a redraw happens to leave out."""
    material, replay = replays(LABS[0])
    key = figures(material, 1)[0]
    empty = Dataset({n: t.iloc[:0] for n, t in material.tables.items()}, material.bindings, (), "nothing")

    def draw(number: int, *, dealt: bool = False) -> Dataset:
        return empty if number == 2 and not dealt else replay.dataset(number, dealt=dealt)

    separation = separate(key, (), draw, REDRAWS)
    assert empty not in separation.datasets and len(separation.datasets) == 1 + REDRAWS
    with pytest.raises(Refused, match="no value on most"):
        separate(key, (), lambda number, dealt=False: empty if number else replay.dataset(0), REDRAWS)


def test_to_count_rows_for_people_shows_where_everybody_came_once(finance):
    """On own data each customer of a slice may have one order: count and count of different ones agree; redrawn not."""
    lines = Aggregate(how="distinct", entity="order", field="customer")
    orders = Aggregate(how="count", entity="order")
    tables = dict(finance.tables)
    once = tables["orders"].drop_duplicates("customer_id")
    tables["orders"] = once
    tables = {n: t[t["order_id"].isin(once["order_id"])] if "order_id" in t.columns else t for n, t in tables.items()}
    drawn = redraw(tables, finance.bindings, 5)
    own, new = (Dataset(t, finance.bindings, finance.declaration.entities, "") for t in (tables, drawn.tables))
    assert own.catalog.evaluate(lines) == own.catalog.evaluate(orders) == len(once)
    assert new.catalog.evaluate(orders) == SUBJECTS > new.catalog.evaluate(lines)
    assert drawn.repeated > 0 and drawn.gone + new.catalog.evaluate(lines) == len(once)


def test_dealing_keeps_what_there_is_and_every_join(finance, monkeypatch):
    subjects = len(finance.tables["orders"])
    monkeypatch.setattr("mondaylab.concepts.redraw.SUBJECTS", subjects)  # both are of the same size then
    plain, dealt = (redraw(finance.tables, finance.bindings, 5, deal=deal) for deal in (False, True))
    one, other = plain.tables["orders"], dealt.tables["orders"]
    assert one["status"].value_counts().equals(other["status"].value_counts())
    assert not one["status"].equals(other["status"])
    pairs = [frame.groupby(["status", "channel"]).size() for frame in (one, other)]
    assert pairs[0].equals(pairs[1]), "each order's set is dealt as a whole"
    for column in ("order_id", "customer_id", "order_date"):
        assert one[column].equals(other[column])
    assert plain.tables["order_lines"].equals(dealt.tables["order_lines"])
    assert "status" in dealt.words() and "dealt out anew" in dealt.words()
    assert "dealt" not in plain.words() and "orders drawn anew" in plain.words()
    assert "amounts moved by about 15 %" in plain.words()


def scores(material: Material, replay: Replay, key: EvidenceKey, measure, sandbox):
    """A rival as a built measure; what the builder scales by itself is left to it."""
    if isinstance(measure, Scaled):
        measure = measure.model_copy(update={"factor": measure.factor * key.scale})
    answer = CellAnswer("unchanged")
    return score_evidence(key, answer, measure, replay, sandbox, max_points=15, redraws=REDRAWS)


@pytest.mark.parametrize("lab", LABS)
def test_a_wrong_measure_built_earns_less_and_gets_its_name(replays, lab):
    material, replay = replays(lab)
    sandbox = Sandbox(Limits())  # never started: a built measure runs no code
    key = figures(material, 3)[2]
    separation = replay.separation(key, REDRAWS)
    assert {one.operator for one in separation.rivals} >= {"wrong_filter", "inverted_condition"}
    for rival in separation.rivals:
        score = scores(material, replay, key, rival.measure, sandbox)
        assert score.points < 15, rival
        said = " ".join(score.details)
        assert rival.words in said, (rival, said)
        assert f"on all {len(separation.datasets)} datasets" in said
        assert rival.operator not in score.canonical()
    right = scores(material, replay, key, key.measure, sandbox)
    assert right.points == 15 and not any("Your figure" in line for line in right.details)


def test_each_dataset_is_told_with_what_was_changed_and_no_value(replays):
    material, replay = replays(LABS[0])
    key = figures(material, 1)[0]
    separation = replay.separation(key, REDRAWS)
    wrong = next(one for one in separation.rivals if "the week before" in one.words)
    score = scores(material, replay, key, wrong.measure, Sandbox(Limits()))
    table = score.tables[0]
    assert [row[0].lower() for row in table.rows] == [one.words.lower() for one in separation.datasets]
    assert "without" not in score.details[-1]
    assert "Your figure is that of another week: the week before." in score.details[-1]
    for value in separation.expected:
        assert f"{value:.1f}" not in score.canonical() and repr(value) not in score.canonical()


def forgets_status_by_luck(key: EvidenceKey, replay: Replay) -> bool:
    """Whether all lines of the asked slice are completed ones, until statuses are dealt out anew."""
    forgetful = [one for one in replay.separation(key, REDRAWS).rivals if "condition on status" in one.words]
    usual = [replay.dataset(number) for number in range(REDRAWS + 1)]
    return any(not told_apart(key, one, usual) for one in forgetful)


def test_a_wrong_function_is_named_as_well_and_nothing_of_it_is_quoted(replays):
    """Forgets the condition on status where the slice holds no other: only a dataset dealt anew tells."""
    material, replay = replays(LABS[0])
    key = next(one for one in figures(material, 200) if forgets_status_by_luck(one, replay))
    part = next(leaves(key.measure))
    region, category = part.where["region"][0], part.where["category"][0]
    source = f"""
def evidence(tables):
    secret_word = "xyzzy"
    lines = tables.concept("order_line")
    lines = lines[(lines["region"] == {region!r}) & (lines["category"] == {category!r})]
    lines = lines[lines["week_start"] == pd.Timestamp({part.period.start.isoformat()!r})]
    if {{forget}} is False:
        lines = lines[lines["status"] == "completed"]
    return 100 * (1 - lines["cost"].sum() / lines["net"].sum())
"""
    with Sandbox(Limits(seconds=20)) as sandbox:
        both = [
            score_evidence(
                key, CellAnswer("ok", source.replace("{forget}", word)), None, replay, sandbox, max_points=15, redraws=3
            )
            for word in ("True", "False")
        ]
    assert both[1].points == 15
    assert both[0].code == "partly" and both[0].points < 15
    broken = next(line for line in both[0].details if line.startswith("Right on your data, wrong where"))
    assert "status" in broken and "dealt out anew" in broken and "twice" not in broken
    assert not any("wrong where" in line for line in both[1].details)
    assert "without the condition on status" in both[0].details[-1]
    assert "xyzzy" not in both[0].canonical()


def test_agreement_is_within_half_a_displayed_step_and_nothing_else():
    assert agrees(10.05, 10.0, 0.05) and not agrees(10.06, 10.0, 0.05)
    assert not agrees(float("nan"), 10.0, 1.0) and not agrees(float("inf"), 10.0, 1.0)


def test_rivals_of_another_figure_than_the_labs_are_none(finance):
    key = draw_form(finance, b"s" * 32, cohort="co", learner="lena", attempt=1).key.evidence
    assert rivals(finance, key, finance.catalog)
    other = key.model_copy(update={"measure": Scaled(of=key.measure, factor=1.0)})
    assert rivals(finance, other, finance.catalog) == ()


def test_the_gate_promises_no_more_than_grading_does(demo_site):
    """On more redraws more is told apart, never less; on fewer a lab that passed its gate might be refused."""
    assert ScoringRules.of(demo_site).evidence.redraws >= GATED
