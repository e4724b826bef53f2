"""``mondaylab demo --headless`` from nothing: the scripted learners get what their ways of judging earn."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from mondaylab.hub.checks import user_namespaces
from mondaylab.settings import ROOT_VARIABLE, VAR_VARIABLE

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]


@pytest.mark.deep
def test_the_demo_plays_itself(proxy: Path, tmp_path: Path):
    if no_jail := user_namespaces():
        pytest.skip(f"NO JAILS on this machine, so no learner's server can start: {no_jail}")
    (tmp_path / "proxy").symlink_to(proxy)
    done = subprocess.run(
        [f"{sys.prefix}/bin/mondaylab", "demo", "--headless", "--json", "--port", "0"],
        env={**os.environ, ROOT_VARIABLE: str(ROOT), VAR_VARIABLE: str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=540,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    told = json.loads(done.stdout)
    assert told["lab"] == "finance/weekly_margin_memo" and told["snapshot"].startswith("demo-2026Q4-")
    assert told["claims"] >= 12 and told["oracle"] == 1.0
    scores = told["scores"]
    assert scores["perfect"] >= 0.90 and 0.35 <= scores["careful"] < scores["perfect"]
    assert scores["trusting"] == scores["flagging"] == 0.0
    assert all(seconds >= 0 for seconds in told["seconds"].values())
    left = [p.info for p in psutil.process_iter(["cmdline"]) if str(tmp_path) in " ".join(p.info["cmdline"] or [])]
    assert left == [], "no process stays behind"
