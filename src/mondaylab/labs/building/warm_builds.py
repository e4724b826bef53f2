"""Calls of functions in processes forked from a server that has imported what they need."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from multiprocessing.connection import Client, Connection
from pathlib import Path
from typing import TypeVar

Given = TypeVar("Given")


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
    connection.send_bytes(pickle.dumps((function, given)))
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
    """In the fork: calls what was asked for."""
    function, given = pickle.loads(connection.recv_bytes())  # noqa: S301  only our own user can reach the socket
    connection.send_bytes(pickle.dumps(function(given)))
    return 0
