"""The assistant: an authenticated pass-through to the embedded model, at ``/services/assistant/v1/``.

A hub-managed service. A learner's `openai` client calls it with the learner's hub token as its key; behind it is a
model on this machine (`mondaylab.hub.models.running`), on a loopback port that wants a key nobody else has.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import urlsplit

import aiohttp
import uvicorn
from jupyterhub.services.auth import HubAuth
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from tornado.web import HTTPError as HubError

from mondaylab.hub.models.running import ANSWER_TOKENS, EmbeddedModel, Model, NotReady, Upstream, fetched
from mondaylab.settings import Site

PREFIX = "/services/assistant/"
BODY_LIMIT = 256 * 1024
"""Largest request body in bytes: more than the model's context holds."""
_LIMITS = ("max_tokens", "max_completion_tokens", "n_predict")
"""Names under which callers bound an answer: OpenAI's older one, its newer one, llama.cpp's own; the smallest holds."""

Identify = Callable[[str], Awaitable[str | None]]


def create_app(model: Model, identify: Identify, prefix: str = PREFIX) -> Starlette:
    """The service as an ASGI application.

    Args:
        model: What answers.
        identify: Whose token it is, or none.
        prefix: Path under which the hub's proxy reaches it, with slashes at both ends.
    """
    through = _PassThrough(model, identify)

    async def health(_request: Request) -> Response:
        return JSONResponse({"ok": True})

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=300, connect=5)) as session:
            through.session = session
            yield

    routes = [
        Route(prefix, health, methods=["GET"]),
        Route(f"{prefix}v1/chat/completions", through.chat, methods=["POST"]),
        Route(f"{prefix}v1/models", through.models, methods=["GET"]),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


class _PassThrough:
    """The two calls that are let through."""

    session: aiohttp.ClientSession

    def __init__(self, model: Model, identify: Identify) -> None:
        self._model, self._identify = model, identify

    async def models(self, request: Request) -> Response:
        return await self._guarded(request, None)

    async def chat(self, request: Request) -> Response:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > BODY_LIMIT:
                return _error(
                    413, f"The request is larger than {BODY_LIMIT // 1024} KB. Send less data to the assistant."
                )
        try:
            asked = json.loads(body)
        except (ValueError, RecursionError):
            asked = None
        if not isinstance(asked, dict):
            return _error(400, "The request is not a JSON object.")
        given = {name: asked.pop(name) for name in _LIMITS if name in asked}
        limits = {name: limit for name, limit in given.items() if limit is not None}
        for name, limit in limits.items():
            if type(limit) is not int or limit < 1:
                return _error(400, f"{name} is no number of tokens. Send a whole number, 1 or more.")
        asked["max_tokens"] = min([*limits.values(), ANSWER_TOKENS])
        return await self._guarded(request, json.dumps(asked).encode())

    async def _guarded(self, request: Request, body: bytes | None) -> Response:
        """The answer, unless the caller leaves before it begins: then nothing more is done for it."""
        answering = asyncio.ensure_future(self._answer(request, body))
        leaving = asyncio.ensure_future(_left(request))
        try:
            await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
            return answering.result() if answering.done() else _error(499, "The caller has left.")
        finally:
            # the model has one place: who waits for nobody's answer would wait for all of it
            for task in (answering, leaving):
                task.cancel()

    async def _answer(self, request: Request, body: bytes | None) -> Response:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() not in ("bearer", "token") or not token:
            return _error(401, "Send your hub token as the API key.")
        try:
            if await self._identify(token.strip()) is None:
                return _error(401, "The hub does not know this token.")
            upstream = await self._model.upstream()
            return await self._forward(upstream, "models" if body is None else "chat/completions", body)
        except NotReady as problem:
            return _error(503, problem.words, again=problem.again)
        except HubError:
            return _error(503, "The hub cannot say who is calling just now. Try again.", again=2)
        except aiohttp.ClientError:
            return _error(502, "The assistant's model stopped answering. Try again.")

    async def _forward(self, upstream: Upstream, path: str, body: bytes | None) -> Response:
        headers = {"Authorization": f"Bearer {upstream.key}", "Content-Type": "application/json"}
        method = "GET" if body is None else "POST"
        answer = await self.session.request(method, f"{upstream.url}/v1/{path}", data=body, headers=headers)

        async def pieces() -> AsyncIterator[bytes]:
            # closing the answer when the caller is gone makes llama.cpp stop generating for nobody
            with contextlib.closing(answer):
                async for piece in answer.content.iter_any():
                    yield piece

        kind = answer.headers.get("Content-Type", "application/json")
        return StreamingResponse(pieces(), answer.status, {"Content-Type": kind, "Cache-Control": "no-store"})


async def _left(request: Request) -> None:
    """Returns when the caller's connection is closed; the request's body was read before."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _error(status: int, words: str, again: int | None = None) -> Response:
    """An error as the `openai` client expects it."""
    headers = {"Retry-After": str(again)} if again is not None else None
    return JSONResponse({"error": {"message": words, "type": "mondaylab", "code": status}}, status, headers)


def hub_identify() -> Identify:
    """Asks the hub whose token it is; its answers are remembered for a minute.

    A token of a service, or one that belongs to nobody, is refused.
    """
    auth = HubAuth(cache_max_age=60)

    async def identify(token: str) -> str | None:
        model = await auth.user_for_token(token, sync=False)
        return str(model["name"]) if model and model.get("kind", "user") == "user" else None

    return identify


def main() -> None:
    """Runs the service as the hub started it (``JUPYTERHUB_SERVICE_URL``, ``JUPYTERHUB_SERVICE_PREFIX``)."""
    address, site = urlsplit(os.environ["JUPYTERHUB_SERVICE_URL"]), Site.find()
    app = create_app(
        EmbeddedModel(lambda: fetched(site)), hub_identify(), os.environ.get("JUPYTERHUB_SERVICE_PREFIX", PREFIX)
    )
    options = uvicorn.Config(
        app,
        host=address.hostname or "127.0.0.1",
        port=address.port or 0,
        log_level="warning",
        timeout_graceful_shutdown=0,
    )
    server = uvicorn.Server(options)
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    os._exit(0)  # llama.cpp's threads do not end when asked to, and nothing here is left to be written


if __name__ == "__main__":
    main()
