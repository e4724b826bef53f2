"""Tasks spread over an executor: outcomes as they come, and a task that kills its worker stops no other.

Anything that is a `concurrent.futures.Executor` will do, a distributed engine's client too: tasks and outcomes are
plain data, and the function is importable by name.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor
from concurrent.futures import ThreadPoolExecutor as OneThread
from concurrent.futures import wait as wait_for
from typing import Generic, TypeVar

from mondaylab.errors import Refused

_AHEAD = 3  # tasks that wait for each worker
_PR_SET_PDEATHSIG = 1


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0))


def pool(jobs: int, prepare: Callable[[], None]) -> Executor:
    """The executor of one machine: a thread of this process for one job, else processes that end with this one.

    Args:
        jobs: How many tasks at a time.
        prepare: Called in every new process, where what the parent had opened must not be used.
    """
    if jobs == 1:
        return OneThread(1)
    context = multiprocessing.get_context("fork")
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_worker, initargs=(prepare,))


def _worker(prepare: Callable[[], None]) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted, and shuts the pool down
    prepare()


Task = TypeVar("Task")
Outcome = TypeVar("Outcome")


class Parallel(Generic[Task, Outcome]):
    """Runs `function` on every task.

    Args:
        function: Importable by name.
        failed: Makes an outcome of a task that came to none; the error is None when its worker process died.
        executor: Makes the executor, and again when it broke.
        jobs: How many tasks at a time it takes.
        ours: Whether to shut it down; somebody else's executor is left as it is.
    """

    def __init__(
        self,
        function: Callable[[Task], Outcome],
        failed: Callable[[Task, Exception | None], Outcome],
        executor: Callable[[], Executor],
        jobs: int,
        *,
        ours: bool = True,
    ) -> None:
        self._function = function
        self._failed = failed
        self._make = executor
        self._most = jobs * _AHEAD
        self._ours = ours
        self._running: dict[Future[Outcome], Task] = {}
        self._suspects: list[Task] = []
        self._died = 0  # one after the other

    def outcomes(self, tasks: Sequence[Task]) -> Iterator[Outcome]:
        """Yields an outcome for each task, in no order.

        When a worker process dies, the tasks that were under way are tried once more, each alone.

        Raises:
            Refused: The executor breaks even when new.
        """
        left = list(reversed(tasks))
        executor = self._make()
        try:
            while left or self._running:
                while left and not self._suspects and len(self._running) < self._most:
                    self._submit(executor, left.pop())
                yield from self._settled()
                if self._suspects:
                    self._end(executor)
                    yield from self._each_alone()
                    executor = self._make()
        finally:
            self._end(executor)

    def _submit(self, executor: Executor, task: Task) -> None:
        try:
            self._running[executor.submit(self._function, task)] = task
        except BrokenExecutor:
            self._suspects.append(task)

    def _settled(self) -> Iterator[Outcome]:
        """Waits for some that are under way; those of a broken executor become suspects."""
        done, _ = wait_for(self._running, return_when=FIRST_COMPLETED)
        for future in done:
            task = self._running.pop(future)
            try:
                outcome = future.result()
                self._died = 0
                yield outcome
            except BrokenExecutor:
                self._suspects.append(task)
            except Exception as error:  # what an executor makes of a task is its own
                yield self._failed(task, error)
        if self._suspects:
            self._suspects += self._running.values()
            self._running.clear()

    def _each_alone(self) -> Iterator[Outcome]:
        while self._suspects:
            task = self._suspects.pop()
            executor = self._make()
            try:
                outcome = executor.submit(self._function, task).result()
                self._died = 0
                yield outcome
            except BrokenExecutor:
                self._died += 1
                if self._died > self._most:
                    raise Refused("every worker process dies", fix="look for what ends them: memory, limits") from None
                yield self._failed(task, None)
            except Exception as error:  # as above
                yield self._failed(task, error)
            finally:
                self._end(executor)

    def _end(self, executor: Executor) -> None:
        if self._ours:
            executor.shutdown(cancel_futures=True)
