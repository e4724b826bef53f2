"""What authors wrote in the hub runs outside their jail only as somebody has read it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner

from mondaylab.cli import main
from mondaylab.errors import Refused
from mondaylab.hub.authors import Authors, apply_authors
from mondaylab.hub.reviewed import refuse_unreviewed
from mondaylab.labs.building.batch import Order, build_labs
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


def review(site: Site, lab: str, *reviewed: str) -> None:
    refuse_unreviewed(site, lab, company="demo", quarter="2026Q4", reviewed=reviewed)


def test_a_changed_lab_wants_the_hash_of_what_was_read(authored) -> None:
    with pytest.raises(Refused, match="with your rights") as caught:
        review(authored, LAB)
    assert "mondaylab labs build finance/memo --quarter 2026Q4 --reviewed " in str(caught.value.fix)
    told = str(caught.value.fix).rpartition(" ")[2]
    review(authored, LAB, told)
    (authored.lab(LAB) / "lab.py").write_text("# %%\nimport os\n")
    with pytest.raises(Refused):
        review(authored, LAB, told)


def test_what_was_built_as_it_is_was_read(authored) -> None:
    built(authored)
    review(authored, LAB)
    (authored.lab(LAB) / "lab.toml").write_text("title = 1\n")
    with pytest.raises(Refused):
        review(authored, LAB)


def test_roles_without_authors_are_not_asked_about_and_those_whose_author_left_are(authored) -> None:
    review(authored, OTHER)
    apply_authors(authored, Authors(role="finance", company="demo", authors=()))
    with pytest.raises(Refused):
        review(authored, LAB)
    (authored.hub / "authors/finance.json").write_text("damaged")
    with pytest.raises(Refused, match="with your rights"):
        review(authored, LAB)


@pytest.fixture
def command(authored, monkeypatch) -> Callable[..., dict]:
    """Runs ``labs build`` up to where a lab would be hashed and run; the errors it tells."""

    def may_run(_: Site, lab: str, *__: object) -> None:
        raise Refused("may run")

    monkeypatch.setattr("mondaylab.labs.building.batch._snapshot", lambda *_: "demo-2026Q4-0")
    monkeypatch.setattr("mondaylab.labs.building.batch._job", may_run)
    env = {ROOT_VARIABLE: str(authored.root), VAR_VARIABLE: str(authored.var)}

    def run(*words: str) -> dict:
        done = CliRunner().invoke(main, ["labs", "build", *words, "--quarter", "2026Q4", "--json"], env=env)
        assert done.exit_code == 1, done.output
        return {one["lab"]: one["error"] for one in json.loads(done.stdout)["labs"]}

    return run


def test_the_command_refuses_that_lab_alone_before_anything_of_it_runs(authored, command) -> None:
    said = command(LAB, OTHER)
    assert "with your rights" in said[LAB]["what"] and said[LAB]["where"] == str(authored.root / "labs" / LAB)
    assert said[OTHER]["what"] == "may run"
    told = said[LAB]["fix"].rpartition(" ")[2]
    assert command(LAB, "--reviewed", told)[LAB]["what"] == "may run"
    assert "with your rights" in command(LAB, "--reviewed", told[::-1])[LAB]["what"]
    assert not authored.builds.exists()


def test_a_lab_that_is_not_there_is_nobodys_to_read(authored, command) -> None:
    said = command("finance/typo", "people/typo")
    assert said["finance/typo"]["what"] == said["people/typo"]["what"] == "may run"


def test_what_is_looked_at_is_a_copy_that_nobody_edits(authored) -> None:
    seen = []

    def looked(copies: Site, lab: str) -> None:
        (authored.lab(lab) / "lab.py").write_text("evil")
        seen.append((copies.lab(lab), (copies.lab(lab) / "lab.py").read_text()))
        raise Refused("enough", where=copies.lab(lab))

    [outcome] = build_labs(authored, [LAB], Order("2026Q4", snapshot="demo-2026Q4-0"), review=looked)
    assert outcome.error == {"what": "enough", "where": str(authored.root / "labs" / LAB), "fix": None}
    [(place, text)] = seen
    assert "open(" in text and not place.exists()
