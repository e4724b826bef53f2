"""What a company's endpoint is asked, on real HTTP, and what of its answers learners see."""

from __future__ import annotations

import json
import socketserver
from collections.abc import Callable
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from tests.support import exchange_world, scripted_model
from tests.support.background import serve
from tests.support.scripted_model import KEY, Script, completion

from mondaylab.hub.assistant import PREFIX, create_app
from mondaylab.hub.models.asking import PASSED_ON
from mondaylab.hub.models.running import ANSWER_TOKENS, Upstream

script = scripted_model.script
real_server = exchange_world.real_server
CHAT = f"{PREFIX}v1/chat/completions"
LENA = {"Authorization": "Bearer lenas-hub-token"}
ASK: dict[str, Any] = {"model": "whatever-lena-says", "messages": [{"role": "user", "content": "hello"}]}
REFUSED = {
    "error": {
        "message": "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
        "type": "invalid_request_error",
        "param": "max_tokens",
    }
}
Ask = Callable[..., Any]


class Company:
    """As the setting makes it, at an address of the test's own."""

    places = 4

    def __init__(self, url: str) -> None:
        self._url = url

    async def upstream(self) -> Upstream:
        return Upstream(self._url, KEY, "company-large")


async def identify(token: str) -> str | None:
    return "lena" if token == "lenas-hub-token" else None


@pytest.fixture
def lena(script: Script):
    with TestClient(create_app(Company(script.url), identify)) as client:
        client.headers.update(LENA)
        yield client


def test_the_configured_model_is_asked_with_the_companys_key_and_nothing_of_lenas(lena, script) -> None:
    script.answers = [completion("Hello Lena.")]
    answer = lena.post(CHAT, json=ASK | {"temperature": 0.2}, headers={"OpenAI-Organization": "mine"})
    assert answer.json()["choices"][0]["message"]["content"] == "Hello Lena."
    [asked] = script.asked
    assert asked == {
        "model": "company-large",
        "messages": ASK["messages"],
        "temperature": 0.2,
        "max_tokens": ANSWER_TOKENS,
        "authorization": f"Bearer {KEY}",
    }


def test_what_would_cost_more_or_is_llamas_own_is_left_out(lena, script) -> None:
    script.answers = [completion("Yes.")]
    lena.post(CHAT, json=ASK | {"n": 100, "store": True, "web_search_options": {}, "cache_prompt": False, "user": "x"})
    assert set(script.asked[0]) == {"model", "messages", "max_tokens", "authorization"}
    assert not {"n", "model", "store"} & PASSED_ON


def only_newer(body: dict) -> Any:
    return (400, REFUSED) if "max_tokens" in body else completion("Yes.")


def test_an_endpoint_that_takes_the_newer_name_alone_works_and_is_asked_once_from_then_on(lena, script) -> None:
    script.answers = [only_newer]
    for limit in ({"max_completion_tokens": 7}, {"max_tokens": 5}, {}):
        assert lena.post(CHAT, json=ASK | limit).status_code == 200
    limits = [(one.get("max_tokens"), one.get("max_completion_tokens")) for one in script.asked]
    assert limits == [(7, None), (None, 7), (None, 5), (None, ANSWER_TOKENS)]


@pytest.mark.parametrize(
    "words",
    [
        {"detail": "max_tokens: extra fields not permitted"},
        {"error": {"message": "'max_tokens' is not supported with this model.", "param": None, "code": None}},
        {"error": {"message": "max_tokens is not allowed", "param": "max_tokens", "code": "invalid_request"}},
    ],
)
def test_a_refusal_in_words_alone_is_understood_too(lena, script, words) -> None:
    script.answers = [lambda body: (422, words) if "max_tokens" in body else completion("Yes.")]
    assert lena.post(CHAT, json=ASK).status_code == 200


@pytest.mark.parametrize(
    ("told", "status", "words"),
    [
        (400, 400, "Shorten it"),
        (413, 400, "Shorten it"),
        (401, 503, "tell who runs it"),
        (403, 503, "tell who runs it"),
        (404, 503, "tell who runs it"),
        (302, 503, "tell who runs it"),
        (429, 429, "too much to do"),
        (500, 502, "has a problem"),
        (529, 502, "has a problem"),
    ],
)
def test_its_errors_are_told_in_our_words(lena, script, capsys, told, status, words) -> None:
    """Its own words hold the key, and what went wrong is for who runs it: the log has the number."""
    script.answers = [told]
    answer = lena.post(CHAT, json=ASK)
    assert answer.status_code == status and words in answer.json()["error"]["message"]
    assert answer.json()["error"]["type"] == "mondaylab"
    assert KEY not in answer.text + capsys.readouterr().out
    assert len(script.asked) == 1


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (400, {"error": {"message": "max_tokens is too large: 1024", "param": "max_tokens", "code": None}}),
        (400, {"error": {"message": "max_tokens is too large: 1024"}}),
        (422, {"detail": "max_tokens: Input should be less than 512"}),
        (400, {"error": {"message": "Unsupported value", "param": "temperature", "code": "unsupported_value"}}),
    ],
)
def test_a_limit_that_is_too_large_there_is_no_refusal_of_its_name(lena, script, status, told) -> None:
    script.answers = [(status, told), completion("Yes.")]
    assert lena.post(CHAT, json=ASK).status_code == 400
    assert lena.post(CHAT, json=ASK).status_code == 200
    assert ["max_tokens" in one for one in script.asked] == [True, True]


@pytest.mark.parametrize(
    "asked",
    [
        {"top_logprobs": 21},
        {"top_logprobs": True},
        {"top_logprobs": "5"},
        {"logprobs": 50},
    ],
)
def test_odds_beyond_what_openai_tells_are_refused(lena, script, asked) -> None:
    answer = lena.post(CHAT, json=ASK | asked)
    assert answer.status_code == 400 and next(iter(asked)) in answer.json()["error"]["message"]
    assert script.asked == []


def test_who_is_called_keeps_nothing_in_one_callers_name_for_the_next(real_server) -> None:
    sent = []

    async def chat(request: Request) -> JSONResponse:
        sent.append(request.headers.get("cookie"))
        answer = JSONResponse(completion("Yes."))
        answer.set_cookie("session", "lena")
        return answer

    url = real_server(Starlette(routes=[Route("/v1/chat/completions", chat, methods=["POST"])]))
    with TestClient(create_app(Company(f"{url.replace('127.0.0.1', 'localhost')}/v1"), identify)) as client:
        for _ in range(2):
            assert client.post(CHAT, json=ASK, headers=LENA).status_code == 200
    assert sent == [None, None]


def test_a_server_that_closes_what_it_said_it_would_keep_answers_every_call() -> None:
    """As llama.cpp's does after a stream."""
    told = json.dumps(completion("Yes.")).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: keep-alive\r\nContent-Length: "

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            size = 0
            while (line := self.rfile.readline().strip()) != b"":
                name, _, value = line.partition(b":")
                size = int(value) if name.lower() == b"content-length" else size
            self.rfile.read(size)
            self.wfile.write(head + str(len(told)).encode() + b"\r\n\r\n" + told)
            self.rfile.readline()  # the next call on it, unanswered

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        serve(server)
        model = Company(f"http://127.0.0.1:{server.server_address[1]}/v1")
        with TestClient(create_app(model, identify)) as client:
            assert [client.post(CHAT, json=ASK, headers=LENA).status_code for _ in range(3)] == [200] * 3
        server.shutdown()


def test_where_nothing_listens_that_is_said(script, capsys) -> None:
    with TestClient(create_app(Company("http://127.0.0.1:9/v1"), identify)) as client:
        answer = client.post(CHAT, json=ASK, headers=LENA)
    assert answer.status_code == 502 and "stopped answering" in answer.json()["error"]["message"]
    assert "ClientConnectorError" in capsys.readouterr().out


def test_only_the_configured_model_is_listed_and_nobody_asked_for_it(lena, script) -> None:
    listed = lena.get(f"{PREFIX}v1/models").json()
    assert [one["id"] for one in listed["data"]] == ["company-large"] and script.asked == []


def test_what_comes_is_never_a_page(lena, script) -> None:
    script.answers = [b"<script>alert(1)</script>"]
    assert lena.post(CHAT, json=ASK).headers["content-type"] == "application/json"
