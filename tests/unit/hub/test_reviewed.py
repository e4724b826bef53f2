"""What authors wrote in the hub runs outside their jail only as somebody has read it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from mondaylab.cli import main
from mondaylab.errors import Refused
from mondaylab.hub.authors import Authors, apply_authors
from mondaylab.hub.reviewed import refuse_unreviewed
from mondaylab.labs.building.builds import BuildReport, build_folder
from mondaylab.labs.building.inputs import Inputs, content_of
from mondaylab.settings import ROOT_VARIABLE, VAR_VARIABLE, Site

LAB, OTHER = "finance/memo", "people/summary"


@pytest.fixture
def authored(tmp_path) -> Site:
    site = Site(tmp_path, tmp_path / "var")
    for lab in (LAB, OTHER):
        (site.lab(lab)).mkdir(parents=True)
        (site.lab(lab) / "lab.py").write_text("# %%\nopen('/tmp/ran', 'w')\n")
    for folder in ("hub_config", "grader"):
        (tmp_path / folder).mkdir()
    apply_authors(site, Authors(role="finance", company="demo", authors=("paula",)))
    return site


def built(site: Site) -> None:
    """A build's report of the lab as it is, as `build_lab` leaves it."""
    folder = build_folder(site, LAB, "2026Q4", company="demo")
    given = {"bindings": "x", "grader": "x", "engine": "x", "tools": "x", "snapshot": "x", "previous": None}
    inputs = Inputs(lab=content_of([site.lab(LAB)]), parameters={}, **given)
    report = BuildReport(
        lab=LAB, quarter="2026Q4", company="demo", snapshot="x", cells=1, tables=(), inputs=inputs, made_from="x"
    )
    (folder / "data").mkdir(parents=True)
    for name in ("lab.ipynb", "data/manifest.json"):
        (folder / name).write_text("{}")
    (folder / "report.json").write_text(report.canonical())


def test_a_changed_lab_wants_the_hash_of_what_was_read(authored) -> None:
    with pytest.raises(Refused, match="with your rights: finance/memo") as caught:
        refuse_unreviewed(authored, [LAB, OTHER])
    told = str(caught.value.fix).rpartition(" ")[2]
    refuse_unreviewed(authored, [LAB, OTHER], [told])
    (authored.lab(LAB) / "lab.py").write_text("# %%\nimport os\n")
    with pytest.raises(Refused):
        refuse_unreviewed(authored, [LAB], [told])


def test_what_was_built_as_it_is_was_read(authored) -> None:
    built(authored)
    refuse_unreviewed(authored, [LAB])
    (authored.lab(LAB) / "lab.toml").write_text("title = 1\n")
    with pytest.raises(Refused):
        refuse_unreviewed(authored, [LAB])


def test_roles_without_authors_are_not_asked_about_and_those_whose_author_left_are(authored) -> None:
    refuse_unreviewed(authored, [OTHER])
    apply_authors(authored, Authors(role="finance", company="demo", authors=()))
    with pytest.raises(Refused):
        refuse_unreviewed(authored, [LAB])


def test_the_command_refuses_before_anything_runs(authored) -> None:
    env = {ROOT_VARIABLE: str(authored.root), VAR_VARIABLE: str(authored.var)}
    done = CliRunner().invoke(main, ["labs", "build", LAB, "--quarter", "2026Q4", "--json"], env=env)
    assert done.exit_code == 1
    assert "with your rights" in json.loads(done.stdout)["error"]["what"]
    assert not authored.builds.exists()
