"""Releases: only a checked build goes out, nothing changes what went out, and there is a way back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mondaylab.cli import main
from mondaylab.errors import NotFound, Refused
from mondaylab.grader.report.lab_report import baseline_of
from mondaylab.labs.building.builds import BuildReport, build_folder
from mondaylab.labs.building.inputs import Inputs
from mondaylab.labs.quarterly.checks import CheckReport
from mondaylab.labs.quarterly.releases import (
    all_releases,
    current,
    current_release,
    make_release,
    releases_folder,
    roll_back,
)
from mondaylab.settings import ROOT_VARIABLE, VAR_VARIABLE, Site

LAB = "finance/memo"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    for name in ("hub_config", "labs", "grader"):
        (tmp_path / name).mkdir()
    return Site(tmp_path, tmp_path / "var")


def build(
    site: Site,
    quarter: str,
    content: str = "x",
    *,
    passed: bool | None = True,
    of: str | None = None,
    company: str = "demo",
) -> Path:
    """A build folder as `build_lab` leaves it, and a check as `check_build` does; `of`: another build was checked."""
    folder = build_folder(site, LAB, quarter, company=company)
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "data" / "manifest.json").write_text(content)
    (folder / "lab.ipynb").write_text("{}")
    snapshot = f"{company}-{quarter}-0"
    inputs = Inputs(
        lab=content, bindings="b", grader="c", engine="d", tools="e", snapshot=snapshot, previous=None, parameters={}
    )
    place = {"lab": LAB, "quarter": quarter, "company": company, "snapshot": snapshot}
    report = BuildReport(**place, cells=1, tables=(), inputs=inputs, made_from=inputs.hash)
    (folder / "report.json").write_text(report.canonical())
    (folder / "gates.json").unlink(missing_ok=True)
    if passed is not None:
        check = CheckReport(**place, made_from=of or inputs.hash, nbval=None, gates={}, passed=passed)
        (folder / "gates.json").write_text(check.canonical())
    return folder


def test_a_release_is_a_copy_that_a_rebuild_does_not_touch(site):
    folder = build(site, "2026Q3")
    step = make_release(site, LAB, "2026Q3", company="demo")
    assert step.was is None and step.changed and step.now.startswith("2026Q3-") and step.unchecked is None
    (folder / "data" / "manifest.json").write_text("another quarter's")
    released = current_release(site, LAB, company="demo")
    assert (released / "data" / "manifest.json").read_text() == "x"
    assert released.name == step.now == current(site, LAB, company="demo").release
    assert not (released / "lab.ipynb").stat().st_mode & 0o222


@pytest.mark.parametrize(
    ("made", "says"),
    [
        ({"passed": None}, "was not checked"),
        ({"passed": False}, "did not pass"),
        ({"of": "0" * 64}, "another build was checked"),
    ],
)
def test_a_build_without_a_passed_check_of_its_own_is_refused_or_marked_for_good(site, made, says):
    build(site, "2026Q3", **made)
    with pytest.raises(Refused, match=says):
        make_release(site, LAB, "2026Q3", company="demo")
    assert not releases_folder(site, LAB).exists()
    step = make_release(site, LAB, "2026Q3", unchecked=True, company="demo")
    assert step.unchecked.startswith("RELEASED WITHOUT A PASSED CHECK") and says.split()[-1] in step.unchecked
    assert all_releases(site, LAB)[0].unchecked == step.unchecked


def test_unchecked_says_nothing_of_a_build_that_passed(site):
    build(site, "2026Q3")
    assert make_release(site, LAB, "2026Q3", unchecked=True, company="demo").unchecked is None


def test_a_release_keeps_what_a_model_earned_by_the_words_alone(site):
    def released(said: str, asked: int = 10, **made: object) -> str | None:
        folder = build(site, "2026Q3", said, **made)
        told = {"gates": [{"name": "truth", "n": 9, "said": "-"}, {"name": "ai_baseline", "n": asked, "said": said}]}
        check = CheckReport.read_json(folder / "gates.json").model_copy(update={"gates": told})
        (folder / "gates.json").write_text(check.canonical())
        make_release(site, LAB, "2026Q3", company="demo", unchecked=True)
        return baseline_of(current_release(site, LAB, company="demo"))

    assert released("a model earns 2 %") == "a model earns 2 %"
    assert released("nobody was asked", asked=0) is None
    assert released("of another build", of="0" * 64) is None
    assert released("of a build that failed", passed=False) is None


def test_an_altered_release_is_never_handed_out(site):
    build(site, "2026Q3")
    make_release(site, LAB, "2026Q3", company="demo")
    folder = current_release(site, LAB, company="demo")
    (folder / "data" / "extra.csv").write_text("smuggled")
    with pytest.raises(Refused, match=r"data/extra\.csv"):
        current_release(site, LAB, company="demo")
    (folder / "data" / "extra.csv").unlink()
    (folder / "lab.ipynb").unlink()
    with pytest.raises(Refused, match=r"lab\.ipynb"):
        current_release(site, LAB, company="demo")
    build(site, "2026Q4")
    make_release(site, LAB, "2026Q4", company="demo")
    with pytest.raises(Refused, match="not as it went out"):
        roll_back(site, LAB, company="demo")
    assert current(site, LAB, company="demo").release.startswith("2026Q4")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.sampled_from(["2026Q1", "2026Q2", "2026Q3", "back"]), max_size=8))
def test_a_rollback_is_where_it_was_before(tmp_path_factory, moves):
    root = tmp_path_factory.mktemp("releases")
    site = Site(root, root / "var")
    for quarter in ("2026Q1", "2026Q2", "2026Q3"):
        build(site, quarter)
    stack: list[str] = []
    for move in moves:
        if move != "back":
            make_release(site, LAB, move, company="demo")
            stack += [move] if stack[-1:] != [move] else []
        elif len(stack) > 1:
            roll_back(site, LAB, company="demo")
            stack.pop()
        else:
            with pytest.raises((NotFound, Refused)):
                roll_back(site, LAB, company="demo")
        pointed = current(site, LAB, company="demo")
        assert (pointed.release[:6] if pointed else None) == (stack[-1] if stack else None)


def test_two_companies_have_builds_and_releases_of_one_lab_side_by_side(site, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(site.root))
    monkeypatch.setenv(VAR_VARIABLE, str(site.var))
    (site.root / "labs" / LAB).mkdir(parents=True)
    (site.root / "labs" / LAB / "lab.toml").write_text("")
    run, words = CliRunner(), ["labs", "release", LAB, "--quarter", "2026Q3"]
    ours = build(site, "2026Q3", "demo's")
    theirs = build(site, "2026Q3", "acme's", company="acme")
    assert [(folder / "data" / "manifest.json").read_text() for folder in (ours, theirs)] == ["demo's", "acme's"]
    for company in ("demo", "acme"):
        assert run.invoke(main, [*words, "--company", company]).exit_code == 0
    for company in ("demo", "acme"):
        released = current_release(site, LAB, company=company)
        assert (released / "data" / "manifest.json").read_text() == f"{company}'s"
    build(site, "2026Q4", company="acme")
    assert run.invoke(main, ["labs", "release", LAB, "--quarter", "2026Q4", "--company", "acme"]).exit_code == 0
    listed = run.invoke(main, ["labs", "list"]).stdout
    assert f"{LAB}: built for 2026Q3 (acme), 2026Q4 (acme), 2026Q3 (demo)" in listed
    assert current(site, LAB, company="demo").release.startswith("2026Q3"), "what one company releases is its own"
    assert roll_back(site, LAB, company="acme").now.startswith("2026Q3")
    missing = run.invoke(main, ["labs", "release", LAB, "--quarter", "2026Q4"])
    assert missing.exit_code == 1 and "not built for 2026Q4 on data of demo" in missing.stderr


def test_dry_runs_change_nothing(site):
    build(site, "2026Q3")
    assert make_release(site, LAB, "2026Q3", dry_run=True, company="demo").now.startswith("2026Q3-")
    assert not (site.var / "releases").exists()
    make_release(site, LAB, "2026Q3", company="demo")
    build(site, "2026Q4")
    make_release(site, LAB, "2026Q4", company="demo")
    before = (releases_folder(site, LAB) / "current-demo.json").read_bytes()
    assert roll_back(site, LAB, dry_run=True, company="demo").now.startswith("2026Q3-")
    assert (releases_folder(site, LAB) / "current-demo.json").read_bytes() == before


def test_the_commands_say_what_new_cohorts_get(site, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(site.root))
    monkeypatch.setenv(VAR_VARIABLE, str(site.var))
    (site.root / "labs" / LAB).mkdir(parents=True)
    (site.root / "labs" / LAB / "lab.toml").write_text("")
    build(site, "2026Q3", passed=None)
    run = CliRunner()
    refused = run.invoke(main, ["labs", "release", LAB, "--quarter", "2026Q3"])
    assert refused.exit_code == 1 and "was not checked" in refused.stderr
    loud = run.invoke(main, ["labs", "release", LAB, "--quarter", "2026Q3", "--unchecked"])
    assert loud.exit_code == 0 and "WITHOUT A PASSED CHECK" in loud.stderr and "WITHOUT A PASSED CHECK" in loud.stdout
    build(site, "2026Q4")
    step = json.loads(run.invoke(main, ["labs", "release", LAB, "--quarter", "2026Q4", "--json"]).stdout)
    assert step["now"].startswith("2026Q4-") and step["was"].startswith("2026Q3-")
    listed = json.loads(run.invoke(main, ["labs", "list", "--json"]).stdout)["labs"][0]
    assert listed["current"] == {"demo": step["now"]} and [one["quarter"] for one in listed["releases"]] == [
        "2026Q3",
        "2026Q4",
    ]
    back = run.invoke(main, ["labs", "rollback", LAB])
    assert back.exit_code == 0 and "running cohorts keep theirs" in back.stdout
    first = run.invoke(main, ["labs", "rollback", LAB])
    assert first.exit_code == 1 and "there is none before it" in first.stderr
