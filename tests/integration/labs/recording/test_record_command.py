"""`mondaylab labs record` as a person runs it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner
from tests.support.scripted_model import KEY, completion

from mondaylab.cli.labs.recording import record
from mondaylab.settings import Site

LAB = "finance/weekly_margin_memo"


@pytest.fixture
def run(demo_site: Site, tmp_path, monkeypatch):
    site = replace(demo_site, var=tmp_path)
    (tmp_path / "snapshots").symlink_to(demo_site.snapshots)
    for name, value in (("MONDAYLAB_ROOT", site.root), ("MONDAYLAB_VAR", site.var), ("OPENAI_BASE_URL", "")):
        monkeypatch.setenv(name, str(value))
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    return lambda *args: CliRunner().invoke(record, [LAB, "--quarter", "2026Q4", "--drafts", "1", *args])


def test_it_shows_cost_and_what_was_refused_and_why_and_then_replays(run, script):
    script.answers = [completion("no JSON")]
    words = ("--base-url", script.url, "--price-in", "1", "--price-out", "2")
    first = run(*words)
    assert first.exit_code == 0
    assert "refused: 3 not_json" in first.stdout and "the answer is not JSON (not_json)" in first.stdout
    assert "1,200 tokens in, 150 out in this run; cost 0.0015 in this run" in first.stdout
    again = json.loads(run("--model", "scripted", "--price-in", "1", "--price-out", "2", "--json").stdout)
    assert [draft["state"] for draft in again["drafts"]] == ["replayed"] * 3
    assert (again["cost"], again["cost_of_all"]) == (0, 0.0015)
    assert len(script.asked) == 3 and KEY not in first.output


def test_without_an_endpoint_it_says_what_to_set_and_a_failed_call_is_exit_code_1(run, script):
    refused = run("--json")
    assert refused.exit_code == 1 and "OPENAI_BASE_URL" in json.loads(refused.stdout)["error"]["fix"]
    script.answers = [500, completion("no JSON")]
    failed = run("--base-url", script.url, "--model", "scripted", "--json")
    assert failed.exit_code == 0  # the client tried once more
    script.answers = [429]
    failed = run("--base-url", script.url, "--model", "other", "--json")
    assert failed.exit_code == 1
    assert {draft["failure"] for draft in json.loads(failed.stdout)["drafts"]} == {"rate_limited"}


def test_a_dry_run_shows_all_that_would_be_sent(run):
    shown = run("--dry-run")
    assert shown.exit_code == 0 and "claim | about | words | value | direction" in shown.stdout
    assert run("--price-in", "1").exit_code == 2


def test_a_source_that_nobody_has_is_told_before_anything_is_drawn(run):
    refused = run("--source", "nope", "--dry-run", "--json")
    told = json.loads(refused.stdout)["error"]
    assert refused.exit_code == 1 and told["what"] == "no draft source 'nope'" and "endpoint" in told["where"]
