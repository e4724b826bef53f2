"""What a notebook's cells have begun and left running, such as an answer that still comes; ended with its cell."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Mapping
from types import FrameType
from typing import Any, Protocol
from weakref import WeakKeyDictionary

_LOOK = 0.3
"""Seconds between two looks whether the kernel is at rest."""


class Runs(Protocol):
    """Something that goes on when its cell has returned."""

    def stop(self) -> None:
        """Ends it; does nothing where it has ended."""


class CellRuns:
    """Stops what a cell began when the cell is run again, and everything when the kernel at rest is interrupted."""

    def __init__(self) -> None:
        self._begun: WeakKeyDictionary[Runs, tuple[str | None, str | None]] = WeakKeyDictionary()
        """With the cell and its run; those that have ended too, as what a page shows can be asked to go on again."""

    def begin(self, what: Runs) -> None:
        """Counts something to the cell that runs now, and ends what earlier runs of the same cell have left."""
        cell, run = _cell_and_run()
        for left, (other, when) in list(self._begun.items()):
            if cell is not None and other == cell and when != run:
                left.stop()
        self._begun[what] = (cell, run)
        self._watch()

    def stop(self) -> None:
        """Ends all of it."""
        for left in list(self._begun):
            left.stop()

    def _watch(self) -> None:
        """Takes note of interrupts once the kernel is at rest: it ignores them then, having no cell to end.

        While a cell runs they are the kernel's own, which puts back what it finds here when the cell has ended.
        """
        if threading.current_thread() is not threading.main_thread():
            return
        try:
            asyncio.get_running_loop().call_later(_LOOK, self._take_interrupts)
        except RuntimeError:  # no kernel, only Python
            return

    def _take_interrupts(self) -> None:
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            signal.signal(signal.SIGINT, self._interrupted)
        elif signal.getsignal(signal.SIGINT) is signal.default_int_handler and self._begun:
            self._watch()

    def _interrupted(self, _number: int, _frame: FrameType | None) -> None:
        self.stop()


RUNS = CellRuns()
"""One a kernel, as there is one interrupt: a lab that is opened again ends what it had begun before."""


def _cell_and_run() -> tuple[str | None, str | None]:
    """Which cell runs and which of its runs this is, as far as the notebook's page tells."""
    try:
        from IPython import get_ipython  # noqa: PLC0415  only where there is a notebook
    except ImportError:
        return None, None
    parent: Mapping[str, Any] = getattr(get_ipython(), "get_parent", dict)() or {}
    return parent.get("metadata", {}).get("cellId"), parent.get("header", {}).get("msg_id")
