"""What of a company's answers learners see: text, and never what the endpoint says of itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.support import exchange_world, scripted_model
from tests.support.scripted_model import KEY, Events, Script, chunk, completion

from mondaylab.hub.assistant import PREFIX, create_app
from mondaylab.hub.models.running import Upstream

script = scripted_model.script
real_server = exchange_world.real_server
CHAT = f"{PREFIX}v1/chat/completions"
ASK: dict[str, Any] = {"messages": [{"role": "user", "content": "hello"}]}
DONE = b"data: [DONE]\n\n"
WRONG = {"error": {"message": f"the key {KEY} has no money left", "type": "billing"}}


class Asked:
    """A company's endpoint, or a model of this machine if it has no name."""

    places = 4

    def __init__(self, url: str, model: str | None) -> None:
        self._upstream = Upstream(url, KEY, model)

    async def upstream(self) -> Upstream:
        return self._upstream


async def identify(token: str) -> str | None:
    return token


@pytest.fixture
def lena(script: Script):
    with TestClient(create_app(Asked(script.url, "company-large"), identify)) as client:
        client.headers["Authorization"] = "Bearer lena"
        yield client


def events(text: str) -> list[Any]:
    told = [line.removeprefix("data: ") for line in text.splitlines() if line.startswith("data: ")]
    return [one if one == "[DONE]" else json.loads(one) for one in told]


def text_of(told: list[Any]) -> str:
    return "".join(one["choices"][0]["delta"].get("content", "") for one in told if "choices" in one)


@pytest.mark.parametrize(
    "wrong",
    [
        WRONG,
        {"detail": f"no such model for {KEY}"},
        {"choices": None, "message": KEY},
        {"choices": [{"error": {"message": KEY}}]},
        {"choices": ["x"]},
        [KEY],
        KEY,
    ],
)
def test_an_error_under_a_good_status_is_told_in_our_words(lena, script, capsys, wrong) -> None:
    script.answers = [wrong if isinstance(wrong, dict) else json.dumps(wrong).encode()]
    answer = lena.post(CHAT, json=ASK)
    assert answer.status_code == 502 and "has a problem" in answer.json()["error"]["message"]
    script.answers = [Events(chunk("So ") + f"data: {json.dumps(wrong)}\n\n".encode() + chunk("more") + DONE)]
    streamed = lena.post(CHAT, json=ASK | {"stream": True})
    first, last = events(streamed.text)
    assert text_of([first]) == "So " and "has a problem" in last["error"]["message"]
    assert KEY not in answer.text + streamed.text + capsys.readouterr().out


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_is_no_text_of_a_stream_stays_behind(lena, script, end) -> None:
    spoken = chunk("Hello ") + b": keep-alive\n\nevent: x\nid: " + KEY.encode() + b"\n"
    spoken += chunk("Lena.", provider=f"{KEY}@10.0.0.1") + DONE + chunk("never")
    script.answers = [Events(spoken.replace(b"\n", end.encode()))]
    answer = lena.post(CHAT, json=ASK | {"stream": True})
    told = events(answer.text)
    assert text_of(told[:-1]) == "Hello Lena." and told[-1] == "[DONE]" and len(told) == 3
    assert KEY not in answer.text and "provider" not in answer.text


@pytest.mark.parametrize("choices", [{}, {"choices": None}, {"choices": []}])
def test_a_last_piece_of_usage_alone_ends_no_answer_as_failed(lena, script, choices) -> None:
    last = {"object": "chat.completion.chunk", "usage": {"total_tokens": 9}, **choices}
    script.answers = [Events(chunk("Hello.") + f"data: {json.dumps(last)}\n\n".encode() + DONE)]
    told = events(lena.post(CHAT, json=ASK | {"stream": True}).text)
    assert told[0]["choices"][0]["delta"]["content"] == "Hello." and told[-1] == "[DONE]"
    assert not any("error" in one for one in told[:-1])


def test_the_key_is_cut_out_of_text_too_however_it_is_written(lena, script) -> None:
    script.answers = [completion(f"It is {KEY}.")]
    assert lena.post(CHAT, json=ASK).json()["choices"][0]["message"]["content"] == "It is [key]."
    written = "".join(f"\\u{ord(letter):04x}" for letter in KEY).encode()
    script.answers = [Events(chunk("It is @.").replace(b"@", written) + DONE)]
    told = events(lena.post(CHAT, json=ASK | {"stream": True}).text)
    assert text_of(told[:-1]) == "It is [key]."


def test_a_stream_that_minds_no_limit_is_ended_at_it(lena, script) -> None:
    script.answers = [Events(chunk("") + b"".join(chunk(f"{number} ") for number in range(50)) + DONE)]
    told = events(lena.post(CHAT, json=ASK | {"stream": True, "max_tokens": 5}).text)
    assert text_of(told[:-1]) == "0 1 2 3 4 "
    assert told[-2]["choices"][0]["finish_reason"] == "length" and told[-1] == "[DONE]"


@pytest.mark.parametrize("model", ["company-large", None])
def test_who_wants_a_stream_gets_one_of_a_whole_answer(script, model) -> None:
    script.answers = [completion("Hello Lena.")]
    with TestClient(create_app(Asked(script.url, model), identify)) as client:
        answer = client.post(CHAT, json=ASK | {"stream": True}, headers={"Authorization": "Bearer lena"})
    told = events(answer.text)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert text_of(told[:-1]) == "Hello Lena." and told[-1] == "[DONE]"


@pytest.mark.parametrize("model", ["company-large", None])
def test_a_whole_answer_that_breaks_off_is_an_error(real_server, model) -> None:
    async def breaks_off(scope, receive, send) -> None:
        await receive()
        headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"choices": [', "more_body": True})
        raise ConnectionError

    with TestClient(create_app(Asked(f"{real_server(breaks_off)}/v1", model), identify)) as client:
        answer = client.post(CHAT, json=ASK, headers={"Authorization": "Bearer lena"})
    assert answer.status_code == 502 and "stopped answering" in answer.json()["error"]["message"]
