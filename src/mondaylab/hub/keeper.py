"""Keeps one program running for the hub: ``python -m mondaylab.hub.keeper [--once] NAME COMMAND...``.

The hub by itself notices a dead service after up to 30 seconds, waits 30 seconds for one that does not react to SIGINT,
and leaves its services behind when it is killed. A keeper restarts its program within a second, ends it within two when
it is told to stop by either signal, and ends it at once when the keeper's own parent is gone.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from types import FrameType

KEEPER = "mondaylab.hub.keeper"
"""How this module is called, and so how a keeper is told among processes."""
_PR_SET_PDEATHSIG = 1
_GRACE = 1.0
"""Seconds between asking and killing."""
_TICK = 0.1


class Keeper:
    """One program and the parent whose life bounds it."""

    def __init__(self, name: str, command: list[str], *, once: bool) -> None:
        self._name, self._command, self._once = name, command, once
        self._parent = os.getppid()
        self._stopping = False
        self._child: subprocess.Popen[bytes] | None = None

    def run(self) -> int:
        """Keeps the program running until it is told to stop or the parent is gone; the program's exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        tie_to_parent(signal.SIGTERM)
        wait, code = 0.5, 0
        while not self._finished():
            began = time.monotonic()
            code = self._run_once()
            if self._once or self._finished():
                break
            wait = 0.5 if time.monotonic() - began > 30 else min(2 * wait, 10)
            print(f"{self._name} ended with {code}; starting it again in {wait:.0f} s", file=sys.stderr, flush=True)
            self._sleep(wait)
        return 0 if self._stopping else code

    def _run_once(self) -> int:
        self._child = child = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, preexec_fn=_child_setup)  # noqa: PLW1509  single-threaded
        while child.poll() is None:
            if self._finished():
                return _end(child)
            time.sleep(_TICK)
        return child.returncode

    def _finished(self) -> bool:
        return self._stopping or os.getppid() != self._parent

    def _sleep(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self._finished():
            time.sleep(_TICK)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True


def tie_to_parent(number: signal.Signals) -> None:
    """Has the kernel send this signal to the calling process when its parent thread ends (Linux, prctl(2))."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)


def default_signals() -> None:
    """Undoes ignored signals: a shell's background job passes an ignored SIGINT on to all below it."""
    # measured: a hub with one plain service then takes 30 s to stop, because it asks with SIGINT first; 1.3 s without
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def _child_setup() -> None:
    default_signals()
    tie_to_parent(signal.SIGKILL)


def _end(child: subprocess.Popen[bytes]) -> int:
    child.terminate()
    try:
        return child.wait(_GRACE)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


def main(arguments: list[str]) -> int:
    """Command line of the module."""
    once = arguments[:1] == ["--once"]
    name, *command = arguments[1:] if once else arguments
    return Keeper(name, command, once=once).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
