"""A hub's answer to "whose token is this?", and the judgement service as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from tests.support.background import serve

from mondaylab.forms.shown import ShownForm
from mondaylab.judging.panel import JudgementPanel
from mondaylab.judging.store import JudgementStore
from mondaylab.judging.warm_up import WarmUpPanel

COHORT = "finance-demo"
TOKENS = {"tok-ann": ("ann", "user"), "tok-bob": ("bob", "user"), "tok-svc": ("judgement", "service")}
TOKENS |= {"tok-paula": ("paula", "user"), "tok-gone": ("gone", "user"), "tok-both": ("both", "user")}
WRITES = "mondaylab-authors-finance"
GROUPS = {
    "ann": [f"nbgrader-{COHORT}"],
    "bob": [f"nbgrader-{COHORT}"],
    "paula": [WRITES],
    "both": [f"nbgrader-{COHORT}", WRITES],
}
"""As the real hub gives them; who left every cohort has none."""


NO_TLS = False
"""For calls without encryption: each would first read all certificates of the machine, for 40 ms."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Service:
    """The service process; `start` and `kill` may follow each other."""

    database: str
    hub: str
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/services/judgement"

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mondaylab.judging.service"],
            env={
                "PATH": os.environ["PATH"],
                "JUPYTERHUB_API_TOKEN": "service-token",
                "JUPYTERHUB_API_URL": f"{self.hub}/hub/api",
                "JUPYTERHUB_SERVICE_URL": f"http://127.0.0.1:{self.port}",
                "JUPYTERHUB_SERVICE_PREFIX": "/services/judgement/",
                "MONDAYLAB_JUDGEMENT_DATABASE": self.database,
            },
        )
        for _ in range(1200):  # a minute: two cores, shared
            try:
                httpx.get(f"{self.url}/", trust_env=False, verify=NO_TLS)
            except httpx.HTTPError:
                assert self.process.poll() is None, "the service ended"
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the service did not start")

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, float]:
        """Ends the process; returns its exit code and the seconds it took."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(number)
        return self.process.wait(10), time.monotonic() - began

    def call(self, method: str, path: str, body: object = None, token: str | None = "tok-ann") -> httpx.Response:
        headers = {} if token is None else {"Authorization": f"token {token}"}
        content = body if isinstance(body, bytes) else None
        data = None if body is None or isinstance(body, bytes) else body
        return httpx.request(
            method,
            f"{self.url}/api/{path}",
            headers=headers,
            json=data,
            content=content,
            trust_env=False,
            verify=NO_TLS,
        )


class Hub(BaseHTTPRequestHandler):
    """``/hub/api/user`` as a hub answers it."""

    def do_GET(self) -> None:
        name, kind = TOKENS.get(self.headers.get("Authorization", "").removeprefix("token "), ("", ""))
        known = self.path == "/hub/api/user" and bool(name)
        user = {"name": name, "kind": kind, "groups": GROUPS.get(name, [])}
        body = json.dumps(user if known else {"status": 403, "message": "Forbidden"}).encode()
        self.send_response(200 if known else 403)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def hub() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    serve(server)
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


@pytest.fixture(scope="session")
def form() -> ShownForm:
    return ShownForm.read_json(Path(__file__).parents[1] / "unit" / "judging" / "form.json")


@pytest.fixture(scope="session")
def running(hub: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service for many tests; each test registers forms of its own."""
    made = Service(f"sqlite:///{tmp_path_factory.mktemp('hub') / 'judgements.sqlite'}", hub)
    made.start()
    yield made
    made.stop(signal.SIGKILL)


@pytest.fixture
def service(hub: str, tmp_path: Path) -> Iterator[Service]:
    """A service of the test's own, not started yet."""
    made = Service(f"sqlite:///{tmp_path / 'judgements.sqlite'}", hub)
    yield made
    if made.process is not None and made.process.poll() is None:
        made.stop(signal.SIGKILL)


@pytest.fixture
def registered(form: ShownForm) -> Callable[..., ShownForm]:
    """Registers a fresh copy of the form for a learner, as the cohort command does from another process."""
    numbers = iter(range(1, 1000))

    def register(service: Service, learner: str, cohort: str = COHORT) -> ShownForm:
        number = next(numbers)
        mine = form.model_copy(update={"form_id": f"f-{time.time_ns()}-{number}", "attempt": time.time_ns() // 1000})
        store = JudgementStore(service.database)
        store.register(mine, cohort, learner)
        store.dispose()
        return mine

    return register


CHROMIUM = Path("/usr/bin/chromium")
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>lab</title>
<script id="jupyter-config-data" type="application/json">{"baseUrl": "/user/ann/", "hubUser": "ann"}</script>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/%(widget)s.css">
<style>body { margin: 0; padding: 12px; background: var(--jp-layout-color0, #fff) }</style></head>
<body><div id="host"></div><script type="module">
import widget from "/%(widget)s.js";
const model = %(model)s;
const el = document.getElementById("host");
window.sent = [];
window.listeners = {};
const told = { on: (name, listener) => (window.listeners[name] = listener), off() {} };
const get = (name) => ({ told: "IPY_MODEL_7", ...model })[name];
const send = (content) => window.sent.push(content);
const widget_manager = { get_model: async (id) => ({ 7: told })[id] };
window.close_widget = widget.render({ model: { get, send, widget_manager }, el });
</script></body></html>"""


class Lab:
    """Stands in for a learner's server: serves the widget and forwards to the service, unless told to fail.

    Attributes:
        failing: ``None`` forwards; a number answers with that status; ``"cut"`` drops the connection; ``"lose answer"``
            forwards and then drops the connection.
        traits: What the widget's model holds.
        posted: Bodies of all events that were forwarded.
        commits: How many times a page tried to hand in, whether it was let through or not.
    """

    def __init__(self, service: Service) -> None:
        self.service = service
        self.failing: int | str | None = None
        self.delay = 0.0
        self.traits: dict[str, object] = {}
        self.posted: list[dict[str, object]] = []
        self.commits = 0
        self.widget = "panel"
        lab = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                lab.answer(self, None)

            def do_POST(self) -> None:
                lab.answer(self, self.rfile.read(int(self.headers.get("Content-Length", 0))))

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        serve(self.server)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/user/ann/lab/tree/lab.ipynb"

    def answer(self, request: BaseHTTPRequestHandler, body: bytes | None) -> None:
        assets = {
            f"/{name}.{kind}": (text, f"text/{'css' if kind == 'css' else 'javascript'}")
            for name, widget in (("panel", JudgementPanel), ("warm_up", WarmUpPanel))
            for kind, text in (("js", widget._esm), ("css", widget._css))
        }
        api = "/user/ann/mondaylab/judgement/"
        if request.path in assets:
            self.reply(request, 200, assets[request.path][0].encode(), assets[request.path][1])
        elif request.path.startswith(api):
            self.forward(request, request.path.removeprefix(api), body)
        else:
            page = PAGE % {"widget": self.widget, "model": json.dumps(self.traits).replace("<", "\\u003c")}
            self.reply(request, 200, page.encode(), "text/html", cookie="_xsrf=2|abc; Path=/user/ann/")

    def forward(self, request: BaseHTTPRequestHandler, path: str, body: bytes | None) -> None:
        time.sleep(self.delay)
        if body is not None and request.headers.get("X-XSRFToken") != "2|abc":
            self.reply(request, 403, b'{"message": "_xsrf argument missing"}')
            return
        self.commits += path.endswith("/commit")
        if self.failing == "cut":
            self.cut(request)
            return
        if isinstance(self.failing, int):
            told = json.dumps({"error": {"what": "the disk is full", "where": None, "fix": None}})
            self.reply(request, self.failing, told.encode())
            return
        data = None if body is None else json.loads(body)
        if data and path.endswith("/events"):
            self.posted.append(data)
        try:
            told = self.service.call(request.command, path, data)
        except httpx.HTTPError:
            self.reply(request, 502, b'{"error": {"what": "the judgement service does not answer"}}')
            return
        if self.failing == "lose answer":
            self.cut(request)
            return
        self.reply(request, told.status_code, told.content)

    @staticmethod
    def cut(request: BaseHTTPRequestHandler) -> None:
        request.close_connection = True
        request.connection.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def reply(
        request: BaseHTTPRequestHandler, status: int, body: bytes, kind: str = "application/json", cookie: str = ""
    ) -> None:
        request.send_response(status)
        request.send_header("Content-Type", f"{kind}; charset=utf-8")
        request.send_header("Content-Length", str(len(body)))
        if cookie:
            request.send_header("Set-Cookie", cookie)
        request.end_headers()
        request.wfile.write(body)


@pytest.fixture
def lab(running: Service) -> Iterator[Lab]:
    made = Lab(running)
    yield made
    made.server.shutdown()
    made.server.server_close()
