"""The assistant with the real model behind it: what a caller leaves behind, and the limits of an answer."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest
from tests.support.sampled import sampled
from tests.support.smoke_model import NAME, smoke_model

from mondaylab.hub.assistant import PREFIX
from mondaylab.hub.models.running import ANSWER_TOKENS

_SERVE = """
import asyncio, json, os, socket, sys, threading
import uvicorn
from mondaylab.hub import assistant
from pathlib import Path
from mondaylab.hub.models.running import Chosen, EmbeddedModel

model = EmbeddedModel(lambda: Chosen(sys.argv[1], Path(sys.argv[2])), threads=2)
async def identify(token):
    return "lena" if token == "lena-token" else None

listener = socket.create_server(("127.0.0.1", 0))
app = assistant.create_app(model, identify)
server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True).start()
ready = asyncio.run(model.upstream())
print("READY " + json.dumps([listener.getsockname()[1], ready.url.removesuffix("/v1"), ready.key]), flush=True)
sys.stdin.read()
os._exit(0)  # llama.cpp's threads do not end when asked to
"""
# an end of text is no end: only its limit, or the caller's leaving, stops such an answer
ENDLESS = {
    "messages": [{"role": "user", "content": "Count to 2000 in words."}],
    "ignore_eos": True,
    "cache_prompt": False,
}


class Assistant:
    """The service, and the model's own view of its one place."""

    def __init__(self, port: int, model: str, key: str) -> None:
        headers = {"Authorization": "Bearer lena-token"}
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{port}{PREFIX}v1", headers=headers, timeout=120)
        self._model = httpx.Client(base_url=model, headers={"Authorization": f"Bearer {key}"}, timeout=60)

    def busy(self) -> int | None:
        """How many tokens of an answer are written, while one is being written."""
        (place,) = self._model.get("slots").json()
        return place["next_token"][0]["n_decoded"] if place["is_processing"] else None

    def written_until_free(self) -> int:
        """Waits until nothing is being written, or half an answer is; the tokens that were seen of it."""
        seen = 0
        while seen < ANSWER_TOKENS / 2 and (now := self.busy()) is not None:
            seen = max(seen, now)
            # llama.cpp looks after who is gone when it had nothing else to tell for a second
            time.sleep(1.2)
        return seen


@pytest.fixture(scope="module")
def assistant() -> Iterator[Assistant]:
    command = [sys.executable, "-c", _SERVE, NAME, str(smoke_model())]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        ready = next(line for line in server.stdout if line.startswith("READY "))
        yield Assistant(*json.loads(ready.removeprefix("READY ")))
        server.stdin.close()


def test_the_newer_name_bounds_an_answer(assistant) -> None:
    answer = assistant.http.post("chat/completions", json=ENDLESS | {"max_completion_tokens": 5}).json()
    assert answer["usage"]["completion_tokens"] == 5
    assert answer["choices"][0]["finish_reason"] == "length"


@pytest.mark.parametrize("stream", sampled([True, False], 2))
def test_who_leaves_stops_the_answer(assistant, stream) -> None:
    with httpx.Client(timeout=120) as leaving:
        request = leaving.build_request(
            "POST", f"{assistant.http.base_url}chat/completions", json=ENDLESS | {"stream": stream}
        )
        request.headers.update(assistant.http.headers)
        if stream:
            answer = leaving.send(request, stream=True)
            next(answer.iter_bytes())
            answer.close()
        else:
            request.extensions["timeout"] = {"connect": 60, "read": 1, "write": 60, "pool": 60}
            with pytest.raises(httpx.ReadTimeout):
                leaving.send(request)
    assert assistant.written_until_free() < ANSWER_TOKENS / 2
    after = assistant.http.post("chat/completions", json=ENDLESS | {"max_tokens": 1})
    assert after.json()["usage"]["completion_tokens"] == 1
