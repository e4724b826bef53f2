"""Connections of callers who have to read what they asked for: one that is not read from is cut off."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 30.0
"""Seconds in which a caller has to read on once as much lies ready as is kept for one."""


class Connection(H11Protocol):
    """One caller's connection, cut off where the caller leaves too much unread for too long.

    Sending waits until the caller reads, and what is being sent may hold something that others wait for. Cut off, and
    not closed: a closed connection would wait for the same caller to read the rest.
    """

    _giving_up: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        super().pause_writing()
        self._giving_up = self.loop.call_later(PATIENCE, self.transport.abort)

    def resume_writing(self) -> None:
        self._keep()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._keep()
        super().connection_lost(exc)

    def _keep(self) -> None:
        if self._giving_up is not None:
            self._giving_up.cancel()
            self._giving_up = None
