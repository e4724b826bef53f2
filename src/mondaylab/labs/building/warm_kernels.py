"""Warm kernels: forked from one process that has already imported what the labs of a batch import."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Client, Connection
from pathlib import Path

_LONGEST = 1 << 20


class WarmKernel:
    """A kernel forked by a server, with what jupyter_client asks of a `subprocess.Popen`.

    It ends when this process does, not when the server does.

    Args:
        server: The server's socket.
        command: The kernel's argument list, as for `subprocess.Popen`.
        environment: All of its variables.
        folder: Its working folder.

    Raises:
        OSError: There is no such server (any more).
        EOFError: It ended before the kernel had begun.
    """

    stdin = stdout = stderr = None

    def __init__(self, server: Path, command: Sequence[str], environment: Mapping[str, str], folder: str) -> None:
        self._connection = Client(str(server), family="AF_UNIX")
        order = {"command": list(command), "environment": dict(environment), "folder": folder}
        try:
            self._connection.send_bytes(json.dumps(order).encode())
            self.pid = int(self._connection.recv_bytes(_LONGEST))
        except BaseException:
            self._connection.close()
            raise
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """None while it runs, else 1: how it ended is not known here."""
        if self.returncode is None and self._connection.poll():
            self._connection.close()
            self.returncode = 1
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Waits for its end.

        Raises:
            subprocess.TimeoutExpired: It still runs after `timeout` seconds.
        """
        if self.returncode is None and not self._connection.poll(timeout):
            raise subprocess.TimeoutExpired("kernel", timeout or 0.0)
        return self.poll() or 1

    def send_signal(self, number: int) -> None:
        """Sends a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Ends it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Asks it to end."""
        self.send_signal(signal.SIGTERM)


def become(connection: Connection) -> int:
    """In the fork: what `ipykernel_launcher` does in a fresh process."""
    order = json.loads(connection.recv_bytes(_LONGEST))
    os.setsid()
    connection.send_bytes(str(os.getpid()).encode())
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()  # or all kernels would draw the same numbers; `random` sees to it itself
    # behind `python -m`; 1: ipykernel watches no parent, for it is not the server that wants this kernel
    sys.argv = [*order["command"][2:], "--IPKernelApp.parent_handle=1"]
    if "ipywidgets" in sys.modules:  # what it does when it is imported in a kernel
        sys.argv.append("--IPKernelApp.extra_extensions=ipywidgets")
    threading.Thread(target=_until_nobody_wants_it, args=[connection], daemon=True).start()
    from ipykernel.kernelapp import launch_new_instance  # noqa: PLC0415  imported long ago

    launch_new_instance()
    return 0


def _until_nobody_wants_it(connection: Connection) -> None:
    with contextlib.suppress(OSError, EOFError):
        connection.recv_bytes()
    os.killpg(0, signal.SIGKILL)
