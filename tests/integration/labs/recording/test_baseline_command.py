"""`mondaylab labs baseline` as a person runs it, and what it leaves for the gates."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from tests.support.scripted_model import KEY, completion

from mondaylab.cli.labs.baseline import baseline
from mondaylab.labs.recorded.baselines import BaselineStore

LAB, QUARTER = "people/screening_summary", "2026Q4"


@pytest.fixture
def run(site, monkeypatch):
    for name, value in (("MONDAYLAB_ROOT", site.root), ("MONDAYLAB_VAR", site.var), ("OPENAI_BASE_URL", "")):
        monkeypatch.setenv(name, str(value))
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    return lambda *args: CliRunner().invoke(baseline, [LAB, "--quarter", QUARTER, *args])


@pytest.mark.deep
def test_each_row_is_asked_alone_kept_and_asked_once_and_a_broken_off_run_goes_on(run, script, site):
    dry = json.loads(run("--dry-run", "--json").stdout)
    assert dry["to_ask"] == dry["rows"] > 100 and dry["gate"] is None and "Statement: " in dry["first"]
    script.answers = [*[completion("70")] * 20, 429]
    broken = run("--base-url", script.url, "--json")
    told = json.loads(broken.stdout)
    assert broken.exit_code == 1 and (told["asked"], told["to_ask"]) == (20, dry["rows"] - 20)
    assert told["failure"] and KEY not in broken.output
    calls = len(script.asked)
    script.answers = [completion("20 %")]
    whole = run("--base-url", script.url)
    assert whole.exit_code == 0 and len(script.asked) - calls == dry["rows"] - 20
    assert "scripted-1.5b-2026-11-01, asked on " in whole.stdout
    assert (
        not run("--base-url", script.url, "--json").stderr.count("429")
        and len(script.asked) - calls == dry["rows"] - 20
    )
    kept = BaselineStore(site, company="demo", lab=LAB, quarter=QUARTER).newest(dry["snapshot"])
    assert sorted(kept.answers.values()) == ["20 %"] * (dry["rows"] - 20) + ["70"] * 20
    sent = script.asked[0]
    assert (sent["temperature"], sent["max_tokens"]) == (0, 8)
    assert [one["role"] for one in sent["messages"]] == ["system", "user"]


def test_nothing_is_asked_without_an_endpoint_and_a_wrong_key_keeps_what_came(run, script, site):
    refused = run("--json")
    assert refused.exit_code == 1 and "OPENAI_BASE_URL" in json.loads(refused.stdout)["error"]["fix"]
    script.answers = [completion("70"), completion("30"), 401]
    wrong = run("--base-url", script.url, "--json")
    assert wrong.exit_code == 1 and "answered 401" in json.loads(wrong.stdout)["error"]["what"]
    store = BaselineStore(site, company="demo", lab=LAB, quarter=QUARTER)
    (kept,) = store.folder.glob("*.json")
    assert sorted(json.loads(kept.read_text())["answers"].values()) == ["30", "70"]
