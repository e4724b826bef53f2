"""A cohort keeps the release that it was opened with: edits, rebuilds and later releases never reach it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.support.settled import settle_forms

from mondaylab.errors import NotFound, Refused
from mondaylab.grader.course.cohort_lab import CohortLab
from mondaylab.grader.scorer import Scorer, open_material
from mondaylab.hub.cohorts import Cohort
from mondaylab.hub.opening import is_released, open_lab_to
from mondaylab.hub.provision import apply
from mondaylab.judging.store import JudgementStore
from mondaylab.labs.building.build import build_lab
from mondaylab.labs.building.builds import build_folder
from mondaylab.labs.drawing.issuing import issued_release, keys_of
from mondaylab.labs.material import Material
from mondaylab.labs.quarterly.releases import make_release, release_folder
from mondaylab.settings import Site

LAB, QUARTER = "finance/weekly_margin_memo", "2026Q4"


@pytest.fixture(scope="module")
def site(demo_site: Site, finance_build: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A checkout that tests may edit."""
    root = tmp_path_factory.mktemp("opening")
    for part in ("datasets", "grader", "hub_config", f"labs/{LAB}"):
        shutil.copytree(demo_site.root / part, root / part)
    site = Site(root, root / "var")
    site.var.mkdir()
    for name in ("early", "running", "later", "altered", "crowd"):
        settle_forms(site, name)
    (site.var / "snapshots").symlink_to(demo_site.snapshots)
    shutil.copytree(finance_build, build_folder(site, LAB, QUARTER, company="demo"))
    return site


def cohort(name: str, *learners: str, quarter: str = QUARTER) -> Cohort:
    told = {"cohort": name, "company": "demo", "role": "finance", "quarter": quarter, "labs": [LAB]}
    return Cohort.parse({**told, "learners": learners, "instructors": [f"{name}-teacher"]}, where="test")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.deep
def test_a_running_cohort_keeps_what_it_was_given(site: Site):
    with pytest.raises(NotFound, match="has no release"):
        open_lab_to(site, cohort("early", "eva"), LAB)
    first = make_release(site, LAB, QUARTER, unchecked=True, company="demo").now
    running = cohort("running", "ann")
    apply(site, running)
    before = open_lab_to(site, running, LAB)
    assert before.release == first == issued_release(site, "running", LAB)
    key = keys_of(site, "running", before)["ann"]
    rules = Scorer(CohortLab(site, "running", LAB)).rules

    edit(site.lab(LAB) / "lab.toml", 'title = "Margin memo on', 'title = "Another memo on')
    edit(site.grader / "scoring.yaml", "redraws: ", "redraws: 1")
    # a colleague's half-written role stops nobody else's build, release or opening
    edit(site.grader / "scoring.yaml", "\nroles:\n", "\nroles:\n  sales: {cells: {decision: 10}}\n")
    build_lab(site, Material.open(site, LAB, company="demo", quarter=QUARTER))
    second = make_release(site, LAB, QUARTER, unchecked=True, company="demo").now
    assert second != first

    joined = cohort("running", "ann", "bob")
    apply(site, joined)
    after = open_lab_to(site, joined, LAB)
    assert after.release == first and after.forms["ann"] == before.forms["ann"]
    assert any("Margin memo" in draft.title for draft in after.forms["bob"].drafts)
    assert Scorer(CohortLab(site, "running", LAB)).rules == rules
    assert open_material(site, key).material.declaration.drafts[0].title.startswith("Margin memo")

    later = cohort("later", "cem")
    apply(site, later)
    given = open_lab_to(site, later, LAB)
    assert given.release == second
    assert any("Another memo" in draft.title for draft in given.forms["cem"].drafts)
    with pytest.raises(Refused, match="a running cohort keeps it"):
        open_lab_to(site, later, LAB, first)


@pytest.mark.deep
def test_a_cohort_of_more_learners_than_the_lab_has_forms_is_refused_and_gets_nothing(site: Site, monkeypatch):
    make_release(site, LAB, QUARTER, unchecked=True, company="demo")
    crowd = cohort("crowd", "fay", "gus")
    apply(site, crowd)
    monkeypatch.setattr("mondaylab.labs.drawing.cohort_forms.MAX_SHARED_FACTS", -1.0)
    with pytest.raises(
        Refused, match=r"gives 1 form .*, and there are 2 learners\. Next: open it to 1 learner at most"
    ):
        open_lab_to(site, crowd, LAB)
    assert issued_release(site, "crowd", LAB) is None and not is_released(site, crowd, LAB)
    assert not (site.forms / "crowd").exists() and not [*(site.keys / "crowd").glob("*.json")]
    with JudgementStore(site.judgement_database) as store:
        assert store.progress("crowd", LAB) == []
    monkeypatch.undo()
    assert len(open_lab_to(site, crowd, LAB).forms) == 2, "nothing is in the way afterwards"


def test_a_release_of_another_quarter_is_refused_and_an_altered_one_grades_nothing(site: Site):
    make_release(site, LAB, QUARTER, unchecked=True, company="demo")
    with pytest.raises(Refused, match="is for demo 2026Q4, and old is for demo 2026Q3"):
        open_lab_to(site, cohort("old", "dan", quarter="2026Q3"), LAB)
    altered = cohort("altered", "eli")
    apply(site, altered)
    record = open_lab_to(site, altered, LAB)
    toml = release_folder(site, LAB, record.release) / "sources" / "labs" / LAB / "lab.toml"
    toml.chmod(0o644)
    edit(toml, "[parameters]", "# edited\n[parameters]")
    with pytest.raises(Refused, match="not as it went out"):
        Scorer(CohortLab(site, "altered", LAB))
