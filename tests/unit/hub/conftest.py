"""A site of its own for each test, with one applied cohort where asked."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette

from mondaylab.hub.cohorts import Cohort
from mondaylab.settings import Site

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(ROOT, tmp_path / "var")


@pytest.fixture
def cohort() -> Cohort:
    return Cohort(
        cohort="fin-1",
        company="demo",
        role="finance",
        quarter="2026Q4",
        labs=("finance/weekly_margin_memo",),
        learners=("lena", "omar"),
        instructors=("iris",),
    )


@pytest.fixture
def real_server() -> Iterator[Callable[[Starlette], str]]:
    """Serves an application on a free port of loopback until the test ends; gives back its address."""
    servers: list[uvicorn.Server] = []
    threads: list[threading.Thread] = []

    def serve(app: Starlette) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        servers.append(server)
        threads.append(thread)
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield serve
    for server, thread in zip(servers, threads, strict=True):
        server.should_exit = True
        thread.join(5)
