"""JupyterHub whose services start side by side, behind a gate: ``python -m mondaylab.hub.app --config FILE``."""

from __future__ import annotations

import asyncio
import html
import ssl
from typing import Any
from urllib.parse import urlsplit

from jupyterhub.app import JupyterHub
from jupyterhub.services.service import Service
from tornado.httputil import HTTPServerRequest
from tornado.web import Application, RequestHandler

from mondaylab.hub.origins import Addresses, Turned, turned
from mondaylab.hub.settings import HubSettings


class _TurnedHandler(RequestHandler):
    """Says why a request is turned away, or where it goes on."""

    def initialize(self, answer: Turned) -> None:
        self._answer = answer

    def check_xsrf_cookie(self) -> None:
        """Nothing is done for any request here."""

    async def prepare(self) -> None:
        answer = self._answer
        self.set_status(answer.status)
        self.set_header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        if answer.to:
            self.set_header("Location", answer.to)
        if not answer.said:
            self.finish()
            return
        said, to = html.escape(answer.said), html.escape(answer.to)
        self.finish(f"<!doctype html><title>mondaylab</title><p>{said}" + (f' <a href="{to}">{to}</a>' if to else ""))


class _Gate(Application):
    """The hub's pages, for requests that come from where they may come from."""

    addresses: Addresses
    internal: str

    def find_handler(self, request: HTTPServerRequest, **options: Any) -> Any:
        answer = turned(request.method or "", request.uri or "", request.headers, self.addresses, self.internal)
        if answer is not None:
            return self.get_handler_delegate(request, _TurnedHandler, {"answer": answer})
        return super().find_handler(request, **options)


class Hub(JupyterHub):
    """The hub as it is, but behind a gate, and all services of its configuration are started at once.

    JupyterHub waits for each before it starts the next, and a formgrader alone takes seconds to load.
    """

    _starting: dict[str, asyncio.Task[bool]] | None = None

    def init_tornado_application(self) -> None:
        gate = _Gate(self.handlers, **self.tornado_settings)
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
