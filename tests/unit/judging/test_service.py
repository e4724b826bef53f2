"""The application without a process: how identity is asked, and what is said when the hub is away."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Semaphore

import pytest
from starlette.testclient import TestClient

from mondaylab.forms.shown import ShownForm
from mondaylab.judging.service import Unavailable, create_app
from mondaylab.judging.store import JudgementStore


def test_identity_may_be_a_plain_function_or_a_coroutine(store: JudgementStore, form: ShownForm):
    async def later(token: str) -> str | None:
        return {"t": "ann"}.get(token)

    for identify in ({"t": "ann"}.get, later):
        client = TestClient(create_app(store, identify, "/x/"))
        assert client.get("/x/").json() == {"ok": True}
        told = client.get("/x/api/forms", headers={"Authorization": "token t"}).json()
        assert [line["form_id"] for line in told["forms"]] == [form.form_id]
        assert client.get("/x/api/forms", headers={"Authorization": "token u"}).status_code == 403


@pytest.mark.parametrize("header", ["", "t", "token", "token ", "Basic t"])
def test_other_headers_are_no_identity(store: JudgementStore, header: str):
    client = TestClient(create_app(store, {"t": "ann"}.get))
    told = client.get("/services/judgement/api/forms", headers={"Authorization": header})
    assert told.status_code == 401


def test_hub_away_is_told_as_such(store: JudgementStore):
    def identify(token: str) -> str | None:
        raise Unavailable("the hub does not answer")

    client = TestClient(create_app(store, identify))
    told = client.get("/services/judgement/api/forms", headers={"Authorization": "token t"})
    assert told.status_code == 503
    assert told.json()["error"]["what"] == "the hub does not answer"


def test_a_failure_is_json_and_says_that_nothing_was_saved(store: JudgementStore):
    def identify(token: str) -> str | None:
        raise RuntimeError("secret detail")

    client = TestClient(create_app(store, identify), raise_server_exceptions=False)
    told = client.get("/services/judgement/api/forms", headers={"Authorization": "token t"})
    assert told.status_code == 500
    assert "nothing was saved" in told.json()["error"]["what"]
    assert "secret" not in told.text


def test_who_waits_for_charts_holds_up_nobody_else(store: JudgementStore, form: ShownForm, monkeypatch):
    drawn, waiting = Event(), Semaphore(0)

    def slowly(shown: ShownForm) -> ShownForm:
        waiting.release()
        assert drawn.wait(30)
        return shown

    monkeypatch.setattr("mondaylab.judging.service.pictured", slowly)
    token = {"Authorization": "token t"}
    with TestClient(create_app(store, {"t": "ann"}.get, "/x/")) as client, ThreadPoolExecutor(60) as class_of_60:
        opened = [class_of_60.submit(client.get, f"/x/api/forms/{form.form_id}", headers=token) for _ in range(60)]
        assert all(waiting.acquire(timeout=30) for _ in opened), "more wait than the store has threads"
        assert client.get("/x/api/forms", headers=token).status_code == 200
        drawn.set()
        assert {one.result().json()["form"]["form_id"] for one in opened} == {form.form_id}


def test_it_starts_without_what_reads_companies_data() -> None:
    """It names measures and computes none: loading pandas took a third of its start."""
    code = "import sys, mondaylab.judging.service\nprint(sorted({'pandas', 'numpy', 'pyarrow'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
