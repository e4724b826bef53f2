"""Fetching beside other work: a process of its own, which nobody waits for and which ends with whoever began it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from mondaylab.hub.models.catalog import Catalog, megabytes
from mondaylab.hub.models.endpoint import Endpoint
from mondaylab.hub.models.weights import Weights
from mondaylab.settings import ROOT_VARIABLE, VAR_VARIABLE, Site

VARIABLE = "MODEL"
"""Names the model that the demo fetches; ``none`` fetches none."""
_PATIENCE = 10
"""Seconds for what was told to end."""


@contextmanager
def fetched_meanwhile(
    site: Site, say: Callable[[str], None], environment: Mapping[str, str] = os.environ
) -> Iterator[None]:
    """Fetches the assistant's model while the block runs; what is not here by its end is gone on with another time.

    Where a company's endpoint answers, none is fetched.

    Raises:
        NotFound: The environment names a model that there is not, or the endpoint's key is not here.
        Refused: The endpoint's setting, or the proxy on the way to it, is wrong.
    """
    endpoint = Endpoint.of(site)
    if endpoint is not None:
        endpoint.upstream(site)
        say(f"the assistant's model: {endpoint.model} at {endpoint.host}, so that none is fetched")
        yield
        return
    wanted = environment.get(VARIABLE, "").strip()
    if wanted == "none":
        say(f"the assistant's model: none, as {VARIABLE} says")
        yield
        return
    name, model = Catalog.of(site).named(wanted or None)
    if Weights(site, model).state == "ready":
        yield
        return
    site.logs.mkdir(parents=True, exist_ok=True)
    log = site.logs / "model.log"
    say(
        f"the assistant's model ({megabytes(model.bytes)}, once) comes meanwhile; how far it is:"
        f" mondaylab model list. Without it: {VARIABLE}=none. Its log: {log}"
    )
    with log.open("a") as told:
        child = subprocess.Popen(
            [str(Path(sys.executable).parent / "mondaylab"), "model", "fetch", name],
            env={**environment, ROOT_VARIABLE: str(site.root), VAR_VARIABLE: str(site.var)},
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # ended as a whole, pip too
        )
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGTERM)
        child.wait()
        _all_ended(child.pid)


def _all_ended(group: int) -> None:
    """Waits for what the command had begun, pip above all: it was told to end, and is ended if it takes long."""
    with suppress(ProcessLookupError):
        for _ in range(_PATIENCE * 20):
            os.killpg(group, 0)
            time.sleep(0.05)
        os.killpg(group, signal.SIGKILL)
