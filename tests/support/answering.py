"""An assistant on real HTTP that says what a test wants, piece by piece, and notices who leaves."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount
from tests.support import exchange_world

real_server = exchange_world.real_server
KEY = "lenas-hub-token"


def event(text: str | None = None, finish: str | None = None, **more: object) -> bytes:
    """A chunk as models send it."""
    choice = {"index": 0, "delta": {} if text is None else {"content": text}, "finish_reason": finish}
    told = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "small-1b", "choices": [choice]}
    return f"data: {json.dumps(told | more)}\n\n".encode()


def place(before: int) -> bytes:
    return event("", mondaylab={"before": before})


END = b"data: [DONE]\n\n"


class Answering:
    """What it sends, and what it has seen.

    Attributes:
        pieces: Sent in turn; ``None`` waits until `go` is set.
        refusal: Status and body that are sent in place of an answer.
        asked: Bodies of all requests.
        left: Set once a caller has gone before the end.
    """

    def __init__(self) -> None:
        self.pieces: list[bytes | None] = [event("Hello "), event("Lena."), event(finish="stop"), END]
        self.refusal: tuple[int, dict[str, Any]] | None = None
        self.asked: list[dict[str, Any]] = []
        self.go, self.left = threading.Event(), threading.Event()
        self.url = ""

    @property
    def environment(self) -> dict[str, str]:
        return {"OPENAI_BASE_URL": f"{self.url}/v1", "OPENAI_API_KEY": KEY}

    async def __call__(self, scope, receive, send) -> None:
        request = Request(scope, receive)
        self.asked.append(await request.json() | {"authorization": request.headers["authorization"]})
        if self.refusal is not None:
            await JSONResponse(self.refusal[1], self.refusal[0])(scope, receive, send)
            return
        head = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        sending = asyncio.ensure_future(self._send(send))
        leaving = asyncio.ensure_future(receive())
        await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not sending.done():
            sending.cancel()
            self.left.set()

    async def _send(self, send) -> None:
        for piece in self.pieces:
            if piece is None:
                await asyncio.to_thread(self.go.wait, 60)
            else:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


@pytest.fixture
def answering(real_server) -> Iterator[Answering]:
    made = Answering()
    made.url = real_server(Starlette(routes=[Mount("/v1/chat/completions", made)]))
    yield made
    made.go.set()
