"""A caller who asks and never reads: cut off, so that the place is another's."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from urllib.parse import urlsplit

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route
from tests.support import exchange_world

from mondaylab.hub import connection
from mondaylab.hub.assistant import PREFIX, create_app
from mondaylab.hub.connection import Connection
from mondaylab.hub.models.running import Upstream

real_server = exchange_world.real_server
ASK = {"messages": [{"role": "user", "content": "Write."}], "stream": True}
PATH = f"{PREFIX}v1/chat/completions"


class Model:
    """Writes more than is kept for one caller."""

    places = 1

    def __init__(self) -> None:
        self.url, self.asked = "", threading.Event()

    async def upstream(self) -> Upstream:
        return Upstream(f"{self.url}/v1", "upstream-key")

    async def chat(self, _request: Request) -> StreamingResponse:
        async def much():
            self.asked.set()
            while True:
                yield b"data: " + b"x" * 200_000 + b"\n\n"
                await asyncio.sleep(0)  # lets go where nobody reads any more

        return StreamingResponse(much(), media_type="text/event-stream")


async def identify(token: str) -> str | None:
    return token


def test_who_never_reads_makes_room(real_server, monkeypatch) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.5)
    model = Model()
    model.url = real_server(Starlette(routes=[Route("/v1/chat/completions", model.chat, methods=["POST"])]))
    address = real_server(create_app(model, identify), http=Connection)
    body = json.dumps(ASK).encode()
    with socket.socket() as silent:
        silent.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        silent.connect(("127.0.0.1", urlsplit(address).port))
        head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer anna\r\nContent-Length: {len(body)}\r\n\r\n"
        silent.sendall(head.encode() + body)
        assert model.asked.wait(30)
        headers = {"Authorization": "Bearer bert"}
        end = time.monotonic() + 60
        with httpx.stream("POST", f"{address}{PATH}", json=ASK, headers=headers, trust_env=False, timeout=30) as answer:
            for piece in answer.iter_bytes():
                assert time.monotonic() < end
                if b"xxx" in piece:
                    break


def test_who_reads_on_is_not_cut_off(real_server, monkeypatch) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.5)

    async def much(_request: Request) -> StreamingResponse:
        async def written():
            for _ in range(40):
                yield b"x" * 200_000

        return StreamingResponse(written())

    address = real_server(Starlette(routes=[Route("/", much)]), http=Connection)
    with httpx.stream("GET", address, trust_env=False, timeout=30) as answer:
        assert sum(map(len, answer.iter_bytes())) == 8_000_000
