"""`mondaylab grade` beside nbgrader's own autograde with our plug-ins: the same rows and files; killed, it goes on."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import psutil
import pytest
from click.testing import CliRunner
from nbgrader.api import Assignment, Grade, Gradebook, Student, SubmittedAssignment

from mondaylab.cli.main import main
from mondaylab.errors import Refused
from mondaylab.grader.autograde.batch import Batch
from mondaylab.grader.autograde.grading import Place
from mondaylab.grader.course.cohort_lab import CohortLab
from mondaylab.grader.course.course import open_course
from mondaylab.grader.handed_in.submission import Submission
from mondaylab.judging.answers import EvidenceEvent

ASKED = (
    'prompt = "Write the margin memo of week 40 for the CFO in at most 90 words; say which table figures come from."'
)
PRIVATE = 'prompt = "Write to tom@example.com."'
CONSTANT = "def evidence(tables):\n    return 1.5\n"
RULE = "def validator(claims, tables):\n    return {claim['id'] for claim in claims if claim['value'] > 40}\n"


@pytest.fixture
def fresh(template, tmp_path, request):
    """Makes a course of its own, as many as a test asks for."""
    copied = request.getfixturevalue("copy_course")
    return lambda name: copied(template, tmp_path / name)


def rows(box):
    """All that a person or nbgrader sees of the gradebook, without its random ids."""
    with Gradebook(box.database) as gradebook:
        db = gradebook.db
        told = {"students": sorted(student.id for student in db.query(Student))}
        for one in db.query(SubmittedAssignment):
            (notebook,) = one.notebooks
            told[one.student.id] = {
                "times": (one.timestamp, one.extension, one.total_seconds_late),
                "scores": (one.score, notebook.late_submission_penalty, notebook.flagged, one.needs_manual_grade),
                "grades": {
                    grade.name: (grade.auto_score, grade.manual_score, grade.extra_credit, grade.needs_manual_grade)
                    for grade in notebook.grades
                },
                "comments": {
                    comment.name: (comment.auto_comment, comment.manual_comment) for comment in notebook.comments
                },
            }
        return told


def files(box, folder="autograded"):
    """Path -> (permissions, content) of everything there, hidden files too."""
    place = box.course.folder / folder
    return {
        str(path.relative_to(place)): (path.stat().st_mode, path.read_bytes() if path.is_file() else b"")
        for path in sorted(place.rglob("*"))
    }


def varied(box, right_validator):
    """Hands in one submission of each sort, in a course with a date and a penalty."""
    config = box.course.folder / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    box.course = open_course(box.site, box.cohort)
    with Gradebook(box.database) as gradebook:
        gradebook.db.query(Assignment).one().duedate = datetime(2026, 11, 1, 12)
        gradebook.db.commit()
    good = box.hand_in(
        "perfect", box.answered(validator_answer=right_validator, evidence_answer=CONSTANT, prompt_answer=ASKED)
    )
    (good.parent / "more").mkdir()
    (good.parent / "more" / "notes.txt").write_text("mine")
    (good.parent / "link").symlink_to(box.site.keys)
    (good.parent / "timestamp.txt").write_text("2026-10-31 12:00:00.000000 UTC")
    looked = {"evidence_answer": CONSTANT, "oversight_check_point": "I would look.", "prompt_answer": PRIVATE}
    late = box.hand_in("careful", box.answered(**looked))
    (late.parent / "timestamp.txt").write_text("2026-11-02 12:00:00.000000 UTC")
    (late.parent / "other.ipynb").write_text("{}")
    cut = box.answered(validator_answer="def validator(claims, tables):\n    return 1\n")
    for name in ("judgement", "evidence"):
        cut.cells.remove(box.cell(cut, name))
    cut.cells.reverse()
    box.hand_in("trusting", cut)
    box.hand_in("flagging", b"not a notebook")
    box.hand_in(
        "silent", box.answered(oversight_check_point="Somewhere.", evidence_answer="1 +", prompt_answer="prompt = (")
    )
    with Gradebook(box.database) as gradebook:  # of the cohort, and without a form
        gradebook.update_or_create_student("stranger")
    box.hand_in("stranger", box.released())


def again(box):
    """What happens between two gradings: points and words by hand, an extension, answers changed."""
    with Gradebook(box.database) as gradebook:
        for cell, points in (("evidence", 7), ("oversight_check_point", 3)):
            gradebook.find_grade(cell, box.name, box.name, "perfect").manual_score = points
        gradebook.find_grade("judgement", box.name, box.name, "perfect").extra_credit = 2
        gradebook.find_comment("oversight_check_point", box.name, box.name, "perfect").manual_comment = "Well seen."
        gradebook.find_submission_notebook(box.name, box.name, "perfect").flagged = True
        gradebook.db.commit()
        gradebook.grant_extension(box.name, "careful", days=2)
    for learner, changed in (
        ("perfect", {"evidence_answer": "1 +", "prompt_answer": PRIVATE}),
        ("flagging", {}),
        ("careful", {}),
    ):
        path = box.place(learner) / f"{box.name}.ipynb"
        path.write_text(json.dumps(box.answered(**changed)))


@pytest.mark.deep
def test_both_ways_leave_the_same_rows_and_files(fresh, right_validator):
    by_nbgrader, by_us = fresh("nbgrader"), fresh("us")
    for box in (by_nbgrader, by_us):
        varied(box, right_validator)
    everybody = Batch.open(by_us.site, by_us.cohort, by_us.name).learners()
    assert len(everybody) == 6
    for turn in ("first", "second"):
        for learner in everybody:
            by_nbgrader.autograde(learner)
        done = {one.learner: one for one in Batch.open(by_us.site, by_us.cohort, by_us.name).run(everybody, jobs=2)}
        assert rows(by_us) == rows(by_nbgrader), turn
        assert files(by_us) == files(by_nbgrader), turn
        assert done["perfect"].state == "graded" and done["flagging"].error is None
        asked = {one: done[one].scores["prompt"].code for one in everybody}
        assert asked["perfect"] == ("ok" if turn == "first" else "private") and asked["flagging"] != "ok"
        assert done["perfect"].scores["decision"].points == 10 and done["stranger"].scores["decision"].code == "no form"
        for box in (by_nbgrader, by_us):
            again(box)
    told = rows(by_us)
    assert told["perfect"]["grades"]["evidence"][:2] == (0.0, 7.0), "the second grading has seen the first one's marks"
    assert told["careful"]["scores"][1] is None, "and the extension has lifted the penalty"


@pytest.mark.deep
def test_feedback_is_the_page_of_generate_feedback(fresh, right_validator):
    box = fresh("feedback")
    varied(box, right_validator)
    batch = Batch.open(box.site, box.cohort, box.name)
    with pytest.raises(Refused, match="still open"):
        list(batch.feedback(["perfect"]))
    graded = [one.learner for one in batch.run(batch.learners(), jobs=2)]
    again(box)
    box.store.close(box.cohort, box.lab)
    told = dict(batch.feedback([*graded, "nobody"], jobs=2))
    assert {learner for learner, error in told.items() if error} == {"stranger", "nobody"}
    mine = files(box, "feedback")
    for learner in set(graded) - {"stranger"}:
        box.course.generate_feedback(box.name, learner)
    assert files(box, "feedback") == mine
    assert b"Well seen." in mine[f"perfect/{box.name}/{box.name}.html"][1]


@pytest.mark.deep
def test_what_has_not_changed_is_not_graded_again(fresh, monkeypatch):
    box = fresh("again")
    everybody = ["careful", "perfect", "silent", "trusting"]
    for learner in everybody:
        box.hand_in(learner, box.answered(evidence_answer=CONSTANT))

    def states(**options):
        done = Batch.open(box.site, box.cohort, box.name).run(everybody, jobs=1, **options)
        return {one.learner: one.state for one in done}

    def only(learner, **options):
        told = states(**options)
        assert told == dict.fromkeys(everybody, "unchanged") | {learner: "graded"}

    assert set(states().values()) == {"graded"}
    before = rows(box), files(box)
    assert set(states().values()) == {"unchanged"}
    assert (rows(box), files(box)) == before
    box.autograde("perfect")
    assert set(states().values()) == {"unchanged"}, "formgrader's Autograde leaves the very same"
    (box.place("careful") / f"{box.name}.ipynb").write_text(json.dumps(box.released()))
    only("careful")
    (box.place("silent") / "notes.txt").write_text("new")
    only("silent")
    form = box.forms["trusting"].key
    box.store.record_evidence(form.form_id, "trusting", EvidenceEvent(event_id=uuid4(), measure=form.evidence.measure))
    only("trusting")
    shutil.rmtree(box.course.folder / "autograded" / "perfect")
    only("perfect")
    with Gradebook(box.database) as gradebook:
        gradebook.remove_submission(box.name, "careful")
    only("careful")
    monkeypatch.setattr("mondaylab.grader.autograde.grading.SCORING", 99)
    assert set(states().values()) == {"graded"}
    assert set(states(force=True).values()) == {"graded"}


def test_every_failure_has_its_cause_and_the_others_go_on(fresh, monkeypatch):
    box = fresh("failures")
    for learner in ("perfect", "careful", "silent", "trusting"):
        box.hand_in(learner, box.released())
    (box.place("careful") / f"{box.name}.ipynb").unlink()
    (box.place("silent") / "timestamp.txt").write_text("yesterday or so")
    real = Submission.answer

    def breaks(self, *told, **how):
        if len(self.cells) == 1:
            raise ZeroDivisionError("a bug of ours")
        return real(self, *told, **how)

    monkeypatch.setattr(Submission, "answer", breaks)
    one_cell = box.released()
    one_cell.cells = one_cell.cells[:1]
    box.hand_in("trusting", one_cell)
    environment = {"MONDAYLAB_ROOT": str(box.site.root), "MONDAYLAB_VAR": str(box.site.var)}
    run = CliRunner().invoke(main, ["grade", box.cohort, box.name, "--jobs", "1", "--json"], env=environment)
    assert run.exit_code == 1, "something failed"
    told = {one["learner"]: one for one in json.loads(run.stdout)["submissions"]}
    assert told["perfect"]["state"] == "graded"
    assert f"holds no {box.name}.ipynb" in told["careful"]["error"]["what"]
    assert "holds no time" in told["silent"]["error"]["what"] and "timestamp.txt" in told["silent"]["error"]["where"]
    assert told["trusting"]["error"]["what"] == "ZeroDivisionError: a bug of ours"
    assert set(rows(box)) == {"students", "perfect"}
    assert "4/4 graded, 3 failed, in" in run.stderr


def test_two_runs_at_a_time_are_refused_and_any_executor_will_do(fresh, monkeypatch):
    box = fresh("two")
    monkeypatch.setattr("mondaylab.grader.autograde.batch._LOCK_SECONDS", 0.2)
    for learner in ("perfect", "careful"):
        box.hand_in(learner, box.released())
    with ThreadPoolExecutor(1) as executor:
        running = Batch.open(box.site, box.cohort, box.name).run(["perfect", "careful"], executor=executor)
        first = next(running)
        with pytest.raises(Refused, match="another run"):
            next(Batch.open(box.site, box.cohort, box.name).run(["perfect"]))
        assert {first.learner, *(one.learner for one in running)} == {"perfect", "careful"}
        assert executor.submit(int, "1").result() == 1, "it stays its owner's"


def grader_of(place):
    """Whether the place that came had a grader already; which process and which grader."""
    had = "grader" in vars(place)
    return had, os.getpid(), id(place.grader)


def test_a_run_owns_what_it_opened_and_another_process_opens_its_own(fresh):
    box = fresh("owned")
    one, other = (Place(CohortLab(box.site, box.cohort, box.lab), run) for run in ("one", "other"))
    with one.grader.cohort_lab, other.grader.cohort_lab:
        assert one.grader is not other.grader, "two runs of one process do not share"
        mine = True, os.getpid(), id(one.grader)
        with ThreadPoolExecutor(1) as threads:
            assert threads.submit(grader_of, one).result() == mine, "a thread of this process uses the run's own"
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as workers:
            told = [workers.submit(grader_of, place).result() for place in (one, one, one, other, other)]
        assert [had for had, _, _ in told] == [False, True, True, False, True], "opened once for all tasks of a run"
        assert len({told[0][1:], *(one[1:] for one in told[1:3])}) == 1 and os.getpid() not in {one[1] for one in told}
        assert grader_of(one) == mine
        for place in (one, other):
            place.close()
            assert "grader" not in vars(place)


def test_a_course_with_other_preprocessors_is_refused(fresh):
    box = fresh("other")
    config = box.course.folder / "nbgrader_config.py"
    config.write_text(
        config.read_text() + '\nc.Autograde.autograde_preprocessors = ["nbgrader.preprocessors.Execute"]\n'
    )
    box.hand_in("perfect", box.released())
    with pytest.raises(Refused, match="other preprocessors"):
        Batch.open(box.site, box.cohort, box.name).grade("perfect")


def killed_and_rerun(box, kills, seed):
    """Kills the command's process group at random moments, lets it finish, and returns what is there then."""
    environment = os.environ | {"MONDAYLAB_ROOT": str(box.site.root), "MONDAYLAB_VAR": str(box.site.var)}
    command = [str(Path(sys.executable).parent / "mondaylab"), "grade", box.cohort, box.name, "--jobs", "2", "--json"]

    def start():
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    empty = box.course.folder / "gradebook.db"
    before = empty.read_bytes()
    began = time.monotonic()
    start().communicate()
    whole = time.monotonic() - began
    undisturbed = rows(box), files(box)
    rng = random.Random(seed)
    for _ in range(kills):
        shutil.rmtree(box.course.folder / "autograded")
        empty.write_bytes(before)
        run = start()
        time.sleep(rng.uniform(0.25, 1) * whole)
        tree = psutil.Process(run.pid).children(recursive=True) if run.poll() is None else []
        run.send_signal(signal.SIGKILL)
        run.communicate()
        _, alive = psutil.wait_procs(tree, timeout=10)
        assert not alive, "workers and sandboxes end with the grader"
        told = json.loads(start().communicate()[0])
        assert {one["state"] for one in told["submissions"]} <= {"graded", "unchanged"}
        assert (rows(box), files(box)) == undisturbed
    return undisturbed


@pytest.mark.deep
@pytest.mark.parametrize("kills", [1, 20])
def test_a_killed_run_and_a_rerun_leave_what_an_undisturbed_run_leaves(fresh, monkeypatch, kills):
    box = fresh("killed")
    learners = ("perfect", "careful", "trusting", "flagging")
    for number, learner in enumerate(learners):
        answer = f"def evidence(tables):\n    return {number}.5\n"
        path = box.hand_in(learner, box.answered(evidence_answer=answer, validator_answer=RULE))
        (path.parent / "timestamp.txt").write_text(f"2026-10-31 12:00:0{number}.000000 UTC")
    told, left = killed_and_rerun(box, kills, seed=kills)
    assert set(told) == {"students", *learners}
    assert not [path for path in left if "/." in path]
    with Gradebook(box.database) as gradebook:
        assert gradebook.db.query(Grade).count() == len(learners) * len(told["perfect"]["grades"])
