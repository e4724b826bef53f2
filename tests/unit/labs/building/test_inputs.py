"""What a build is made from: any change of it is seen, and nothing else is taken for one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from tests.support.places import ROOT

from mondaylab.errors import Refused
from mondaylab.labs.building.inputs import WORDS, Inputs, content_of, inputs_of
from mondaylab.settings import Site

LAB = "finance/weekly_margin_memo"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    for part in (f"labs/{LAB}", "grader", "datasets/demo"):
        shutil.copytree(ROOT / part, tmp_path / part)
    return Site(tmp_path, tmp_path / "var")


def taken(site: Site, **changes: object) -> Inputs:
    given = {
        "company": "demo",
        "quarter": "2026Q4",
        "snapshot": "demo-2026Q4-0",
        "parameters": {},
        "items": None,
    } | changes
    return inputs_of(site, LAB, **given)


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (f"labs/{LAB}/lab.py", "lab"),
        (f"labs/{LAB}/lab.toml", "lab"),
        ("datasets/demo/bindings.yaml", "bindings"),
        ("grader/flaws.yaml", "grader"),
    ],
)
def test_an_edit_changes_the_hash_and_is_named(site, file, says):
    before = taken(site)
    path = site.root / file
    path.write_text(path.read_text() + "\n")
    after = taken(site)
    assert after.hash != before.hash
    assert after.changed(before) == [WORDS[says]]


@pytest.mark.parametrize(
    ("changes", "says"),
    [({"snapshot": "demo-2026Q4-1"}, "snapshot"), ({"parameters": {"n": 3}}, "parameters"), ({"items": "ab"}, "items")],
)
def test_other_data_or_parameters_change_the_hash(site, changes, says):
    assert taken(site, **changes).changed(taken(site)) == [WORDS[says]]
    assert taken(site, **changes).hash != taken(site).hash


@pytest.mark.parametrize(
    ("old", "new", "counts"),
    [
        ("      judgement: 40 ", "      judgement: 41 ", True),  # the role's own block
        ("redraws: ", "redraws: 1", True),  # what holds for every role
        ("      judgement: 45", "      judgement: 46", False),  # another role's
        ("\nroles:\n", "\nroles:\n  sales: {cells: {decision: 10}}\n", False),
        ("\nroles:\n", "\n# a note\nroles:\n", False),
        ("roles:", "roles: [", True),  # unreadable: nobody can tell what changed
    ],
)
def test_of_the_points_a_role_reads_its_own_and_what_holds_for_all(site, old, new, counts):
    path = site.grader / "scoring.yaml"
    text, before = path.read_text(), taken(site)
    assert old in text
    path.write_text(text.replace(old, new, 1))
    assert taken(site).changed(before) == ([WORDS["grader"]] if counts else [])


def test_the_order_of_a_roles_cells_is_the_order_that_learners_see(site):
    path = site.grader / "scoring.yaml"
    rules = yaml.safe_load(path.read_text())
    path.write_text(yaml.safe_dump(rules, sort_keys=False))
    before = taken(site)
    rules["roles"]["finance"]["cells"] = dict(reversed(rules["roles"]["finance"]["cells"].items()))
    path.write_text(yaml.safe_dump(rules, sort_keys=False))
    assert taken(site).changed(before) == [WORDS["grader"]]


def test_another_snapshot_of_the_quarter_before_is_a_change(site):
    before = taken(site)
    folder = site.snapshots / "demo"
    folder.mkdir(parents=True)
    (folder / "2026Q3.latest").write_text("demo-2026Q3-0\n")
    assert taken(site).changed(before) == [WORDS["previous"]]


def test_what_editors_and_python_leave_about_changes_nothing(site):
    before = taken(site).hash
    for name in ("__pycache__/lab.cpython-311.pyc", ".ipynb_checkpoints/lab.py", ".lab.py.swp"):
        path = site.lab(LAB) / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    (site.company("demo") / "datasheet.md").write_text("another text")
    assert taken(site).hash == before


def test_a_renamed_file_is_a_change(site):
    before = content_of([site.lab(LAB)])
    (site.lab(LAB) / "solution.py").rename(site.lab(LAB) / "answer.py")
    assert content_of([site.lab(LAB)]) != before


def test_a_parameter_that_is_no_plain_value_is_refused(site):
    with pytest.raises(Refused, match="parameter 'n' must be"):
        taken(site, parameters={"n": [1]})


def test_a_report_of_when_builds_took_a_models_sentences_is_still_read(site):
    now = taken(site)
    for recordings in (None, "0" * 64):
        assert Inputs.parse({**now.model_dump(mode="json"), "recordings": recordings}, where="report.json") == now
    with pytest.raises(Refused, match="unheard_of"):
        Inputs.parse({**now.model_dump(mode="json"), "unheard_of": None}, where="report.json")
