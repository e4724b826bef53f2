"""grader/scoring.yaml and practice.yaml as they stand, and what is refused of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from mondaylab.errors import NotFound, Refused
from mondaylab.forms.cells import declared_cells
from mondaylab.forms.scoring import ScoringRules
from mondaylab.grader.feedback.practice import Practice
from mondaylab.settings import Site

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def raw():
    return yaml.safe_load((ROOT / "grader" / "scoring.yaml").read_text())


def test_the_finance_role():
    role = ScoringRules.of(Site(ROOT, ROOT / "var")).role("finance/weekly_margin_memo")
    assert tuple(role.cells) == tuple(declared_cells())
    assert role.points()["judgement"] == 40
    assert [criterion.id for criterion in role.oversight] == ["check_point", "accountability", "disclosure"]
    rubric = (ROOT / "grader" / "rubrics" / "oversight.md").read_text()
    assert all(f"## {c.id}:" in rubric and f"({c.points:g})" in rubric for c in role.oversight)


def test_unknown_roles_and_lab_ids():
    rules = ScoringRules.of(Site(ROOT, ROOT / "var"))
    with pytest.raises(NotFound):
        rules.role("astronomy/x")
    with pytest.raises(Refused):
        rules.role("weekly_margin_memo")


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw["roles"]["finance"]["cells"].update(judgment=40),
        lambda raw: raw["roles"]["finance"]["cells"].update(judgement=0),
        lambda raw: raw["roles"]["finance"]["oversight"].append(raw["roles"]["finance"]["oversight"][0]),
        lambda raw: raw["roles"]["finance"]["oversight"][0].update(id="Check Point"),
        lambda raw: raw["diagnosis"]["severity_weights"].pop("minor"),
        lambda raw: raw["validator"].update(mutants=10),
        lambda raw: raw["evidence"].update(redraws=1),
        lambda raw: raw.update(extra=1),
        lambda raw: raw["roles"]["finance"].pop("decision"),
        lambda raw: raw["roles"]["finance"]["cells"].pop("decision"),
        lambda raw: raw["roles"]["finance"]["decision"].pop("minor"),
        lambda raw: raw["roles"]["finance"]["decision"]["minor"].pop("fix"),
        lambda raw: raw["roles"]["finance"]["decision"]["minor"].update(ignore=1),
        lambda raw: raw["roles"]["finance"]["decision"]["minor"].update(fix=-1),
        lambda raw: raw["roles"]["finance"]["decision"]["minor"].update(fix=float("nan")),
        lambda raw: raw["roles"]["finance"]["decision"]["critical"].update(use=float("inf")),
        lambda raw: raw["roles"]["finance"]["decision"]["critical"].update(use=1e308),
        lambda raw: raw["roles"]["finance"]["decision"]["sound"].update(use=1),
        lambda raw: raw["roles"]["finance"]["decision"]["minor"].update(use=1),
        lambda raw: raw["roles"]["finance"]["decision"]["material"].update(verify=12),
        lambda raw: raw["roles"]["finance"]["decision"]["critical"].update(use=7),
        lambda raw: raw["roles"]["people"]["decision"]["to_escalate"].update(kinds=[]),
        lambda raw: raw["roles"]["people"]["decision"]["to_escalate"]["costs"].update(escalate=5),
    ],
)
def test_what_would_weaken_or_confuse_is_refused(raw, change):
    change(raw)
    with pytest.raises(Refused):
        ScoringRules.parse(raw, where="scoring.yaml")


@pytest.mark.parametrize("role", ["finance", "support", "people"])
def test_a_role_is_worth_a_hundred_and_doubt_is_cheap(role):
    rules = ScoringRules.of(Site(ROOT, ROOT / "var")).roles[role]
    assert sum(rules.points().values()) == 100
    needless, shipped = rules.decision.sound.regret("verify"), rules.decision.material.regret("use")
    assert shipped > 5 * needless


def test_rules_of_releases_before_there_were_these_cells_still_load(raw):
    for role in raw["roles"].values():
        for cell in ("decision", "prompt"):
            role["cells"].pop(cell)
        role.pop("decision")
    role = ScoringRules.parse(raw, where="scoring.yaml").role("finance/weekly_margin_memo")
    assert set(role.cells) == {"judgement", "diagnosis", "evidence", "validator"} and role.decision is None


def test_a_kind_that_flaws_yaml_does_not_have_is_refused(raw, tmp_path):
    raw["roles"]["people"]["decision"]["to_escalate"]["kinds"] = ["confidental"]
    (tmp_path / "grader").mkdir()
    shutil.copy(ROOT / "grader" / "flaws.yaml", tmp_path / "grader")
    (tmp_path / "grader" / "scoring.yaml").write_text(yaml.safe_dump(raw))
    rules = ScoringRules.of(Site(tmp_path, tmp_path / "var"))
    with pytest.raises(Refused, match=r"role 'people'.*unknown kinds: confidental .flaws.yaml has cause"):
        rules.role("people/x")


@pytest.fixture
def site(tmp_path) -> Site:
    shutil.copytree(ROOT / "grader", tmp_path / "grader")
    return Site(tmp_path, tmp_path / "var")


ONE_BAD = [
    ("decision: 10", "a decision cell needs its costs: write decision: with sound, minor, material and critical", 1),
    ("decision: ten", "cells.decision: Input should be a valid number", 4),
    ("decisoin: 10", "cells.decisoin: 'decisoin' is no cell that is graded .there are judgement, diagnosis", 4),
    (
        "evidence: 1\n    costs: 3",
        "costs: Extra inputs are not permitted .there are cells, decision, optional",
        5,
    ),
    ("judgement: 1", "key judgement stands twice", 1),
    ("evidence: 1\n    optional: [validator]", "optional: validator is no cell of this role .judgement, evidence", 1),
    ("evidence: 1\n    optional: [judgement]", "optional: judgement is read from what was judged", 1),
    ("evidence: 1\n    optional: [validater]", "optional.*'validater' is no cell that is graded", 5),
]


@pytest.mark.parametrize(("cell", "says", "down"), ONE_BAD)
def test_a_fault_in_one_roles_block_is_that_roles_alone(site, cell, says, down):
    path = site.grader / "scoring.yaml"
    text = path.read_text()
    path.write_text(text.replace("\nroles:\n", f"\nroles:\n  sales:\n    cells:\n      judgement: 40\n      {cell}\n"))
    line = text[: text.index("roles:")].count("\n") + 1
    rules = ScoringRules.of(site)
    assert set(rules.faults) == {"sales"}
    assert rules.role("finance/x") == ScoringRules.of(Site(ROOT, ROOT / "var")).role("finance/x")
    with pytest.raises(Refused, match=says) as caught:
        rules.role("sales/x")
    assert "role 'sales'" in caught.value.what and caught.value.where.startswith(str(path))
    first = int(caught.value.where.rpartition(":")[2])
    assert first == line + down


def test_a_fault_in_what_a_release_froze_never_points_into_the_release(site):
    path = site.grader / "scoring.yaml"
    path.write_text(path.read_text().replace("\nroles:\n", "\nroles:\n  sales: {cells: {decision: 10}}\n"))
    with pytest.raises(Refused, match="as the lab was built with it: a decision cell needs") as caught:
        ScoringRules.of(Site(site.root, site.var, frozen=True)).role("sales/x")
    assert str(site.root) not in str(caught.value) and caught.value.where == "grader/scoring.yaml"
    assert "line" not in str(caught.value) and "build and release the lab again" in caught.value.fix


@pytest.mark.parametrize(("old", "new"), [("redraws: 3", "redraws: 1"), ("twins: 40", "twins: 40\n  twins: 50")])
def test_what_holds_for_every_role_is_refused_at_once(site, old, new):
    path = site.grader / "scoring.yaml"
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(Refused):
        ScoringRules.of(site)


def test_every_kind_of_flaw_has_something_to_practise():
    practice = Practice.read_yaml(ROOT / "grader" / "feedback" / "practice.yaml")
    flaws = yaml.safe_load((ROOT / "grader" / "flaws.yaml").read_text())
    kinds = {kind["id"] for group in flaws["groups"] for kind in group["kinds"]}
    assert kinds == set(practice.kinds)
