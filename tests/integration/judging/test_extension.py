"""The extension inside a real Jupyter server, in front of the real service."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.support.judgement_service import NO_TLS

from mondaylab.forms.shown import ShownForm

Registered = Callable[..., ShownForm]


@pytest.fixture(scope="module")
def server(running: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A learner's server (ann's); returns its address with base_url."""
    folder = tmp_path_factory.mktemp("home")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # the other extensions of this environment only cost start time
    installed = (Path(sys.prefix) / "etc/jupyter/jupyter_server_config.d").glob("*.json")
    others = [name for path in installed for name in json.loads(path.read_text())["ServerApp"]["jpserver_extensions"]]
    enabled = {**dict.fromkeys(others, False), "mondaylab.judging.extension": True}
    command = [
        *(sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", f"--port={port}"),
        *("--ServerApp.port_retries=0", "--ServerApp.base_url=/user/ann/", "--IdentityProvider.token=page-token"),
        f"--ServerApp.jpserver_extensions={enabled}",
    ]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "MONDAYLAB"))},
        "HOME": str(folder),
        "MONDAYLAB_JUDGEMENT_URL": running.url,
        "JUPYTERHUB_API_TOKEN": "tok-ann",
    }
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=(Path(folder) / "log").open("wb")
    )
    address = f"http://127.0.0.1:{port}/user/ann/"
    for _ in range(600):
        try:
            httpx.get(f"{address}api", trust_env=False, verify=NO_TLS)
            break
        except httpx.HTTPError:
            assert process.poll() is None, (folder / "log").read_text()
            time.sleep(0.1)
    yield address
    process.terminate()
    process.wait(10)


@pytest.fixture
def browser(server: str) -> Iterator[httpx.Client]:
    """A logged-in browser: a session cookie and an _xsrf cookie, no token in a header."""
    with httpx.Client(base_url=server, trust_env=False) as client:
        client.get("login", params={"token": "page-token"})
        client.get("tree", params={"token": "page-token"})
        assert "_xsrf" in client.cookies
        yield client


def test_it_forwards_with_the_servers_token(browser: httpx.Client, running: Any, registered: Registered):
    form = registered(running, "ann")
    told = browser.get(f"mondaylab/judgement/forms/{form.form_id}")
    assert told.status_code == 200
    assert told.json()["form"]["title"] == form.title
    assert told.headers["cache-control"] == "no-store"
    body = {
        "event_id": str(uuid4()),
        "stage": "first",
        "claim_id": next(iter(form.rows())),
        "answer": {"p": 50},
    }
    address = f"mondaylab/judgement/forms/{form.form_id}/events"
    assert browser.post(address, json=body).status_code == 403  # no X-XSRFToken
    good = {"X-XSRFToken": browser.cookies["_xsrf"]}
    assert browser.post(address, json=body, headers=good).status_code == 201
    assert browser.post(address, json=body, headers=good).status_code == 200
    assert browser.post(address, json={**body, "answer": {"p": 1}}, headers=good).status_code == 409
    theirs = registered(running, "bob")
    assert browser.get(f"mondaylab/judgement/forms/{theirs.form_id}").status_code == 404


def test_strangers_are_turned_away(server: str):
    assert httpx.get(f"{server}mondaylab/judgement/forms", trust_env=False).status_code in {302, 403}


@pytest.mark.parametrize(
    "path", ["", "health", "../forms", "forms/a/b/c", "forms/a/../../x", "forms%2F..%2F..", "forms/a/events"]
)
def test_only_the_services_own_paths(browser: httpx.Client, path: str):
    assert browser.get(f"mondaylab/judgement/{path}").status_code == 404


def test_service_away_is_502(browser: httpx.Client, running: Any, hub: str):
    running.stop(9)
    try:
        told = browser.get("mondaylab/judgement/forms")
        assert told.status_code == 502
        assert told.json()["error"]["what"] == "the judgement service does not answer"
    finally:
        running.start()
