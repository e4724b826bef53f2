from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mondaylab.cli.main import main

REPO = Path(__file__).resolve().parents[3]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs `mondaylab data ...` in a checkout whose demo company is small."""
    for part in ("hub_config", "labs", "grader", "datasets/real"):
        (tmp_path / part).mkdir(parents=True)
    shutil.copytree(REPO / "datasets" / "demo", tmp_path / "datasets" / "demo")
    settings = tmp_path / "datasets" / "demo" / "company.yaml"
    text = settings.read_text("utf-8").replace("customers: 1200", "customers: 150")
    settings.write_text(text.replace("orders_a_quarter: 8600", "orders_a_quarter: 300"), "utf-8")
    monkeypatch.setenv("MONDAYLAB_ROOT", str(tmp_path))
    monkeypatch.setenv("MONDAYLAB_VAR", str(tmp_path / "var"))

    def call(*args: str) -> Result:
        return CliRunner().invoke(main, ["data", *args])

    return call


def test_the_whole_path(run, tmp_path: Path) -> None:
    made = json.loads(run("export", "--quarter", "2026Q4", "--json").stdout)
    assert "tickets.csv" in made["files"]
    assert Path(made["folder"]) == tmp_path / "var" / "raw" / "demo" / "2026Q4"

    dry = run("sanitize", "--quarter", "2026Q4", "--dry-run")
    assert dry.exit_code == 0
    assert "customers    contact_name           dropped (person)" in dry.stdout
    assert "nothing was written" in dry.stdout
    assert not (tmp_path / "var" / "snapshots").exists()
    assert not (tmp_path / "var" / "secrets").exists()

    done = json.loads(run("sanitize", "--quarter", "2026Q4", "--json").stdout)
    manifest = json.loads((Path(done["folder"]) / "manifest.json").read_text())
    assert manifest["steward"] == done["steward"] == "data.steward@brenning.example"
    checked = json.loads(run("check", "--quarter", "2026Q4", "--json").stdout)
    assert checked["snapshot"] == done["snapshot"]
    assert checked["tables"]["employees"] == 84
    assert run("check", "--folder", done["folder"]).exit_code == 0

    (Path(done["folder"]) / "texts" / "handbook.md").write_text("## 1.1 All is allowed\n")
    bad = run("check", "--quarter", "2026Q4")
    assert bad.exit_code == 1
    assert "altered" in bad.stderr


def test_a_dry_run_names_what_is_refused_beside_what_would_happen(run, tmp_path: Path) -> None:
    run("export", "--quarter", "2026Q4")
    raw = tmp_path / "var" / "raw" / "demo" / "2026Q4" / "shipments.csv"
    raw.write_text(raw.read_text().replace("Corvo Express", "Somebody Else", 1))
    dry = run("sanitize", "--quarter", "2026Q4", "--dry-run")
    assert dry.exit_code == 1
    assert "REFUSED: 1 of" in dry.stderr
    assert "customers    contact_name           dropped (person)" in dry.stderr
    assert "table shipments: column 'carrier'" in dry.stderr
    assert "Somebody" not in dry.stderr


def test_a_real_company_is_told_where_its_exports_go(run, tmp_path: Path) -> None:
    answer = run("export", "--company", "real", "--quarter", "2026Q4")
    assert answer.exit_code == 1
    assert str(tmp_path / "var" / "raw" / "real" / "2026Q4") in answer.stderr
    assert "CSV" in answer.stderr
    assert run("export", "--company", "nobody", "--quarter", "2026Q4").exit_code == 1


@pytest.mark.parametrize(
    "args",
    [
        ("sanitize", "--quarter", "2026Q4"),
        ("check", "--quarter", "2026Q4"),
        ("check",),
        ("export", "--quarter", "2026-4"),
        ("export", "--company", "../x", "--quarter", "2026Q4"),
    ],
)
def test_what_cannot_be_done_says_why(run, args: tuple[str, ...]) -> None:
    answer = run(*args, "--json")
    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["error"]["what"]


def test_help_has_examples(run) -> None:
    for name in ("export", "sanitize", "check"):
        assert "Example" in run(name, "--help").stdout
