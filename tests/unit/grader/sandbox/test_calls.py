"""The filter of system calls, where it is not known how the machine numbers them."""

from __future__ import annotations

import os

import pytest

from mondaylab.grader.sandbox.calls import forbid_calls


def test_a_machine_of_another_kind_runs_no_learner_code(monkeypatch):
    there = os.uname()
    monkeypatch.setattr(os, "uname", lambda: os.uname_result((*there[:4], "riscv64")))
    with pytest.raises(OSError, match="no filter of system calls"):
        forbid_calls()
