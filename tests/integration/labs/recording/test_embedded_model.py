"""The live path against llama.cpp's own server and SmolLM2. It errs a lot: what is held is the path, not the words."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
from tests.support.scripted_model import memo_of
from tests.support.smoke_model import NAME, smoke_model

from mondaylab.files import file_hash
from mondaylab.labs.recorded.answers import AnswerStore
from mondaylab.labs.recorded.reading import CODES
from mondaylab.labs.recording.endpoint import Endpoint
from mondaylab.labs.recording.session import record_drafts
from mondaylab.labs.recording.texts import record_texts
from mondaylab.labs.sources.asking import Asking
from mondaylab.settings import Site

pytestmark = pytest.mark.deep  # a language model on two busy cores takes a minute


@pytest.fixture(scope="module")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """`mondaylab model serve` as a person runs it, on an installation whose only model is the small one."""
    root = tmp_path_factory.mktemp("served")
    for part in ("hub_config", "labs", "grader"):
        (root / part).mkdir()
    site, weights = Site(root, root / "var"), smoke_model()
    told = {"source": "HuggingFaceTB", "licence": "Apache-2.0", "writes": "nonsense", "memory_mb": 310}
    whole = {"bytes": weights.stat().st_size, "sha256": file_hash(weights)}
    model = {"file": "small.gguf", **told, **whole, "parts": [{"package": "none==1", **whole}]}
    (site.hub_config / "models.yaml").write_text(json.dumps({"default": NAME, "models": {NAME: model}}))
    site.models.mkdir(parents=True)
    (site.models / "small.gguf").symlink_to(weights)
    server = subprocess.Popen(
        [sys.executable, "-c", "from mondaylab.cli import main; main()", "model", "serve"],
        env={**os.environ, "MONDAYLAB_ROOT": str(root), "MONDAYLAB_VAR": str(site.var)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        ready = next(line for line in server.stderr or () if line.startswith("export "))
        url, key = (word.partition("=")[2] for word in ready.split()[1:])
        yield Endpoint(url, key, timeout=240.0, retries=0, local=True)
    finally:
        server.send_signal(signal.SIGINT)
        assert server.wait(20) == 0


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


def test_a_real_model_is_asked_for_a_whole_text(finance, demo_site, tmp_path, llama):
    whole = Asking.of(demo_site.lab(finance.name), finance.declaration, finance.bindings.currency)
    asking = whole.model_copy(update={"requests": whole.requests[:1]})
    store = AnswerStore(Site(demo_site.root, tmp_path), company="demo", lab=finance.name, quarter="2026Q4")
    (first,) = record_texts(finance, asking, store, lambda: llama, number=1).texts
    (again,) = record_texts(finance, asking, store, lambda: llama, number=1).texts
    assert first.state == "asked" and again.state == "replayed" and again.answer == first.answer
    assert first.answer is not None and first.answer.model == NAME and first.answer.tokens_out > 0
    numbers = [one.number for one in (*first.judged.bound.claims, *first.judged.bound.doubts) if one.number is not None]
    assert sorted(numbers) == list(range(len(numbers)))  # whatever it wrote, every number is bound or told
