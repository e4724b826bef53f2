"""The assistant: an authenticated pass-through to a model, at ``/services/assistant/v1/``.

A hub-managed service. A learner's `openai` client calls it with the learner's hub token as its key; behind it is a
model on this machine (`mondaylab.hub.models.running`), on a loopback port that wants a key nobody else has, or a
company's own endpoint (`mondaylab.hub.models.endpoint`). The learner's token goes to neither.

Whoever has to wait for a streamed answer is told the place: chunks of an empty ``delta`` that carry, beside what OpenAI
defines, ``"mondaylab": {"before": 2}``, the number of answers that have to end first, and 0 when the own begins. The
`openai` client has it as ``chunk.mondaylab``; who does not look at it reads an empty piece of text.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import uvicorn
from jupyterhub.services.auth import HubAuth
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from tornado.web import HTTPError as HubError

from mondaylab.errors import MondaylabError
from mondaylab.hub.connection import Connection
from mondaylab.hub.models.answering import STREAM, streamed, whole
from mondaylab.hub.models.calling import Caller
from mondaylab.hub.models.endpoint import CompanyModel, is_set
from mondaylab.hub.models.running import ANSWER_TOKENS, EmbeddedModel, Model, NotReady, Upstream, fetched
from mondaylab.hub.models.unanswered import Unanswered, stopped
from mondaylab.hub.queue import EACH, FairQueue, Full, Ticket
from mondaylab.people import in_a_cohort
from mondaylab.settings import Site

PREFIX = "/services/assistant/"
BODY_LIMIT = 256 * 1024
"""Largest request body in bytes: more than the model's context holds."""
BODY_PATIENCE = 30.0
"""Seconds in which a request's body has to have come."""
CALLERS = 1000
"""Most connections at once; further ones are refused (503)."""
QUIET = 15.0
"""Seconds after which somebody who waits is sent something, so that nothing on the way takes the call for dead."""
_LIMITS = ("max_tokens", "max_completion_tokens", "n_predict")
"""Names under which callers bound an answer: OpenAI's older one, its newer one, llama.cpp's own; the smallest holds."""

Identify = Callable[[str], Awaitable[str | None]]
"""Whose token it is: none for nobody's, empty for somebody's who is in no cohort."""


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
        # a connection for each call: one that is kept may have been closed there just as the next call goes out on it
        connections = aiohttp.TCPConnector(force_close=True, limit=0)
        patience = aiohttp.ClientTimeout(total=600, connect=5)
        # what an endpoint would have one caller keep is no other's
        async with aiohttp.ClientSession(
            connector=connections, timeout=patience, cookie_jar=aiohttp.DummyCookieJar()
        ) as session:
            through.caller = Caller(session)
            yield

    routes = [
        Route(prefix, health, methods=["GET"]),
        Route(f"{prefix}v1/chat/completions", through.chat, methods=["POST"]),
        Route(f"{prefix}v1/models", through.models, methods=["GET"]),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


class _PassThrough:
    """The two calls that are let through."""

    caller: Caller

    def __init__(self, model: Model, identify: Identify) -> None:
        self._model, self._identify = model, identify
        self._queue = FairQueue(model.places)

    async def models(self, request: Request) -> Response:
        return await self._guarded(request, None)

    async def chat(self, request: Request) -> Response:
        if _token(request) is None:  # before anything is kept of what nobody in particular sends
            return _no_token()
        body = b""
        try:
            async with asyncio.timeout(BODY_PATIENCE):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > BODY_LIMIT:
                        return _error(
                            413, f"The request is larger than {BODY_LIMIT // 1024} KB. Send less data to the assistant."
                        )
        except TimeoutError:
            return _error(408, "The request did not come to its end. Send it again.")
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
        return await self._guarded(request, asked)

    async def _guarded(self, request: Request, asked: dict[str, Any] | None) -> Response:
        """The answer, unless the caller leaves before it begins: then nothing more is done for it."""
        answering = asyncio.ensure_future(self._answer(request, asked))
        leaving = asyncio.ensure_future(_left(request))
        try:
            await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
            return answering.result() if answering.done() else _error(499, "The caller has left.")
        finally:
            # places are few: who waits for nobody's answer would wait for all of it
            for task in (answering, leaving):
                task.cancel()

    async def _answer(self, request: Request, asked: dict[str, Any] | None) -> Response:
        token = _token(request)
        if token is None:
            return _no_token()
        try:
            person = await self._identify(token)
            if not person:
                return _nobody(known=person is not None)
            upstream = await self._model.upstream()
            return await (self._listed(upstream) if asked is None else self._in_turn(person, upstream, asked))
        except NotReady as problem:
            return _error(503, problem.words, again=problem.again)
        except Unanswered as problem:
            return _error(problem.status, problem.words, again=problem.again)
        except HubError:
            return _error(503, "The hub cannot say who is calling just now. Try again.", again=2)

    async def _listed(self, upstream: Upstream) -> Response:
        if upstream.model is not None:
            return JSONResponse({"object": "list", "data": [{"id": upstream.model, "object": "model"}]})
        with contextlib.closing(await self.caller.models(upstream)) as answer:
            return Response(await whole(answer, upstream), answer.status, media_type="application/json")

    async def _in_turn(self, person: str, upstream: Upstream, asked: dict[str, Any]) -> Response:
        """The answer when its turn has come; a streamed one at once, with the place until then."""
        try:
            ticket = self._queue.join(person)
        except Full:
            return _error(429, f"You have {EACH} requests waiting. Let some of them end, then ask again.", again=10)
        streams = asked.get("stream") is True
        held = contextlib.ExitStack()
        held.callback(ticket.leave)
        try:
            if ticket.before and streams:
                return _Held(held, _ended_in_words(self._waited(held, ticket, upstream, asked)), 200)
            await ticket.begun()
            answer = await self.caller.chat(upstream, asked)
            # closing the answer when the caller is gone makes llama.cpp stop generating for nobody
            held.callback(answer.close)
            if answer.status < 300 and (streams or answer.content_type == STREAM):
                body = streamed(answer, upstream, asked["max_tokens"])
                return _Held(held, _ended_in_words(body), answer.status)
            said = await whole(answer, upstream)
            held.close()  # who reads it slowly keeps nobody waiting
            return Response(said, answer.status, {"Cache-Control": "no-store"}, "application/json")
        except BaseException:  # cancelled, too
            held.close()
            raise

    async def _waited(
        self, held: contextlib.ExitStack, ticket: Ticket, upstream: Upstream, asked: dict[str, Any]
    ) -> AsyncIterator[bytes]:
        told = -1
        while told:
            if ticket.before != told:
                told = ticket.before
                yield _place(told)
            elif not await _moves(ticket):
                yield b": still waiting\n\n"
        answer = await self.caller.chat(upstream, asked)
        held.callback(answer.close)
        if answer.status < 300:
            async for piece in streamed(answer, upstream, asked["max_tokens"]):
                yield piece
            return
        try:  # too late for a status of its own
            yield _event(json.loads(await whole(answer, upstream)))
        except ValueError:
            raise stopped() from None


class _Held(StreamingResponse):
    """An answer whose place and connection are given back when it ends, however it ends."""

    def __init__(self, held: contextlib.ExitStack, body: AsyncIterator[bytes], status: int) -> None:
        super().__init__(body, status, {"Content-Type": STREAM, "Cache-Control": "no-store"})
        self._held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._held:
            await super().__call__(scope, receive, send)


async def _moves(ticket: Ticket) -> bool:
    """Whether a place has changed before it was quiet for too long."""
    try:
        await asyncio.wait_for(ticket.moved(), QUIET)
    except TimeoutError:
        return False
    return True


async def _ended_in_words(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """A stream that, where it breaks off, says so in its own form."""
    try:
        async for piece in stream:
            yield piece
    except Unanswered as problem:
        yield b"\n\n" + _event(_problem(problem.status, problem.words))


def _place(before: int) -> bytes:
    """A chunk that holds no text, for any client of a stream, and the place for ours."""
    choice = {"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}
    return _event(
        {
            "id": "waiting",
            "object": "chat.completion.chunk",
            "created": int(time.time()),
            "model": "assistant",
            "choices": [choice],
            "mondaylab": {"before": before},
        }
    )


def _event(data: object) -> bytes:
    return f"data: {json.dumps(data)}\n\n".encode()


async def _left(request: Request) -> None:
    """Returns when the caller's connection is closed; the request's body was read before."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _token(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() in ("bearer", "token") else None


def _no_token() -> Response:
    return _error(401, "Send your hub token as the API key.")


def _nobody(*, known: bool) -> Response:
    if known:
        return _error(403, "The assistant answers those who learn or teach in a cohort.")
    return _error(401, "The hub does not know this token.")


def _error(status: int, words: str, again: int | None = None) -> Response:
    headers = {"Retry-After": str(again)} if again is not None else None
    return JSONResponse(_problem(status, words), status, headers)


def _problem(status: int, words: str) -> dict[str, Any]:
    """An error as the `openai` client expects it."""
    return {"error": {"message": words, "type": "mondaylab", "code": status}}


def hub_identify() -> Identify:
    """Asks the hub whose token it is; its answers are remembered for a minute.

    A token of a service, or one that belongs to nobody, is refused; whoever is in no cohort has no name here.
    """
    auth = HubAuth(cache_max_age=60)

    async def identify(token: str) -> str | None:
        model = await auth.user_for_token(token, sync=False)
        if not model or model.get("kind", "user") != "user":
            return None
        return str(model["name"]) if in_a_cohort(model.get("groups", ())) else ""

    return identify


def model_of(site: Site) -> Model:
    """What answers in an installation: the company's endpoint where one is set, else the model of this machine."""
    return CompanyModel(site) if is_set(site) else EmbeddedModel(lambda: fetched(site, _log))


def _log(error: MondaylabError) -> None:
    print(f"assistant: {error}", flush=True)


def main() -> None:
    """Runs the service as the hub started it (``JUPYTERHUB_SERVICE_URL``, ``JUPYTERHUB_SERVICE_PREFIX``)."""
    address, site = urlsplit(os.environ["JUPYTERHUB_SERVICE_URL"]), Site.find()
    app = create_app(model_of(site), hub_identify(), os.environ.get("JUPYTERHUB_SERVICE_PREFIX", PREFIX))
    options = uvicorn.Config(
        app,
        http=Connection,
        host=address.hostname or "127.0.0.1",
        port=address.port or 0,
        log_level="warning",
        limit_concurrency=CALLERS,
        timeout_graceful_shutdown=0,
    )
    server = uvicorn.Server(options)
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    os._exit(0)  # llama.cpp's threads do not end when asked to, and nothing here is left to be written


if __name__ == "__main__":
    main()
