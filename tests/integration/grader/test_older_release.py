"""A lab released before there were cells for decision and prompt is graded, and fed back, by the rules it came with."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mondaylab.grader.autograde.batch import Batch

ROOT = Path(__file__).parents[3]
OLD = {"judgement", "diagnosis", "evidence", "validator"}


@pytest.mark.deep
def test_it_is_graded_and_fed_back_as_before(older_box, right_validator):
    # the company has upgraded since: only what the release froze may count
    shutil.copy(ROOT / "grader" / "scoring.yaml", older_box.site.grader / "scoring.yaml")
    older_box.hand_in("careful", older_box.answered(validator_answer=right_validator))
    assert set(Batch.open(older_box.site, older_box.cohort, older_box.name).score("careful")) == OLD
    marks = older_box.autograde("careful")
    assert {name for name in marks if not name.startswith("oversight_")} == OLD
    assert marks["judgement"].points >= 0.35 * 40 and marks["diagnosis"].points > 0 and marks["validator"].points == 10
    older_box.store.close(older_box.cohort, older_box.lab)
    older_box.course.generate_feedback(older_box.name, "careful")
    [page] = (older_box.course.folder / "feedback" / "careful" / older_box.name).glob("*.html")
    text = page.read_text()
    assert "Probabilities after checking" in text
    assert "What you would do with each statement" not in text and "would have cost" not in text
