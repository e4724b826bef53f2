"""JupyterHub with services that start at once, behind a gate: ``python -m mondaylab.hub.app --config FILE``.

It sees off who left.
"""

from __future__ import annotations

import asyncio
import ssl
from urllib.parse import urlsplit

from jupyterhub.app import JupyterHub
from jupyterhub.services.service import Service
from tornado.ioloop import PeriodicCallback

from mondaylab.errors import MondaylabError
from mondaylab.hub.gate import Gate
from mondaylab.hub.leavers import EVERY, see_off
from mondaylab.hub.settings import HubSettings


class Hub(JupyterHub):
    """The hub as it is, but behind a gate, and all services of its configuration are started at once.

    JupyterHub waits for each before it starts the next, and a formgrader alone takes seconds to load.
    """

    _starting: dict[str, asyncio.Task[bool]] | None = None

    async def start(self) -> None:
        await super().start()
        PeriodicCallback(self._see_off, EVERY * 1000).start()

    async def _see_off(self) -> None:
        try:
            await see_off(self, HubSettings.from_environment().site)
        except MondaylabError as error:  # a file that cannot be read: nobody is known to have left
            self.log.warning("mondaylab: nobody is seen off: %s", error)

    def init_tornado_application(self) -> None:
        gate = Gate(self.handlers, **self.tornado_settings)
        gate.addresses = HubSettings.from_environment().addresses
        gate.internal = urlsplit(self.hub_bind_url).netloc
        self.tornado_application = gate

    async def start_service(
        self, service_name: str, service: Service, ssl_context: ssl.SSLContext | None = None
    ) -> bool:
        if self._starting is None:
            self._starting = {
                name: asyncio.create_task(super(Hub, self).start_service(name, each, ssl_context))
                for name, each in self._service_map.items()
            }
        task = self._starting.pop(service_name, None)
        # asked for later, by an administrator or for a service that failed: started then
        return await (task or super().start_service(service_name, service, ssl_context))


if __name__ == "__main__":
    Hub.launch_instance()
