"""The corpus of attacks as one batch, under `mondaylab grade` and under nbgrader's autograde, as formgrader runs it."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psutil
import pytest
from click.testing import CliRunner
from nbgrader.api import Comment, Gradebook
from sqlalchemy.exc import SAWarning
from tests.support import judgement_service
from tests.support.course import Issued, copied, open_box

from mondaylab.cli.main import main
from mondaylab.errors import Refused
from mondaylab.forms.keys import KeyStore
from mondaylab.grader.autograde.grading import read_own
from mondaylab.grader.cells.results import scores_of
from mondaylab.grader.cells.score import CellScore
from mondaylab.grader.cells.validator import AT_HOME, REDRAWN
from mondaylab.judging.store import JudgementStore
from mondaylab.labs.material import Material
from mondaylab.labs.quarterly.releases import released_folder

from .corpus import ATTACKS, BASE, THEMES, WORDS, Attack, HandIn
from .corpus.attack import AUTO

HONEST = ("perfect", "careful")
PROMPT = (
    'prompt = "Write the margin memo of week 40 for the CFO in at most 90 words; say which table figures come from."'
)
SECRET = "canary-of-the-environment"
_PR_SET_CHILD_SUBREAPER = 36
LEFT_ALONE = "It is optional and was left out, so it counts as the other answers did: 0 % of its points."
# one of each theme is tried each time, all are by `make deep`
SOME = {one.name: one for one in ATTACKS.values() if one.shows}
BATCHES = {"some": SOME, "all": ATTACKS}
either = pytest.mark.parametrize("batch", ["some", pytest.param("all", marks=pytest.mark.deep)])
whole = pytest.mark.parametrize("batch", [pytest.param("all", marks=pytest.mark.deep)])


def each(themes: tuple[str, ...] = ()):
    """Every attack of a batch, or of the smaller one that of some themes."""
    return pytest.mark.parametrize(
        ("batch", "attack"),
        [
            pytest.param(batch, one, id=f"{batch}-{one.theme}-{name}", marks=pytest.mark.deep if batch == "all" else ())
            for batch, attacks in BATCHES.items()
            for name, one in attacks.items()
            if batch == "all" or not themes or (one.shows and one.theme in themes)
        ],
    )


@dataclass
class Run:
    """The batch, and what it left.

    Attributes:
        box: The course graded by `mondaylab grade`.
        attacks: Those in it, by name.
        untouched: A copy of it from before.
        told: Learner -> what the command said.
        output: All that the command printed.
        alone: What the honest ones earned when nobody else had handed in.
        left: Processes that the command left behind.
        unchanged: Whether keys, forms and release are what they were.
    """

    box: Any
    attacks: dict[str, Attack]
    untouched: Path
    told: dict[str, dict[str, Any]]
    output: str
    alone: dict[str, dict[str, Any]]
    left: list[psutil.Process]
    unchanged: bool

    def scores(self, learner: str) -> dict[str, CellScore]:
        return self.box.scores(learner)

    def page(self, learner: str) -> str:
        return (self.box.course.folder / "feedback" / learner / self.box.name / f"{self.box.name}.html").read_text()

    def put_right(self, learner: str) -> str:
        first = self.box.autograded(learner).cells[0]
        return first.source if first.get("id") == "put-right" else ""


def good(box: Any, solution: dict[str, Any], learner: str) -> Any:
    return box.answered(
        prompt_answer=PROMPT,
        evidence_answer=solution["evidence_source"](box.forms[learner].key.evidence.question),
        validator_answer=solution["VALIDATOR"],
    )


def give_forms(box: Any, learners: list[str]) -> None:
    """Gives each a form of its own: other ids, another canary, the rows of one that was drawn."""
    drawn, keys = [box.forms[one] for one in ("trusting", "flagging", "silent")], KeyStore(box.site)
    for number, learner in enumerate(learners):
        form, key = drawn[number % len(drawn)].shown, drawn[number % len(drawn)].key
        form_id = f"f{hashlib.sha256(learner.encode()).hexdigest()[:16]}"
        form = form.model_copy(update={"form_id": form_id})
        key = key.model_copy(update={"form_id": form_id, "learner": learner, "canary": f"canary-{uuid4().hex}"})
        keys.put(key)
        box.store.register(form, box.cohort, learner)
        box.forms[learner] = Issued(form, key)


def grade(box: Any, *options: str) -> tuple[dict[str, dict[str, Any]], str]:
    """The command itself, with a secret in its environment; and all that it printed."""
    environment = os.environ | {"MONDAYLAB_ROOT": str(box.site.root), "MONDAYLAB_VAR": str(box.site.var)}
    environment |= {"MONDAYLAB_SECRET": SECRET, "OPENAI_API_KEY": SECRET}
    command = [str(Path(sys.executable).parent / "mondaylab"), "grade", box.cohort, box.name, "--json", "--jobs", "2"]
    whole = [*command, *options]
    done = subprocess.run(whole, check=False, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode in (0, 1), done.stderr
    return {one["learner"]: one for one in json.loads(done.stdout)["submissions"]}, done.stdout + done.stderr


def graded_here(box: Any) -> dict[str, dict[str, Any]]:
    """What the command says of a batch, asked in this process: for the honest ones alone it needs none of its own."""
    place = {"MONDAYLAB_ROOT": str(box.site.root), "MONDAYLAB_VAR": str(box.site.var)}
    command = ["grade", box.cohort, box.name, "--json", "--jobs", "1"]
    done = CliRunner().invoke(main, command, env=place)
    assert done.exit_code == 0, done.output
    return {one["learner"]: one for one in json.loads(done.stdout)["submissions"]}


def precious(box: Any) -> dict[str, str]:
    """Hashes of what no submission may change."""
    release = released_folder(box.site, box.cohort, box.lab)
    places = [*box.site.keys.rglob("*"), *release.rglob("*"), *(box.course.folder / "source").rglob("*")]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in places if path.is_file()}


@pytest.fixture(scope="module")
def run_of(
    template: Path, hub: str, finance: Material, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Run]:
    """Makes and grades a batch, once."""
    return cache(lambda batch: graded(BATCHES[batch], template, hub, finance, tmp_path_factory))


@pytest.fixture
def run(run_of: Callable[[str], Run], batch: str) -> Run:
    return run_of(batch)


def graded(attacks: dict[str, Attack], template: Path, hub: str, finance: Material, folders: Any) -> Run:
    """Hands in two honest submissions and these attacks, and grades all of them."""
    box = copied(template, folders.mktemp("course"))
    solution: dict[str, Any] = {}
    exec((box.site.lab(box.lab) / "solution.py").read_text("utf-8"), solution)
    for learner in HONEST:
        box.hand_in(learner, good(box, solution, learner))
    alone = graded_here(box)
    give_forms(box, [one.name for one in attacks.values() if not one.no_form])
    with Gradebook(box.database) as gradebook:  # of the cohort, as `cohort apply` makes them
        for one in attacks.values():
            gradebook.update_or_create_student(one.name)
    judgement_service.TOKENS |= {f"tok-{name}": (name, "user") for name in attacks}
    judgement_service.GROUPS |= {name: ["nbgrader-co"] for name in attacks}
    service = judgement_service.Service(database=box.site.judgement_database, hub=hub)
    service.start()
    # one connection: a new client reads all certificates of the machine each time
    client = httpx.Client(base_url=f"{service.url}/api/", trust_env=False)

    def call(method: str, path: str, body: object, token: str) -> httpx.Response:
        raw, data = (body, None) if isinstance(body, bytes) else (None, body)
        headers = {"Authorization": f"token {token}"}
        return client.request(method, path, headers=headers, content=raw, json=data)

    try:
        for one in attacks.values():
            form = one.name if not one.no_form else HONEST[0]
            it = HandIn(box, one.name, good(box, solution, form), call, finance, HONEST[0])
            one.make(it)
            it.finish()
    finally:
        client.close()
        service.stop()
    box.store.close(box.cohort, box.lab)
    untouched = folders.mktemp("untouched")
    subprocess.run(["cp", "-a", f"{box.site.root.parent}/.", str(untouched)], check=True)
    before = precious(box)
    me = psutil.Process()
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # whatever outlives the command becomes ours
    known = set(me.children(recursive=True))
    told, output = grade(box, "--feedback", "--force")
    _, left = psutil.wait_procs([one for one in me.children(recursive=True) if one not in known], timeout=5)
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
    return Run(box, attacks, untouched, told, output, alone, left, precious(box) == before)


def test_there_are_enough_of_them_and_each_says_what_it_tries():
    assert len(ATTACKS) >= 60
    assert {one.theme for one in ATTACKS.values()} == set(THEMES)
    assert len({one.tries for one in ATTACKS.values()}) == len(ATTACKS)
    assert all(any(one.shows for one in ATTACKS.values() if one.theme == theme) for theme in THEMES)


@each()
def test_no_unearned_point_and_a_fixed_reason(run: Run, attack: Attack):
    told = run.told[attack.name]
    if attack.failed:
        assert told["state"] == "failed" and attack.failed in told["error"]["what"] and told["error"]["fix"]
        return
    if attack.no_form:
        assert {cell["state"] for cell in told["cells"]} == {"not graded"}
        assert {cell["code"] for cell in told["cells"]} == {"no form"}
        return
    scores = run.scores(attack.name)
    marks = run.box.marks(attack.name)
    for cell in AUTO:
        wanted = 0.0 if cell in attack.came_to else attack.earns.get(cell, BASE[cell])
        assert scores[cell].points == wanted, (cell, scores[cell].reason)
        assert marks[cell].points == wanted and marks[cell].max_points == scores[cell].max_points
        assert marks[cell].needs_manual == (scores[cell].state != "scored")
        if cell in attack.came_to:
            fixed = {WORDS[cell][word] for word in attack.came_to[cell]}
            # a checker that fails is told as well on which data it does, in one of two sentences
            fixed |= {f"{words} {where}" for words in fixed for where in (AT_HOME, REDRAWN) if cell == "validator"}
            if cell == "validator" and "unchanged" in attack.came_to[cell]:  # optional, and the rest earned nothing
                fixed = {LEFT_ALONE}
            assert scores[cell].reason in fixed
    # what was not found, or could not be read, is no answer of theirs: it waits, and waiting is no points
    became = {word for words in attack.came_to.values() for word in words}
    waits = {"missing", "ambiguous", "unreadable", "no text"} & became
    assert told["state"] == ("needs a person" if waits else "graded")


@each()
def test_what_was_put_right_is_said(run: Run, attack: Attack):
    if attack.failed:
        return
    said = run.put_right(attack.name)
    assert bool(said) == bool(attack.put_right), said
    for words in attack.put_right:
        assert words in said


@either
def test_the_honest_ones_earn_what_they_earn_alone(run: Run):
    for learner in HONEST:
        assert run.told[learner] == run.alone[learner]
        assert run.alone[learner]["state"] == "graded"
        assert {cell["points"] for cell in run.told[learner]["cells"] if cell["grade_id"] in BASE} != {0.0}
    assert {one["learner"] for one in run.told.values()} == {*HONEST, *run.attacks}


@either
def test_nothing_outlives_the_batch_and_nothing_was_run_or_changed(run: Run):
    assert not run.left
    assert run.unchanged
    assert not (run.box.site.var / "ran").exists()


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z0-9_-]{6,}", text))


@either
def test_nothing_leaks(run: Run):
    """Looks for keys, secrets, trial claims and other learners' forms in all that grading wrote and said."""
    forms = run.box.forms
    canaries = {form.key.canary for form in forms.values()}
    own = {
        learner: {form.key.form_id, *(claim.claim_id for claim in form.key.claims)} for learner, form in forms.items()
    }
    every = set().union(*own.values())
    with Gradebook(run.box.database) as gradebook:
        comments = " ".join(str(one.comment) for one in gradebook.db.query(Comment))
    places = [("", run.output), ("", comments)]
    for folder in ("autograded", "feedback"):
        for path in (run.box.course.folder / folder).rglob("*"):
            if path.name in (f"{run.box.name}.ipynb", f"{run.box.name}.html"):
                places.append((path.relative_to(run.box.course.folder / folder).parts[0], path.read_text()))
    assert len(places) > 2 * len(run.attacks) - 20
    for learner, text in places:
        words = words_of(text)
        assert SECRET not in text
        assert not words & canaries
        assert not words & (every - own.get(learner, set())), learner
        assert not words & {f"{name}-said" for name in run.attacks if name != learner}
        assert not re.search(r"\bv\d{3}[0-9a-f]{6}\b", text), f"{learner}: a claim of a trial"
        assert "Traceback" not in text
    assert "scripts_in_notes-said" in words_of(run.page("scripts_in_notes")), "or the search would find nothing"


@either
def test_nothing_that_learners_wrote_runs_in_a_page(run: Run):
    for learner in [*HONEST, *(name for name, one in run.attacks.items() if not (one.failed or one.no_form))]:
        page = run.page(learner)
        assert not re.search(r"<(script|img|iframe|link|object|embed|svg\s+onload)", page), learner
        assert not re.search(r"<[^>]*\s(on[a-z]+|href|src)\s*=\s*[\"']?(javascript:|https?:|//|alert)", page), learner
        assert "1337" not in page
        assert 'http-equiv="Content-Security-Policy"' in page


@pytest.fixture
def by_nbgrader(run: Run):
    """Autogrades one submission of the untouched course as formgrader's button does, and gives the course."""
    box = open_box(run.untouched)

    def autograded(learner: str):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)
            box.course.autograde(box.name, learner)
        return box

    return autograded


@each(themes=("files", "text"))
def test_formgraders_button_comes_to_the_same(run: Run, by_nbgrader: Any, attack: Attack):
    if attack.failed:
        with pytest.raises(Refused):
            by_nbgrader(attack.name)
        return
    box = by_nbgrader(attack.name)
    assert box.marks(attack.name) == run.box.marks(attack.name)
    place = Path("autograded", attack.name, box.name, f"{box.name}.ipynb")
    theirs, ours = scores_of(read_own(box.course.folder / place)), run.scores(attack.name)
    either = {cell for cell, words in attack.came_to.items() if len(words) > 1}  # by the machine's load
    assert {cell: one.points for cell, one in theirs.items()} == {cell: one.points for cell, one in ours.items()}
    assert {cell: one for cell, one in theirs.items() if cell not in either} == {
        cell: one for cell, one in ours.items() if cell not in either
    }
    if not either:
        assert (box.course.folder / place).read_bytes() == (run.box.course.folder / place).read_bytes()


@whole
def test_validate_runs_nothing(run: Run):
    """Names a kernel that would run on the instructor's machine: nbgrader's validate starts none, by any name."""
    folder = run.untouched / run.box.course.folder.relative_to(run.box.site.root.parent)
    notebook = folder / "submitted" / "names_another_kernel" / run.box.name / f"{run.box.name}.ipynb"
    command = [str(Path(sys.executable).parent / "nbgrader"), "validate", str(notebook)]
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and "learner code is not run in a kernel" in done.stderr


@whole
def test_what_lies_beside_is_left_out_and_that_is_said(run: Run):
    """Looks at what came through of links, pipes, giants and strange names; the learner's own files did."""
    place = run.box.course.folder / "autograded"
    for folder in (place, run.box.course.folder / "feedback"):
        assert not [path for path in folder.rglob("*") if path.is_symlink() or not (path.is_file() or path.is_dir())]
    said = {
        "links_beside_the_notebook": "deep/disk: a link",
        "puts_pipes_beside_it": "pipe: no plain file",
        "brings_giants": "data.bin: larger than 20 MB",
        "brings_very_many_files": "more than 500 files",
        "brings_names_that_are_no_text": "a name that is no plain text",
    }
    for learner, words in said.items():
        assert words in (place / learner / run.box.name / "LEFT_OUT.txt").read_text("ascii"), learner
    assert (place / "brings_a_gradebook" / run.box.name / "gradebook.db").is_file()
    sizes = [path.stat().st_size for path in place.rglob("*") if path.is_file()]
    assert sum(sizes) < 100 * 1024**2


@either
def test_store_stays_whole(run: Run):
    """What the honest ones said is what they said."""
    with JudgementStore(run.box.site.judgement_database) as store:
        for learner in HONEST:
            answers = store.answers(run.box.forms[learner].key.form_id)
            assert answers.check_committed and len(answers.check) == len(run.box.forms[learner].key.claims)
