"""The processes of one jail: found by the id and start time of its init, measured, and stopped as a whole."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from mondaylab.hub.jail import Jail
from mondaylab.records import Record


class Init(Record):
    """A process that is known for sure: an id alone may meanwhile be another process's."""

    pid: int
    created: float
    """Start time, seconds since the epoch."""

    @classmethod
    def of(cls, pid: int) -> Init | None:
        """The process that has this id now, if any."""
        try:
            return cls(pid=pid, created=psutil.Process(pid).create_time())
        except psutil.NoSuchProcess:
            return None

    def process(self) -> psutil.Process | None:
        """The process if it still is the same one and not a zombie."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.created) < 0.1
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None


class Usage(Record):
    """What a jail uses in all."""

    processes: int
    memory_mb: int
    """Proportional set sizes added up: shared pages count once."""


def usage(init: Init) -> Usage:
    """Measures a jail now; processes that end meanwhile count as nothing."""
    process = init.process()
    if process is None:
        return Usage(processes=0, memory_mb=0)
    try:
        members = process.children(recursive=True)
    except psutil.NoSuchProcess:
        return Usage(processes=0, memory_mb=0)
    # a fork bomb is told by its number alone: reading each member's memory would take longer than it takes to grow
    memory = sum(_proportional_kb(member.pid) for member in members[:2000])
    return Usage(processes=len(members), memory_mb=memory >> 10)


def _proportional_kb(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)


async def stop_jail(init: Init, *, grace: float) -> None:
    """Asks the server in a jail to end, waits up to `grace` seconds, then ends everything in it.

    The kernel kills every process of a pid namespace with its init, in whatever session it put itself.
    """
    process = init.process()
    if process is None:
        return
    if grace > 0:
        try:
            server = min(process.children(), key=lambda child: child.create_time(), default=None)
            if server is not None:
                server.terminate()
                await _gone(Init(pid=server.pid, created=server.create_time()), grace)
        except psutil.NoSuchProcess:
            pass  # it ended by itself meanwhile, which is what was wanted
    process = init.process()
    if process is not None:
        process.kill()
        await _gone(init, 5)


async def watch_jail(init: Init, jail: Jail, warn: Callable[[str], None]) -> None:
    """Once a second until it ends: a jail that uses more than its share is stopped as a whole, never one process of it.

    Args:
        init: The jail's init.
        jail: Whose limits count.
        warn: Called with one line when the jail is stopped.
    """
    while not await _gone(init, 1, every=0.25):
        now = await asyncio.to_thread(usage, init)
        if now.memory_mb > jail.limits.memory_mb or now.processes > jail.limits.processes:
            warn(f"stopped the lab of {jail.user}: {now.memory_mb} MB in {now.processes} processes")
            await stop_jail(init, grace=0)


async def _gone(init: Init, seconds: float, every: float = 0.05) -> bool:
    end = time.monotonic() + seconds
    while init.process() is not None:
        if time.monotonic() > end:
            return False
        await asyncio.sleep(every)
    return True
