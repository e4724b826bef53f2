"""A person at the hub, over HTTP: signs in, starts a server, runs code in it, calls what a browser would call."""

from __future__ import annotations

import asyncio
import json
import socket
import time
import uuid
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from mondaylab.errors import Refused
from mondaylab.hub.origins import Addresses

START_TIMEOUT = 120.0
CELL_TIMEOUT = 120.0


class Loopback(AbstractResolver):
    """Finds every name on this machine, as browsers do below ``localhost``; the machine's own resolver may not."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host="127.0.0.1",
                port=port,
                family=socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
        ]

    async def close(self) -> None:
        """Holds nothing."""


class Visitor:
    """One signed-in person.

    Attributes:
        name: Their account.
        addresses: Where the hub on this machine, its services and its servers are.
    """

    def __init__(self, addresses: Addresses, name: str, password: str) -> None:
        self.name = name
        self.addresses = addresses
        self._password = password
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=Loopback()),
            # a browser, too, takes secure cookies from the machine that it runs on
            cookie_jar=aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=addresses.hub),
            timeout=aiohttp.ClientTimeout(total=180),
        )
        self._token = ""

    async def __aenter__(self) -> Self:
        try:
            await self._sign_in()
        except BaseException:
            await self._session.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def _sign_in(self) -> None:
        """Signs in through the hub's own form, then asks for an API token as a person could on the token page."""
        page = f"{self.addresses.hub}/hub/login"
        async with self._session.get(page) as answer:
            await answer.read()
        fields = {"username": self.name, "password": self._password, "_xsrf": self._xsrf()}
        async with self._session.post(page, data=fields, allow_redirects=False) as answer:
            if answer.status != 302:
                raise Refused(f"{self.name} could not sign in (HTTP {answer.status})", where=page)
        async with self._session.get(f"{self.addresses.hub}/hub/token") as answer:
            await answer.read()
        tokens = f"{self.addresses.hub}/hub/api/users/{self.name}/tokens"
        async with self._session.post(tokens, json={}, headers={"X-XSRFToken": self._xsrf()}) as answer:
            self._token = (await self._json(answer))["token"]

    def _xsrf(self) -> str:
        return next((cookie.value for cookie in self._session.cookie_jar if cookie.key == "_xsrf"), "")

    async def call(self, method: str, path: str, body: object = None) -> Any:
        """Calls a path of the hub, a service or a server with this person's token; returns the JSON answer, or none.

        Raises:
            Refused: The answer is an error; its status and text are in the message.
        """
        headers = {"Authorization": f"token {self._token}"}
        async with self._session.request(method, self.addresses.of(path), json=body, headers=headers) as answer:
            return await self._json(answer)

    async def _json(self, answer: aiohttp.ClientResponse) -> Any:
        text = await answer.text()
        if answer.status >= 400:
            raise Refused(f"HTTP {answer.status}: {text[:800]}", where=f"{self.name} {answer.method} {answer.url.path}")
        try:
            return json.loads(text) if text else None
        except ValueError:  # a page, not data
            return text

    async def start_server(self) -> None:
        """Starts this person's server and waits until it answers.

        Raises:
            Refused: It does not within two minutes.
        """
        await self.call("POST", f"/hub/api/users/{self.name}/server")
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline:
            user = await self.call("GET", f"/hub/api/users/{self.name}")
            if user["servers"].get("", {}).get("ready"):
                return
            await asyncio.sleep(0.3)
        raise Refused(f"the server of {self.name} did not start within {START_TIMEOUT:.0f} s", fix="see var/logs")

    async def stop_server(self) -> None:
        """Stops this person's server."""
        await self.call("DELETE", f"/hub/api/users/{self.name}/server")

    async def server(self, method: str, path: str, body: object = None) -> Any:
        """Calls a path of this person's own server."""
        return await self.call(method, f"/user/{self.name}/{path}", body)

    async def run(self, *cells: str) -> str:
        """Runs code cells in one new kernel of this person's server; returns what the last one printed.

        Raises:
            Refused: A cell raised; its error is in the message.
        """
        kernel = await self.server("POST", "api/kernels", {"name": "python3"})
        path = f"/user/{self.name}/api/kernels/{kernel['id']}"
        headers = {"Authorization": f"token {self._token}"}
        try:
            async with self._session.ws_connect(
                self.addresses.of(f"{path}/channels"), headers=headers, max_msg_size=0
            ) as ws:
                printed = ""
                for cell in cells:
                    printed = await asyncio.wait_for(self._run_cell(ws, cell), CELL_TIMEOUT)
                return printed
        finally:
            await self.call("DELETE", path)

    async def _run_cell(self, ws: aiohttp.ClientWebSocketResponse, code: str) -> str:
        request = uuid.uuid4().hex
        header = {
            "msg_id": request,
            "msg_type": "execute_request",
            "username": "",
            "session": request,
            "version": "5.3",
        }
        content = {"code": code, "silent": False, "store_history": False, "allow_stdin": False, "stop_on_error": True}
        await ws.send_json(
            {
                "channel": "shell",
                "header": header,
                "parent_header": {},
                "metadata": {},
                "content": content,
                "buffers": [],
            }
        )
        printed = []
        async for message in ws:
            if message.type is not aiohttp.WSMsgType.TEXT:
                continue
            data = json.loads(message.data)
            if data.get("parent_header", {}).get("msg_id") != request:
                continue
            kind, said = data["msg_type"], data["content"]
            if kind == "stream" and said["name"] == "stdout":
                printed.append(said["text"])
            elif kind == "error":
                raise Refused(f"{said['ename']}: {said['evalue']}", where=f"kernel of {self.name}")
            elif kind == "status" and said["execution_state"] == "idle":
                return "".join(printed)
        raise Refused("the kernel's connection closed", where=f"kernel of {self.name}")
