"""A scripted OpenAI-compatible server on real HTTP."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from tests.support.background import serve

from mondaylab.labs.recording.endpoint import Endpoint

KEY = "sk-not-to-be-kept-1234567890"


def completion(text: str | None, *, finish: str = "stop", refusal: str | None = None) -> dict:
    return {
        "id": "x",
        "object": "chat.completion",
        "created": 1,
        "model": "scripted-1.5b-2026-11-01",
        "choices": [
            {
                "index": 0,
                "finish_reason": finish,
                "message": {"role": "assistant", "content": text, "refusal": refusal},
            }
        ],
        "usage": {"prompt_tokens": 400, "completion_tokens": 50, "total_tokens": 450},
    }


class Events(bytes):
    """What is answered as a stream of events."""


def chunk(text: str | None = None, **more: object) -> bytes:
    """An event of a stream."""
    choice = {"index": 0, "delta": {} if text is None else {"content": text}, "finish_reason": None}
    told = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "scripted", "choices": [choice]}
    return f"data: {json.dumps(told | more)}\n\n".encode()


@dataclass
class Script:
    """What the server answers, in turn (the last again and again), and what it was asked."""

    url: str = ""
    answers: list = field(default_factory=list)
    asked: list[dict] = field(default_factory=list)

    def endpoint(self, **options) -> Endpoint:
        return Endpoint(self.url, KEY, **{"timeout": 5.0, "retries": 0} | options)


@pytest.fixture
def script() -> Iterator[Script]:
    state = Script()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(200, {"object": "list", "data": [{"id": "scripted", "object": "model"}]})

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.asked.append(body | {"authorization": self.headers["Authorization"]})
            answer = state.answers.pop(0) if len(state.answers) > 1 else state.answers[0]
            if callable(answer):
                answer = answer(body)
            if isinstance(answer, float):
                time.sleep(answer)
                answer = completion("late")
            if isinstance(answer, int):
                self._send(answer, {"error": {"message": f"Incorrect API key provided: {KEY}"}})
            elif isinstance(answer, tuple):
                self._send(*answer)
            elif isinstance(answer, bytes):
                self._send(200, answer)
            else:
                self._send(200, answer)

        def _send(self, status: int, body: dict | bytes) -> None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            try:
                self.send_response(status)
                kind = "text/event-stream" if isinstance(body, Events) else "application/json"
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
            except OSError:  # the client did not wait
                pass

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = serve(server)
    state.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    yield state
    server.shutdown()
    server.server_close()
    thread.join()
