"""`mondaylab labs record` as a person runs it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.support.scripted_model import KEY, completion

from mondaylab.cli.labs.recording import record

LAB, QUARTER = "finance/weekly_margin_memo", "2026Q4"
THREE = ("--request", "region", "--request", "category", "--request", "carriers")


@pytest.fixture
def run(site, monkeypatch):
    for name, value in (("MONDAYLAB_ROOT", site.root), ("MONDAYLAB_VAR", site.var), ("OPENAI_BASE_URL", "")):
        monkeypatch.setenv(name, str(value))
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    return lambda *args: CliRunner().invoke(record, [LAB, "--quarter", QUARTER, "--each", "1", *args])


def test_it_tells_each_claim_what_to_look_at_and_the_cost_and_then_replays(run, script, sound):
    script.answers = [completion(f"{sound[0]} It rose thanks to the weather.")]
    prices = ("--price-in", "1", "--price-out", "2")
    first = run("--base-url", script.url, *prices, *THREE)
    assert first.exit_code == 0, first.output
    assert "holds" in first.stdout and "look yourself" in first.stdout and "it gives a reason" in first.stdout
    assert "1,200 tokens in, 150 out in this run; cost 0.0015 in this run" in first.stdout
    again = json.loads(run("--model", "scripted", *prices, *THREE, "--json").stdout)
    assert [text["state"] for text in again["texts"]] == ["replayed"] * 3
    assert (again["cost"], again["cost_of_all"]) == (0, 0.0015)
    assert len(script.asked) == 3 and KEY not in first.output


def test_absurd_numbers_are_read_and_settle_nothing(run, script):
    script.answers = [completion("Net sales were " + "9" * 400 + ".")]
    odd = run("--base-url", script.url, "--model", "odd", *THREE, "--json")
    told = json.loads(odd.stdout)
    assert odd.exit_code == 0 and told["counts"] == {"answers": 3, "usable": 0, "claims": 0, "doubtful": 3, "wrong": 0}


def test_without_an_endpoint_it_says_what_to_set_and_a_failed_call_is_exit_code_1(run, script):
    refused = run("--json")
    assert refused.exit_code == 1 and "OPENAI_BASE_URL" in json.loads(refused.stdout)["error"]["fix"]
    script.answers = [500, completion("All went well.")]
    once = run("--base-url", script.url, "--model", "scripted", "--json")
    assert once.exit_code == 0  # the client tried once more
    script.answers = [429]
    failed = run("--base-url", script.url, "--model", "other")
    assert failed.exit_code == 1 and "failed, the endpoint asks to be called less often" in failed.stdout
    assert KEY not in failed.output


def test_a_dry_run_shows_all_that_would_be_sent(run):
    shown = run("--dry-run")
    assert shown.exit_code == 0 and "- Net sales, " in shown.stdout and "carriers 1: to be asked" in shown.stdout
    assert run("--price-in", "1").exit_code == 2


def test_only_the_requests_that_are_named_are_asked_and_an_unknown_one_refuses(run):
    named = json.loads(run("--request", "carriers", "--request", "region", "--dry-run", "--json").stdout)
    assert [one["request"] for one in named["texts"]] == ["carriers", "region"]
    refused = run("--request", "weather", "--dry-run")
    assert refused.exit_code == 1 and "no request 'weather'" in refused.output


@pytest.fixture
def asking_file(run, site, tmp_path, monkeypatch) -> Path:
    """The lab's asking.toml in a checkout of the test's own."""
    root = tmp_path / "checkout"
    for part in ("datasets/demo", "grader", "hub_config", f"labs/{LAB}"):
        shutil.copytree(site.root / part, root / part)
    monkeypatch.setenv("MONDAYLAB_ROOT", str(root))
    return root / "labs" / LAB / "asking.toml"


def test_answers_that_no_longer_fit_are_told_and_asked_anew(run, script, site, asking_file):
    script.answers = [completion("All went well.")]
    assert "stale" not in run("--base-url", script.url, "--model", "m").stdout
    asking_file.write_text(asking_file.read_text().replace("at most 90 words", "at most 80 words"))
    shown = run("--model", "m", "--dry-run").stdout
    assert "region 1: to be asked" in shown and "carriers 1: replayed" in shown
    assert re.search(
        r"^stale: region 1 of \d{4}-\d\d-\d\d by scripted-1\.5b-2026-11-01: its request was chan", shown, re.M
    )
    [folder] = (site.recordings / "demo" / LAB / QUARTER).iterdir()
    (folder / f"{'0' * 64}.json").write_text(next(folder.iterdir()).read_text())
    assert re.search(
        r"^damaged: .*this answer was changed after it was made", run("--model", "m", "--dry-run").stdout, re.M
    )


def test_a_lab_that_does_not_say_what_is_asked_is_told_what_to_write(run, asking_file):
    asking_file.unlink()
    refused = run("--dry-run", "--json")
    told = json.loads(refused.stdout)["error"]
    assert refused.exit_code == 1 and told["what"] == "this lab does not say what an assistant is asked"
    assert "write asking.toml beside its lab.toml: [[requests]]" in told["fix"]


def test_a_source_that_nobody_has_is_told_before_anything_is_drawn(run):
    refused = run("--source", "nope", "--dry-run", "--json")
    told = json.loads(refused.stdout)["error"]
    assert refused.exit_code == 1 and told["what"] == "no text source 'nope'" and "endpoint" in told["where"]
