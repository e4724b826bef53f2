"""A server of the standard library that answers beside the test."""

from __future__ import annotations

import socketserver
import threading

POLL = 0.02
"""Seconds between two looks whether it is to end: the library's half second is waited out by eighty tests."""


def serve(server: socketserver.BaseServer) -> threading.Thread:
    """Lets a server answer in a thread of its own, until it is shut down."""
    thread = threading.Thread(target=server.serve_forever, args=(POLL,), daemon=True)
    thread.start()
    return thread
