"""The store opened several times in one process and again in others: nobody's answers go astray."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mondaylab.judging.store import JudgementStore


def elsewhere(url: str, code: str) -> str:
    program = (
        f"from mondaylab.judging.store import JudgementStore\nstore = JudgementStore({url!r})\n{code}\nstore.dispose()"
    )
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.deep
def test_a_second_store_in_one_process_does_not_take_the_log_from_under_the_first(tmp_path):
    """Opening and closing the database file drops this process's locks on it: others then delete its live log."""
    url = f"sqlite:///{tmp_path / 'judgements.sqlite'}"
    first = JudgementStore(url)
    assert not first.closed("cohort", "a")
    second = JudgementStore(url)
    assert not second.closed("cohort", "a")
    for lab in ("a", "b"):
        elsewhere(url, f"store.close('cohort', {lab!r})")
        assert first.closed("cohort", lab) and second.closed("cohort", lab)
    first.close("cohort", "mine")
    assert elsewhere(url, "print(store.closed('cohort', 'mine'))") == "True"
