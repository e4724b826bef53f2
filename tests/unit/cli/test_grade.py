"""``mondaylab grade COHORT LAB`` scores, with or without the word run; report and export are its neighbours."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from mondaylab.cli.main import main
from mondaylab.settings import ROOT_VARIABLE, VAR_VARIABLE


@pytest.fixture(autouse=True)
def nowhere(monkeypatch, tmp_path):
    monkeypatch.setenv(ROOT_VARIABLE, str(Path(__file__).resolve().parents[3]))
    monkeypatch.setenv(VAR_VARIABLE, str(tmp_path))


@pytest.mark.parametrize(
    "words",
    [
        ("nobody", "memo"),
        ("run", "nobody", "memo"),
        ("--jobs", "2", "nobody", "memo"),
        ("run", "report", "memo"),
    ],
)
def test_a_cohort_and_a_lab_are_graded(words):
    done = CliRunner().invoke(main, ["grade", *words])
    cohort = "report" if words[1] == "report" else "nobody"
    assert done.exit_code == 1 and f"cohort {cohort} has no course" in done.stderr


@pytest.mark.parametrize("words", [("nobody",), ("run", "nobody"), ("report", "nobody"), ("export", "nobody"), ()])
def test_what_is_missing_is_wrong_usage(words):
    done = CliRunner().invoke(main, ["grade", *words])
    assert done.exit_code == 2 and "Usage: mondaylab" in done.output.replace("Usage: main", "Usage: mondaylab")


def test_help_shows_what_there_is():
    done = CliRunner().invoke(main, ["grade", "--help"])
    assert done.exit_code == 0
    assert all(f"\n  {verb} " in done.output for verb in ("run", "report", "export"))
