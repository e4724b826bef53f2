"""A graded cell that another package adds, from scoring.yaml to the feedback page: one module and its entry point."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.support.course import make_template, open_box

from mondaylab.cli.main import main
from mondaylab.errors import Refused
from mondaylab.forms.cells import declared_cells
from mondaylab.forms.scoring import ScoringRules
from mondaylab.grader.cells.registry import graded_cells

PACKAGE = Path(__file__).parents[2] / "packages" / "handover_cell"
TASKS = '# %% task="handover_answer"\nhandover = "Say what you would tell a colleague."\n\n# %% task="handover"\n\n'


def _forget() -> None:
    declared_cells.cache_clear()
    graded_cells.cache_clear()


@pytest.fixture(scope="module")
def installed():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(PACKAGE))
        patch.setenv("PYTHONPATH", str(PACKAGE))
        _forget()
        yield
    _forget()


@pytest.fixture(scope="module")
def course(installed, demo_site, tmp_path_factory):
    folder = tmp_path_factory.mktemp("added")
    make_template(demo_site, folder, edit=_with_the_cell, judged=())
    return open_box(folder)


def _with_the_cell(root: Path) -> None:
    scoring = root / "grader" / "scoring.yaml"
    scoring.write_text(scoring.read_text().replace("      prompt: 5 ", "      handover: 6\n      prompt: 5 ", 1))
    lab = root / "labs" / "finance" / "weekly_margin_memo" / "lab.py"
    source = lab.read_text()
    assert '# %% task="judgement"' in source
    lab.write_text(source.replace('# %% task="judgement"', TASKS + '# %% task="judgement"'))


def test_the_learner_gets_its_answer_cell_as_it_was_written(course):
    cells = {c.metadata.nbgrader.grade_id: c for c in course.released().cells if "nbgrader" in c.metadata}
    assert cells["handover_answer"].source == 'handover = "Say what you would tell a colleague."'
    assert cells["handover"].metadata.nbgrader.points == 6


@pytest.fixture(scope="module")
def told(course):
    note = "The margin of week 40 is wrong, see order lines: please look before you send it on"
    course.hand_in("careful", course.answered(handover_answer=f'handover = "{note}"'))
    course.hand_in("trusting", course.answered())
    course.hand_in("flagging", course.answered(handover_answer="handover = str(3)"))  # the package does not foresee it
    course.store.close(course.cohort, course.lab)
    command = ["grade", course.cohort, course.name, "--feedback", "--json", "--jobs", "1"]
    place = {"MONDAYLAB_ROOT": str(course.site.root), "MONDAYLAB_VAR": str(course.site.var)}
    run = CliRunner().invoke(main, command, env=place)
    assert run.exit_code == 0, run.output
    return json.loads(run.stdout)


def test_it_is_scored_by_the_package(course, told):
    assert course.scores("careful")["handover"].points == 6
    assert course.marks("careful")["handover"].points == 6
    assert course.marks("trusting")["handover"].needs_manual


def test_where_the_package_fails_its_cell_waits_and_the_others_are_scored(course, told):
    flagging = course.scores("flagging")
    assert flagging["handover"].code == "grader" and course.marks("flagging")["handover"].needs_manual
    assert "'handover' of mondaylab.cells raised ValueError (" in flagging["handover"].reason
    assert flagging["decision"].state == "scored"


def test_formgraders_autograde_gives_the_same(course, told):
    before = course.scores("careful")
    course.autograde("careful")
    assert course.scores("careful") == before


def test_feedback_calls_it_by_its_label(course, told):
    page = course.course.folder / "feedback" / "careful" / course.name / f"{course.name}.html"
    assert "The note to a colleague" in page.read_text() and "The note has 17 words." in page.read_text()


def test_without_the_package_the_role_is_refused_by_name(course, monkeypatch):
    monkeypatch.setattr(sys, "path", [one for one in sys.path if one != str(PACKAGE)])
    _forget()
    try:
        with pytest.raises(Refused, match="'handover' is no cell that is graded"):
            ScoringRules.of(course.site).role(course.lab)
    finally:
        monkeypatch.undo()
        _forget()


def test_it_took_one_module_and_an_entry_point():
    written = [path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert {path.name for path in written} == {"handover_cell.py", "METADATA", "entry_points.txt"}
