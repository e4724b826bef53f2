"""The judgement service: hands each learner their own form, takes what they say, and answers with receipts.

A hub-managed service on Starlette. It knows a caller by the hub's token alone; a learner's own server forwards
the browser's requests here (`mondaylab.judging.extension`), so neither the browser nor a busy kernel is involved.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from types import FrameType
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

import uvicorn
from jupyterhub.services.auth import HubAuth
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from tornado.web import HTTPError as HubError

from mondaylab.errors import MondaylabError, NotFound, Refused
from mondaylab.forms.formats import pictured
from mondaylab.forms.shown import ShownForm
from mondaylab.judging import rules
from mondaylab.judging.answers import AnswerEvent, CommitEvent, EvidenceEvent, FormAnswers, PromptEvent
from mondaylab.judging.handed_in import HandIn
from mondaylab.judging.store import JudgementStore
from mondaylab.people import in_a_cohort
from mondaylab.records import Record
from mondaylab.settings import Site

BODY_LIMIT = 64 * 1024
"""Largest request body, in bytes."""
PREFIX = "/services/judgement/"
"""Where the hub mounts a service of the name ``judgement``."""
GRACE_SECONDS = 0.2
"""How long requests under way may still take when the service is stopped; an unanswered one was not called saved."""
IDENTITY_SECONDS = 60
"""How long the hub's answer about a token is remembered: a revoked token works no longer than this."""

WAITING = 200
"""So many forms may wait for their charts at once, each for some seconds."""

Identify = Callable[[str], "str | Awaitable[str | None] | None"]
Handler = Callable[[Request, str], Awaitable[Response]]
T = TypeVar("T", bound=Record)


class Unavailable(MondaylabError):
    """The hub cannot say who is calling just now."""


class Answered(JSONResponse):
    """JSON that no browser or proxy keeps."""

    def __init__(self, content: Any, status_code: int = 200) -> None:
        headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        super().__init__(content, status_code, headers)


def create_app(store: JudgementStore, identify: Identify, prefix: str = PREFIX) -> Starlette:
    """The service as an ASGI application.

    Args:
        store: Where judgements lie.
        identify: Says whose token it is, or ``None``; may be a coroutine function. Raising `Unavailable` answers 503.
        prefix: Path under which the hub's proxy reaches it, with slashes at both ends.
    """
    api = _Api(store)

    def named(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            return await handler(request, await _caller(request, identify))

        return endpoint

    async def health(_request: Request) -> Response:
        return Answered({"ok": True})

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        store.dispose()

    form = f"{prefix}api/forms/{{form_id}}"
    return Starlette(
        routes=[
            Route(prefix, health, methods=["GET"]),
            Route(f"{prefix}api/forms", named(api.forms), methods=["GET"]),
            Route(f"{prefix}api/hand-ins", named(api.hand_in), methods=["POST"]),
            Route(form, named(api.form), methods=["GET"]),
            Route(f"{form}/events", named(api.record), methods=["POST"]),
            Route(f"{form}/commit", named(api.commit), methods=["POST"]),
            Route(f"{form}/evidence", named(api.evidence), methods=["POST"]),
            Route(f"{form}/prompt", named(api.prompt), methods=["POST"]),
        ],
        exception_handlers={MondaylabError: _refusal, HTTPException: _http_error, Exception: _failure},
        lifespan=lifespan,
    )


class _Api:
    """The endpoints. The store blocks on the disk, so it is called in a worker thread."""

    def __init__(self, store: JudgementStore) -> None:
        self._store = store
        # threads of their own: a class that waits for its charts holds up nobody whose answer is to be saved
        self._pictures = ThreadPoolExecutor(WAITING, thread_name_prefix="pictures")

    async def forms(self, _request: Request, learner: str) -> Response:
        forms = await run_in_threadpool(self._store.forms_of, learner)
        return Answered({"forms": [form.model_dump(mode="json") for form in forms]})

    async def form(self, request: Request, learner: str) -> Response:
        form, state = await run_in_threadpool(self._state, _form_id(request), learner)
        shown = await asyncio.get_running_loop().run_in_executor(self._pictures, pictured, form)
        return Answered({"form": shown.model_dump(mode="json"), **state})

    def _state(self, form_id: str, learner: str) -> tuple[ShownForm, dict[str, Any]]:
        if self._store.owner(form_id) != learner:
            raise NotFound("no such form", where="form_id")
        form = self._store.form(form_id)
        answers = self._store.answers(form_id)
        return form, {**_in_force(answers), "closed": self._store.closed(self._store.cohort(form_id), form.lab)}

    async def record(self, request: Request, learner: str) -> Response:
        event = await _body(request, AnswerEvent)
        receipt, new = await run_in_threadpool(self._store.record, _form_id(request), learner, event)
        return Answered(receipt.model_dump(mode="json"), 201 if new else 200)

    async def commit(self, request: Request, learner: str) -> Response:
        event = await _body(request, CommitEvent)
        receipt, new = await run_in_threadpool(self._store.commit, _form_id(request), learner, event)
        told = receipt.model_dump(mode="json")
        told["committed_at"] = told["received_at"]
        return Answered(told, 201 if new else 200)

    async def evidence(self, request: Request, learner: str) -> Response:
        event = await _body(request, EvidenceEvent)
        receipt, new = await run_in_threadpool(self._store.record_evidence, _form_id(request), learner, event)
        return Answered(receipt.model_dump(mode="json"), 201 if new else 200)

    async def prompt(self, request: Request, learner: str) -> Response:
        event = await _body(request, PromptEvent)
        receipt, new = await run_in_threadpool(self._store.record_prompt, _form_id(request), learner, event)
        return Answered(receipt.model_dump(mode="json"), 201 if new else 200)

    async def hand_in(self, request: Request, learner: str) -> Response:
        told = await _body(request, HandIn)
        noted, new = await run_in_threadpool(self._store.note_hand_in, learner, told)
        return Answered(noted.model_dump(mode="json"), 201 if new else 200)


def _in_force(answers: FormAnswers) -> dict[str, Any]:
    told = answers.model_dump(mode="json")
    return {
        "answers": {"first": told["first"], "check": told["check"]},
        "saved": {"first": {}, "check": {}, **told["saved"]},
        "committed": {"first": told["first_committed"], "check": told["check_committed"]},
        "evidence": told["evidence"],
        "prompt": told["prompt"],
    }


async def _caller(request: Request, identify: Identify) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() not in {"token", "bearer"} or not token.strip():
        raise HTTPException(401, "a hub token is needed")
    found = identify(token.strip())
    name = await found if inspect.isawaitable(found) else found
    if name is None:
        raise HTTPException(403, "the hub knows this token as nobody's of a cohort")
    return name


def _form_id(request: Request) -> str:
    form_id = str(request.path_params["form_id"])
    if not (form_id.isascii() and form_id.isprintable()):
        raise NotFound("no such form", where="form_id")
    return form_id


async def _body(request: Request, record: type[T]) -> T:
    """The request's JSON as a record; anything else is refused before it reaches the store."""
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > BODY_LIMIT:
            raise HTTPException(413, f"the body is larger than {BODY_LIMIT} bytes")
    try:
        data = json.loads(bytes(raw).decode("utf-8"), parse_constant=_no_constant)
        json.dumps(data, ensure_ascii=False).encode()  # a lone surrogate could be stored, but never handed out again
    except (ValueError, RecursionError):
        raise Refused("the body is not JSON", where="body") from None
    return record.parse(data, where="body")


def _no_constant(name: str) -> float:
    raise ValueError(name)


async def _refusal(_request: Request, error: Exception) -> Response:
    told: dict[str, Any] = {"error": error.as_dict() if isinstance(error, MondaylabError) else {}}
    match error:
        case rules.Incomplete():
            return Answered({**told, "missing": list(error.missing)}, 409)
        case rules.Locked() | rules.Conflict():
            return Answered(told, 409)
        case NotFound():
            return Answered(told, 404)
        case Unavailable():
            return Answered(told, 503)
        case _:
            return Answered(told, 400)


async def _http_error(_request: Request, error: Exception) -> Response:
    status, what = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, "failed")
    return Answered(_told(what), status)


async def _failure(_request: Request, _error: Exception) -> Response:
    # the server logs the traceback; the caller learns only that nothing was saved
    return Answered(_told("the judgement service failed; nothing was saved"), 500)


def _told(what: str) -> dict[str, Any]:
    return {"error": {"what": what, "where": None, "fix": None}}


def hub_identity(auth: HubAuth) -> Identify:
    """Asks the hub whose token it is; tokens of services, and of whoever is in no cohort, are nobody's."""

    async def identify(token: str) -> str | None:
        try:
            user = await auth.user_for_token(token, sync=False)
        except HubError as error:
            raise Unavailable("the hub does not answer", fix="try again in a moment") from error
        if not user or user.get("kind") != "user" or not in_a_cohort(user.get("groups", ())):
            return None
        return str(user["name"])

    return identify


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Ends the process; uvicorn raises the signal again here when it has stopped serving.

    Answers are on disk before they are answered, so taking the interpreter apart first would only cost time.
    """
    sys.stderr.flush()
    os._exit(0)


def main() -> None:
    """Runs the service as the hub starts it: ``python -m mondaylab.judging.service``.

    Reads ``JUPYTERHUB_API_TOKEN``, ``JUPYTERHUB_API_URL``, ``JUPYTERHUB_SERVICE_URL`` (where to listen) and
    ``JUPYTERHUB_SERVICE_PREFIX``; the database is the installation's (`Site.judgement_database`).
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    address = urlsplit(os.environ.get("JUPYTERHUB_SERVICE_URL", ""))
    if not (os.environ.get("JUPYTERHUB_API_TOKEN") and os.environ.get("JUPYTERHUB_API_URL") and address.netloc):
        sys.exit("mondaylab: the judgement service is started by the hub. Next: mondaylab hub run")
    database = os.environ.get("MONDAYLAB_JUDGEMENT_DATABASE") or Site.find().judgement_database
    app = create_app(
        JudgementStore(database),
        hub_identity(HubAuth(cache_max_age=IDENTITY_SECONDS)),
        os.environ.get("JUPYTERHUB_SERVICE_PREFIX", PREFIX),
    )
    settings: dict[str, Any] = (
        {"uds": unquote(address.netloc)}
        if address.scheme == "http+unix"
        else {"host": address.hostname, "port": address.port}
    )
    # uvicorn declares whole seconds, and hands the number to asyncio.wait_for
    settings["timeout_graceful_shutdown"] = GRACE_SECONDS
    uvicorn.run(app, **settings, log_level="warning", access_log=False, server_header=False)


if __name__ == "__main__":
    main()
