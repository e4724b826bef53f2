"""The check of a build: nbval and the gates for real, and a record that only fits the build it was made for."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner, Result

from mondaylab.cli import main
from mondaylab.errors import NotFound, Refused
from mondaylab.labs import gates
from mondaylab.labs.building.builds import BuildReport, build_folder
from mondaylab.labs.gates.report import GateReport
from mondaylab.labs.quarterly.checks import CheckReport, check_build, passed_check
from mondaylab.labs.recorded.baselines import Baseline, BaselineStore, asked_key
from mondaylab.settings import ROOT_VARIABLE, VAR_VARIABLE, Site

LAB, QUARTER = "finance/weekly_margin_memo", "2026Q4"
SEEDS = 10
"""Far too few to pass: the gates' own suites show that the labs hold them."""


@pytest.fixture(scope="module")
def site(demo_site: Site, finance_build: Path, tmp_path_factory) -> Site:
    """A checkout with the finance lab built."""
    root = tmp_path_factory.mktemp("checks")
    for part in ("datasets", "grader", "hub_config", f"labs/{LAB}"):
        shutil.copytree(demo_site.root / part, root / part)
    site = Site(root, root / "var")
    site.var.mkdir()
    (site.var / "snapshots").symlink_to(demo_site.snapshots)
    shutil.copytree(finance_build, build_folder(site, LAB, QUARTER, company="demo"))
    return site


@pytest.fixture(scope="module")
def command(site) -> Result:
    """What the command says of the build, about which a model was asked, of whom nothing is drawn any more."""
    store = BaselineStore(site, company="demo", lab=LAB, quarter=QUARTER)
    snapshot = BuildReport.of(build_folder(site, LAB, QUARTER, company="demo")).snapshot
    store.put(
        Baseline(model_asked="m", model="m-1", asked="2026-11-23", snapshot=snapshot, answers={asked_key("old"): "50"})
    )
    words = ["labs", "check", str(build_folder(site, LAB, QUARTER, company="demo")), "--seeds", str(SEEDS)]
    words += ["--learners", str(SEEDS)]
    return CliRunner().invoke(main, words, env={ROOT_VARIABLE: str(site.root), VAR_VARIABLE: str(site.var)})


@pytest.fixture(scope="module")
def checked(site, command) -> CheckReport:
    return CheckReport.read_json(build_folder(site, LAB, QUARTER, company="demo") / "gates.json")


def test_a_check_holds_every_gate_with_its_figures_and_lies_beside_the_report(site, checked):
    folder = build_folder(site, LAB, QUARTER, company="demo")
    assert checked.nbval is None and checked.gates["seeds"] == SEEDS
    assert len({gate["name"] for gate in checked.gates["gates"]}) == len(checked.gates["gates"]) > 5
    assert checked.passed == all(gate["passed"] for gate in checked.gates["gates"])
    assert not (folder / "data" / "gates.json").exists()


def test_what_the_last_model_earned_by_the_words_alone_is_told_with_its_day(checked):
    (gate,) = [gate for gate in checked.gates["gates"] if gate["name"] == "ai_baseline"]
    assert gate["passed"] and gate["said"].startswith("m-1, asked on 2026-11-23")


def test_ten_forms_are_too_few_and_the_command_exits_1_with_every_gate(command, checked):
    assert not checked.passed
    assert command.exit_code == 1
    assert "FAILS" in command.stdout and "nbval" in command.stdout
    for gate in checked.gates["gates"]:
        assert gate["name"] in command.stdout and gate["said"] in command.stdout
    capacity = next(gate for gate in checked.gates["gates"] if gate["name"] == "capacity")
    assert (capacity["n"], capacity["bound"], capacity["passed"]) == (SEEDS, SEEDS, True), "ten were asked for"


@pytest.mark.deep
def test_a_changed_output_fails_the_check_whatever_the_gates_say(site, checked, tmp_path, monkeypatch):
    drawn = GateReport.parse(checked.gates, where="the check")
    good = drawn.model_copy(update={"gates": tuple(gate for gate in drawn.gates if gate.passed)})
    assert good.passed
    monkeypatch.setattr(gates, "check_lab", lambda *_, **__: good)
    folder = tmp_path / "build"
    shutil.copytree(build_folder(site, LAB, QUARTER, company="demo"), folder)
    notebook = nbformat.read(folder / "lab.ipynb", as_version=4)
    cell = next(cell for cell in notebook.cells if "rows" in cell.source and cell.get("outputs"))
    cell.outputs[0].text = cell.outputs[0].text.replace("rows", "cows", 1)
    nbformat.write(notebook, folder / "lab.ipynb")
    found = check_build(site, folder, seeds=SEEDS, learners=SEEDS)
    assert found.nbval is not None and "cows" in found.nbval and not found.passed
    assert CheckReport.read_json(folder / "gates.json") == found


def test_only_a_passed_check_of_this_very_build_counts(site, checked, tmp_path):
    passed = checked.model_copy(update={"passed": True})
    with pytest.raises(Refused, match="was not checked"):
        passed_check(tmp_path, checked.made_from)
    (tmp_path / "gates.json").write_text(checked.canonical())
    with pytest.raises(Refused, match="did not pass"):
        passed_check(tmp_path, checked.made_from)
    (tmp_path / "gates.json").write_text(passed.canonical())
    assert passed_check(tmp_path, checked.made_from) == passed
    with pytest.raises(Refused, match="another build was checked"):
        passed_check(tmp_path, "0" * 64)


def test_a_build_of_older_sources_is_not_checked(site, checked):
    source = site.lab(LAB) / "lab.toml"
    text = source.read_text()
    try:
        source.write_text(text + "\n")
        with pytest.raises(Refused, match="built from other sources: the lab's own folder changed since"):
            check_build(site, build_folder(site, LAB, QUARTER, company="demo"), seeds=10)
    finally:
        source.write_text(text)


def test_what_is_not_built_cannot_be_checked(site, tmp_path):
    with pytest.raises(NotFound):
        check_build(site, tmp_path)
    assert CliRunner().invoke(main, ["labs", "check", "finance/none"]).exit_code == 2


def test_the_record_is_json_that_others_can_read(site, checked):
    data = json.loads((build_folder(site, LAB, QUARTER, company="demo") / "gates.json").read_text())
    assert {"lab", "made_from", "passed", "nbval", "gates"} <= set(data)
