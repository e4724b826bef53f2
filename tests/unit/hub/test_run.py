"""What a run does about runs before it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from mondaylab.errors import Refused
from mondaylab.hub import run
from mondaylab.hub.processes import Init


@pytest.fixture
def sleeper():
    process = subprocess.Popen([sys.executable, "-c", "import subprocess; subprocess.run(['sleep', '300'])"])
    yield process
    process.kill()
    process.wait()


def remember(site, init: Init) -> None:
    site.hub.mkdir(parents=True)
    (site.hub / "running.json").write_text(init.model_dump_json())


def test_only_one_run_of_an_installation(site) -> None:
    with run._only_run(site), pytest.raises(Refused, match="runs already"), run._only_run(site):
        pass
    with run._only_run(site):
        pass


def test_the_hub_of_a_killed_run_is_ended(site, sleeper) -> None:
    init = Init.of(sleeper.pid)
    assert init is not None
    remember(site, init)
    said: list[str] = []
    run._end_orphan(site, said.append)
    assert sleeper.poll() is not None
    assert said == ["stopping the hub of a run that was killed"]
    assert not (site.hub / "running.json").exists()


def test_a_foreign_process_with_the_same_number_is_left_alone(site, sleeper) -> None:
    init = Init.of(sleeper.pid)
    assert init is not None
    remember(site, Init(pid=init.pid, created=init.created - 50))
    run._end_orphan(site, lambda _: None)
    assert sleeper.poll() is None


def test_the_first_stop_signal_interrupts_and_the_next_is_ignored() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with run._stop_signals_interrupt():
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGTERM) is before
