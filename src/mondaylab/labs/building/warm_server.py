"""The program behind `warm_processes`: imports, splits in two, and forks a build or a kernel for everybody who asks.

Its one argument is a JSON object: ``listeners``, two file descriptors; ``modules``, what all labs of the batch import;
``path``, where the command looks for modules. Both halves end when their standard input does, which they share; a
build ends when who asked for it is gone, and a kernel when its build is.
"""

from __future__ import annotations

import builtins
import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing.connection import Connection
from types import SimpleNamespace

from mondaylab.labs.building import warm_builds, warm_kernels

BOTH = ("pandas", "pyarrow.dataset", "jupyter_client.provisioning", "tornado.platform.asyncio", "sqlite3")
"""What builds and every kernel import sooner or later; of a kernel's, pandas and pyarrow open the lab's tables."""
OURS = ("mondaylab.concepts.tables", "mondaylab.forms.shown", "mondaylab.measures")
"""What of this package builds import, and kernels of labs that import any of it."""
KERNEL = (
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
)
LAB = "mondaylab.judging.notebook"
IN_A_LAB = ("mondaylab.harmless", "mondaylab.judging.assistant_panel", "mondaylab.judging.prompt_check")
"""What `LAB` imports only when a notebook first asks for it, as each does."""
BUILD = ("mondaylab.labs.building.batch", "mondaylab.labs.building.build")
"""What builds import; the last one makes itself ready."""


def serve(listeners: Sequence[socket.socket], modules: Sequence[str], path: list[str]) -> None:
    """Serves builds in this process, and kernels in a fork of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # as everybody of the terminal gets it, the command sees to us
    other: list[int] = []
    _end_with_input(other)
    gc.disable()  # all that is made here stays
    ours = OURS if any(name.startswith("mondaylab.") for name in modules) else ()
    silent = _import_as_in_a_kernel((*BOTH, *ours))
    builds, kernels = listeners
    if not (half := _fork()):
        _end_with_input()
        builds.close()
        _import_as_in_a_kernel(KERNEL)
        silent &= _import_as_in_a_kernel((*modules, *(IN_A_LAB if LAB in modules else ())))
        if not silent:  # the cell that imports it shows what it wrote, so each kernel has to import it for itself
            os._exit(0)
        _fork_for_each(kernels, warm_kernels.become)
    other.append(half)
    kernels.close()
    sys.path[:] = path
    for name in BUILD:
        with contextlib.suppress(Exception, SystemExit):  # the build that imports it says what is wrong
            importlib.import_module(name)
    if build := sys.modules.get(BUILD[-1]):
        build.make_ready()
    _fork_for_each(builds, warm_builds.become)


def _import_as_in_a_kernel(modules: Iterable[str]) -> bool:
    """Whether none of them wrote anything while it was imported; what one did is heard by nobody."""
    # pandas asks this name, while it is imported, whether its tables will be shown in a terminal
    builtins.get_ipython = lambda: SimpleNamespace(kernel=None)  # type: ignore[attr-defined]
    with _aside() as written:
        for name in modules:
            with contextlib.suppress(Exception, SystemExit):  # the cell that imports it will say what is wrong
                importlib.import_module(name)
    del builtins.get_ipython  # type: ignore[attr-defined]
    return not written


@contextlib.contextmanager
def _aside() -> Iterator[bytearray]:
    """Gathers what is written to standard output and error; `sys.stdout` stays the object that a module may keep."""
    written, streams = bytearray(), (sys.stdout, sys.stderr)
    kept = [os.dup(stream.fileno()) for stream in streams]
    with os.fdopen(os.memfd_create("written"), "rb") as aside:
        for stream in streams:
            os.dup2(aside.fileno(), stream.fileno())
        try:
            yield written
        finally:
            for stream, number in zip(streams, kept, strict=True):
                stream.flush()
                os.dup2(number, stream.fileno())
                os.close(number)
            aside.seek(0)
            written += aside.read()


def _fork() -> int:
    """`os.fork`, without Python's warning that this process has two threads: the other one only waits for an end."""
    with warnings.catch_warnings():  # the fork leaves this block too: a kernel warns its lab as any other does
        warnings.filterwarnings("ignore", ".*multi-threaded", DeprecationWarning)
        return os.fork()


def _fork_for_each(listener: socket.socket, become: Callable[[Connection], int]) -> None:
    """Never returns: this process ends with its standard input, a fork when it is through."""
    gc.freeze()  # the forks share this memory, so a collection must not write to it
    gc.enable()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody here waits for them
    while True:
        accepted, _ = listener.accept()
        with Connection(accepted.detach()) as connection:
            if not _fork():
                listener.close()
                _end_as(become, connection)


def _end_with_input(others: Sequence[int] = ()) -> None:
    """Has this process, whatever it is at, end when its standard input does: the command's end closes it.

    A fork has to ask for it again.

    Args:
        others: Children that end by themselves likewise, and are waited for.
    """
    threading.Thread(target=_until_input_ends, args=[others], daemon=True).start()


def _until_input_ends(others: Sequence[int]) -> None:
    while os.read(0, 4096):  # not sys.stdin, whose lock a fork would inherit
        pass
    for child in others:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(child, 0)
    os._exit(0)


def _end_as(become: Callable[[Connection], int], connection: Connection) -> None:
    """In the fork: becomes what was asked for, then ends."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        code = become(connection)
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except (OSError, EOFError, KeyboardInterrupt):  # who asked is gone
        pass
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _told = json.loads(sys.argv[1])
    serve([socket.socket(fileno=number) for number in _told["listeners"]], _told["modules"], _told["path"])
