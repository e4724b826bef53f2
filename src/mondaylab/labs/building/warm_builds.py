"""Calls of functions in processes forked from a server that has imported what they need."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Client, Connection
from pathlib import Path
from types import FrameType
from typing import NoReturn, TypeVar

Given = TypeVar("Given")
_GRACE = 30.0
"""Seconds that a call has for its own cleaning up once nobody wants it; a kernel alone may take five to end."""


def begin(server: Path, function: Callable[[Given], object], given: Given) -> Connection:
    """Calls a function of a module in a process of its own.

    Args:
        server: The socket `Warm.builds`.
        function: Found in that process by its name.
        given: What it is called with.

    Returns:
        What `outcome` takes, and `multiprocessing.connection.wait`.

    Raises:
        OSError: There is no such server (any more).
    """
    connection = Client(str(server), family="AF_UNIX")
    try:
        connection.send_bytes(pickle.dumps((function, given)))
    except BaseException:
        connection.close()
        raise
    return connection


def outcome(connection: Connection) -> object:
    """Waits for what the function returns.

    Raises:
        OSError: The process is gone.
        EOFError: Likewise.
    """
    with connection:
        return pickle.loads(connection.recv_bytes())  # noqa: S301  our own fork's, over a socket of ours alone


def become(connection: Connection) -> int:
    """In the fork: calls what was asked for, or leaves off as soon as who asked is gone.

    Raises:
        KeyboardInterrupt: Who asked is gone.
    """
    function, given = pickle.loads(connection.recv_bytes())  # noqa: S301  only our own user can reach the socket
    signal.signal(signal.SIGINT, _leave_off)
    threading.Thread(target=_until_nobody_wants_it, args=[connection], daemon=True).start()
    returned = pickle.dumps(function(given))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asked goes when this has arrived
    connection.send_bytes(returned)
    return 0


def _leave_off(number: int, frame: FrameType | None) -> NoReturn:
    # once: a terminal interrupts this process too, and the end of the command must not interrupt the cleaning up
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def _until_nobody_wants_it(connection: Connection) -> None:
    with contextlib.suppress(OSError, EOFError):
        connection.recv_bytes()
    # what is staged and temporary goes as the exception passes; the kernel sees for itself that this process ends
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(_GRACE)
    os._exit(1)
