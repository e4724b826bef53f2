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
from mondaylab.hub.origins import LOCAL_HOST, Addresses, Origins, public_address
from mondaylab.records import Record
from mondaylab.settings import Site

SETTINGS_VARIABLE = "MONDAYLAB_HUB_SETTINGS"
_FIXED = ("hub", "proxy", "judgement", "assistant")


class HubSettings(Record):
    """One run. `mondaylab hub run` writes it to ``var/hub/settings.json``; the hub's configuration reads it."""

    root: Path
    var: Path
    origins: Origins = Origins.SUBDOMAINS
    """Whether each server and service has an origin of its own; paths of one have to be chosen by name."""
    public: str = ""
    """A company's own address of the hub, such as ``https://lab.company.example``, with TLS in front; empty: none."""
    port: int = Field(default=8000, ge=1, le=65535)
    ports: dict[str, int]
    """Internal ports on 127.0.0.1: ``hub``, ``proxy``, ``judgement``, ``assistant`` and each cohort's formgrader."""

    @property
    def site(self) -> Site:
        """The installation."""
        return Site(self.root, self.var)

    @property
    def addresses(self) -> Addresses:
        """Where browsers find the hub, its services and the servers."""
        local = LOCAL_HOST if self.origins is Origins.SUBDOMAINS else "127.0.0.1"
        return Addresses(hub=self.public or f"http://{local}:{self.port}", origins=self.origins)

    @property
    def url(self) -> str:
        """What to open in a browser."""
        return f"{self.addresses.hub}/"

    @property
    def local(self) -> str:
        """Where programs on this machine reach the public port; they name the address they mean in the Host header."""
        return f"http://127.0.0.1:{self.port}"

    @classmethod
    def choose(cls, site: Site, *, port: int = 8000, origins: Origins = Origins.SUBDOMAINS, public: str = "") -> Self:
        """Settings with internal ports that are free now, for every applied cohort; port 0: any free public port too.

        Raises:
            Refused: The public port is taken, or the public address is none.
        """
        told = public_address(public) if public else ""
        names = [*_FIXED, *applied(site)]
        with ExitStack() as held:
            try:
                chosen = _hold(held, port)
            except OSError:
                raise Refused(f"port {port} on 127.0.0.1 is taken", fix="stop what uses it, or choose --port") from None
            ports = {name: _hold(held, 0) for name in names}
        return cls(root=site.root, var=site.var, origins=origins, public=told, port=chosen, ports=ports)

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
