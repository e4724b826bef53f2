"""The assistant: who may ask, what is let through, and what is said while there is no model."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from tornado.web import HTTPError

from mondaylab.hub import assistant
from mondaylab.hub.assistant import ANSWER_TOKENS, BODY_LIMIT, EmbeddedModel, NotReady, Upstream, create_app

CHAT = f"{assistant.PREFIX}v1/chat/completions"
KEY = {"Authorization": "Bearer lena-token"}
ASK = {"messages": [{"role": "user", "content": "hello"}]}


async def identify(token: str) -> str | None:
    if token == "hub-is-down":
        raise HTTPError(502)
    return {"lena-token": "lena"}.get(token)


class NoModel:
    async def upstream(self) -> Upstream:
        raise NotReady("The assistant is still loading.", again=3)


class FixedModel:
    def __init__(self, url: str) -> None:
        self._url = url

    async def upstream(self) -> Upstream:
        return Upstream(self._url, "upstream-key")


@pytest.fixture
def nothing() -> Iterator[TestClient]:
    with TestClient(create_app(NoModel(), identify)) as client:
        yield client


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


@pytest.mark.parametrize("body", [b"", b"[1]", b"not json"])
def test_only_objects_are_passed_on(nothing, body) -> None:
    assert nothing.post(CHAT, content=body, headers=KEY).status_code == 400


def test_large_requests_are_refused(nothing) -> None:
    assert nothing.post(CHAT, content=b"x" * (BODY_LIMIT + 1), headers=KEY).status_code == 413


@pytest.mark.parametrize("path", ["v1/completions", "v1/embeddings", "v1/slots", "health", "props", "v1/../props"])
def test_only_two_calls_exist(nothing, path) -> None:
    assert nothing.post(f"{assistant.PREFIX}{path}", json=ASK, headers=KEY).status_code in (404, 405)


def test_missing_package_is_said_in_words(monkeypatch) -> None:
    monkeypatch.setattr(assistant, "embedded_weights", lambda: None)
    with TestClient(create_app(EmbeddedModel(), identify)) as client:
        answer = client.post(CHAT, json=ASK, headers=KEY)
    assert answer.status_code == 503
    assert "works without it" in answer.json()["error"]["message"]


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


@pytest.mark.parametrize(
    ("asked", "passed"),
    [
        (None, ANSWER_TOKENS),
        (5, 5),
        (10**9, ANSWER_TOKENS),
        (-1, ANSWER_TOKENS),
        (True, ANSWER_TOKENS),
        ("9", ANSWER_TOKENS),
    ],
)
def test_every_answer_has_an_end(upstream, asked, passed) -> None:
    client, seen = upstream
    body = {**ASK, "max_completion_tokens": 10**9} | ({} if asked is None else {"max_tokens": asked})
    client.post(CHAT, content=json.dumps(body), headers=KEY)
    assert seen[0][1]["max_tokens"] == passed
    assert "max_completion_tokens" not in seen[0][1]
