"""Warm kernels: forked from one process that has already imported what the labs of a batch import.

A kernel takes a second of one processor to import ipykernel, pandas and the labs' own modules, each time the same. Here
a server does so once, while the batch gets ready on another processor, and forks a kernel whenever a build asks for
one. Nothing but imported modules is shared: no lab has run in the server. Whoever asks and finds no server starts an
ordinary kernel instead.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Client, Connection
from pathlib import Path
from types import SimpleNamespace

from mondaylab.labs.building.environment import kernel_environment

KERNEL = ("ipykernel.kernelapp", "ipykernel.zmqshell", "ipykernel.debugger", "tornado.platform.asyncio", "sqlite3")
"""What every kernel imports sooner or later."""
TABLES = ("pandas", "pyarrow.dataset")
"""What every lab opens its tables with."""
_LONGEST = 1 << 20
_PROGRAM = (sys.executable, "-P", "-X", "frozen_modules=off", "-m", "mondaylab.labs.building.warm_kernels")
"""debugpy, which ipykernel imports, warns on standard error about frozen modules."""


def imports_of(source: str) -> frozenset[str]:
    """Modules that a lab's source imports by full name; none if it is not Python."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return frozenset()
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return frozenset(found)


def shared_imports(sources: Iterable[str]) -> tuple[str, ...]:
    """Modules that all these labs import: what only one of them wants, another's kernel must not hold."""
    found = [imports_of(source) for source in sources]
    return tuple(sorted(frozenset.intersection(*found))) if found else ()


@contextmanager
def kernel_server(modules: Sequence[str]) -> Iterator[Path]:
    """A server of warm kernels, for as long as the context lasts; it comes up while the caller goes on.

    Args:
        modules: Imported beside what every kernel needs; one that cannot be imported is left to the lab to miss.

    Yields:
        Its socket, for `WarmKernel`.
    """
    with tempfile.TemporaryDirectory(prefix="mondaylab-kernels-") as folder:  # 0700: no other user can ask
        path = Path(folder, "socket")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
            listener.listen()
            server = subprocess.Popen(
                [*_PROGRAM, str(listener.fileno()), *modules],
                env=kernel_environment(),  # a module may look at it while it is imported
                stdin=subprocess.PIPE,
                pass_fds=[listener.fileno()],
            )
        try:
            yield path
        finally:
            server.communicate()  # its standard input ends, and so does it


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


def serve(listener: socket.socket, modules: Sequence[str]) -> None:
    """Forks a kernel for everybody who connects, until standard input ends."""
    threading.Thread(target=_until_input_ends, daemon=True).start()
    _import_as_in_a_kernel((*KERNEL, *TABLES, *modules))
    gc.collect()
    gc.freeze()  # the kernels share this memory, so a collection must not write to it
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody here waits for them
    while True:
        accepted, _ = listener.accept()
        connection = Connection(accepted.detach())
        with contextlib.suppress(OSError, EOFError, ValueError), connection:
            order = json.loads(connection.recv_bytes(_LONGEST))
            pid = os.fork()
            if not pid:
                listener.close()
                _be_kernel(connection, **order)
            connection.send_bytes(str(pid).encode())


def _import_as_in_a_kernel(modules: Iterable[str]) -> None:
    # pandas asks this name, while it is imported, whether its tables will be shown in a terminal
    builtins.get_ipython = lambda: SimpleNamespace(kernel=None)  # type: ignore[attr-defined]
    for name in modules:
        with contextlib.suppress(Exception):  # the cell that imports it will say what is wrong
            importlib.import_module(name)
    del builtins.get_ipython  # type: ignore[attr-defined]


def _until_input_ends() -> None:
    while os.read(0, 4096):  # not sys.stdin, whose lock a fork would inherit
        pass
    os._exit(0)


def _be_kernel(connection: Connection, command: list[str], environment: dict[str, str], folder: str) -> None:
    """In the fork: what `ipykernel_launcher` does in a fresh process. Never returns."""
    code = 1
    try:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        if numpy := sys.modules.get("numpy"):
            numpy.random.seed()  # or all kernels would draw the same numbers; `random` sees to it itself
        # behind `python -m`; 1: ipykernel watches no parent, for it is not the server that wants this kernel
        sys.argv = [*command[2:], "--IPKernelApp.parent_handle=1"]
        if "ipywidgets" in sys.modules:  # what it does when it is imported in a kernel
            sys.argv.append("--IPKernelApp.extra_extensions=ipywidgets")
        threading.Thread(target=_until_nobody_wants_it, args=[connection], daemon=True).start()
        from ipykernel.kernelapp import launch_new_instance  # noqa: PLC0415  imported long ago

        launch_new_instance()
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _until_nobody_wants_it(connection: Connection) -> None:
    with contextlib.suppress(OSError, EOFError):
        connection.recv_bytes()
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2:])
