"""The formgrader server, made and not yet serving."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.places import ROOT

from mondaylab.errors import Refused
from mondaylab.grader.formgrader.routes import NoSuchPage, check
from mondaylab.grader.formgrader.server import FormgraderServer


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FormgraderServer]:
    places = {"MONDAYLAB_ROOT": ROOT, "MONDAYLAB_VAR": tmp_path, "HOME": tmp_path}
    for name, value in {**places, "MONDAYLAB_COHORT": "co"}.items():
        monkeypatch.setenv(name, str(value))
    for name in ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR"):
        monkeypatch.setenv(f"JUPYTER_{name}", str(tmp_path / name))
    kept = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}
    made = FormgraderServer(root_dir=str(tmp_path), allow_root=True, open_browser=False)
    made.initialize([], new_httpserver=False)
    for number, handler in kept.items():  # it takes them for itself
        signal.signal(number, handler)
    yield made
    made.io_loop.close()


def test_it_does_not_start_with_a_route_too_many(server: FormgraderServer) -> None:
    check(server)  # of itself it has none
    server.web_app.add_handlers(".*", [("/x", NoSuchPage)])
    with pytest.raises(Refused, match="added a route"):
        server.start()
