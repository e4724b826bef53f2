"""Which labs a company can run, read from bindings and declarations alone."""

from __future__ import annotations

import json
import re
import shutil

import pytest
import yaml
from click.testing import CliRunner

from mondaylab.cli import main
from mondaylab.concepts.bindings import Bindings
from mondaylab.errors import NotFound, Refused
from mondaylab.labs.coverage import coverage
from mondaylab.settings import ROOT_VARIABLE, VAR_VARIABLE, Site

FINANCE = "finance/weekly_margin_memo"


@pytest.fixture
def site(demo_site: Site, tmp_path) -> Site:
    """A checkout that a test may edit."""
    for part in ("datasets", "labs", "grader", "hub_config"):
        shutil.copytree(demo_site.root / part, tmp_path / part)
    return Site(tmp_path, tmp_path / "var")


def test_the_demo_runs_every_lab_and_chinook_the_finance_lab(site: Site):
    assert [lab.lab for lab in coverage(site, "demo").labs if not lab.runs] == []
    chinook = {lab.lab: lab for lab in coverage(site, "chinook").labs}
    assert [name for name, lab in chinook.items() if lab.runs] == [FINANCE]
    assert "application" in chinook["people/screening_summary"].missing


def test_what_is_not_bound_is_named_and_a_lab_that_cannot_be_read_hides_no_other(site: Site):
    path = site.company("demo") / "bindings.yaml"
    bound = yaml.safe_load(path.read_text())
    del bound["entities"]["order_line"]["fields"]["cost"]
    path.write_text(yaml.safe_dump(bound, sort_keys=False))
    (site.lab("support/refund_reply") / "lab.toml").write_text("title = ")
    found = {lab.lab: lab for lab in coverage(site, "demo").labs}
    assert found[FINANCE].missing == ("order_line.cost",) and not found[FINANCE].runs
    assert "not TOML" in found["support/refund_reply"].error["what"]
    assert found["people/screening_summary"].runs


def test_the_command_tells_it_in_words_and_as_json(site: Site, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(site.root))
    monkeypatch.setenv(VAR_VARIABLE, str(site.var))
    said = CliRunner().invoke(main, ["labs", "check"])
    assert said.exit_code == 0
    assert "lacks application" in said.stdout and f"{FINANCE:32} can run" in said.stdout
    assert "assumed: order_line.cost_rate: Chinook records no cost" in said.stdout
    one = json.loads(CliRunner().invoke(main, ["labs", "check", "--company", "chinook", "--json"]).stdout)
    assert [company["company"] for company in one["companies"]] == ["chinook"]
    assert CliRunner().invoke(main, ["labs", "check", "--company", "nobody"]).exit_code == 1
    assert CliRunner().invoke(main, ["labs", "check", FINANCE, "--company", "demo"]).exit_code == 2


def test_a_role_that_cannot_be_graded_is_listed_by_name(site: Site, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(site.root))
    monkeypatch.setenv(VAR_VARIABLE, str(site.var))
    assert json.loads(CliRunner().invoke(main, ["labs", "check", "--json"]).stdout)["roles"] == []
    shutil.copytree(site.lab(FINANCE), site.lab("legal/clause_check"))
    path = site.grader / "scoring.yaml"
    path.write_text(path.read_text().replace("\nroles:\n", "\nroles:\n  sales: {cells: {decision: 10}}\n"))
    said = CliRunner().invoke(main, ["labs", "check"])
    assert said.exit_code == 0 and f"{FINANCE:32} can run" in said.stdout
    assert re.search(r"sales +cannot be graded: .*scoring.yaml:\d+: .*a decision cell needs its costs", said.stdout)
    assert (
        "role 'legal' has no graded cells" in said.stdout
        and "have it written: mondaylab labs new legal/NAME --role legal" in said.stdout
    )


def test_a_company_without_bindings_is_not_found(site: Site):
    with pytest.raises(NotFound):
        coverage(site, "nobody")


def test_a_company_has_to_say_whether_its_data_is_sample_data(site: Site):
    path = site.company("demo") / "bindings.yaml"
    path.write_text(path.read_text().replace("sample_data: true", "# sample_data: true"))
    with pytest.raises(Refused, match="does not say whether the data is sample data") as caught:
        coverage(site, "demo")
    assert caught.value.where == str(path) and "write sample_data: true" in caught.value.fix
    assert Bindings.of(site.company("demo"), copied=True).sample_data is None, "a copy is what it was"
