"""The metrics reproduce figures that others computed from data that others collected, to the digits printed.

How the published figures come about (the authors' analysis/util/helper_eval.py and evaluation.ipynb, and the data's
README) is in the helpers here: who is left out, what a "match" is, which cells. The statistics are the package's.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mondaylab.grader.metrics import (
    Proportion,
    alignment,
    brier,
    expected_calibration_error,
    item_analysis,
    reliance,
    signal_detection,
)

DATA = Path(__file__).resolve().parents[5] / "shared" / "data"
STUDY, LSAT6, SDT = DATA / "human_alignment", DATA / "lsat6", DATA / "sdt"
GROUPS = ("A", "B", "C", "BP")
CALIBRATION = "B_calibration"

here = pytest.mark.skipif(not STUDY.is_dir(), reason=f"the human-alignment study is not at {STUDY}")


def attention_failures(rows: pd.DataFrame) -> set[str]:
    """People with two or more of the three checks (game_id < 0) outside mean +- 1 sd of the stated confidence."""
    checks = rows[rows["game_id"] < 0]
    answers = checks.groupby("game_id")["human_conf"]
    mean, sd = answers.transform("mean"), answers.transform("std")
    failed = (checks["human_conf"] - mean).abs() > sd
    count = failed.groupby(checks["participant_id"]).sum()
    return set(count[count >= 2].index)


@pytest.fixture(scope="module")
def raw() -> dict[str, pd.DataFrame]:
    return {group: pd.read_csv(STUDY / f"group_{group}.csv") for group in (*GROUPS, CALIBRATION)}


@pytest.fixture(scope="module")
def failures(raw) -> dict[str, set[str]]:
    """Pooled over the four groups; the calibration group by itself."""
    pooled = attention_failures(pd.concat([raw[group] for group in GROUPS]))
    return {**dict.fromkeys(GROUPS, pooled), CALIBRATION: attention_failures(raw[CALIBRATION])}


@pytest.fixture(scope="module")
def study(raw, failures) -> dict[str, pd.DataFrame]:
    """The games of those who paid attention, with what the figures are about."""
    return {group: prepared(rows, failures[group]) for group, rows in raw.items()}


def prepared(rows: pd.DataFrame, failed: set[str]) -> pd.DataFrame:
    rows = rows[(rows["game_id"] >= 0) & ~rows["participant_id"].isin(failed)]
    red = rows["true_prob"] > 50
    level = np.minimum(rows["human_conf"] // 25, 3)
    level = level.where(rows["human_conf"] != 50, np.where(rows["initial_decision"] == "Red", 2, 1))
    return rows.assign(
        first_right=(rows["initial_decision"] == "Red") == red,
        final_right=(rows["final_decision"] == "Red") == red,
        ai_right=(rows["AI_conf"] > 50) == red,
        level=level,
        came_red=rows["outcome"] == "Red",
    )


@pytest.fixture(scope="module")
def published() -> dict:
    return json.loads((STUDY / "expected_published.json").read_text())


def ids(name: str) -> set[str]:
    return set(pd.read_csv(STUDY / name)["participant_id"])


@here
def test_attention_exclusions(raw, failures, published):
    assert failures["A"] == ids("expected_filtered_ids.csv")
    assert failures[CALIBRATION] == ids("expected_filtered_ids_cal.csv")
    everyone = pd.concat(raw.values())
    assert (everyone["participant_id"].nunique(), len(everyone)) == (703, 18981)
    failed = everyone[everyone["participant_id"].isin(set.union(*failures.values()))]
    by_group = failed.groupby("level_name")["participant_id"].nunique().to_dict()
    assert by_group == published["from_authors_notebook_analysis/evaluation.ipynb"]["failed_attention"]


@here
@pytest.mark.parametrize("group", [*GROUPS, CALIBRATION])
def test_match_counts_of_every_participant(study, group):
    """A decision "matches" when it is the better one; the authors count final matches by person and first match."""
    rows = study[group]
    expected = pd.read_csv(STUDY / "expected_df_brms_match.csv").set_index(["participant_id", "initial_match"])
    expected = expected[expected["level_name"] == rows["level_name"].iloc[0]]
    found = {}
    for person, own in rows.groupby("participant_id"):
        figures = reliance(own["first_right"], own["ai_right"], own["final_right"])
        for first, share in ((0, figures.gained), (1, figures.kept)):
            if share.n:
                found[(person, first)] = (share.count, share.n)
    wanted = zip(expected["final_matchsum"], expected["final_matchcount"], strict=True)
    assert found == dict(zip(expected.index, wanted, strict=True)) and len(found) > 150


@here
@pytest.mark.parametrize("group", GROUPS)
def test_alignment_and_calibration_error(study, published, group):
    notebook, rows = published["from_authors_notebook_analysis/evaluation.ipynb"], study[group]
    chance = rows["true_prob"] / 100
    found = alignment(rows["level"], rows["AI_conf"], chance)
    assert round(found.eae.value, 5) == notebook["table1"][group]["EAE"]
    assert round(found.mae.value, 2) == notebook["table1"][group]["MAE"]
    cells = rows["level"] * 1000 + rows["AI_conf"]
    error = expected_calibration_error(chance, rows["AI_conf"] / 100, cells)
    assert error.value == pytest.approx(notebook["tableS1_ECE"][group], abs=1e-12)
    for figure in (found.eae, found.mae, error):
        assert figure.low <= figure.value <= figure.high and figure.n == len(rows)


@here
@pytest.mark.parametrize("group", GROUPS)
def test_reliance(study, published, group):
    rows, wanted = study[group], published["computed_by_us_not_published"]["group"][group]
    found = reliance(rows["first_right"], rows["ai_right"], rows["final_right"])
    assert len(rows) == wanted["n"]
    assert printed(found.rair) == (wanted["RAIR"], wanted["n_RAIR"])
    assert printed(found.rsr) == (wanted["RSR"], wanted["n_RSR"])
    assert round(found.over_reliance.value, 4) == wanted["overreliance"]


def printed(share: Proportion) -> tuple[float, int]:
    return round(share.value, 4), share.n


@here
@pytest.mark.parametrize("group", ["A", "B"])
@pytest.mark.parametrize(("name", "column"), [("initial", "human_conf"), ("final", "human_AI_conf"), ("AI", "AI_conf")])
def test_brier(study, published, group, name, column):
    rows, wanted = study[group], published["computed_by_us_not_published"]["group"][group]
    found = brier(rows["came_red"], rows[column] / 100)
    assert round(found.value, 4) == wanted[f"brier_{name}_vs_outcome"] and found.n == wanted["n"]


@pytest.mark.skipif(not LSAT6.is_dir(), reason=f"the LSAT6 table is not at {LSAT6}")
def test_items_of_the_lsat():
    patterns = pd.read_csv(LSAT6 / "lsat6_patterns.csv")
    answers = patterns.drop(columns="count").loc[patterns.index.repeat(patterns["count"])]
    wanted = json.loads((LSAT6 / "expected.json").read_text())["recomputed_by_us"]
    found = item_analysis(answers)
    assert answers.shape == (1000, 5)
    assert [round(item.difficulty.value, 3) for item in found.items] == wanted["p"]
    assert [round(item.rest_correlation.value, 4) for item in found.items] == wanted["point_biserial_excluded"]
    assert round(found.alpha.value, 6) == wanted["KR20"] and found.alpha.n == 1000


@pytest.mark.skipif(not SDT.is_dir(), reason=f"the worked example is not at {SDT}")
def test_d_prime_of_the_worked_examples():
    reference = json.loads((SDT / "reference_values.json").read_text())
    # the ratings run from sure noise to sure signal; the upper half says signal
    noise, signal = reference["nR_S1"], reference["nR_S2"]
    half = len(noise) // 2
    found = rated(sum(signal[half:]), sum(signal[:half]), sum(noise[half:]), sum(noise[:half]))
    assert round(found.d_prime.value, 3) == reference["authors_expect"]["dprime_padded"] == 1.535
    assert round(found.d_prime.value, 7) == reference["recomputed_by_us"]["dprime_loglinear"]
    assert found.criterion.value == pytest.approx(reference["recomputed_by_us"]["criterion_loglinear"], abs=1e-12)

    # the second is without the log-linear correction, which vanishes where the same rates rest on many rows
    other = reference["authors_expect_2"]
    many = [other[name] * 4000 for name in ("hits", "misses", "fas", "crs")]
    found = rated(*many)
    assert round(found.d_prime.value, 3) == other["dprime_raw"]
    assert round(abs(found.criterion.value), 3) == other["abs_criterion"]


def rated(hits: int, misses: int, alarms: int, rejections: int):
    flawed = np.repeat([1, 1, 0, 0], [hits, misses, alarms, rejections])
    return signal_detection(flawed, np.repeat([1, 0, 1, 0], [hits, misses, alarms, rejections]))
