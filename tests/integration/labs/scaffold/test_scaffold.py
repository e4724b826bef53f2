"""A new lab: it builds for real as it comes, gives valid forms, and makes an assignment of its role."""

from __future__ import annotations

import json
import shutil

import nbformat
import pytest
import yaml
from click.testing import CliRunner

from mondaylab.cli import main
from mondaylab.errors import MondaylabError, Refused
from mondaylab.forms.scoring import ScoringRules
from mondaylab.grader.course.assignment import nbgrader_source
from mondaylab.labs.building.build import build_lab
from mondaylab.labs.building.builds import build_folder, declared_labs
from mondaylab.labs.drawing.cohort_forms import draw_forms
from mondaylab.labs.material import Material
from mondaylab.labs.preview import preview
from mondaylab.labs.scaffold.make import new_lab
from mondaylab.settings import ROOT_VARIABLE, VAR_VARIABLE, Site

LAB, QUARTER = "finance/cash_forecast", "2026Q4"


@pytest.fixture
def site(demo_site: Site, tmp_path) -> Site:
    for part in ("datasets", "grader", "hub_config", "labs"):
        shutil.copytree(demo_site.root / part, tmp_path / part)
    site = Site(tmp_path, tmp_path / "var")
    site.var.mkdir()
    (site.var / "snapshots").symlink_to(demo_site.snapshots)
    return site


def test_a_new_lab_builds_as_it_is(site):
    made = new_lab(site, LAB)
    folder = site.lab(LAB)
    assert set(made.files) == {str(path.relative_to(folder)) for path in folder.rglob("*.*")}
    assert {"lab.py", "lab.toml", "drafts/plan/letter.md"} < set(made.files)
    material = Material.open(site, LAB, company="demo", quarter=QUARTER)
    assert material.declaration.title == "Cash forecast" and len(material.declaration.drafts) == 2
    build_lab(site, material)
    notebook = nbformat.read(build_folder(site, LAB, QUARTER, company="demo") / "lab.ipynb", as_version=4)
    nbgrader_source(notebook, ScoringRules.of(site).role(LAB).points())
    source = (site.lab(LAB) / "lab.py").read_text()
    assert 'task="prompt_answer"' in source and 'task="decision"' in source and "Your actions after checking" in source
    for seed in range(3):
        page = preview(material, seed)
        assert {row.state for draft in page.drafts for row in draft.rows} == {"sound", "flawed", "foil"}
    assert len(draw_forms(material, b"s" * 32, cohort="c", learners=["ana", "ben", "cleo", "dan"], attempt=1)) == 4


@pytest.mark.deep
def test_a_new_role_gets_its_block_and_a_lab_without_a_checker_to_write(site):
    path = site.grader / "scoring.yaml"
    before, rules = path.read_text(), ScoringRules.of(site)
    dry = new_lab(site, "care/visit_notes", add_role="care", dry_run=True)
    assert path.read_text() == before and "  care:\n    cells:" in dry.block
    made = new_lab(site, "care/visit_notes", add_role="care")
    assert made.block == dry.block and "grader/scoring.yaml" in made.next[0]
    text = path.read_text()
    assert text.replace(f"\n{made.block}", "") == before and text.index("  people:") < text.index("  care:")
    assert text.index("  care:") < text.index("# Costs of a decision are per row")
    after = ScoringRules.of(site)
    assert {name: after.roles[name] for name in rules.roles} == rules.roles and not after.faults
    assert sum(after.role("care/x").points().values()) == 100
    source = (site.lab("care/visit_notes") / "lab.py").read_text()
    assert 'task="evidence"' in source and 'task="oversight_check_point"' in source
    assert "Your actions after checking" in source and "validator" not in source
    build_lab(site, Material.open(site, "care/visit_notes", company="demo", quarter=QUARTER))
    assert not new_lab(site, "care/second", add_role="care").block, "the role is there by now"


def test_a_new_lab_has_the_cells_of_its_role_and_no_others(site):
    path = site.grader / "scoring.yaml"
    path.write_text(path.read_text().replace("\nroles:\n", "\nroles:\n  care: {cells: {judgement: 1, evidence: 1}}\n"))
    new_lab(site, "care/visit_notes")
    source = (site.lab("care/visit_notes") / "lab.py").read_text()
    words = ("validator", "diagnosis", "prompt_answer", "Your actions after checking", "oversight")
    assert 'task="evidence"' in source and not any(word in source for word in words)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_role_whose_name_is_a_word_of_yaml_is_put_in_as_a_name(site, end):
    path = site.grader / "scoring.yaml"
    path.write_bytes(path.read_text().replace("\n", end).encode())
    new_lab(site, "no/visit_notes", add_role="no")
    assert "no" in ScoringRules.of(site).roles and path.read_bytes().count(b"\r\n") in (
        0,
        path.read_bytes().count(b"\n"),
    )


def test_roles_that_are_written_in_another_way_are_left_alone(site):
    path = site.grader / "scoring.yaml"
    kept = yaml.safe_load(path.read_text())
    path.write_text(yaml.safe_dump(kept, default_flow_style=True, width=10_000))
    before = path.read_text()
    with pytest.raises(Refused, match="not written one below the other") as caught:
        new_lab(site, "care/visit_notes", add_role="care")
    assert "care:\n  cells:" in caught.value.fix and path.read_text() == before
    assert not site.lab("care/visit_notes").exists()


@pytest.mark.parametrize(
    ("lab", "says"),
    [
        ("finance/weekly_margin_memo", "there is a lab"),
        ("finance", "is not a lab's name"),
        ("finance/a/b", "is not a lab's name"),
        ("finance/../x", "is not a lab's name"),
        ("Finance/New", "is not a lab's name"),
        ("poetry/sonnets", "role 'poetry' has no graded cells.*mondaylab labs new poetry/NAME --role poetry"),
    ],
)
def test_a_name_that_cannot_be_is_refused_and_nothing_is_made(site, lab, says):
    before = declared_labs(site)
    with pytest.raises(MondaylabError, match=says):
        new_lab(site, lab)
    with pytest.raises(MondaylabError):
        new_lab(site, lab, add_role="prose")
    assert declared_labs(site) == before


def test_two_roles_cannot_have_a_lab_of_one_name(site):
    (site.root / "labs" / "people" / "cash_forecast").mkdir(parents=True)
    with pytest.raises(Refused, match="another role has a lab cash_forecast already"):
        new_lab(site, LAB)


def test_the_command_says_what_to_do_next_and_a_dry_run_makes_nothing(site, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(site.root))
    monkeypatch.setenv(VAR_VARIABLE, str(site.var))
    dry = CliRunner().invoke(main, ["labs", "new", LAB, "--dry-run", "--json"])
    assert dry.exit_code == 0 and json.loads(dry.stdout)["files"][:2] == ["lab.toml", "lab.py"]
    assert not site.lab(LAB).exists()
    made = CliRunner().invoke(main, ["labs", "new", LAB])
    assert made.exit_code == 0 and f"mondaylab labs build {LAB}" in made.stdout and site.lab(LAB).is_dir()
    assert CliRunner().invoke(main, ["labs", "new", LAB]).exit_code == 1
    dry = CliRunner().invoke(main, ["labs", "new", "sales/offer_mail", "--role", "sales", "--dry-run"])
    assert dry.exit_code == 0 and "would add to grader/scoring.yaml, below the other roles:\n  sales:" in dry.stdout
