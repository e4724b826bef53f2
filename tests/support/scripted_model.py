"""A scripted OpenAI-compatible server on real HTTP, and a small lab of one memo on the finance data."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from mondaylab.labs.claims.figure import FigureTemplate
from mondaylab.labs.material import Material
from mondaylab.labs.recorded.store import RecordStore
from mondaylab.labs.recording.endpoint import Endpoint
from mondaylab.labs.sources.manuscript import Manuscript

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


def said(*sentences: tuple[str, str, float]) -> dict:
    rows = [{"claim": claim, "text": text, "value": value} for claim, text, value in sentences]
    return completion(json.dumps({"sentences": rows}))


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
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


_CLAIMS = [
    {
        "id": "memo_net",
        "measure": "net",
        "by": {"region": "region", "period": "week"},
        "display": {"unit": "EUR", "decimals": -2},
        "operators": ["wrong_filter", "wrong_period"],
        "judged_as": "Net sales in {region} came to {value}.",
    },
    {
        "id": "memo_margin",
        "measure": "margin",
        "by": {"region": "region", "period": "week"},
        "display": {"unit": "%", "scale": 100, "decimals": 1},
        "operators": ["wrong_denominator", "wrong_period"],
        "judged_as": "Gross margin in {region} was {value} in {week}.",
    },
    {
        "id": "memo_points",
        "measure": "margin",
        "view": "points",
        "by": {"category": "category", "region": "region", "period": "week"},
        "display": {"unit": "points", "scale": 100, "decimals": 1},
        "operators": ["wrong_sign", "wrong_period"],
        "judged_as": "Gross margin on {category} in {region} {direction} by {value} against the week before.",
    },
]


def memo_of(material: Material, *claims: str) -> Material:
    """The finance data under a lab of one draft with these figures, so that tests do not hang on the lab's wording."""
    lab = material.declaration
    made = [FigureTemplate.model_validate({"draft": "memo"} | claim) for claim in _CLAIMS if claim["id"] in claims]
    told = "\n".join(f"[{one.judged_as.removesuffix('.')}]({one.id})." for one in made)
    plain = {"format": "memo", "layout": {}, "prompt": None, "about": (), "biggest": None}
    versions = (Manuscript.parsed("one", told, where="memo"),)
    draft = lab.drafts[0].model_copy(
        update={"id": "memo", "title": "Margin memo, {week}", "versions": versions, **plain}
    )
    changed = lab.model_copy(update={"drafts": (draft,), "claims": tuple(made)})
    return replace(material, declaration=changed)


@pytest.fixture(scope="session")
def memo(finance: Material) -> Material:
    """A memo with three figures."""
    return memo_of(finance, "memo_net", "memo_margin", "memo_points")


@pytest.fixture
def store(demo_site, tmp_path) -> RecordStore:
    site = replace(demo_site, var=tmp_path)
    return RecordStore(site, company="demo", lab="finance/weekly_margin_memo", quarter="2026Q4")
