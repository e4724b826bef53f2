"""A model that answers: llama.cpp's own server in this process, on the first model whose file is here."""

from __future__ import annotations

import asyncio
import math
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from mondaylab.errors import MondaylabError
from mondaylab.hub.models.catalog import Catalog
from mondaylab.hub.models.weights import Weights
from mondaylab.settings import Site

ANSWER_TOKENS = 1024
"""Most tokens of one answer: grammar-constrained text may otherwise never end."""
WITHOUT = "The lab works without it: write the prompt you would use, and go on."
"""What a learner does where no model answers."""
LOAD_PATIENCE = 20.0
"""Seconds a request waits for a model that is just loading before it is asked to come back."""


@dataclass(frozen=True)
class Upstream:
    """Where a ready model listens.

    Attributes:
        url: Base address as the ``openai`` client takes it, with its ``/v1``.
        key: What it wants as a bearer token.
        model: What is asked there, whatever a caller names, where that is a company's endpoint and no program of ours.
        proxy: A company's proxy on the way there.
    """

    url: str
    key: str
    model: str | None = None
    proxy: str | None = None


class NotReady(Exception):
    """No model answers now.

    Attributes:
        words: Why, for a learner.
        again: Seconds after which to try again; none if that is useless.
    """

    def __init__(self, words: str, again: int | None = None) -> None:
        self.words, self.again = words, again
        super().__init__(words)


class Model(Protocol):
    """Something that may be ready to answer.

    Attributes:
        places: How many answers it writes at once.
    """

    places: int

    async def upstream(self) -> Upstream:
        """Where it listens.

        Raises:
            NotReady: It does not, or not yet.
        """


@dataclass(frozen=True)
class Chosen:
    """A model whose file is here and right.

    Attributes:
        name: What it calls itself to callers.
        path: Its file.
    """

    name: str
    path: Path


class EmbeddedModel:
    """A model on llama.cpp, in this process; chosen and loaded in the background when first asked for.

    Attributes:
        choose: Says which; raises `NotReady` while there is none, and is asked again when that says so: to look at
            a file is work, and whoever asks often must not cause more of it.
        threads: Processor threads it may use.
    """

    places = 1

    def __init__(self, choose: Callable[[], Chosen], threads: int | None = None) -> None:
        self.choose = choose
        self.threads = threads or max(1, min(4, os.cpu_count() or 1))
        self._ready: Upstream | None = None
        self._problem: NotReady | None = None
        self._again = math.inf
        self._server: Any = None
        self._loading: threading.Thread | None = None

    async def upstream(self) -> Upstream:
        if self._loading is None or (self._problem is not None and time.monotonic() >= self._again):
            self._problem, self._again = None, math.inf
            self._loading = threading.Thread(target=self._load, name="load-model", daemon=True)
            self._loading.start()
        end = asyncio.get_running_loop().time() + LOAD_PATIENCE
        while self._ready is None:
            if self._problem is not None:
                raise self._problem
            if asyncio.get_running_loop().time() > end:
                raise NotReady("The assistant is still loading its model. Try again in a few seconds.", again=3)
            await asyncio.sleep(0.05)
        return self._ready

    def _load(self) -> None:
        try:
            chosen = self.choose()
            self._server, self._ready = start_llama(chosen, self.threads)
        except NotReady as problem:
            if problem.again is not None:
                self._again = time.monotonic() + problem.again
            self._problem = problem
        except (ImportError, OSError, RuntimeError, ValueError) as error:
            print(f"assistant: the model could not be loaded: {error}", flush=True)
            self._problem = NotReady(f"The assistant's model could not be loaded. {WITHOUT}")


def fetched(site: Site, tell: Callable[[MondaylabError], None]) -> Chosen:
    """The first model of the catalog whose file is here, with every byte of it looked at.

    Args:
        site: The installation.
        tell: Called with each thing that is wrong, for who runs it.

    Raises:
        NotReady: None is; the words say how far it is, for a learner.
    """
    try:
        found = {name: Weights(site, model) for name, model in Catalog.of(site).models.items()}
    except MondaylabError as error:
        tell(error)
        raise NotReady(f"The assistant is not set up in order. {WITHOUT}", again=60) from None
    for name, weights in found.items():
        if weights.state == "ready":
            try:
                weights.check()
            except MondaylabError as error:
                tell(error)
                continue
            return Chosen(name, weights.path)
    for weights in found.values():
        if weights.state == "partly here":
            raise NotReady(f"The assistant's model is on its way: {weights.how_far} are here. {WITHOUT}", again=20)
    raise NotReady(f"The assistant has no model here. {WITHOUT} (Who runs it: mondaylab model fetch)", again=60)


def start_llama(chosen: Chosen, threads: int) -> tuple[Any, Upstream]:
    """Starts llama.cpp's server on a free loopback port; returns it (it lives as the object does) and where."""
    import xllamacpp  # 34 MB of native code: only when a model is asked for  # noqa: PLC0415

    key = secrets.token_urlsafe(32)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    wanted = xllamacpp.CommonParams()
    wanted.model.path = str(chosen.path)
    wanted.model_alias = {chosen.name}
    wanted.n_ctx = 8192
    wanted.n_parallel = EmbeddedModel.places
    wanted.n_gpu_layers = 0
    wanted.n_predict = ANSWER_TOKENS
    wanted.cpuparams.n_threads = threads
    wanted.warmup = False
    wanted.verbosity = 0
    wanted.hostnames = ["127.0.0.1"]
    wanted.port = port
    wanted.api_keys = [key]
    server = xllamacpp.Server(wanted)
    return server, Upstream(f"http://127.0.0.1:{port}/v1", key)
