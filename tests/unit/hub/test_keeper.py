"""Keepers: restart what fails, end what is told to end, and end with their parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from mondaylab.hub.processes import Init, usage

KEEP = [sys.executable, "-m", "mondaylab.hub.keeper"]


def until(happened: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happened():
            return True
        time.sleep(0.05)
    return happened()


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen]]:
    processes: list[subprocess.Popen] = []
    yield processes
    for process in processes:
        process.kill()
        process.wait()


def child_of(keeper: subprocess.Popen) -> psutil.Process:
    assert until(lambda: bool(psutil.Process(keeper.pid).children()))
    return psutil.Process(keeper.pid).children()[0]


def test_a_program_that_fails_is_started_again(tmp_path: Path, started) -> None:
    code = f"open({str(tmp_path / 'starts')!r}, 'a').write('x')"
    started.append(subprocess.Popen([*KEEP, "test", sys.executable, "-c", code], stderr=subprocess.DEVNULL))
    assert until(lambda: (tmp_path / "starts").exists() and len((tmp_path / "starts").read_text()) >= 2)


def test_once_ends_with_its_program() -> None:
    done = subprocess.run(
        [*KEEP, "--once", "test", sys.executable, "-c", "raise SystemExit(7)"], timeout=60, check=False
    )
    assert done.returncode == 7


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_program_that_hears_nothing_is_ended_in_time(number, started, tmp_path: Path) -> None:
    deaf = (
        "import signal, time\n"
        "for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP): signal.signal(n, signal.SIG_IGN)\n"
        f"open({str(tmp_path / 'deaf')!r}, 'w').close()\n"
        "time.sleep(300)"
    )
    keeper = subprocess.Popen([*KEEP, "test", sys.executable, "-c", deaf])
    started.append(keeper)
    assert until((tmp_path / "deaf").exists)
    child = child_of(keeper)
    began = time.monotonic()
    keeper.send_signal(number)
    assert keeper.wait(20) == 0
    assert time.monotonic() - began < 8
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_a_shells_ignored_interrupt_does_not_reach_the_program(started) -> None:
    keeper = subprocess.Popen(["sh", "-c", 'trap "" INT; exec "$@"', "sh", *KEEP, "test", "sleep", "300"])
    started.append(keeper)
    child = child_of(keeper)
    assert until(lambda: child.name() == "sleep")
    ignored = next(
        line for line in Path(f"/proc/{child.pid}/status").read_text().splitlines() if line.startswith("SigIgn")
    )
    assert int(ignored.split()[1], 16) & (1 << (signal.SIGINT - 1)) == 0


def test_everything_ends_with_the_parent(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, time\n"
        f"keeper = subprocess.Popen({[*KEEP, 'test', 'sleep', '300']!r})\n"
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(keeper.pid))\n"
        "time.sleep(300)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code])
    try:
        assert until(lambda: bool(psutil.Process(parent.pid).children(recursive=True)[1:]))
        family = psutil.Process(parent.pid).children(recursive=True)
    finally:
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
    _, left = psutil.wait_procs(family, timeout=10)
    assert not [process for process in left if process.status() != psutil.STATUS_ZOMBIE]


def test_a_process_is_told_by_its_start_not_by_its_number_alone() -> None:
    me = Init.of(os.getpid())
    assert me is not None
    assert me.process() is not None
    assert Init(pid=me.pid, created=me.created - 100).process() is None
    with subprocess.Popen(["true"]) as gone:
        init = Init.of(gone.pid)
    assert init is None or init.process() is None


def test_usage_adds_up_all_processes(started) -> None:
    code = "import os, time\nx = bytearray(os.urandom(1 << 20) * 60)\nos.fork()\ntime.sleep(300)"
    parent = subprocess.Popen(
        [sys.executable, "-c", f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {code!r}])"]
    )
    started.append(parent)
    init = Init.of(parent.pid)
    assert init is not None
    try:
        assert until(lambda: usage(init).processes == 2 and usage(init).memory_mb >= 60)
        assert usage(init).memory_mb < 120  # the forked copy shares its pages: they count once
    finally:
        for process in psutil.Process(parent.pid).children(recursive=True):
            process.kill()
