"""``mondaylab model serve`` without a model's weight: what is printed where, what is refused, how it ends."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest

from mondaylab.settings import Site

DATA = b"GGUF-small" * 3
KEY = "made-anew-each-time"
PRELUDE = f"""
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's & has it ignored in all that it starts
import mondaylab.hub.models.serving as serving
from mondaylab.hub.models.running import Upstream

def started(chosen, threads):
    return object(), Upstream("http://127.0.0.1:9/v1", "{KEY}")

serving.start_llama, serving._answers = started, lambda upstream: True
"""
MAIN = """
from mondaylab.cli import main
main()
"""
Serve = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def site(tmp_path) -> Site:
    """A site whose one model is here."""
    site = Site(tmp_path, tmp_path / "var")
    for part in ("hub_config", "labs", "grader"):
        (tmp_path / part).mkdir()
    whole = {"bytes": len(DATA), "sha256": hashlib.sha256(DATA).hexdigest()}
    told = {"source": "nobody", "licence": "MIT", "writes": "nothing", "memory_mb": 1, "file": "small.gguf"}
    model = {**told, **whole, "parts": [{"package": "none==1", **whole}]}
    (site.hub_config / "models.yaml").write_text(json.dumps({"default": "small", "models": {"small": model}}))
    site.models.mkdir(parents=True)
    (site.models / "small.gguf").write_bytes(DATA)
    return site


@pytest.fixture
def serve(site: Site) -> Serve:
    def begun(changed: str = "") -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", PRELUDE + changed + MAIN, "model", "serve", "--json"],
            env={**os.environ, "MONDAYLAB_ROOT": str(site.root), "MONDAYLAB_VAR": str(site.var)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return begun


def refused(process: subprocess.Popen[str]) -> dict[str, str]:
    """The error, as the one object on stdout."""
    out, _ = process.communicate(timeout=90)
    assert process.returncode == 1
    error: dict[str, str] = json.loads(out)["error"]
    return error


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_until_it_is_stopped_and_the_key_is_for_the_terminal_alone(serve, how) -> None:
    process = serve()
    told = next(line for line in process.stderr if line.startswith("export "))
    assert told.split() == ["export", "OPENAI_BASE_URL=http://127.0.0.1:9/v1", f"OPENAI_API_KEY={KEY}"]
    process.send_signal(how)
    out, _ = process.communicate(timeout=90)
    assert process.returncode == 0 and json.loads(out)["name"] == "small" and KEY not in out


def test_none_that_is_here_is_told_with_the_command(site, serve) -> None:
    (site.models / "small.gguf").unlink()
    assert refused(serve())["fix"] == "mondaylab model fetch"


def test_a_wrong_file_is_told_as_what_it_is(site, serve) -> None:
    (site.models / "small.gguf").write_bytes(b"x" + DATA[1:])
    error = refused(serve())
    assert "not the one that its makers published" in error["what"] and error["where"].endswith("small.gguf")


def test_a_file_that_does_not_load_is_told_with_the_command(serve) -> None:
    error = refused(serve("def started(*_): raise RuntimeError('no magic')\nserving.start_llama = started\n"))
    assert "no magic" in error["what"] and error["fix"] == "mondaylab model check"


def test_one_that_never_loads_is_given_up(serve) -> None:
    error = refused(serve("serving.LOADING, serving._answers = 0.3, lambda upstream: False\n"))
    assert "has not loaded" in error["what"] and error["fix"] == "mondaylab model check"


def test_an_interrupt_while_it_loads_is_an_end_too(serve) -> None:
    process = serve("def started(*_): raise KeyboardInterrupt\nserving.start_llama = started\n")
    out, _ = process.communicate(timeout=90)
    assert process.returncode == 0 and json.loads(out)["name"] == "small"
