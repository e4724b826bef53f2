"""A fetched model that answers outside the hub, for who records answers: until it is stopped."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Callable

import httpx

from mondaylab.errors import Refused
from mondaylab.hub.models.running import Chosen, Upstream, start_llama

LOADING = 300.0
"""Seconds in which a model has to have loaded, long enough for a busy machine."""
_FIX = "mondaylab model check"


def serve_until_stopped(chosen: Chosen, threads: int, ready: Callable[[str, str], None]) -> None:
    """Lets a model answer in this process until it is interrupted (Ctrl-C, or SIGTERM).

    Args:
        chosen: Which.
        threads: Processor threads it may use.
        ready: Called once it answers, with its address and key.

    Raises:
        Refused: It cannot be loaded, or not in time.
    """
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with contextlib.suppress(KeyboardInterrupt):  # while it loads, too
        try:
            server, upstream = start_llama(chosen, threads)
        except (ImportError, OSError, RuntimeError, ValueError) as error:
            raise Refused(f"the model could not be loaded: {error}", where=chosen.path, fix=_FIX) from None
        end = time.monotonic() + LOADING
        while not _answers(upstream) and not stop.wait(0.2):
            if time.monotonic() > end:
                raise Refused(f"the model has not loaded in {LOADING:.0f} s", where=chosen.path, fix=_FIX)
        if not stop.is_set():
            ready(upstream.url, upstream.key)
        while not stop.wait(1.0):  # in steps: an interrupt is noticed between two
            pass
        del server


def _answers(upstream: Upstream) -> bool:
    """Whether a server has loaded its model: before, it answers 503."""
    try:
        with httpx.Client(trust_env=False, timeout=2.0) as client:
            return client.get(f"{upstream.url.removesuffix('/v1')}/health").status_code == 200
    except httpx.HTTPError:
        return False
