"""The live path against llama.cpp's own server and SmolLM2. It errs a lot: what is held is the path, not the words."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
from tests.support.scripted_model import memo_of
from tests.support.smoke_model import NAME, smoke_model

from mondaylab.labs.recorded.reading import CODES
from mondaylab.labs.recording.endpoint import Endpoint
from mondaylab.labs.recording.session import record_drafts

pytestmark = pytest.mark.deep  # a language model on two busy cores takes a minute
_SERVE = """
import os, sys, time, json
from pathlib import Path
from mondaylab.hub.models.running import Chosen, start_llama

server, upstream = start_llama(Chosen(sys.argv[1], Path(sys.argv[2])), 2)
print("READY " + json.dumps([upstream.url, upstream.key]), flush=True)
sys.stdin.read()
os._exit(0)  # llama.cpp's threads do not end when asked to
"""


@pytest.fixture(scope="module")
def llama() -> Iterator[Endpoint]:
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVE, NAME, str(smoke_model())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        ready = next(line for line in server.stdout if line.startswith("READY "))
        url, key = json.loads(ready.removeprefix("READY "))
        yield Endpoint(url, key, timeout=240.0, retries=0, local=True)
    finally:
        server.stdin.close()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def test_a_real_model_is_asked_checked_and_replayed(finance, store, llama, monkeypatch):
    lab = memo_of(finance, "memo_net")
    report = record_drafts(lab, store, lambda: llama, drafts=1)
    assert report.model == NAME
    (draft,) = report.drafts
    assert draft.state == "asked" and draft.tokens_in > 100 and draft.tokens_out > 0 and draft.seconds > 0
    assert draft.sentences or draft.refused
    assert all(refusal.code in CODES for refusal in draft.refused)
    (kept,) = store.all()
    assert kept.text and kept.model == NAME
    assert llama.key not in (store.folder / f"{kept.key}.json").read_text()

    def refuse(*args, **kwargs):
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket, "socket", refuse)
    again = record_drafts(lab, store, lambda: llama, model=NAME, drafts=1)
    assert [one.model_copy(update={"state": "asked"}) for one in again.drafts] == [draft]
