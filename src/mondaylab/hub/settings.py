"""What one run of the hub is started with: the installation, the public port, the internal ports."""

from __future__ import annotations

import os
import socket
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from pydantic import Field

from mondaylab.errors import NotFound, Refused
from mondaylab.hub.cohorts import applied
from mondaylab.records import Record
from mondaylab.settings import Site

SETTINGS_VARIABLE = "MONDAYLAB_HUB_SETTINGS"
_FIXED = ("hub", "proxy", "judgement", "assistant")


class HubSettings(Record):
    """One run. `mondaylab hub run` writes it to ``var/hub/settings.json``; the hub's configuration reads it."""

    root: Path
    var: Path
    address: str = "127.0.0.1"
    """Where browsers reach the hub. Anything but loopback needs TLS in front of it."""
    port: int = Field(default=8000, ge=1, le=65535)
    ports: dict[str, int]
    """Internal ports on 127.0.0.1: ``hub``, ``proxy``, ``judgement``, ``assistant`` and each cohort's formgrader."""

    @property
    def site(self) -> Site:
        """The installation."""
        return Site(self.root, self.var)

    @property
    def url(self) -> str:
        """What to open in a browser."""
        return f"http://{self.address}:{self.port}/"

    @classmethod
    def choose(cls, site: Site, *, port: int = 8000) -> Self:
        """Settings with internal ports that are free now, for every applied cohort; port 0: any free public port too.

        Raises:
            Refused: The public port is taken.
        """
        names = [*_FIXED, *applied(site)]
        with ExitStack() as held:
            try:
                public = _hold(held, port)
            except OSError:
                raise Refused(f"port {port} on 127.0.0.1 is taken", fix="stop what uses it, or choose --port") from None
            ports = {name: _hold(held, 0) for name in names}
        return cls(root=site.root, var=site.var, port=public, ports=ports)

    @classmethod
    def from_environment(cls) -> Self:
        """The settings of this run.

        Raises:
            NotFound: The hub was not started through `mondaylab hub run`.
        """
        path = os.environ.get(SETTINGS_VARIABLE)
        if not path:
            raise NotFound(f"{SETTINGS_VARIABLE} is not set", fix="start the hub with: mondaylab hub run")
        return cls.read_json(Path(path))


def _hold(held: ExitStack, port: int) -> int:
    """Binds a port on loopback until the stack closes, so that no two are the same; returns it."""
    listener = held.enter_context(socket.socket())
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    return int(listener.getsockname()[1])
