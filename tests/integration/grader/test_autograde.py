"""Autograde through nbgrader itself: what four kinds of learners earn, and what the gradebook says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from uuid import uuid4

import nbformat
import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook

from mondaylab.cli.main import main
from mondaylab.errors import Refused
from mondaylab.forms.cells import declared_cells
from mondaylab.forms.items import ItemStatistics
from mondaylab.grader.autograde.batch import Batch
from mondaylab.grader.cells.prompt_text import prompt_text
from mondaylab.grader.course.course import open_course
from mondaylab.grader.report.item_statistics import statistics_of
from mondaylab.judging.answers import EvidenceEvent
from mondaylab.measures import Aggregate
from mondaylab.measures.catalog import Catalog

PROMPT = (
    'prompt = "Write the margin memo of week 40 for the CFO from the order lines, in at most 150 words. '
    'Say which table each figure comes from; if something is not there, say so."'
)


def _asked(form):
    """Region, category and Monday of a form's evidence question, read as a learner would."""
    inside = {}
    text = form.key.evidence.question
    found = re.search(r"on (.+?) in (\w+) in week \d+ \(from Monday (\d{4}-\d\d-\d\d)\)", text)
    assert found, text
    inside["category"], inside["region"], inside["start"] = found.groups()
    return inside


def test_a_perfect_checker_earns_nearly_all_and_the_validator_all(box, right_validator):
    box.hand_in("perfect", box.answered(validator_answer=right_validator, prompt_answer=PROMPT))
    marks = box.autograde("perfect")
    assert marks["decision"].points == 10
    assert marks["prompt"].points == 5
    assert marks["judgement"].points >= 0.94 * 40
    assert marks["diagnosis"].points == 10
    assert marks["validator"].points == 10
    assert not marks["judgement"].needs_manual


def test_evidence_by_function_earns_all_on_own_and_redrawn_data(box, right_evidence):
    source = right_evidence.format(**_asked(box.forms["careful"]))
    box.hand_in("careful", box.answered(evidence_answer=source + "\nevidence(lab.tables)"))
    assert box.autograde("careful")["evidence"].points == 10


def test_code_in_the_labs_words_earns_all_without_a_table_or_column_of_the_company(box):
    solution: dict = {}
    exec((box.site.lab(box.lab) / "solution.py").read_text("utf-8"), solution)
    evidence = solution["evidence_source"](box.forms["careful"].key.evidence.question)
    box.hand_in("careful", box.answered(evidence_answer=evidence, validator_answer=solution["VALIDATOR"]))
    marks = box.autograde("careful")
    assert marks["evidence"].points == 10
    assert box.scores("careful")["validator"].points == box.scores("careful")["validator"].max_points


def test_evidence_by_built_measure_earns_the_same_and_a_changed_function_wins_over_it(box):
    form = box.forms["flagging"]
    event = EvidenceEvent(event_id=uuid4(), measure=form.key.evidence.measure)
    box.store.record_evidence(form.key.form_id, "flagging", event)
    box.hand_in("flagging", box.released())
    assert box.autograde("flagging")["evidence"].points == 10
    box.hand_in("flagging", box.answered(evidence_answer="def evidence(tables):\n    return 1.5\n"))
    assert box.autograde("flagging")["evidence"].points == 0


def test_a_pasted_number_earns_nothing(box, finance):
    key = box.forms["careful"].key.evidence
    value = Catalog(finance.bindings, finance.tables).evaluate(key.measure) * key.scale
    box.hand_in("careful", box.answered(evidence_answer=f"def evidence(tables):\n    return {value!r}\n"))
    assert box.autograde("careful")["evidence"].points == 0
    assert box.scores("careful")["evidence"].code == "own data only"


def test_constant_answers_earn_nothing(box):
    for learner in ("trusting", "flagging"):
        box.hand_in(learner, box.released())
        marks = box.autograde(learner)
        assert marks["judgement"].points == 0
        assert marks["diagnosis"].points == 0
        assert marks["decision"].points == 0 and not marks["decision"].needs_manual
        assert marks["prompt"].points == 0 and box.scores(learner)["prompt"].code == "unchanged"


def test_the_prompt_to_start_from_is_released_as_its_author_wrote_it(box):
    released, source = box.cell(box.released(), "prompt_answer"), (box.site.lab(box.lab) / "lab.py").read_text("utf-8")
    assert prompt_text(released.source) and released.source in source
    assert not released.metadata.nbgrader.locked and not released.metadata.nbgrader.grade
    assert "raise NotImplementedError" in box.cell(box.released(), "evidence_answer").source


@pytest.mark.parametrize(
    ("source", "points", "code"),
    [
        ('prompt = "Write a memo."\nraise SystemExit', 1.25, "ok"),
        (f"{PROMPT}\nprompt += open('/etc/hostname').read()", 0, "no text"),
        (PROMPT.replace("CFO", "CFO, Mr Becker,"), 0, "private"),
    ],
)
def test_a_prompt_is_read_and_never_run(box, source, points, code):
    box.hand_in("careful", box.answered(prompt_answer=source))
    marks = box.autograde("careful")
    assert (marks["prompt"].points, box.scores("careful")["prompt"].code) == (points, code)


def test_a_prompt_in_the_place_of_its_deleted_cell_counts_and_two_of_them_wait_for_a_person(box):
    notebook = box.answered()
    cell = box.cell(notebook, "prompt_answer")
    cell.source, cell.metadata = PROMPT, {}
    box.hand_in("careful", notebook)
    assert box.autograde("careful")["prompt"].points == 5
    notebook.cells.append(nbformat.v4.new_code_cell('prompt = "Another one."'))
    box.hand_in("careful", notebook)
    assert box.autograde("careful")["prompt"].needs_manual
    assert box.scores("careful")["prompt"].code == "ambiguous"


def test_one_miss_and_one_false_alarm_cost_but_not_everything(box):
    box.hand_in("careful", box.released())
    marks = box.autograde("careful")
    assert 0.35 * 40 <= marks["judgement"].points < 0.9 * 40
    assert 0 < marks["diagnosis"].points < 10
    assert 0 < marks["decision"].points < 10
    assert "1 flawed statement would have gone out" in box.scores("careful")["decision"].details[0]


def test_a_learner_who_judged_nothing_gets_a_reasoned_zero(box):
    box.hand_in("silent", box.released())
    marks = box.autograde("silent")
    assert marks["judgement"].points == 0 and not marks["judgement"].needs_manual
    assert marks["decision"].points == 0 and not marks["decision"].needs_manual
    assert all(box.scores("silent")[cell].code == "unanswered" for cell in ("judgement", "decision"))


def test_a_learner_without_a_form_is_not_graded_and_waits_for_a_person(box):
    with Gradebook(box.database) as gradebook:
        gradebook.update_or_create_student("newcomer")
    box.hand_in("newcomer", box.released())
    marks = box.autograde("newcomer")
    assert all(marks[cell].needs_manual and marks[cell].points == 0 for cell in declared_cells())


@pytest.mark.deep
def test_a_folder_that_was_copied_there_enters_nobody_in_a_shell_either(box):
    """`nbgrader autograde` itself grades who is known, and names who is not."""
    for learner in ("perfect", "copied"):
        box.hand_in(learner, box.released())
    try:
        with pytest.raises(Refused, match="No student with ID 'copied'"):
            box.course.autograde(box.name, "copied")
        command = [
            sys.executable,
            "-m",
            "nbgrader",
            "autograde",
            box.name,
            "--CourseDirectory.student_id=[cp][eo][pr]*",
        ]
        run = subprocess.run(command, cwd=box.course.folder, capture_output=True, text=True, timeout=120, check=False)
    finally:
        shutil.rmtree(box.place("copied").parent)
    assert run.returncode != 0 and "No student with ID 'copied'" in run.stderr
    assert (box.course.folder / "autograded" / "perfect" / box.name).is_dir(), "the others are graded"
    assert not (box.course.folder / "autograded" / "copied" / box.name).exists()
    with Gradebook(box.database) as gradebook:
        assert "copied" not in {student.id for student in gradebook.students}


def test_every_graded_code_cell_ends_with_one_bounded_float_and_words(box):
    box.hand_in("perfect", box.released())
    box.autograde("perfect")
    for cell in box.autograded("perfect").cells:
        if cell.cell_type != "code":
            continue
        if cell.metadata.get("nbgrader", {}).get("grade"):
            (output,) = cell.outputs
            assert output.output_type == "execute_result"
            value = float(output.data["text/plain"])
            assert 0 <= value <= cell.metadata.nbgrader.points and "np." not in output.data["text/plain"]
            assert output.data["text/markdown"]
        else:
            assert cell.outputs == []


def test_scoring_rules_edited_later_do_not_reach_a_running_cohort(box):
    path = box.site.grader / "scoring.yaml"
    before = path.read_text()
    assert "judgement: 40" in before
    path.write_text(before.replace("judgement: 40", "judgement: 50"))
    try:
        box.hand_in("perfect", box.released())
        assert box.autograde("perfect")["judgement"].max_points == 40
    finally:
        path.write_text(before)


def test_points_that_differ_from_those_released_are_refused(box):
    def worth(points: float) -> None:
        """What an instructor does who edits the source notebook and generates the assignment again."""
        path = box.course.folder / "source" / box.name / f"{box.name}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        box.cell(notebook, "judgement").metadata.nbgrader.points = points
        nbformat.write(notebook, path)
        box.course.generate_assignment(box.name)

    box.hand_in("perfect", box.released())
    worth(50)
    try:
        with pytest.raises(Refused, match="judgement is worth 50 in the course and 40"):
            box.autograde("perfect")
    finally:
        worth(40)


def test_the_batch_grades_all_and_a_dry_run_writes_nothing(box, right_validator):
    for learner in ("perfect", "trusting"):
        box.hand_in(learner, box.answered(validator_answer=right_validator))
    box.hand_in("silent", b"not a notebook")
    before = box.marks("trusting")
    batch = Batch.open(box.site, box.cohort, box.name)
    assert {"perfect", "trusting", "silent"} <= set(batch.learners())
    assert batch.score("trusting")["validator"].points == 10
    assert box.marks("trusting") == before
    graded = {done.learner: done.scores for done in batch.run(["perfect", "trusting"], jobs=1)}
    graded["silent"] = batch.grade("silent")
    assert graded["silent"]["evidence"].state == "not graded"
    assert graded["trusting"]["validator"].points == graded["perfect"]["validator"].points == 10


def test_a_manual_score_survives_another_autograde(box):
    box.hand_in("perfect", box.released())
    box.autograde("perfect")
    with Gradebook(box.database) as gradebook:
        grade = gradebook.find_grade("evidence", box.name, box.name, "perfect")
        grade.manual_score = 7
        gradebook.db.commit()
    assert box.autograde("perfect")["evidence"].points == 7


def test_a_built_measure_without_a_number_is_a_reasoned_zero(box):
    form = box.forms["trusting"]
    for how in ("sum", "mean"):
        measure = Aggregate(how=how, entity="order_line", field="region")
        box.store.record_evidence(form.key.form_id, "trusting", EvidenceEvent(event_id=uuid4(), measure=measure))
        box.hand_in("trusting", box.released())
        assert box.autograde("trusting")["evidence"].points == 0
        assert box.scores("trusting")["evidence"].code == "wrong_type"
    box.store.record_evidence(form.key.form_id, "trusting", EvidenceEvent(event_id=uuid4(), measure=None))


def test_the_command_scores_names_what_failed_and_goes_on(box, right_validator):
    box.hand_in("careful", box.answered(validator_answer=right_validator))
    box.hand_in("silent", b"not a notebook")
    environment = {"MONDAYLAB_ROOT": str(box.site.root), "MONDAYLAB_VAR": str(box.site.var)}
    run = CliRunner().invoke(main, ["grade", box.cohort, box.name, "--json"], env=environment)
    assert run.exit_code == 0, run.output
    told = {one["learner"]: one for one in json.loads(run.stdout)["submissions"]}
    assert told["careful"]["state"] == "graded"
    assert told["silent"]["state"] == "needs a person"
    for command in (["grade", "nobody", box.name], ["grade", box.cohort, box.name, "--learner", "nobody"]):
        assert CliRunner().invoke(main, command, env=environment).exit_code == 1


def test_the_config_file_that_courses_load_is_enough(own_box):
    """As the cohort's course does it: grader/nbgrader_config.py, and all else follows from the course folder."""
    config = own_box.course.folder / "nbgrader_config.py"
    shared = own_box.site.grader / "nbgrader_config.py"
    config.write_text(f"c = get_config()\nc.CourseDirectory.course_id = 'co'\nload_subconfig({str(shared)!r})\n")
    own_box.course = open_course(own_box.site, own_box.cohort)
    own_box.hand_in("perfect", own_box.released())
    assert own_box.autograde("perfect")["judgement"].points > 37


def test_the_answers_tell_of_the_items_and_the_next_build_reads_it(box, tmp_path, monkeypatch):
    monkeypatch.setenv("MONDAYLAB_ROOT", str(box.site.root))
    monkeypatch.setenv("MONDAYLAB_VAR", str(box.site.var))
    nobody = CliRunner().invoke(main, ["labs", "items", "nobody", "--json"])
    assert nobody.exit_code == 1 and "no such cohort is applied: nobody" in nobody.stdout
    told = statistics_of(box.site, [(box.cohort, [box.lab])])
    [items] = told.labs
    flawed = [one for one in items.items if not one.item.endswith(("|sound", "|foil"))]
    judged = [name for name in box.forms if name != "silent"]
    assert sum(one.n for one in items.items) == sum(len(box.forms[name].key.claims) for name in judged)
    assert flawed and all(one.discrimination is None for one in items.items), "four learners tell nothing yet"
    (tmp_path / "items.json").write_text(told.canonical())
    assert ItemStatistics.read_json(tmp_path / "items.json") == told
