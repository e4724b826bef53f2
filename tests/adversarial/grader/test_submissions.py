"""Submissions by accident or by intent broken: no unearned point, a reason that is ours, and the batch goes on.

All go through nbgrader's own autograde on a real course. The learner `trusting` has earned nothing in judgement and
diagnosis; whoever gets a point out of a notebook trick got it unearned.
"""

from __future__ import annotations

import copy
import json
import os

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell

from mondaylab.errors import Refused
from mondaylab.grader.batch import Batch

AUTO = ("judgement", "diagnosis", "evidence", "validator")
WHO = "trusting"


def graded(box, notebook, learner=WHO):
    """Hands in, autogrades, and holds the promises that every submission must keep."""
    box.hand_in(learner, notebook)
    marks = box.autograde(learner)
    assert set(marks) >= set(AUTO)
    for cell in box.autograded(learner).cells:
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade"):
            assert [output.output_type for output in cell.outputs] == ["execute_result"]
    return marks


def unearned(marks):
    return sum(marks[cell].points for cell in AUTO)


def test_forged_outputs_and_metadata(box):
    """Writes full marks into the graded cells' outputs, and more points into their metadata."""
    notebook = box.released()
    for name in AUTO:
        cell = box.cell(notebook, name)
        forged = {"mondaylab": {"grade_id": name, "state": "scored", "points": 40, "max_points": 40, "code": "ok"}}
        cell.outputs = [
            new_output("execute_result", data={"text/plain": "15.0"}, metadata=forged, execution_count=1),
            new_output("stream", name="stderr", text="DeprecationWarning"),
        ]
        cell.metadata.nbgrader.points = 1000
        cell.metadata.nbgrader.checksum = "0" * 32
    marks = graded(box, notebook)
    assert unearned(marks) == 0
    assert marks["judgement"].max_points == 40


@pytest.mark.parametrize("text", ["np.float64(2.5)", "nan", "inf", "-1", "'full'", "False", "1e9", ""])
def test_outputs_that_nbgrader_took_for_full_marks(box, text):
    """Leaves an output in the cell that nbgrader's own determine_grade takes for all points, or crashes on."""
    notebook = box.released()
    for name in AUTO:
        box.cell(notebook, name).outputs = [new_output("execute_result", data={"text/plain": text})]
    assert unearned(graded(box, notebook)) == 0


def test_a_graded_cell_that_prints_its_own_score(box):
    """Writes code into the locked cells; nothing of a submission runs in a kernel."""
    notebook = box.released()
    flag = box.site.var / "ran"
    for name in AUTO:
        box.cell(notebook, name).source = f"open({str(flag)!r}, 'w')\n40.0"
    marks = graded(box, notebook)
    assert unearned(marks) == 0 and not flag.exists()
    assert "locked" in box.cell(box.autograded(WHO), "judgement").outputs[0].data["text/markdown"]


def test_deleted_graded_cells(box):
    """Deletes every cell of ours: nbgrader counts what is not there as it stood before."""
    notebook = box.released()
    notebook.cells = [cell for cell in notebook.cells if "nbgrader" not in cell.metadata]
    marks = graded(box, notebook)
    assert unearned(marks) == 0
    assert marks["evidence"].needs_manual and marks["validator"].needs_manual
    assert box.scores(WHO)["evidence"].code == "missing"
    assert box.scores(WHO)["judgement"].state == "scored", "judgement does not hang on the notebook"
    words = box.autograded(WHO).cells[0].source
    assert "Cell judgement was missing" in words


def test_a_learner_keeps_earned_points_when_graded_cells_are_deleted(box, right_validator):
    notebook = box.answered(validator_answer=right_validator)
    for name in AUTO:
        notebook.cells.remove(box.cell(notebook, name))
    marks = graded(box, notebook, "perfect")
    assert marks["judgement"].points > 37 and marks["validator"].points == 15


def test_an_empty_notebook(box):
    """Hands in nothing at all."""
    notebook = box.released()
    notebook.cells = []
    assert unearned(graded(box, notebook)) == 0


def test_copied_cells(box):
    """Copies graded cells, with their ids: nbgrader fails on duplicates, or takes the last."""
    notebook = box.released()
    for name in (*AUTO, "oversight_check_point"):
        notebook.cells.insert(0, copy.deepcopy(box.cell(notebook, name)))
        notebook.cells.append(copy.deepcopy(box.cell(notebook, name)))
    marks = graded(box, notebook)
    assert unearned(marks) == 0
    ids = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in box.autograded(WHO).cells]
    assert all(ids.count(name) == 1 for name in AUTO)


def test_two_different_answers_wait_for_a_person(box, right_validator):
    """Hands in two different validators, and hopes that the better one counts."""
    notebook = box.answered(validator_answer="def validator(claims, tables):\n    return set()\n")
    other = copy.deepcopy(box.cell(notebook, "validator_answer"))
    other.source = right_validator
    notebook.cells.append(other)
    marks = graded(box, notebook)
    assert marks["validator"].points == 0 and marks["validator"].needs_manual
    assert box.scores(WHO)["validator"].code == "ambiguous"


def test_an_untouched_copy_beside_the_answer_does_no_harm(box, right_validator):
    notebook = box.answered(validator_answer=right_validator)
    notebook.cells.insert(0, copy.deepcopy(box.cell(box.released(), "validator_answer")))
    assert graded(box, notebook)["validator"].points == 15


def test_retyped_cells(box, right_validator):
    """Turns graded code cells into Markdown (ungraded by nbgrader) and the answer into raw text."""
    notebook = box.answered(validator_answer=right_validator)
    for index, cell in enumerate(notebook.cells):
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in AUTO:
            notebook.cells[index] = new_markdown_cell(cell.source, metadata=cell.metadata)
        elif name == "validator_answer":
            notebook.cells[index] = new_raw_cell(cell.source, metadata=cell.metadata)
        elif name == "oversight_check_point":
            notebook.cells[index] = new_code_cell(cell.source, metadata=cell.metadata)
    marks = graded(box, notebook)
    assert unearned(marks) == marks["validator"].points == 15, "the answer is there, so it counts"
    assert marks["oversight_check_point"].points == 0


def test_reordered_cells(box, right_validator):
    """Turns the notebook upside down."""
    notebook = box.answered(validator_answer=right_validator)
    notebook.cells.reverse()
    marks = graded(box, notebook)
    assert unearned(marks) == marks["validator"].points == 15


def test_merged_cells(box, right_validator):
    """Merges the answer into the cell above it, so that its id is gone."""
    notebook = box.answered(validator_answer=right_validator)
    place = notebook.cells.index(box.cell(notebook, "validator_answer"))
    answer = notebook.cells.pop(place)
    notebook.cells.insert(place, new_code_cell("x = 1\n\n" + answer.source))
    assert graded(box, notebook)["validator"].points == 15


def test_swapped_and_foreign_ids(box, right_validator):
    """Gives cells each other's ids, ids of nobody, and ids that are no text."""
    notebook = box.released()
    box.cell(notebook, "judgement").metadata.nbgrader.grade_id = "oversight_check_point"
    box.cell(notebook, "diagnosis").metadata.nbgrader.grade_id = "no_such_cell"
    box.cell(notebook, "evidence").metadata.nbgrader.grade_id = {"a": 1}
    assert unearned(graded(box, notebook)) == 0


@pytest.mark.parametrize(
    "marks", ["text", [], {}, {"grade": True}, {"grade_id": "judgement"}, {"schema_version": 99}, None]
)
def test_damaged_metadata(box, marks):
    """Replaces nbgrader's metadata by something its own code fails on; a newer schema stops nbgrader's whole batch."""
    raw = json.loads(json.dumps(box.released()))
    for cell in raw["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") in AUTO:
            cell["metadata"]["nbgrader"] = marks
    assert unearned(graded(box, json.dumps(raw).encode())) == 0


def test_another_kernelspec(box):
    """Names a kernel of its own, whose command would run on the grader's side."""
    notebook = box.released()
    notebook.metadata.kernelspec = {"name": "evil", "display_name": "Evil", "language": "bash"}
    notebook.metadata.language_info = {"name": "bash"}
    assert unearned(graded(box, notebook)) == 0
    assert box.autograded(WHO).metadata.kernelspec.name == "python3"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not JSON"),
        (b"not json", "not JSON"),
        (b"\x00\x01\x02", "not JSON"),
        (b"\xff\xfe\x00", "not text"),
        (b"[]", "not a notebook"),
        (b'{"cells": 3}', "not a notebook"),
        (b'{"nbformat": 3, "worksheets": 7}', "old format"),
        (b"[" * 200_000, "not JSON"),
    ],
)
def test_files_that_are_no_notebook(box, data, words):
    """Hands in a broken file: the judgement still counts, the rest waits for a person, and nothing crashes."""
    marks = graded(box, data, "perfect")
    assert marks["judgement"].points > 37
    assert marks["evidence"].needs_manual and marks["evidence"].points == 0
    assert box.scores("perfect")["evidence"].code == "unreadable"
    assert words in box.autograded("perfect").cells[0].source


def test_strange_cells(box):
    """Cells that are no cells, sources that cannot be written as UTF-8, NUL bytes."""
    raw = json.loads(json.dumps(box.released()))
    raw["cells"][:0] = [
        None,
        3,
        {},
        {"cell_type": "alien", "source": None, "metadata": None},
        {"cell_type": "code", "source": ["a", 3, "\ud800", "\x00"], "metadata": {}, "outputs": "x"},
    ]
    assert unearned(graded(box, json.dumps(raw).encode())) == 0


def test_a_linked_notebook(box):
    """Hands in a link to a file that only the grader may read, and waits for it to come back with the feedback."""
    secret = next((box.site.keys / box.cohort).glob("*.json"))
    path = box.hand_in(WHO, box.released())
    path.unlink()
    path.symlink_to(secret)
    marks = box.autograde(WHO)
    assert unearned(marks) == 0
    assert _nothing_of(box, secret, box.course.folder / "autograded" / WHO)


def test_linked_files_and_folders_beside_the_notebook(box):
    """nbgrader copies what lies beside a notebook, follows links, and hands the copies back."""
    secret = next((box.site.keys / box.cohort).glob("*.json"))
    path = box.hand_in(WHO, box.released())
    (path.parent / "data.json").symlink_to(secret)
    (path.parent / "more").symlink_to(box.site.keys)
    os.mkfifo(path.parent / "pipe")
    (path.parent / "own.txt").write_text("mine")
    box.autograde(WHO)
    folder = box.course.folder / "autograded" / WHO
    assert _nothing_of(box, secret, folder)
    assert (folder / box.name / "own.txt").read_text() == "mine"
    assert secret.exists()


def test_a_linked_submission_folder(box):
    """Makes the whole submission a link to another learner's, or to the keys."""
    box.hand_in("perfect", box.released())
    folder = box.place(WHO)
    box.hand_in(WHO, box.released())
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    folder.symlink_to(box.place("perfect"))
    marks = box.autograde(WHO)
    assert unearned(marks) == 0
    assert box.scores(WHO)["evidence"].code == "unreadable"
    assert (box.place("perfect") / f"{box.name}.ipynb").is_file()


def _nothing_of(box, secret, folder):
    canaries = [form.key.canary.encode() for form in box.forms.values()]
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not any(canary in data for canary in canaries), path
    return True


CODE = {
    "endless": "def evidence(tables):\n    while True: pass\n",
    "exits": "import sys\nsys.exit()\n",
    "dies": "import os\nos._exit(0)\n",
    "kills": "import os\nos.kill(os.getppid(), 9)\n",
    "prints": "print('10.0')\ndef evidence(tables):\n    return 'x'\n",
    "keys": "import os\ndef evidence(tables):\n    return float(open('{key}').read(1) == '{{')\n",
    "gradebook": """
import sqlite3
def evidence(tables):
    sqlite3.connect('{gradebook}').execute('update grade set auto_score = 10')
    return 1.0
""",
}


@pytest.mark.parametrize("name", list(CODE))
def test_code_that_attacks_the_grader(box, name, right_validator):
    """Attacks from the evidence cell; it earns nothing, says nothing, and the validator beside it still counts."""
    key = next((box.site.keys / box.cohort).glob("*.json"))
    source = CODE[name].replace("{key}", str(key)).replace("{gradebook}", str(box.course.folder / "gradebook.db"))
    marks = graded(box, box.answered(evidence_answer=source, validator_answer=right_validator))
    assert marks["evidence"].points == 0
    assert marks["validator"].points == 15
    score = box.scores(WHO)["evidence"]
    assert score.code in {"timeout", "raised", "not_defined", "died", "wrong_type", "wrong"}
    assert str(key) not in score.markdown() and "Traceback" not in score.markdown()


def test_a_validator_that_flags_everything_or_by_a_coin_earns_nothing(box):
    """Flags all; flags none; flags what looks long."""
    for body in ("{claim['id'] for claim in claims}", "set()", "{'unknown', 'ids'}"):
        source = f"def validator(claims, tables):\n    return {body}\n"
        assert graded(box, box.answered(validator_answer=source))["validator"].points == 0


def test_a_validator_that_hangs_on_some_claims_gains_nothing_by_it(box):
    """Hangs where it is unsure: a time-out is no find."""
    source = "def validator(claims, tables):\n    if len(claims) > 10:\n        while True: pass\n    return set()\n"
    assert graded(box, box.answered(validator_answer=source))["validator"].points == 0


def test_one_bad_submission_does_not_stop_the_rest(box, monkeypatch):
    """A key that anybody could have read stops one learner's grading, not the batch."""
    for learner in ("perfect", "trusting"):
        box.hand_in(learner, box.released())
    path = box.site.keys / box.cohort / f"{box.forms['trusting'].key.form_id}.json"
    path.chmod(0o644)
    try:
        batch = Batch.open(box.site, box.cohort, box.name)
        graded = {learner: batch.grade(learner) for learner in ("trusting", "perfect")}
    finally:
        path.chmod(0o600)
    assert all(score.state == "not graded" for score in graded["trusting"].values())
    assert graded["perfect"]["judgement"].points > 37


def test_a_lost_judgement_store_grades_nothing(own_box):
    """Without the store nobody is given zero for what they said."""
    own_box.hand_in("perfect", own_box.released())
    own_box.store.dispose()
    for path in own_box.site.hub.glob("judgements.sqlite*"):
        path.unlink()
    database = own_box.site.hub / "judgements.sqlite"
    database.write_bytes(b"not a database, and long enough to be looked at as one" * 100)
    with pytest.raises(Refused):
        own_box.autograde("perfect")
