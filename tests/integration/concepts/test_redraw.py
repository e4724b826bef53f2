"""Redrawn data: other subjects and magnitudes, same joins; and the trials drawn on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mondaylab.concepts.redraw import SUBJECTS, redraw
from mondaylab.concepts.tables import LabTables
from mondaylab.errors import Refused
from mondaylab.labs.drawing.form import draw_form
from mondaylab.labs.drawing.trials import MUTANTS, validator_trial
from mondaylab.measures.catalog import Catalog


@pytest.fixture(scope="module")
def redrawn(finance):
    return redraw(finance.tables, finance.bindings, seed=7).tables


@pytest.fixture(scope="module")
def key(finance):
    return draw_form(finance, b"s" * 32, cohort="co", learner="lena", attempt=1).key


def test_joins_and_columns_hold(finance, redrawn):
    for name, table in finance.tables.items():
        assert list(redrawn[name].columns) == list(table.columns)
        assert redrawn[name].dtypes.equals(table.dtypes)
    assert redrawn["orders"]["order_id"].is_unique and redrawn["order_lines"]["line_id"].is_unique
    assert set(redrawn["order_lines"]["order_id"]) <= set(redrawn["orders"]["order_id"])
    assert set(redrawn["orders"]["customer_id"]) <= set(redrawn["customers"]["customer_id"])


def test_subjects_are_resampled_under_new_ids(finance, redrawn):
    orders, drawn = finance.tables["orders"], redrawn["orders"]
    assert len(drawn) == SUBJECTS < len(orders)
    assert not set(drawn["order_id"]) & set(orders["order_id"])
    same_rows = drawn.drop(columns="order_id").duplicated().sum()
    assert same_rows > len(drawn) / 10, "some orders must have been drawn twice"


def test_of_a_small_company_more_are_drawn_than_there_are(finance):
    """Otherwise many a slice of it would be empty."""
    few = finance.tables["orders"].head(300)
    tables = {
        name: table[table["order_id"].isin(few["order_id"])] if "order_id" in table.columns else table
        for name, table in finance.tables.items()
    }
    drawn = redraw(tables, finance.bindings, seed=7)
    assert drawn.subjects == 300 and len(drawn.tables["orders"]) == SUBJECTS
    assert drawn.gone == 0 and drawn.repeated == 300 and "others are gone" not in drawn.short()
    assert drawn.tables["order_lines"]["order_id"].nunique() == SUBJECTS


def test_the_source_is_left_alone_and_a_seed_repeats(finance, redrawn):
    before = finance.tables["order_lines"]["net_amount"].sum()
    again = redraw(finance.tables, finance.bindings, seed=7).tables
    assert again["order_lines"].equals(redrawn["order_lines"])
    assert not redraw(finance.tables, finance.bindings, seed=8).tables["order_lines"].equals(redrawn["order_lines"])
    assert finance.tables["order_lines"]["net_amount"].sum() == before


def test_the_evidence_figure_moves(finance, redrawn, key):
    """A pasted number must fail: the asked figure differs on redrawn data by more than its tolerance."""
    measure, scale = key.evidence.measure, key.evidence.scale
    true = finance.catalog.evaluate(measure) * scale
    moved = Catalog(finance.bindings, redrawn).evaluate(measure) * scale
    assert abs(true - moved) > key.evidence.tolerance


def test_a_trial_has_enough_of_both_and_says_nothing(finance, redrawn, key):
    trial = validator_trial(finance, key, redrawn, seed=3)
    assert len(trial.flawed) == MUTANTS and len(trial.claims) == 2 * MUTANTS
    assert len({claim["id"] for claim in trial.claims}) == len(trial.claims)
    catalog_words = {word for claim in trial.claims for word in claim}
    assert catalog_words == {"id", "text", "value", "unit", "region", "week_start"}
    assert set(trial.operators) == trial.flawed


def test_the_worked_validator_is_perfect_on_redrawn_data(finance, redrawn, key):
    source = Path(__file__).resolve().parents[3] / "labs/finance/weekly_margin_memo/solution.py"
    solution: dict = {}
    exec(compile(source.read_text(), str(source), "exec"), solution)
    cell: dict = {"pd": __import__("pandas")}
    exec(solution["VALIDATOR"], cell)
    trial = validator_trial(finance, key, redrawn, seed=3)
    assert cell["validator"](trial.claims, LabTables(redrawn, finance.lab_tables.bindings)) == set(trial.flawed)


def test_the_worked_evidence_is_right_on_redrawn_data(finance, redrawn, key):
    source = Path(__file__).resolve().parents[3] / "labs/finance/weekly_margin_memo/solution.py"
    solution: dict = {}
    exec(compile(source.read_text(), str(source), "exec"), solution)
    cell: dict = {"pd": __import__("pandas")}
    exec(solution["evidence_source"](key.evidence.question), cell)
    for tables in (dict(finance.tables), redrawn):
        true = Catalog(finance.bindings, tables).evaluate(key.evidence.measure) * key.evidence.scale
        assert cell["evidence"](LabTables(tables, finance.lab_tables.bindings)) == pytest.approx(
            true, abs=key.evidence.tolerance
        )


def test_tables_without_a_dated_subject_are_refused(finance):
    with pytest.raises(Refused, match="has a date to redraw by"):
        redraw({"customers": finance.tables["customers"]}, finance.bindings, seed=1)
