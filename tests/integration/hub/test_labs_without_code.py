"""Labs for people who do not code: built, released, judged, proved in the evidence builder, graded, given feedback."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from tests.support.settled import settle_forms

from mondaylab.forms.keys import FormKey
from mondaylab.grader.course.course import open_course
from mondaylab.hub.cohorts import Cohort
from mondaylab.hub.demo import Steps, open_cohort
from mondaylab.judging.answers import Answer, AnswerEvent, CommitEvent, EvidenceEvent
from mondaylab.judging.store import JudgementStore
from mondaylab.labs.building.build import build_lab, check_executed
from mondaylab.labs.drawing.issuing import keys_of
from mondaylab.labs.material import Material
from mondaylab.labs.quarterly.releases import make_release
from mondaylab.settings import Site

ANN = "ann.b@example.com"  # as a directory has her: graded and given feedback as anybody
# the first is walked through in a browser each time (tests/e2e)
LABS = ("support/refund_reply", "people/screening_summary")


def cohort_for(lab: str) -> Cohort:
    role, _, _ = lab.partition("/")
    people = {"learners": [ANN, "bob"], "instructors": ["ivo"], "labs": [lab], "quarter": "2026Q4"}
    return Cohort.parse({"cohort": f"{role}-1", "company": "demo", "role": role} | people, where="test")


def judge(store: JudgementStore, key: FormKey, learner: str, p_wrong: int, p_right: int) -> None:
    for stage in ("first", "check"):
        for claim in key.claims:
            p = p_wrong if claim.flawed else p_right
            answer = Answer(p=p, action="fix" if p >= 50 else "use")
            if stage == "check" and p >= 50:
                answer = answer.model_copy(
                    update={"kind": claim.kinds[0], "severity": claim.severity, "value": claim.truth}
                )
            event = AnswerEvent(event_id=uuid.uuid4(), stage=stage, claim_id=claim.claim_id, answer=answer)
            store.record(key.form_id, learner, event)
        store.commit(key.form_id, learner, CommitEvent(event_id=uuid.uuid4(), stage=stage))


@pytest.mark.deep
@pytest.mark.parametrize("lab", LABS)
def test_the_whole_way(demo_site: Site, tmp_path: Path, lab: str):
    site, cohort = Site(demo_site.root, tmp_path), cohort_for(lab)
    (tmp_path / "snapshots").symlink_to(demo_site.var / "snapshots")
    material = Material.open(site, lab, company="demo", quarter="2026Q4")
    report = build_lab(site, material)
    assert report.cells >= 10
    check_executed(site, lab, "2026Q4", company="demo")
    make_release(site, lab, "2026Q4", unchecked=True, company="demo")
    settle_forms(site, cohort.cohort)
    issued = open_cohort(site, cohort, Steps(lambda _: None))
    keys, name = keys_of(site, cohort.cohort, issued), lab.partition("/")[2]
    released = site.exchange / cohort.cohort / "outbound" / name / f"{name}.ipynb"
    text = released.read_text()
    assert not any(key.canary in text or key.form_id in text for key in keys.values())
    with JudgementStore(site.judgement_database) as store:
        judge(store, keys[ANN], ANN, 90, 10)
        judge(store, keys["bob"], "bob", 30, 30)
        measure = keys[ANN].evidence.measure
        store.record_evidence(keys[ANN].form_id, ANN, EvidenceEvent(event_id=uuid.uuid4(), measure=measure))
    course = open_course(site, cohort.cohort)
    for learner in cohort.learners:
        handed_in = course.folder / "submitted" / learner / name
        handed_in.mkdir(parents=True)
        shutil.copy(released, handed_in)
        course.autograde(name, learner)
    with Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}", cohort.cohort) as gradebook:
        points = {
            (learner, cell): gradebook.find_grade(cell, name, name, learner).score
            for learner in cohort.learners
            for cell in ("judgement", "diagnosis", "decision", "prompt", "evidence")
        }
    assert points[ANN, "judgement"] >= 0.9 * 45 and points["bob", "judgement"] == 0
    assert points[ANN, "diagnosis"] == pytest.approx(15, abs=0.01)
    assert (points[ANN, "evidence"], points["bob", "evidence"]) == (10, 0)
    assert points[ANN, "decision"] > 8 and points["bob", "decision"] == 0, (
        "fixing what should be escalated costs little"
    )
    assert points[ANN, "prompt"] == 0, "as released"
    with JudgementStore(site.judgement_database) as store:
        store.close(cohort.cohort, lab)
    course.generate_feedback(name)
    page = (course.folder / "feedback" / ANN / name / f"{name}.html").read_text()
    flawed = sum(claim.flawed for claim in keys[ANN].claims)
    assert f"caught all {flawed} flaws" in page or f"caught {flawed} of {flawed} flaws" in page
    assert not any(key.canary in page for key in keys.values())
