"""Tasks over an executor: every task has an outcome, whatever one of them does to its worker."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from mondaylab.errors import Refused
from mondaylab.grader.autograde.parallel import Parallel, pool


def work(number: int) -> str:
    if number % 10 == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    if number % 10 == 4:
        raise ValueError(number)
    return f"{number} done"


def doomed(number: int) -> str:
    os._exit(number)


def failed(number: int, error: Exception | None) -> str:
    return f"{number} {'died' if error is None else type(error).__name__}"


def fresh(jobs):
    return lambda: pool(jobs, int)


def test_a_task_that_kills_its_worker_fails_alone():
    told = sorted(Parallel(work, failed, fresh(2), 2).outcomes(range(20)))
    expected = [f"{n} died" if n % 10 == 3 else f"{n} ValueError" if n % 10 == 4 else f"{n} done" for n in range(20)]
    assert told == sorted(expected)


def test_one_job_runs_in_this_process():
    tasks = [7, 4, 7]
    assert sorted(Parallel(work, failed, fresh(1), 1).outcomes(tasks)) == ["4 ValueError", "7 done", "7 done"]
    assert list(Parallel(work, failed, fresh(1), 1).outcomes([])) == []


def test_when_every_worker_dies_it_gives_up():
    with pytest.raises(Refused, match="every worker process dies"):
        list(Parallel(doomed, failed, fresh(2), 2).outcomes(range(1, 30)))


def test_somebody_elses_executor_is_left_running():
    with ThreadPoolExecutor(2) as executor:
        told = Parallel(work, failed, lambda: executor, 2, ours=False).outcomes([1, 2])
        assert sorted(told) == ["1 done", "2 done"]
        assert executor.submit(int, "5").result() == 5
