"""Several people ask at once, with the `openai` client: each is told the place, and who leaves frees it."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import openai
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route

from mondaylab.hub import assistant
from mondaylab.hub.assistant import PREFIX, create_app
from mondaylab.hub.models.running import Upstream
from mondaylab.hub.queue import EACH

ASK: dict[str, Any] = {"model": "assistant", "messages": [{"role": "user", "content": "Write."}]}


def chunk(text: str) -> str:
    head = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "slow-1b"}
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": None}
    return f"data: {json.dumps(head | {'choices': [choice]})}\n\n"


class SlowModel:
    """One answer at a time, which goes on until the test lets it end."""

    places = 1

    def __init__(self) -> None:
        self.url = ""
        self.may_end = threading.Event()
        self.refuses = False
        self.most = self.now = self.answered = 0

    async def upstream(self) -> Upstream:
        return Upstream(f"{self.url}/v1", "upstream-key")

    async def chat(self, request: Request):
        body = await request.json()
        if self.refuses:
            return JSONResponse({"error": {"message": "exceeds the context", "code": 400}}, 400)
        if not body.get("stream"):
            with self.counted():
                await self.ended()
            return JSONResponse({"id": "c", "choices": [], "model": "slow-1b"})

        async def tokens():
            with self.counted():
                yield chunk("word ")
                await self.ended()
                yield chunk("end")
                yield "data: [DONE]\n\n"

        return StreamingResponse(tokens(), media_type="text/event-stream")

    async def ended(self) -> None:
        await asyncio.to_thread(self.may_end.wait, 20)

    def counted(self):
        model = self

        class Counted:
            def __enter__(self) -> None:
                model.now += 1
                model.answered += 1
                model.most = max(model.most, model.now)

            def __exit__(self, *_: object) -> None:
                model.now -= 1

        return Counted()


@pytest.fixture
def model(real_server) -> SlowModel:
    made = SlowModel()
    made.url = real_server(Starlette(routes=[Route("/v1/chat/completions", made.chat, methods=["POST"])]))
    return made


@pytest.fixture
def client_of(real_server, model: SlowModel) -> Iterator[Callable[[str], openai.OpenAI]]:
    async def identify(token: str) -> str | None:
        return token

    base = f"{real_server(create_app(model, identify))}{PREFIX}v1"
    made = []

    def client(person: str) -> openai.OpenAI:
        plain = openai.DefaultHttpxClient(trust_env=False)
        made.append(openai.OpenAI(base_url=base, api_key=person, max_retries=0, timeout=90, http_client=plain))
        return made[-1]

    yield client
    for one in made:
        one.close()


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def places_and_text(stream: openai.Stream) -> tuple[list[int], str]:
    """What plain code with the client makes of a stream, and what it may see beside."""
    places, text = [], ""
    for piece in stream:
        text += piece.choices[0].delta.content
        if told := getattr(piece, "mondaylab", None):
            places.append(told["before"])
    return places, text


def test_four_people_at_once_each_see_their_place_and_get_an_answer(model, client_of) -> None:
    people = ["anna", "bert", "carl", "dora"]
    streams = []
    for person in people:  # in a known order
        streams.append(client_of(person).chat.completions.create(**ASK, stream=True))
        until(lambda: model.answered == 1)
    with ThreadPoolExecutor(4) as pool:
        told = [pool.submit(places_and_text, stream) for stream in streams]
        time.sleep(0.2)
        model.may_end.set()
        results = [one.result(20) for one in told]
    assert [text for _, text in results] == ["word end"] * 4
    assert [places[:1] for places, _ in results] == [[], [1], [2], [3]]
    assert [places[-1:] for places, _ in results] == [[], [0], [0], [0]]
    assert all(places == sorted(set(places), reverse=True) for places, _ in results)
    assert (model.most, model.answered) == (1, 4)


def test_the_clients_own_helper_for_streams_takes_the_places_for_nothing(model, client_of) -> None:
    first = client_of("anna").chat.completions.create(**ASK, stream=True)
    with client_of("bert").chat.completions.stream(**ASK) as stream:
        model.may_end.set()
        first.close()
        final = stream.get_final_completion()
    assert final.choices[0].message.content == "word end"


@pytest.mark.parametrize("stream", [True, False])
def test_who_waits_and_leaves_frees_the_place(model, client_of, stream) -> None:
    first = client_of("anna").chat.completions.create(**ASK, stream=True)
    if stream:
        client_of("bert").chat.completions.create(**ASK, stream=True).close()
    else:
        with pytest.raises(openai.APITimeoutError):
            # only reading has an end so soon: a busy machine may take longer to connect
            patience = httpx.Timeout(60, read=0.5)
            client_of("bert").with_options(timeout=patience).chat.completions.create(**ASK)
    third = client_of("carl").chat.completions.create(**ASK, stream=True)
    seen = []
    for piece in third:
        seen.append(piece.mondaylab["before"])
        if seen[-1] == 1:
            break
    model.may_end.set()
    assert places_and_text(first) == ([], "word end")
    assert places_and_text(third) == ([0], "word end")
    assert model.answered == 2, "nothing was written for who had left"


def test_who_is_answered_and_leaves_makes_room_at_once(model, client_of) -> None:
    """The answer never ends by itself here: whoever waits is answered because the other has left."""
    first = client_of("anna").chat.completions.create(**ASK, stream=True)
    second = client_of("bert").chat.completions.create(**ASK, stream=True)
    third = client_of("carl").chat.completions.create(**ASK, stream=True)
    first.close()
    assert "word " in (piece.choices[0].delta.content for piece in second)  # looks no further than that
    second.close()
    until(lambda: model.answered == 3)
    model.may_end.set()
    assert places_and_text(third)[1] == "word end"


def test_who_does_not_stream_just_waits(model, client_of) -> None:
    first = client_of("anna").chat.completions.create(**ASK, stream=True)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client_of("bert").chat.completions.create, **ASK)
        time.sleep(0.3)
        assert not waiting.done() and model.answered == 1
        model.may_end.set()
        assert places_and_text(first)[1] == "word end"
        assert waiting.result(10).model == "slow-1b"


def test_one_person_cannot_fill_the_queue(model, client_of) -> None:
    streams = [client_of("anna").chat.completions.create(**ASK, stream=True) for _ in range(EACH)]
    with pytest.raises(openai.RateLimitError) as refused:
        client_of("anna").chat.completions.create(**ASK, stream=True)
    assert refused.value.response.headers["Retry-After"] == "10"
    assert f"You have {EACH} requests waiting" in refused.value.body["message"]
    other = client_of("bert").chat.completions.create(**ASK, stream=True)
    assert next(iter(other)).mondaylab == {"before": 1}
    for stream in [*streams, other]:
        stream.close()


def test_an_error_after_the_wait_is_told_within_the_stream(model, client_of) -> None:
    first = client_of("anna").chat.completions.create(**ASK, stream=True)
    second = client_of("bert").chat.completions.create(**ASK, stream=True)
    model.refuses = True
    model.may_end.set()
    places_and_text(first)
    with pytest.raises(openai.APIError) as told:
        places_and_text(second)
    assert told.value.body["code"] == 400


def test_who_waits_long_is_sent_something(model, client_of, monkeypatch) -> None:
    """Comments, which the client does not show."""
    monkeypatch.setattr(assistant, "QUIET", 0.1)
    first = client_of("anna").chat.completions.create(**ASK, stream=True)
    second = client_of("bert")
    raw = {"json": {**ASK, "stream": True}, "headers": {"Authorization": "Bearer carl"}, "trust_env": False}
    with httpx.stream("POST", f"{second.base_url}chat/completions", timeout=60, **raw) as heard:
        lines = heard.iter_lines()
        while not (line := next(lines)).startswith(":"):
            assert "waiting" in line or not line
    waits = second.chat.completions.create(**ASK, stream=True)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(places_and_text, waits)
        time.sleep(0.3)  # three comments
        assert not waiting.done()
        model.may_end.set()
        places_and_text(first)
        assert waiting.result(10) == ([1, 0], "word end")


def test_plain_http_reads_standard_events(model, client_of) -> None:
    first = client_of("anna").chat.completions.create(**ASK, stream=True)
    second = client_of("bert")
    with httpx.stream(
        "POST",
        f"{second.base_url}chat/completions",
        json={**ASK, "stream": True},
        headers={"Authorization": "Bearer bert"},
        trust_env=False,
    ) as answer:
        assert answer.headers["content-type"] == "text/event-stream" and answer.status_code == 200
        told = next(answer.iter_lines())
        assert told.startswith("data: {") and json.loads(told.removeprefix("data: "))["mondaylab"] == {"before": 1}
        first.close()
