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
    with pytest.raises(Refused, match="unknown kinds: confidental"):
        ScoringRules.of(Site(tmp_path, tmp_path / "var"))


def test_every_kind_of_flaw_has_something_to_practise():
    practice = Practice.read_yaml(ROOT / "grader" / "feedback" / "practice.yaml")
    flaws = yaml.safe_load((ROOT / "grader" / "flaws.yaml").read_text())
    kinds = {kind["id"] for group in flaws["groups"] for kind in group["kinds"]}
    assert kinds == set(practice.kinds)
