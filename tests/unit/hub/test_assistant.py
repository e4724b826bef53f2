"""The assistant: who may ask, what is let through, and what is said while there is no model."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Mount, Route
from starlette.testclient import TestClient
from tornado.web import HTTPError

from mondaylab.hub import assistant
from mondaylab.hub.assistant import BODY_LIMIT, create_app
from mondaylab.hub.connection import Connection
from mondaylab.hub.models.running import ANSWER_TOKENS, EmbeddedModel, NotReady, Upstream
from mondaylab.settings import Site

CHAT = f"{assistant.PREFIX}v1/chat/completions"
KEY = {"Authorization": "Bearer lena-token"}
ASK = {"messages": [{"role": "user", "content": "hello"}]}


async def identify(token: str) -> str | None:
    if token == "hub-is-down":
        raise HTTPError(502)
    return {"lena-token": "lena", "author-token": ""}.get(token)


class NoModel:
    places = 1

    async def upstream(self) -> Upstream:
        raise NotReady("The assistant is still loading.", again=3)


class FixedModel:
    places = 1

    def __init__(self, url: str) -> None:
        self._url = url

    async def upstream(self) -> Upstream:
        return Upstream(f"{self._url}/v1", "upstream-key")


@pytest.fixture
def nothing() -> Iterator[TestClient]:
    with TestClient(create_app(NoModel(), identify)) as client:
        yield client


def test_who_is_in_no_cohort_is_not_answered(nothing):
    author = {"Authorization": "Bearer author-token"}
    assert nothing.post(CHAT, json=ASK, headers=author).status_code == 403
    assert nothing.get(f"{assistant.PREFIX}v1/models", headers=author).status_code == 403


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer nobody"}, {"Authorization": "Basic lena-token"}])
def test_only_known_tokens_may_ask(nothing, header) -> None:
    answer = nothing.post(CHAT, json=ASK, headers=header)
    assert answer.status_code == 401
    assert "message" in answer.json()["error"]


def test_without_a_model_it_says_so_and_when_to_come_back(nothing) -> None:
    answer = nothing.post(CHAT, json=ASK, headers=KEY)
    assert answer.status_code == 503
    assert answer.json()["error"]["message"] == "The assistant is still loading."
    assert answer.headers["Retry-After"] == "3"


def test_hub_that_is_down_is_not_a_wrong_token(nothing) -> None:
    assert nothing.post(CHAT, json=ASK, headers={"Authorization": "Bearer hub-is-down"}).status_code == 503


@pytest.mark.parametrize("body", [b"", b"[1]", b"not json", b"[" * 200_000, b'{"a":' * 50_000])
def test_only_objects_are_passed_on(nothing, body) -> None:
    assert nothing.post(CHAT, content=body, headers=KEY).status_code == 400


def test_large_requests_are_refused(nothing) -> None:
    assert nothing.post(CHAT, content=b"x" * (BODY_LIMIT + 1), headers=KEY).status_code == 413


def test_who_names_nobody_is_refused_before_the_body(nothing) -> None:
    assert nothing.post(CHAT, content=b"x" * (BODY_LIMIT + 1)).status_code == 401


def test_a_body_that_never_ends_is_not_waited_for(real_server, monkeypatch) -> None:
    monkeypatch.setattr(assistant, "BODY_PATIENCE", 0.3)
    port = urlsplit(real_server(create_app(NoModel(), identify))).port
    with socket.create_connection(("127.0.0.1", port), timeout=60) as caller:
        head = f"POST {CHAT} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer lena-token\r\nContent-Length: 99\r\n\r\n"
        caller.sendall(head.encode() + b"{")
        assert caller.recv(1000).startswith(b"HTTP/1.1 408 ")


def test_the_service_bounds_its_callers(monkeypatch, tmp_path) -> None:
    options: list[uvicorn.Config] = []
    monkeypatch.setenv("JUPYTERHUB_SERVICE_URL", "http://127.0.0.1:9999")
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", assistant.PREFIX)
    monkeypatch.setattr(assistant.uvicorn.Server, "run", lambda server: options.append(server.config))
    monkeypatch.setattr(assistant.os, "_exit", lambda _: None)
    monkeypatch.setattr(assistant.Site, "find", lambda: Site(tmp_path, tmp_path / "var"))
    monkeypatch.setattr(assistant, "hub_identify", lambda: identify)
    assistant.main()
    [config] = options
    assert config.http is Connection and config.limit_concurrency == assistant.CALLERS


@pytest.mark.parametrize("path", ["v1/completions", "v1/embeddings", "v1/slots", "health", "props", "v1/../props"])
def test_only_two_calls_exist(nothing, path) -> None:
    assert nothing.post(f"{assistant.PREFIX}{path}", json=ASK, headers=KEY).status_code in (404, 405)


@pytest.mark.parametrize(("again", "looks"), [(20, 1), (0, 3)])
def test_a_model_that_is_not_here_is_said_in_words_and_looked_for_when_it_may_be(again: int, looks: int) -> None:
    """Not with each request: whoever asks often would have a file of a gigabyte read as often."""
    asked = []

    def choose():
        asked.append(None)
        raise NotReady("On its way: 3 MB of 9 MB are here. The lab works without it.", again=again)

    with TestClient(create_app(EmbeddedModel(choose), identify)) as client:
        for _ in range(3):
            answer = client.post(CHAT, json=ASK, headers=KEY)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, str(again))
            assert "3 MB of 9 MB" in answer.json()["error"]["message"]
    assert len(asked) == looks


@pytest.fixture
def upstream(real_server) -> Iterator[tuple[TestClient, list[tuple[str, dict]]]]:
    seen: list[tuple[str, dict]] = []

    async def chat(request: Request):
        body = await request.json()
        seen.append((request.headers["authorization"], body))
        if body.get("stream"):
            return StreamingResponse((f"data: {i}\n\n" for i in range(3)), media_type="text/event-stream")
        return JSONResponse({"choices": [], "echo": body["messages"]})

    async def models(_request: Request):
        return JSONResponse({"data": [{"id": "m"}]})

    routes = [Route("/v1/chat/completions", chat, methods=["POST"]), Route("/v1/models", models)]
    with TestClient(create_app(FixedModel(real_server(Starlette(routes=routes))), identify)) as client:
        yield client, seen


def test_answers_pass_through_and_the_learners_token_does_not(upstream) -> None:
    client, seen = upstream
    answer = client.post(CHAT, json=ASK, headers=KEY)
    assert answer.json()["echo"] == ASK["messages"]
    assert seen[0][0] == "Bearer upstream-key"
    assert client.get(f"{assistant.PREFIX}v1/models", headers=KEY).json() == {"data": [{"id": "m"}]}


def test_streams_pass_through(upstream) -> None:
    client, _ = upstream
    answer = client.post(CHAT, json={**ASK, "stream": True}, headers=KEY)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text == "data: 0\n\ndata: 1\n\ndata: 2\n\n"


@pytest.mark.parametrize("begun", [False, True])
def test_who_leaves_leaves_nothing_behind(real_server, begun) -> None:
    """Before the answer began as well as within it: the call to the model ends with the caller's."""
    asked, left = threading.Event(), threading.Event()

    async def chat(scope, receive, send) -> None:
        while (await receive()).get("more_body") is not False:
            pass
        if begun:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"data: 1\n\n", "more_body": True})
        asked.set()
        assert (await receive())["type"] == "http.disconnect"
        left.set()

    model = FixedModel(real_server(Starlette(routes=[Mount("/v1", chat)])))
    address = real_server(create_app(model, identify))
    with httpx.Client(trust_env=False) as client:
        request = client.build_request("POST", f"{address}{CHAT}", json=ASK, headers=KEY)
        request.extensions["timeout"] = {"connect": 10, "read": 0.5, "write": 10, "pool": 10}
        with pytest.raises(httpx.ReadTimeout):
            client.send(request)
    assert asked.is_set() and left.wait(10)


@pytest.mark.parametrize(
    ("asked", "passed"),
    [
        ({}, ANSWER_TOKENS),
        ({"max_tokens": 5}, 5),
        ({"max_completion_tokens": 5}, 5),
        ({"max_tokens": 7, "max_completion_tokens": 5}, 5),
        ({"max_tokens": 5, "max_completion_tokens": 7}, 5),
        ({"max_tokens": None, "max_completion_tokens": 1}, 1),
        ({"max_tokens": 3, "max_completion_tokens": None}, 3),
        ({"max_tokens": 10**9, "max_completion_tokens": 10**30}, ANSWER_TOKENS),
        ({"n_predict": 10**9}, ANSWER_TOKENS),
        ({"n_predict": 3, "max_completion_tokens": 5}, 3),
    ],
)
def test_every_answer_has_an_end(upstream, asked, passed) -> None:
    client, seen = upstream
    client.post(CHAT, json=ASK | asked, headers=KEY)
    assert seen[0][1]["max_tokens"] == passed
    assert not {"max_completion_tokens", "n_predict"} & set(seen[0][1])


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens", "n_predict"])
@pytest.mark.parametrize("limit", [0, -1, True, "9", 2.5, [5], {}])
def test_a_limit_that_is_none_is_refused_in_words(nothing, name, limit) -> None:
    other = "max_tokens" if name != "max_tokens" else "max_completion_tokens"
    answer = nothing.post(CHAT, json=ASK | {other: 5, name: limit}, headers=KEY)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == f"{name} is no number of tokens. Send a whole number, 1 or more."
