"""``mondaylab cohort`` and ``mondaylab hub`` as a person calls them."""

from __future__ import annotations

import json
import shutil

import pytest
from click.testing import CliRunner

from mondaylab.cli.main import main
from mondaylab.judging.store import JudgementStore


@pytest.fixture
def call(site):
    def run(*words: str):
        given = {"MONDAYLAB_ROOT": str(site.root), "MONDAYLAB_VAR": str(site.var)}
        return CliRunner().invoke(main, list(words), env=given)

    return run


def test_apply_prints_new_passwords_once(call, site) -> None:
    planned = call("cohort", "plan", "finance-demo")
    assert "add account lena" in planned.stdout
    assert "make homes/tomek" in call("cohort", "apply", "finance-demo", "--dry-run", "--json").stdout
    assert list(site.var.iterdir()) == [site.proxy]
    first = json.loads(call("cohort", "apply", "finance-demo", "--json").stdout)
    assert set(first["new_accounts"]) == {"iris", "lena", "omar", "tomek"}
    again = call("cohort", "apply", "finance-demo")
    assert again.stdout == "Nothing to change.\n"
    assert call("cohort", "plan", "finance-demo").stdout == "Nothing to change.\n"


def test_list_tells_written_from_applied(call) -> None:
    def state() -> str:
        rows = json.loads(call("cohort", "list", "--json").stdout)["cohorts"]
        return next(row["state"] for row in rows if row["cohort"] == "finance-demo")

    assert state() == "not applied"
    call("cohort", "apply", "finance-demo")
    assert state() == "applied"


def test_a_broken_file_is_told_beside_the_other_cohorts(call, site, tmp_path) -> None:
    root = tmp_path / "checkout"
    for folder in ("labs", "grader"):
        (root / folder).mkdir(parents=True)
    shutil.copytree(site.hub_config, root / "hub_config")
    (root / "hub_config" / "cohorts" / "yy.yaml").write_bytes("cohort: yy\ntitle: Gr\u00fcn\n".encode("cp1252"))
    given = {"MONDAYLAB_ROOT": str(root), "MONDAYLAB_VAR": str(site.var)}

    def run(*words: str):
        return CliRunner().invoke(main, list(words), env=given)

    listed = run("cohort", "list")
    assert listed.exit_code == 0
    assert "finance-demo" in listed.stdout and "yy  cannot be read" in listed.stdout
    assert "yy.yaml: not UTF-8 text (line 2)" in listed.stderr
    told = json.loads(run("cohort", "list", "--json").stdout)
    assert {row["cohort"] for row in told["cohorts"]} == {"finance-demo"}
    assert [(one["cohort"], one["what"]) for one in told["broken"]] == [("yy", "not UTF-8 text (line 2)")]
    needs_it = run("cohort", "plan", "yy")
    assert (needs_it.exit_code, needs_it.stdout) == (1, "") and "not UTF-8 text" in needs_it.stderr
    assert run("cohort", "apply", "finance-demo").exit_code == 0
    checked = run("hub", "check", "--port", "0")
    assert checked.exit_code == 1
    assert "1 cannot be read" in checked.stderr and "1 applied: finance-demo" in checked.stderr


def test_authors_are_listed_planned_and_applied(site, tmp_path) -> None:
    root = tmp_path / "checkout"
    for folder in ("labs/finance", "labs/people", "grader"):
        (root / folder).mkdir(parents=True)
    shutil.copytree(site.hub_config, root / "hub_config")
    written = root / "hub_config/authors/finance.yaml"
    written.write_text("role: finance\ncompany: demo\nauthors: [paula]\n")
    (root / "hub_config/authors/people.yaml").write_text("role: [")

    def run(*words: str, ends: int = 0):
        given = {"MONDAYLAB_ROOT": str(root), "MONDAYLAB_VAR": str(site.var)}
        done = CliRunner().invoke(main, ["author", *words], env=given)
        assert done.exit_code == ends, done.output
        return done

    def state() -> list[str]:
        return [one["state"] for one in json.loads(run("list", "--json").stdout)["authors"]]

    assert state() == ["not applied"] and "people.yaml" in run("list").stderr
    assert "add account paula" in run("plan", "finance").stdout
    assert "changes.\n" in run("apply", "finance", "--dry-run").stdout and not site.hub.exists()
    first = run("apply", "finance")
    assert "with the passwords to hand out:\n  paula  " in first.stdout and "add account paula" in first.stderr
    assert state() == ["applied"] and "finance  applied       paula" in run("list").stdout
    assert run("apply", "finance").stdout == run("plan", "finance").stdout == "Nothing to change.\n"
    written.write_text("role: finance\ncompany: demo\nauthors: []\n")
    assert state() == ["changed"]
    told = json.loads(run("apply", "finance", "--json").stdout)
    assert told["changes"][0] == "remove account paula (home and labs stay)" and told["new_accounts"] == {}
    assert "role: [" in (root / "hub_config/authors/people.yaml").read_text()
    assert run("plan", "people", ends=1).stderr.startswith("mondaylab: ")
    assert "no authors of sales" in run("apply", "sales", ends=1).stderr


@pytest.mark.parametrize("lab", [(), ("weekly_margin_memo",), ("finance/weekly_margin_memo",)])
def test_close_closes_for_the_whole_cohort(call, site, lab) -> None:
    call("cohort", "apply", "finance-demo")
    store = JudgementStore(site.judgement_database)
    assert call("cohort", "close", "finance-demo", *lab, "--dry-run").exit_code == 0
    assert not store.closed("finance-demo", "finance/weekly_margin_memo")
    assert "open" in call("cohort", "show", "finance-demo").stdout
    assert call("cohort", "close", "finance-demo", *lab).stdout == "finance/weekly_margin_memo is closed.\n"
    assert store.closed("finance-demo", "finance/weekly_margin_memo")
    assert "closed" in call("cohort", "show", "finance-demo").stdout


def test_what_does_not_exist_is_named(call) -> None:
    assert call("cohort", "show", "nobody").exit_code == 1
    assert "mondaylab cohort apply nobody" in call("cohort", "close", "nobody").stderr
    call("cohort", "apply", "finance-demo")
    refused = call("cohort", "close", "finance-demo", "other", "--json")
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["error"]["fix"] == "one of: finance/weekly_margin_memo"


def test_check_ends_with_1_when_something_is_not_well(call) -> None:
    before = call("hub", "check", "--port", "0")
    assert before.exit_code == 1
    assert "FAIL  cohorts" in before.stderr
    call("cohort", "apply", "finance-demo")
    after = call("hub", "check", "--port", "0")
    if "jail" not in after.stderr:  # where no jail can be made, the check says so, and rightly fails
        assert after.exit_code == 0, after.stderr
        assert "ok    configuration" in after.stdout


def test_run_without_a_cohort_is_refused(call) -> None:
    refused = call("hub", "run", "--port", "0")
    assert refused.exit_code == 1
    assert "mondaylab cohort apply" in refused.stderr
