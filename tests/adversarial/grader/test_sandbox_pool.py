"""Warm sandboxes handed from one submission to the next."""

from __future__ import annotations

import time

import pandas as pd
import psutil
import pytest

from mondaylab.grader.sandbox.pool import SandboxPool
from mondaylab.grader.sandbox.sandbox import Limits, packed

TABLES = packed({"t": pd.DataFrame({"a": [1.5]})})
SUM = "def evidence(tables):\n    return tables['t']['a'].sum()\n"


def test_a_sandbox_is_used_again_and_a_session_is_not():
    pool = SandboxPool()
    leave = (
        "def evidence(tables):\n    import os\n    open('/tmp/x', 'a').write('x')\n"
        "    return os.path.getsize('/tmp/x')\n"
    )
    with pool.lease(Limits()) as first:
        first.load(TABLES)
        assert [first.call(leave, "evidence").value for _ in range(2)] == [1.0, 2.0], "one submission, one scratch"
        with pool.lease(Limits()) as beside:
            assert beside is not first
            beside.load(TABLES)
            assert beside.call(leave, "evidence").value == 1.0
    with pool.lease(Limits()) as again, pool.lease(Limits(seconds=3.0)) as other:
        assert again in (first, beside) and other not in (first, beside)
        again.load(TABLES)
        assert again.call(leave, "evidence").value == 1.0
    pool.close()


def test_one_that_was_left_by_an_error_is_not_used_again_and_idle_ones_end():
    pool = SandboxPool(idle_seconds=0.2)
    with pytest.raises(ZeroDivisionError), pool.lease(Limits()) as broken:
        broken.load(TABLES)
        process = psutil.Process(broken._process.pid)
        raise ZeroDivisionError
    assert not process.is_running()
    with pool.lease(Limits()) as fresh:
        assert fresh is not broken
        fresh.load(TABLES)
        assert fresh.call(SUM, "evidence").value == 1.5
        process = psutil.Process(fresh._process.pid)
    deadline = time.monotonic() + 20
    while process.is_running() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not process.is_running()
