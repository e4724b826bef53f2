"""A site of its own for each test, with one applied cohort where asked."""

from __future__ import annotations

import json
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from starlette.applications import Starlette
from tests.support.places import ROOT

from mondaylab.hub import exchange
from mondaylab.hub.cohorts import Cohort
from mondaylab.hub.provision import apply
from mondaylab.settings import Site

LAB = "weekly_margin_memo"


@pytest.fixture
def site(tmp_path: Path, proxy: Path) -> Site:
    """A state folder of its own; the proxy is the checkout's, as installing it takes two seconds."""
    site = Site(ROOT, tmp_path / "var")
    site.var.mkdir()
    site.proxy.symlink_to(proxy)
    return site


def _cohort() -> Cohort:
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
def cohort() -> Cohort:
    return _cohort()


@pytest.fixture
def real_server() -> Iterator[Callable[..., str]]:
    """Serves an application on a free port of loopback until the test ends; gives back its address."""
    servers: list[uvicorn.Server] = []
    threads: list[threading.Thread] = []

    def serve(app: Starlette, **options: Any) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", **options))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        servers.append(server)
        threads.append(thread)
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield serve
    for server, thread in zip(servers, threads, strict=True):
        server.should_exit = True
        thread.join(5)


class World:
    """One cohort, seen by its instructor and by learners in their jails."""

    def __init__(self, site, tmp_path: Path) -> None:
        self.site, self.course = site, site.courses / "fin-1"
        self.tmp_path = tmp_path
        release = self.course / "release" / LAB
        release.mkdir(parents=True, exist_ok=True)
        (release / f"{LAB}.ipynb").write_text(json.dumps({"cells": []}))

    def instructor(self, operation: type, **traits):
        coursedir = CourseDirectory(course_id="fin-1", root=str(self.course), assignment_id=LAB)
        return operation(coursedir=coursedir, authenticator=Authenticator(), root=str(self.site.exchange), **traits)

    def learner(self, name: str, operation: type, claims: str | None = None, **traits):
        """What runs in a jail: the own folders appear as links here, as binds there."""
        root, home = self.tmp_path / "jails" / name / "exchange", self.tmp_path / "jails" / name / "home"
        if not root.exists():
            (root / "fin-1").mkdir(parents=True)
            home.mkdir()
            real = self.site.exchange / "fin-1"
            for inside, outside in (
                ("outbound", "outbound"),
                ("inbound", f"inbound/{name}"),
                ("feedback", f"feedback/{name}"),
            ):
                (root / "fin-1" / inside).symlink_to(real / outside)
        coursedir = CourseDirectory(course_id="fin-1", student_id=claims or name, assignment_id=LAB)
        made = operation(coursedir=coursedir, authenticator=Authenticator(), root=str(root), personal=True, **traits)
        made.assignment_dir = str(home)
        return made

    def home(self, name: str) -> Path:
        return self.tmp_path / "jails" / name / "home"

    def inbox(self, name: str) -> list[Path]:
        return sorted((self.site.exchange / "fin-1" / "inbound" / name).iterdir())

    def handed_in(self, name: str, text: str = "work", claims: str | None = None) -> None:
        if not (self.home(name) / LAB).exists():
            self.learner(name, exchange.FetchAssignment).start()
        (self.home(name) / LAB / "notes.txt").write_text(text)
        self.learner(name, exchange.Submit, claims=claims).start()


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """State with the cohort applied and its lab released, made once: each test has a copy."""
    folder = tmp_path_factory.mktemp("released")
    site = Site(ROOT, folder / "var")
    apply(site, _cohort())
    World(site, folder).instructor(exchange.ReleaseAssignment).start()
    return site.var


@pytest.fixture
def world(site: Site, released: Path, tmp_path: Path) -> World:
    shutil.copytree(released, site.var, dirs_exist_ok=True)
    return World(site, tmp_path)
