"""The real service process over real HTTP, with a hub that only knows whose token it is."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from tests.support.sampled import sampled

from mondaylab.forms.shown import ShownForm
from mondaylab.judging.answers import Answer
from mondaylab.judging.client import JudgementClient, ServiceAway
from mondaylab.judging.store import JudgementStore
from mondaylab.measures import Aggregate

Registered = Callable[..., ShownForm]
UUID = b"6f9619ff-8b86-4011-b42d-00cf4fc964ff"
LAB = "finance/weekly_margin_memo"


def event(claim_id: str, stage: str = "first", **answer: object) -> dict[str, object]:
    return {"event_id": str(uuid4()), "stage": stage, "claim_id": claim_id, "answer": answer}


def test_a_learner_from_first_look_to_submission(running: Any, registered: Registered):
    form = registered(running, "ann")
    rows, base = list(form.rows()), f"forms/{form.form_id}"
    state = running.call("GET", base).json()
    assert state["form"] == form.model_dump(mode="json")
    assert (state["answers"], state["committed"]) == (
        {"first": {}, "check": {}},
        {"first": None, "check": None},
    )
    body = event(rows[0], p=30, action="verify")
    first = running.call("POST", f"{base}/events", body)
    again = running.call("POST", f"{base}/events", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json().keys() == {"receipt", "seq", "event_id", "received_at"}
    assert first.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in first.headers

    early = running.call("POST", f"{base}/commit", {"event_id": str(uuid4()), "stage": "first"})
    assert (early.status_code, early.json()["missing"]) == (409, rows[1:])
    for claim_id in rows[1:]:
        assert running.call("POST", f"{base}/events", event(claim_id, p=80, action="fix")).status_code == 201
    done = running.call("POST", f"{base}/commit", {"event_id": str(uuid4()), "stage": "first"})
    assert done.status_code == 201
    assert done.json()["committed_at"]
    late = running.call("POST", f"{base}/events", event(rows[0], p=1))
    assert (late.status_code, late.json()["error"]["what"]) == (409, "first look is handed in and locked")

    state = running.call("GET", base).json()
    assert state["committed"]["first"] == done.json()["committed_at"]
    assert state["answers"]["first"][rows[0]]["p"] == 30
    assert state["saved"]["first"][rows[0]]["event_id"] == body["event_id"]
    listed = {line["form_id"]: line for line in running.call("GET", "forms").json()["forms"]}
    assert listed[form.form_id]["first_committed"] == done.json()["committed_at"]
    assert listed[form.form_id]["closed"] is False


OF_NO_COHORT = ["tok-nobody", "tok-svc", "tok-paula", "tok-gone", "tok-both"]
"""Nobody's, a service's, an author's, one's who left, and one's who writes labs beside learning."""


@pytest.mark.parametrize(("token", "status"), [(None, 401), *((token, 403) for token in OF_NO_COHORT)])
def test_a_foreign_token_gets_nowhere(running: Any, registered: Registered, token: str | None, status: int):
    form = registered(running, "ann")
    body = event(next(iter(form.rows())), p=1)
    assert running.call("GET", "forms", token=token).status_code == status
    assert running.call("POST", f"forms/{form.form_id}/events", body, token=token).status_code == status
    assert running.call("GET", f"forms/{form.form_id}").json()["answers"]["first"] == {}


def test_another_learner_cannot_tell_that_a_form_exists(running: Any, registered: Registered):
    form = registered(running, "ann")
    body = event(next(iter(form.rows())), p=1)
    for path in ("", "/events", "/commit", "/evidence", "/prompt"):
        told = {
            "": None,
            "/commit": {"event_id": str(uuid4()), "stage": "first"},
            "/evidence": {"event_id": str(uuid4()), "measure": None},
            "/prompt": {"event_id": str(uuid4()), "prompt": "Write the memo."},
        }.get(path, body)
        method = "POST" if path else "GET"
        theirs = running.call(method, f"forms/{form.form_id}{path}", told, token="tok-bob")
        none = running.call(method, f"forms/f-none{path}", told, token="tok-bob")
        assert (theirs.status_code, theirs.content) == (none.status_code, none.content) and theirs.status_code == 404
    assert form.form_id not in running.call("GET", "forms", token="tok-bob").text
    assert running.call("GET", f"forms/{form.form_id}").json()["answers"]["first"] == {}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"[" * 30000,
        b'{"p": NaN}',
        b'\xff{"a": 1}',
        b'{"event_id": "%b", "stage": "first", "claim_id": "c", "answer": {"p": NaN}}' % UUID,
        b'{"event_id": "%b", "stage": "first", "claim_id": "\\ud800", "answer": {}}' % UUID,
    ],
)
def test_bodies_that_are_no_event(running: Any, registered: Registered, body: bytes):
    form = registered(running, "ann")
    response = running.call("POST", f"forms/{form.form_id}/events", body)
    assert response.status_code == 400
    assert response.json()["error"]["what"]


@pytest.mark.parametrize(
    "answer",
    [{"p": 101}, {"p": -1}, {"p": 50.5}, {"p": True}, {"p": "50"}, {"action": "ship"}, {"kind": "number"}, {"x": 1}],
)
def test_refused_answers_are_not_stored(running: Any, registered: Registered, answer: dict[str, object]):
    form = registered(running, "ann")
    claim = next(iter(form.rows()))
    assert running.call("POST", f"forms/{form.form_id}/events", event(claim, **answer)).status_code == 400
    assert running.call("POST", f"forms/{form.form_id}/events", event("c-unknown", p=1)).status_code == 400
    assert running.call("POST", f"forms/{form.form_id}/events", event(claim, "check", p=1)).status_code == 409
    state = running.call("GET", f"forms/{form.form_id}").json()
    assert state["answers"] == {"first": {}, "check": {}}


def test_large_bodies_and_unknown_addresses(running: Any, registered: Registered):
    form = registered(running, "ann")
    claim = next(iter(form.rows()))
    large = running.call("POST", f"forms/{form.form_id}/events", event(claim, note="x" * 70_000))
    assert large.status_code == 413
    assert large.json()["error"]["what"]
    for method, path, status in [("GET", "nope", 404), ("PUT", "forms", 405), ("GET", "forms/%00", 404)]:
        response = running.call(method, path)
        assert response.status_code == status
        assert response.json()["error"]["what"]


def test_closed_lab_takes_nothing(running: Any, registered: Registered):
    form = registered(running, "ann", "closing-demo")
    store = JudgementStore(running.database)
    store.close("closing-demo", LAB)
    store.dispose()
    response = running.call("POST", f"forms/{form.form_id}/events", event(next(iter(form.rows())), p=1))
    assert response.status_code == 409
    assert running.call("GET", f"forms/{form.form_id}").json()["closed"] is True


def test_what_was_called_saved_survives_kill_minus_nine(running: Any, registered: Registered):
    form = registered(running, "ann")
    rows = list(form.rows())
    told = {}
    for number, claim_id in enumerate(rows):
        told[claim_id] = running.call("POST", f"forms/{form.form_id}/events", event(claim_id, p=number)).json()
    running.stop(signal.SIGKILL)
    running.start()
    state = running.call("GET", f"forms/{form.form_id}").json()
    assert {claim_id: answer["p"] for claim_id, answer in state["answers"]["first"].items()} == {
        claim_id: number for number, claim_id in enumerate(rows)
    }
    assert {c: s["event_id"] for c, s in state["saved"]["first"].items()} == {c: r["event_id"] for c, r in told.items()}


@pytest.mark.deep
def test_killed_in_the_middle_of_many_writers(service: Any, registered: Registered):
    """Whatever got a receipt is there afterwards, whenever the process died."""
    service.start()
    form = registered(service, "ann")
    rows = list(form.rows())
    receipts: list[str] = []

    def write(worker: int) -> None:
        for number in range(200):
            body = event(rows[(worker + number) % len(rows)], p=number % 101)
            try:
                response = service.call("POST", f"forms/{form.form_id}/events", body)
            except Exception:  # the service is gone
                return
            if response.status_code == 201:
                receipts.append(response.json()["receipt"])

    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(write, worker) for worker in range(4)]
        while len(receipts) < 40:
            time.sleep(0.01)
        service.stop(signal.SIGKILL)
        for future in running:
            future.result()
    store = JudgementStore(service.database)
    with store._engine.connect() as db:
        kept = {row[0] for row in db.exec_driver_sql("select receipt from events")}
    store.dispose()
    assert len(receipts) >= 40
    assert set(receipts) <= kept


HALF_A_REQUEST = (
    b"POST /services/judgement/api/forms/x/events HTTP/1.1\r\nHost: x\r\n"
    b"Authorization: token tok-ann\r\nContent-Length: 100\r\n\r\n{"
)


@pytest.mark.parametrize("number", sampled([signal.SIGTERM, signal.SIGINT], 2))
@pytest.mark.deep
def test_it_stops_at_once_whatever_is_open(service: Any, number: int):
    """The best of three counts: a busy machine only ever adds time, and the bar is on the program."""
    took = []
    while len(took) < 3 and not (took and min(took) < 3.0):
        service.start()
        idle = socket.create_connection(("127.0.0.1", service.port))
        with idle, socket.create_connection(("127.0.0.1", service.port)) as unfinished:
            unfinished.sendall(HALF_A_REQUEST)
            time.sleep(0.2)  # the request is under way
            code, seconds = service.stop(number)
        assert code == 0
        took.append(seconds)
    assert min(took) < 3.0, took


def test_python_client(running: Any, registered: Registered, monkeypatch: pytest.MonkeyPatch):
    form = registered(running, "bob")
    monkeypatch.setenv("MONDAYLAB_JUDGEMENT_URL", running.url)
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "tok-bob")
    client = JudgementClient.from_environment()
    assert client is not None
    assert form.form_id in {state.form_id for state in client.forms()}
    for claim_id in form.rows():
        client.record(form.form_id, "first", claim_id, Answer(p=10, action="use"))
    assert client.commit(form.form_id, "first")
    measure = Aggregate(how="count", entity="order")
    assert client.save_evidence(form.form_id, measure)
    assert client.save_prompt(form.form_id, "Write the memo.")
    shown, answers = client.form(form.form_id)
    assert shown == form
    assert answers.first_committed is not None
    assert answers.evidence == measure
    assert answers.prompt == "Write the memo."
    with pytest.raises(ServiceAway):
        JudgementClient("http://127.0.0.1:9", "x").forms()
    monkeypatch.delenv("JUPYTERHUB_API_TOKEN")
    assert JudgementClient.from_environment() is None


def test_a_hand_in_is_noted_for_whom_the_token_names(running: Any, registered: Registered):
    registered(running, "ann")
    told = {"cohort": "finance-demo", "assignment": "memo", "folder": "memo+x+1", "digest": "0" * 64}
    first, again = (running.call("POST", "hand-ins", told) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["learner"] == "ann" and first.json()["at"] and not first.json()["late"]
    assert running.call("POST", "hand-ins", {**told, "digest": "1" * 64}).status_code == 409
    assert running.call("POST", "hand-ins", {**told, "learner": "bob"}).status_code == 400
    assert running.call("POST", "hand-ins", {**told, "cohort": "other"}).status_code == 404
