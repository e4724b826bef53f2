"""The build: papermill for real, nbval on what it left, and nothing half-built when it fails."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import pytest

from mondaylab.datasets.snapshot import Snapshot
from mondaylab.errors import NotFound, Refused
from mondaylab.forms.cells import declared_cells
from mondaylab.grader.course.assignment import nbgrader_source
from mondaylab.labs.building.build import build_folder, build_lab, built, check_executed
from mondaylab.labs.building.builds import BuildReport
from mondaylab.labs.building.frozen import open_build
from mondaylab.labs.material import Material
from mondaylab.settings import Site

LAB, QUARTER = "finance/weekly_margin_memo", "2026Q4"
POINTS = dict.fromkeys(declared_cells(), 5.0) | {
    f"oversight_{name}": 5.0 for name in ("check_point", "accountability", "disclosure")
}


@pytest.fixture(scope="module")
def site(demo_site: Site, finance_build: Path, tmp_path_factory) -> Site:
    """With a copy of the build that all workers share."""
    var = tmp_path_factory.mktemp("build-var")
    (var / "snapshots").symlink_to(demo_site.snapshots)
    site = Site(demo_site.root, var)
    shutil.copytree(finance_build, build_folder(site, LAB, QUARTER, company="demo"))
    return site


@pytest.fixture(scope="module")
def report(site) -> BuildReport:
    return BuildReport.of(build_folder(site, LAB, QUARTER, company="demo"))


def test_the_lab_runs_from_top_to_bottom_without_a_hub(site, report):
    notebook = nbformat.read(built(site, LAB, QUARTER, company="demo") / "lab.ipynb", as_version=4)
    errors = [out for cell in notebook.cells for out in cell.get("outputs", []) if out.output_type == "error"]
    assert not errors and report.cells == sum(cell.cell_type == "code" for cell in notebook.cells)
    assert report.snapshot.startswith("demo-2026Q4-")


def test_the_data_folder_holds_the_labs_tables_and_no_other(site, report, finance):
    folder = built(site, LAB, QUARTER, company="demo") / "data"
    assert sorted(path.stem for path in (folder / "tables").iterdir()) == sorted(finance.tables)
    assert {path.name for path in folder.iterdir()} == {"manifest.json", "tables", "texts", "bindings.yaml"}
    manifest, whole = ((place / "manifest.json").read_text() for place in (folder, finance.snapshot.folder))
    assert json.loads(manifest) == {key: value for key, value in json.loads(whole).items() if key != "steward"}
    assert "steward" in whole and "sample_data" not in (folder / "bindings.yaml").read_text()
    Snapshot.open(folder).verify(whole=False)


def test_a_build_of_when_a_models_sentences_were_taken_still_opens(site, report, finance, tmp_path):
    folder = tmp_path / "build"
    shutil.copytree(built(site, LAB, QUARTER, company="demo"), folder)
    told = json.loads((folder / "report.json").read_text())
    told["inputs"]["recordings"] = "0" * 64
    told["stale"] = ["memo 1 of 2026-11-23 by model X, made on snapshot demo-2026Q4-000000000000"]
    (folder / "report.json").write_text(json.dumps(told))
    kept = folder / "sources" / "recordings" / "demo" / LAB / QUARTER
    kept.mkdir(parents=True)
    (kept / f"{'0' * 64}.json").write_text("{}")
    opened = open_build(site, folder)
    assert opened.declaration == finance.declaration and opened.snapshot.id == finance.snapshot.id


@pytest.mark.deep
def test_nbval_passes_and_fails_on_a_changed_output(site, report, tmp_path):
    check_executed(site, LAB, QUARTER, company="demo")
    copy = Site(site.root, tmp_path)
    shutil.copytree(built(site, LAB, QUARTER, company="demo"), build_folder(copy, LAB, QUARTER, company="demo"))
    path = build_folder(copy, LAB, QUARTER, company="demo") / "lab.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cell = next(cell for cell in notebook.cells if "rows" in cell.source and cell.get("outputs"))
    cell.outputs[0].text = cell.outputs[0].text.replace("rows", "cows", 1)
    nbformat.write(notebook, path)
    with pytest.raises(Refused, match="nbval"):
        check_executed(copy, LAB, QUARTER, company="demo")


@pytest.mark.parametrize(
    ("parameters", "says"), [({"region": "North"}, "unknown parameter"), ({"quarter": 4}, "must be a quarter")]
)
def test_a_wrong_parameter_leaves_the_last_good_build(site, report, finance, parameters, says):
    before = (built(site, LAB, QUARTER, company="demo") / "report.json").read_bytes()
    with pytest.raises(Refused, match=says):
        build_lab(site, finance, parameters)
    assert (built(site, LAB, QUARTER, company="demo") / "report.json").read_bytes() == before


def test_what_is_not_built_is_told(demo_site, tmp_path):
    with pytest.raises(NotFound, match="is not built"):
        built(Site(demo_site.root, tmp_path), LAB, QUARTER, company="demo")


@pytest.mark.deep
def test_a_cell_that_raises_is_named_and_leaves_nothing(demo_site, tmp_path):
    root = tmp_path / "root"
    for name in ("labs", "grader", "datasets", "hub_config"):
        shutil.copytree(demo_site.root / name, root / name)
    site = Site(root, tmp_path / "var")
    site.var.mkdir()
    (site.var / "snapshots").symlink_to(demo_site.snapshots)
    source = site.lab(LAB) / "lab.py"
    source.write_text(source.read_text().replace('print(f"{name:12}', 'print(1 / 0, f"{name:12}'))
    with pytest.raises(Refused, match="raised ZeroDivisionError"):
        build_lab(site, Material.open(site, LAB, company="demo", quarter=QUARTER))
    assert not build_folder(site, LAB, QUARTER, company="demo").exists()
    with pytest.raises(NotFound, match="is not built"):
        built(site, LAB, QUARTER, company="demo")


def test_the_nbgrader_source_marks_every_task(site, report):
    executed = nbformat.read(built(site, LAB, QUARTER, company="demo") / "lab.ipynb", as_version=4)
    source = nbgrader_source(executed, POINTS)
    marks = {cell.metadata.nbgrader.grade_id: cell for cell in source.cells if "nbgrader" in cell.metadata}
    assert set(marks) == set(POINTS) | {"prompt_answer", "evidence_answer", "validator_answer"}
    assert [cell.metadata.mondaylab.task for cell in source.cells if "mondaylab" in cell.metadata] == ["friday"]
    for name in declared_cells():
        marked = marks[name].metadata.nbgrader
        assert marked.locked and marked.grade and not marked.solution and marked.points == 5.0
    assert not any(cell.get("outputs") for cell in source.cells)
    assert "tags" not in json.dumps(source) and "papermill" not in json.dumps(source)
    assert 'quarter = "2026Q4"' in "\n".join(cell.source for cell in source.cells)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda marks: marks["judgement"].metadata.update(task="jugdement"), "task 'jugdement' is unknown"),
        (lambda marks: marks["judgement"].metadata.update(task="evidence"), "stands twice; no cell for 'judgement'"),
        (lambda marks: marks["friday"].metadata.update(task="oversight_mood"), "'oversight_mood' has no points"),
    ],
)
def test_a_mislabelled_task_is_refused(site, report, change, says):
    executed = nbformat.read(built(site, LAB, QUARTER, company="demo") / "lab.ipynb", as_version=4)
    change({cell.metadata["task"]: cell for cell in executed.cells if "task" in cell.metadata})
    with pytest.raises(Refused, match=says):
        nbgrader_source(executed, POINTS)
