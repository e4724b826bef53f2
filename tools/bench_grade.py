"""The grading bench: 240 varied submissions of the finance lab by `mondaylab grade`, a few of them by plain nbgrader.

Ours is the whole command as an instructor runs it: a new process, scores, rows, notebooks and feedback pages. Plain is
`nbgrader autograde` with its own preprocessors, without feedback. Both run here, one after the other, on this machine.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import psutil
from nbformat import NotebookNode

from mondaylab.grader.course.assignment import assignment_of
from mondaylab.grader.course.course import Course, open_course
from mondaylab.grader.cells.results import scores_of
from mondaylab.grader.autograde.grading import read_own
from mondaylab.judging import journal
from mondaylab.judging.answers import Answer, AnswerEvent, CommitEvent
from mondaylab.judging.store import JudgementStore
from mondaylab.labs.building.build import DATA_VARIABLE, data_folder
from mondaylab.labs.building.frozen import open_build
from mondaylab.labs.drawing.issuing import Issued, issue_forms
from mondaylab.forms.keys import FormKey, KeyStore
from mondaylab.forms.shown import ShownForm
from mondaylab.labs.quarterly.releases import release_folder
from mondaylab.settings import Site

PLAIN, COMPARED = 5, 8
Say = Callable[[str], None]

FORGETS_STATUS = ' & (lines["status"] == "completed")'
BY_CLAIM = '''def validator(claims, tables):
    """Looks every claim up by itself."""
    lines = tables["order_lines"].merge(tables["orders"], on="order_id").merge(tables["customers"], on="customer_id")
    lines = lines[lines["status"] == "completed"]
    day = pd.to_datetime(lines["order_date"])
    wrong = set()
    for claim in claims:
        start = pd.Timestamp(claim["week_start"])
        rows = lines[(day >= start) & (day < start + pd.Timedelta(days=7)) & (lines["region"] == claim["region"])]
        margin = 100 * (1 - rows["cost_amount"].sum() / rows["net_amount"].sum())
        if abs(margin - claim["value"]) > 0.0501:
            wrong.add(claim["id"])
    return wrong
'''
PROMPTS = (
    "Write a memo of at most 120 words on the gross margin of week {number} for the CFO. Use only the order lines. "
    "Say which table each figure comes from, and if something is not there, say so.",
    "Compare the net sales of the regions in week {number} and week {number} of last year, as a table.",
    "Summarise the order lines of the quarter for the sales lead, learner {number}.",
    "Write to customer.{number}@example.com that the margin fell.",
)
RULE = "def validator(claims, tables):\n    return {{claim['id'] for claim in claims if claim['value'] > {limit}}}\n"
BROKEN = "def validator(claims, tables):\n    return wrong_{number}\n"


def bench_grade(stage: Site, cohort: str, issued: Issued, place: Path, say: Say, many: int) -> dict[str, object]:
    """Runs all of it.

    Args:
        stage: An installation of its own, with the cohort opened.
        cohort: Cohort id.
        issued: Its forms.
        place: A folder for what is only for the bench.
        say: Tells progress.
        many: How many submissions.
    """
    course, assignment = open_course(stage, cohort), assignment_of(issued.lab)
    forms, keys = _class(stage, cohort, issued, many, say)
    _judge_all(stage, forms, keys)
    say(f"grade: {len(forms)} forms judged")
    written = _Written(stage, issued.lab, course, assignment)
    for number, (learner, form) in enumerate(forms.items()):
        written.hand_in(course, learner, written.varied(number, form))
    empty = (course.folder / "gradebook.db").read_bytes()
    ours, peak = _timed(stage, cohort, assignment, say)
    equal = _equal(course, assignment, list(forms)[:COMPARED])
    plain = _plain_s(stage, issued, course, place / "plain", assignment, list(forms)[:PLAIN], say)
    for folder in ("submitted", "autograded", "feedback"):
        shutil.rmtree(course.folder / folder)
    (course.folder / "gradebook.db").write_bytes(empty)
    for number, learner in enumerate(forms):
        written.hand_in(course, learner, written.judged_only(number, learner))
    data_only, _ = _timed(stage, cohort, assignment, say)
    ours, data_only = ours / len(forms), data_only / len(forms)
    return {
        "submissions": len(forms),
        "ours_s": round(ours, 4),
        "ours_data_only_s": round(data_only, 4),
        "nbgrader_s": round(plain, 3),
        "ratio": round(plain / ours, 1),
        "ratio_data_only": round(plain / data_only, 1),
        "peak_mb": round(peak / 1024**2),
        "equal": equal,
    }


def _class(
    stage: Site, cohort: str, issued: Issued, many: int, say: Say
) -> tuple[dict[str, ShownForm], dict[str, FormKey]]:
    """Forms for a class of learners beside those that the cohort has."""
    say(f"grade: drawing {many} forms")
    names = [f"learner{number:03d}" for number in range(many)]
    material = open_build(stage, release_folder(stage, issued.lab, issued.release))
    record = issue_forms(stage, material, cohort=cohort, learners=[*issued.forms, *names], release=issued.release)
    store = KeyStore(stage)
    forms = {name: record.forms[name] for name in names}
    return forms, {name: store.get(cohort, form.form_id) for name, form in forms.items()}


def _judge_all(stage: Site, forms: dict[str, ShownForm], keys: dict[str, FormKey]) -> None:
    """Everybody judges every row twice, each with a skill of their own; then the lab is closed.

    Written through the store's own journal, one transaction a learner: the service would sync each answer to disk.
    """
    rng = random.Random(1)
    with JudgementStore(stage.judgement_database) as store:
        for name, form in forms.items():
            key, skill = keys[name], rng.uniform(0.4, 0.95)
            store.register(form, key.cohort, name)
            with store._writing() as db:
                for stage_name in ("first", "check"):
                    for claim in key.claims:
                        doubt = claim.flawed == (rng.random() < skill)
                        known = {"kind": "number", "severity": "minor"} if doubt and stage_name == "check" else {}
                        p = rng.randint(55, 95) if doubt else rng.randint(5, 45)
                        answer = Answer(p=p, action="fix" if doubt else "use", **known)
                        event = AnswerEvent(
                            event_id=uuid.uuid4(), stage=stage_name, claim_id=claim.claim_id, answer=answer
                        )
                        journal.append(db, form.form_id, name, event)
                    journal.append(db, form.form_id, name, CommitEvent(event_id=uuid.uuid4(), stage=stage_name))
        store.close(keys[name].cohort, form.lab)


class _Written:
    """What learners write, of all sorts: right, nearly right, pasted, broken, nothing; no two cells are the same text."""

    def __init__(self, stage: Site, lab: str, course: Course, assignment: str) -> None:
        solution: dict[str, object] = {}
        exec(compile((stage.lab(lab) / "solution.py").read_text(), "solution.py", "exec"), solution)
        self._solution = solution
        self._assignment = assignment
        self._released = nbformat.read(course.folder / "release" / assignment / f"{assignment}.ipynb", as_version=4)
        self._rng = random.Random(2)

    def hand_in(self, course: Course, learner: str, notebook: NotebookNode | str) -> None:
        folder = course.folder / "submitted" / learner / self._assignment
        folder.mkdir(parents=True)
        text = notebook if isinstance(notebook, str) else nbformat.writes(notebook)
        (folder / f"{self._assignment}.ipynb").write_text(text)
        (folder / "timestamp.txt").write_text("2026-11-02 12:00:00.000000 UTC")

    def judged_only(self, number: int, learner: str) -> NotebookNode:
        """Functions as released, a sentence in the written cells, a prompt of some sort (every fifth as released)."""
        notebook = nbformat.from_dict(json.loads(json.dumps(self._released)))
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
            if name.startswith("oversight_"):
                cell.source = f"{learner} looks at the second figure of every memo before it leaves the house."
            elif name == "prompt_answer" and number % 5:
                cell.source = f"prompt = {PROMPTS[number % 5 - 1].format(number=number)!r}\n"
        return notebook

    def varied(self, number: int, form: ShownForm) -> NotebookNode | str:
        """One submission with evidence and validator."""
        notebook = self.judged_only(number, f"learner {number}")
        written = {"evidence_answer": self._evidence(number, form), "validator_answer": self._validator(number)}
        for cell in notebook.cells:
            new = written.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
            cell.source = cell.source if new is None else f"{new}# learner {number}\n"
        if number % 100 == 97:
            return nbformat.writes(notebook)[:-200]
        if number % 50 == 48:
            notebook.cells = [
                cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("locked") is not True
            ]
        return notebook

    def _evidence(self, number: int, form: ShownForm) -> str | None:
        right = self._solution["evidence_source"](form.evidence.text)
        sort = self._rng.choices(range(6), (45, 15, 10, 10, 10, 10))[0]
        if number < PLAIN:
            sort = number % 3  # the sample is of code that runs
        return (
            right,
            right.replace(FORGETS_STATUS, ""),
            re.sub(r'"net_amount"', '"cost_amount"', right, count=1),
            f"def evidence(tables):\n    return {self._rng.uniform(10, 40):.2f}\n",
            f"def evidence(tables):\n    return tables['order_lines']['margin_{number}'].mean()\n",
            None,
        )[sort]

    def _validator(self, number: int) -> str | None:
        right = str(self._solution["VALIDATOR"])
        sort = self._rng.choices(range(6), (30, 10, 20, 15, 10, 15))[0]
        if number < PLAIN:
            sort = number % 4
        return (
            right,
            BY_CLAIM,
            right.replace("0.0501", f"{self._rng.uniform(0.2, 0.9):.3f}"),
            RULE.format(limit=self._rng.randint(20, 35)),
            BROKEN.format(number=number),
            None,
        )[sort]


def _timed(stage: Site, cohort: str, assignment: str, say: Say) -> tuple[float, int]:
    """Seconds of the whole command, and the most memory (proportional set size) that its processes had together."""
    command = [str(Path(sys.executable).parent / "mondaylab"), "grade", cohort, assignment, "--feedback", "--json"]
    environment = os.environ | {"MONDAYLAB_ROOT": str(stage.root), "MONDAYLAB_VAR": str(stage.var)}
    began = time.perf_counter()
    run = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    peak = [0]
    watch = threading.Thread(target=_watch, args=(run.pid, peak), daemon=True)
    watch.start()
    with ThreadPoolExecutor(1) as reader:
        told = reader.submit(run.stdout.read)
        for line in run.stderr:
            say(f"grade: {line.strip()}")
        out = told.result()
    run.wait()
    seconds = time.perf_counter() - began
    failed = [one for one in json.loads(out)["submissions"] if one["state"] == "failed"]
    if failed:
        raise SystemExit(f"{len(failed)} submissions failed, such as {failed[0]}")
    return seconds, peak[0]


def _watch(pid: int, peak: list[int]) -> None:
    while psutil.pid_exists(pid):
        total = 0
        try:
            process = psutil.Process(pid)
            tree = [process, *process.children(recursive=True)]
        except psutil.NoSuchProcess:
            return
        for one in tree:
            try:
                total += one.memory_full_info().pss
            except psutil.Error:
                continue
        peak[0] = max(peak[0], total)
        time.sleep(1.0)


def _equal(course: Course, assignment: str, learners: list[str]) -> bool:
    """Whether formgrader's Autograde gives these the same scores, cell by cell; it stops the bench if it does not."""

    def scores(learner: str) -> dict[str, object]:
        return dict(scores_of(read_own(course.folder / "autograded" / learner / assignment / f"{assignment}.ipynb")))

    for learner in learners:
        mine = scores(learner)
        course.autograde(assignment, learner)
        if scores(learner) != mine:
            raise SystemExit(f"{learner}: {mine} by mondaylab grade, {scores(learner)} by formgrader's Autograde")
    return True


def _plain_s(
    stage: Site, issued: Issued, ours: Course, folder: Path, assignment: str, learners: list[str], say: Say
) -> float:
    """Mean seconds that plain nbgrader takes for one of these; its kernel runs the whole notebook."""
    plain = plain_course(ours, folder, assignment)
    data = {issued.lab: release_folder(stage, issued.lab, issued.release) / "data"}
    took = []
    with data_folder(data, issued.quarter) as tables:
        os.environ[DATA_VARIABLE] = str(tables)
        for learner in learners:
            shutil.copytree(ours.folder / "submitted" / learner, folder / "submitted" / learner)
            began = time.perf_counter()
            plain.autograde(assignment, learner)
            took.append(time.perf_counter() - began)
            say(f"grade: {learner} by plain nbgrader in {took[-1]:.2f} s")
    return sum(took) / len(took)


def plain_course(ours: Course, folder: Path, assignment: str) -> Course:
    """The same assignment in a course with nbgrader's own preprocessors."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(ours.folder / "source", folder / "source")
    config = type(ours.config)()
    config.CourseDirectory.root = str(folder)
    config.CourseDirectory.course_id = ours.config.CourseDirectory.course_id
    course = Course(folder, config)
    course.generate_assignment(assignment)
    return course
