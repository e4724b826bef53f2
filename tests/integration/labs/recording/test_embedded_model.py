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
from tests.support.smoke_model import NAME, smoke_model

from mondaylab.files import file_hash
from mondaylab.labs.recording.endpoint import Endpoint
from mondaylab.labs.recording.texts import record_texts
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


def test_a_real_model_is_asked_and_replayed(finance, asking, store, llama, monkeypatch):
    (first,) = record_texts(finance, asking, store, lambda: llama, number=1).texts
    assert first.state == "asked" and first.answer is not None and first.answer.model == NAME
    assert first.answer.tokens_in > 100 and first.answer.tokens_out > 0 and first.answer.seconds > 0
    numbers = [one.number for one in (*first.judged.bound.claims, *first.judged.bound.doubts) if one.number is not None]
    assert sorted(numbers) == list(range(len(numbers)))  # whatever it wrote, every number is bound or told
    assert llama.key not in (store.folder / f"{first.answer.key}.json").read_text()

    def refuse(*args, **kwargs):
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket, "socket", refuse)
    (again,) = record_texts(finance, asking, store, lambda: llama, model=NAME, number=1).texts
    assert again.state == "replayed" and again.answer == first.answer and again.judged == first.judged
