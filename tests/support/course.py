"""A real nbgrader course of the finance lab: forms, keys, gradebook, submissions; one a test worker."""

from __future__ import annotations

import fcntl
import json
import re
import shutil
import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import nbformat
import pytest
import yaml
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from sqlalchemy.exc import SAWarning
from tests.support.settled import settle_forms

from mondaylab.forms.keys import FormKey, KeyStore
from mondaylab.forms.scoring import ScoringRules
from mondaylab.forms.shown import ShownForm
from mondaylab.grader.cells.results import scores_of
from mondaylab.grader.cells.score import CellScore
from mondaylab.grader.course.assignment import make_assignment
from mondaylab.grader.course.course import Course, open_course
from mondaylab.grader.course.gradebook import Mark, marks
from mondaylab.judging.answers import Answer, AnswerEvent, CommitEvent, Stage
from mondaylab.judging.store import JudgementStore
from mondaylab.labs.building.build import build_lab
from mondaylab.labs.building.frozen import open_build
from mondaylab.labs.drawing.issuing import issue_forms
from mondaylab.labs.material import Material
from mondaylab.labs.quarterly.releases import current_release, make_release
from mondaylab.settings import Site

COHORT = "co"
LAB = "finance/weekly_margin_memo"
NAME = "weekly_margin_memo"
LEARNERS = ("perfect", "careful", "trusting", "flagging", "silent")
CONFIG = """
from pathlib import Path
from mondaylab.grader.autograde.nbgrader_plugins import configure
from mondaylab.settings import Site

c = get_config()
c.CourseDirectory.course_id = "co"
configure(c, Site(Path({root!r}), Path({var!r})), "co")
"""


@dataclass
class Issued:
    """A learner's form and its key."""

    shown: ShownForm
    key: FormKey


@dataclass
class Box:
    """The course and what tests do with it."""

    site: Site
    forms: Mapping[str, Issued]
    course: Course
    store: JudgementStore
    cohort: str = COHORT
    lab: str = LAB
    name: str = NAME

    @property
    def database(self) -> str:
        return f"sqlite:///{self.course.folder / 'gradebook.db'}"

    def released(self) -> NotebookNode:
        return nbformat.read(self.course.folder / "release" / NAME / f"{NAME}.ipynb", as_version=4)

    def answered(self, **answers: str) -> NotebookNode:
        """A released notebook with these answer cells filled in."""
        notebook = self.released()
        for grade_id, source in answers.items():
            self.cell(notebook, grade_id).source = source
        return notebook

    def cell(self, notebook: NotebookNode, grade_id: str) -> NotebookNode:
        return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)

    def place(self, learner: str) -> Path:
        return self.course.folder / "submitted" / learner / NAME

    def hand_in(self, learner: str, notebook: NotebookNode | bytes) -> Path:
        folder = self.place(learner)
        for old in (folder, self.course.folder / "autograded" / learner):
            shutil.rmtree(old, ignore_errors=True)
        folder.mkdir(parents=True)
        path = folder / f"{NAME}.ipynb"
        path.write_bytes(notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode())
        return path

    def autograde(self, learner: str) -> dict[str, Mark]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)
            self.course.autograde(NAME, learner)
        return self.marks(learner)

    def marks(self, learner: str) -> dict[str, Mark]:
        return marks(self.database, NAME, NAME, learner)

    def autograded(self, learner: str) -> NotebookNode:
        return nbformat.read(self.course.folder / "autograded" / learner / NAME / f"{NAME}.ipynb", as_version=4)

    def scores(self, learner: str) -> dict[str, CellScore]:
        return scores_of(self.autograded(learner))

    def judge(self, learner: str, stage: Stage) -> None:
        """Answers a whole stage in the learner's way, and commits it."""
        key = self.forms[learner].key
        flaws = [claim.claim_id for claim in key.claims if claim.flawed]
        sound = [claim.claim_id for claim in key.claims if not claim.flawed]
        for claim in key.claims:
            p = {"trusting": 10, "flagging": 90}.get(learner, 90 if claim.flawed else 10)
            if learner == "careful" and claim.claim_id in (flaws[0], sound[0]):
                p = 100 - p
            doubt = p >= 50 and stage == "check"
            answer = Answer(
                p=p,
                action="fix" if p >= 50 else "use",
                kind=(claim.kinds or ("number",))[0] if doubt else None,
                severity=(claim.severity or "minor") if doubt else None,
                value=claim.truth if doubt and claim.unit else None,
                note="<script>alert(1)</script><img src=x onerror=alert(2)>" if learner == "perfect" else None,
            )
            event = AnswerEvent(event_id=uuid4(), stage=stage, claim_id=claim.claim_id, answer=answer)
            self.store.record(key.form_id, learner, event)
        self.store.commit(key.form_id, learner, CommitEvent(event_id=uuid4(), stage=stage))


def make_template(
    demo: Site, folder: Path, *, edit: Callable[[Path], None] = lambda root: None, judged: Sequence[str] = LEARNERS[:4]
) -> None:
    """A course in a folder of its own; the demo company's snapshots are shared, read only.

    `edit` may change the copy's labs and grader before the lab is built.
    """
    root, var = folder / "root", folder / "var"
    root.mkdir()
    for name in ("datasets", "hub_config"):
        (root / name).symlink_to(demo.root / name)
    for name in ("labs", "grader"):
        shutil.copytree(demo.root / name, root / name)
    edit(root)
    scoring = root / "grader" / "scoring.yaml"
    scoring.write_text(scoring.read_text().replace("seconds: 8", "seconds: 1.5"))
    site = Site(root, var)
    (var / "hub").mkdir(parents=True)
    site.snapshots.symlink_to(demo.snapshots)
    build_lab(site, Material.open(site, LAB, company="demo", quarter="2026Q4"))
    release = make_release(site, LAB, "2026Q4", unchecked=True, company="demo").now
    released = current_release(site, LAB, company="demo")
    material = open_build(site, released)
    settle_forms(site, COHORT)
    record = issue_forms(site, material, cohort=COHORT, learners=LEARNERS, release=release)
    with JudgementStore(site.judgement_database) as store:
        for learner, form in record.forms.items():
            store.register(form, COHORT, learner)
    box = open_box(folder)
    make_assignment(open_course(site, COHORT), LAB, released, ScoringRules.of(site).role(LAB).points())
    with Gradebook(box.database) as gradebook:  # as `cohort apply` does
        for learner in LEARNERS:
            gradebook.update_or_create_student(learner)
    for learner in judged:
        for stage in ("first", "check"):
            box.judge(learner, stage)
    box.store.dispose()


def open_box(folder: Path) -> Box:
    """Opens a copy of the template where it now lies."""
    site = Site(folder / "root", folder / "var")
    course = site.courses / COHORT
    course.mkdir(parents=True, exist_ok=True)
    (course / "nbgrader_config.py").write_text(CONFIG.format(root=str(site.root), var=str(site.var)))
    store, keys = JudgementStore(site.judgement_database), KeyStore(site)
    forms = {}
    for learner in LEARNERS:
        form_id = store.latest_form(COHORT, LAB, learner)
        forms[learner] = Issued(store.form(form_id), keys.get(COHORT, form_id))
    return Box(site, forms, open_course(site, COHORT), store)


@pytest.fixture(scope="session")
def template(demo_site: Site, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The course, made once a test run: it takes some hundred judgements, each of them synced to disk."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "grader-course"
    with (folder.parent / "grader-course.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            staged = Path(tempfile.mkdtemp(dir=folder.parent))
            make_template(demo_site, staged)
            staged.rename(folder)
    return folder


def copied(template: Path, folder: Path) -> Box:
    shutil.copytree(template, folder / "box", symlinks=True)
    return open_box(folder / "box")


@pytest.fixture(scope="session")
def box(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Box:
    """Shared by a worker's tests; a test hands in anew what it looks at."""
    return copied(template, tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def own_box(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Box:
    """For a module that closes the lab, or breaks something for good."""
    return copied(template, tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def older_box(demo_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Box:
    """A lab that was released before there were cells for decision and prompt; one learner judged it."""
    folder = tmp_path_factory.mktemp("older")
    make_template(demo_site, folder, edit=_without_new_cells, judged=["careful"])
    return open_box(folder)


def _without_new_cells(root: Path) -> None:
    scoring = yaml.safe_load((root / "grader" / "scoring.yaml").read_text())
    for role in scoring["roles"].values():
        role.pop("decision")
        for cell in ("decision", "prompt"):
            role["cells"].pop(cell)
    (root / "grader" / "scoring.yaml").write_text(yaml.safe_dump(scoring, sort_keys=False))
    lab = root / "labs" / LAB / "lab.py"
    source = lab.read_text().replace('# %% task="prompt_answer"', "# %%")
    lab.write_text(re.sub(r'# %% task="(?:decision|prompt)"\n#.*\n\n', "", source))


@pytest.fixture(scope="session")
def right_evidence() -> str:
    """Answers the evidence task of a form, whose region, category and week stand in the question."""
    return """
def evidence(tables):
    lines = tables["order_lines"].merge(tables["orders"], on="order_id").merge(tables["customers"], on="customer_id")
    lines = lines.merge(tables["products"], on="product_id")
    day = pd.to_datetime(lines["order_date"])
    start = pd.Timestamp("{start}")
    lines = lines[
        (lines["status"] == "completed") & (lines["region"] == "{region}") & (lines["category"] == "{category}")
        & (day >= start) & (day < start + pd.Timedelta(days=7))
    ]
    return 100 * (1 - lines["cost_amount"].sum() / lines["net_amount"].sum())
"""


@pytest.fixture(scope="session")
def right_validator() -> str:
    return """
def validator(claims, tables):
    lines = tables["order_lines"].merge(tables["orders"], on="order_id").merge(tables["customers"], on="customer_id")
    lines = lines[lines["status"] == "completed"].assign(day=lambda t: pd.to_datetime(t["order_date"]))
    wrong = set()
    for claim in claims:
        start = pd.Timestamp(claim["week_start"])
        week = (lines["day"] >= start) & (lines["day"] < start + pd.Timedelta(days=7))
        part = lines[week & (lines["region"] == claim["region"])]
        margin = 100 * (1 - part["cost_amount"].sum() / part["net_amount"].sum())
        if abs(margin - claim["value"]) > 0.051:
            wrong.add(claim["id"])
    return wrong
"""


@pytest.fixture(scope="session")
def copy_course():
    """Makes a copy of a course in a new folder."""
    return lambda template, folder: copied(template, _made(folder))


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
