"""The program behind `warm_processes`: imports, splits in two, and forks a build or a kernel for everybody who asks.

Its one argument is a JSON object: ``listeners``, two file descriptors; ``modules``, what all labs of the batch import;
``path``, where the command looks for modules. It ends when its standard input does.
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
from collections.abc import Callable, Iterable, Sequence
from multiprocessing.connection import Connection
from types import SimpleNamespace

from mondaylab.labs.building import warm_builds, warm_kernels
from mondaylab.labs.building.environment import kernel_environment

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
    _end_with_input()
    gc.disable()  # all that is made here stays
    ours = OURS if any(name.startswith("mondaylab.") for name in modules) else ()
    _import_as_in_a_kernel((*BOTH, *ours))
    builds, kernels = listeners
    if not os.fork():
        _end_with_input()
        builds.close()
        os.environ.clear()
        os.environ.update(kernel_environment())  # a module may look at it while it is imported
        _import_as_in_a_kernel((*KERNEL, *modules, *(IN_A_LAB if LAB in modules else ())))
        _fork_for_each(kernels, warm_kernels.become)
    kernels.close()
    sys.path[:] = path
    for name in BUILD:
        build = importlib.import_module(name)
    build.make_ready()
    _fork_for_each(builds, warm_builds.become)


def _import_as_in_a_kernel(modules: Iterable[str]) -> None:
    # pandas asks this name, while it is imported, whether its tables will be shown in a terminal
    builtins.get_ipython = lambda: SimpleNamespace(kernel=None)  # type: ignore[attr-defined]
    for name in modules:
        with contextlib.suppress(Exception):  # the cell that imports it will say what is wrong
            importlib.import_module(name)
    del builtins.get_ipython  # type: ignore[attr-defined]


def _fork_for_each(listener: socket.socket, become: Callable[[Connection], int]) -> None:
    """Never returns: this process ends with its standard input, a fork when it is through."""
    gc.freeze()  # the forks share this memory, so a collection must not write to it
    gc.enable()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody here waits for them
    while True:
        accepted, _ = listener.accept()
        with Connection(accepted.detach()) as connection:
            if not os.fork():
                listener.close()
                _end_as(become, connection)


def _end_with_input() -> None:
    """Has this process, whatever it is at, end as soon as the command does; a fork has to ask for it again."""
    threading.Thread(target=_until_input_ends, daemon=True).start()


def _until_input_ends() -> None:
    while os.read(0, 4096):  # not sys.stdin, whose lock a fork would inherit
        pass
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
    except (OSError, EOFError):  # who asked is gone
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
