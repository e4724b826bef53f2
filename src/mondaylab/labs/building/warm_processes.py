"""One process that has imported, once, what a batch needs; its builds, and their kernels, are forked from it.

A worker takes two seconds of one processor to import papermill, pandas and this package, and a kernel one to import
ipykernel, pandas and the labs' own modules, each time the same. Here a process does so once, while the command gets
ready on another processor: first what builds and kernels both import, then it splits in two, and each half goes on to
its own. Nothing but imported modules is shared: no lab has run in either, and what the labs' modules write while they
are imported is not lost on a cell: where one writes anything, no kernel is served. Whoever asks for a kernel and finds
no server starts an ordinary one instead.

This module is what a command starts them with, and imports next to nothing itself.
"""

from __future__ import annotations

import ast
import json
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from mondaylab.labs.building.environment import kernel_environment

# debugpy, which ipykernel imports, warns on standard error about frozen modules
_PROGRAM = (sys.executable, "-P", "-X", "frozen_modules=off", "-m", "mondaylab.labs.building.warm_server")


@dataclass(frozen=True)
class Warm:
    """Where to ask: a socket each.

    Attributes:
        builds: For `warm_builds.begin`.
        kernels: For `warm_kernels.WarmKernel`.
        end: Ends the servers before their context does.
    """

    builds: Path
    kernels: Path
    end: Callable[[], None]


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
def warm_processes(modules: Sequence[str]) -> Iterator[Warm]:
    """Servers of warm builds and kernels, for as long as the context lasts; they come up while the caller goes on.

    Args:
        modules: Imported beside what every kernel needs; one that cannot be imported is left to the lab to miss.

    Yields:
        Their sockets.
    """
    with ExitStack() as served:
        # 0700: no other user can ask
        folder = served.enter_context(tempfile.TemporaryDirectory(prefix="mondaylab-warm-"))
        warm = Warm(Path(folder, "builds"), Path(folder, "kernels"), served.close)
        with ExitStack() as ours:
            listeners = [ours.enter_context(_listening(path)) for path in (warm.builds, warm.kernels)]
            told = {"listeners": [one.fileno() for one in listeners], "modules": [*modules], "path": sys.path}
            server = subprocess.Popen(
                [*_PROGRAM, json.dumps(told)],
                stdin=subprocess.PIPE,
                stdout=2,  # the command's own result is all that its standard output may hold
                env=kernel_environment(),  # a kernel can read what its server was started with
                pass_fds=[one.fileno() for one in listeners],
            )
        served.callback(server.communicate)  # its standard input ends, and so does it
        yield warm


def _listening(path: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()
    return listener
