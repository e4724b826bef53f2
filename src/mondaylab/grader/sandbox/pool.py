"""Warm sandboxes, handed out one submission at a time and kept for the next one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from mondaylab.grader.sandbox.sandbox import Limits, Sandbox


class SandboxPool:
    """Sandboxes of this process. Starting one takes a second, a session in one a hundredth of that.

    Args:
        idle_seconds: After this long without use all of them are closed; never if not given.
    """

    def __init__(self, idle_seconds: float | None = None) -> None:
        self._idle_seconds = idle_seconds
        self._idle: list[Sandbox] = []
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    @contextmanager
    def lease(self, limits: Limits) -> Iterator[Sandbox]:
        """A sandbox for one submission; what that ran has ended when the block is left."""
        with self._lock:
            found = next((one for one in self._idle if one.limits == limits), None)
            if found is not None:
                self._idle.remove(found)
        sandbox = found or Sandbox(limits)
        try:
            yield sandbox
            sandbox.end_session()
        except BaseException:
            sandbox.close()
            raise
        with self._lock:
            self._idle.append(sandbox)
            self._close_later()

    def close(self) -> None:
        """Closes all that are not in use."""
        with self._lock:
            idle, self._idle = self._idle, []
            if self._timer is not None:
                self._timer.cancel()
        for sandbox in idle:
            sandbox.close()

    def _close_later(self) -> None:
        if self._idle_seconds is None:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = threading.Timer(self._idle_seconds, self.close)
        self._timer.daemon = True
        self._timer.start()
