"""Adopted answers that are of other data: a build and its check say how many, in one line, and what helps."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from mondaylab.cli import main
from mondaylab.labs.building.stale_answers import stale_answers
from mondaylab.labs.material import Material
from mondaylab.labs.sources.adopted import words_hash
from mondaylab.labs.sources.manuscript import Manuscript
from mondaylab.settings import ROOT_VARIABLE, VAR_VARIABLE, Site

LAB, QUARTER = "finance/weekly_margin_memo", "2026Q4"
ANSWER = """+++
[answer]
model = "model X"
answered = 2026-11-25
prompt = "How did {{region}} do in {{week}}?"
title = "Note on {{region}}, {{week}}"
company = "{company}"
quarter = "{quarter}"
week = {week}
subject = {{ region = "{region}", category = "Tools" }}
states = {{ "the week's total" = ["memo_total"] }}
sha256 = "{sha256}"

[[answer.claims]]
claim = "memo_total"
said = "a gross margin of 41.2 %"
says = "value"
about = {{ measure = "margin", week = {week} }}
stated = 41.2
unit = "%"
decimals = 1

[[answer.claims]]
claim = "memo_net"
said = "Net sales of Tools in {region} came to €1,234"
says = "value"
about = {{ measure = "net", cut = {{ category = "Tools", region = "{region}" }}, week = {week} }}
stated = 1234
unit = "EUR"
+++
The company earned [a gross margin of {{value}}](memo_total) in {{week}}.
[Net sales of {{category}} in {{region}} came to {{value}}](memo_net).
"""
HERE = {"company": "demo", "quarter": QUARTER, "week": "2026-11-02", "region": "Central"}
OLDER = {"quarter": "2026Q3", "week": "2026-08-03"}


def adopt(site: Site, name: str, **changes: str) -> None:
    told = HERE | changes
    words = ANSWER.replace("The company", f"As for {name}, the company")  # no answer stands there twice
    draft = words.format(**told, sha256="?")
    sha256 = words_hash(Manuscript.parsed(name, draft, where=name).as_it_came())
    (site.lab(LAB) / "drafts" / "memo" / f"{name}.md").write_text(words.format(**told, sha256=sha256))


@pytest.fixture
def site(demo_site: Site, tmp_path: Path) -> Site:
    """A checkout with the finance lab alone."""
    for part in ("datasets/demo", "grader", "hub_config", f"labs/{LAB}"):
        shutil.copytree(demo_site.root / part, tmp_path / part)
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "snapshots").symlink_to(demo_site.snapshots)
    return replace(demo_site, root=tmp_path, var=tmp_path / "var")


def told(site: Site) -> list[str]:
    return [*stale_answers(Material.open(site, LAB, company="demo", quarter=QUARTER))]


def test_who_has_no_answers_or_only_those_of_its_data_is_told_nothing(site):
    assert told(site) == []
    adopt(site, "came")
    assert told(site) == []


AGAIN = f"for other slices only; record new ones: mondaylab labs record {LAB} --quarter {QUARTER}"


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ([OLDER], f"1 adopted answer is of another quarter: it is drawn {AGAIN}"),
        ([OLDER] * 3, f"3 adopted answers are of another quarter: they are drawn {AGAIN}"),
        ([{"region": "Nowhere"}], f"1 adopted answer is of other data of the quarter: it is drawn {AGAIN}"),
        (
            [OLDER, {"company": "velo"}, {}],
            f"2 adopted answers are of another company or another quarter: they are drawn {AGAIN}",
        ),
    ],
)
def test_answers_of_other_data_are_told_in_one_line(site, answers, says):
    for number, changes in enumerate(answers):
        adopt(site, f"came{number}", **changes)
    assert told(site) == [says]


@pytest.mark.deep
def test_a_build_and_its_check_say_so(site):
    adopt(site, "came", **OLDER)
    run = CliRunner(env={ROOT_VARIABLE: str(site.root), VAR_VARIABLE: str(site.var)}).invoke
    built = run(main, ["labs", "build", LAB, "--quarter", QUARTER])
    assert built.exit_code == 0, built.output
    assert re.search(r"^ +stale: 1 adopted answer is of another quarter: ", built.stdout, re.MULTILINE)
    again = json.loads(run(main, ["labs", "build", LAB, "--quarter", QUARTER, "--json"]).stdout)
    assert again["labs"][0]["state"] == "unchanged" and len(again["labs"][0]["report"]["stale"]) == 1
    checked = run(main, ["labs", "check", LAB, "--quarter", QUARTER, "--seeds", "10", "--learners", "10"])
    assert re.search(r"^ +stale +1 adopted answer is of another quarter: ", checked.stdout, re.MULTILINE), (
        checked.output
    )
