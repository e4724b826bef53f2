"""The data that learner code is replayed on: the form's own snapshot, redrawn ones, and fresh claims about them."""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING, Protocol

import pandas as pd

from mondaylab.grader.sandbox import Packed, packed
from mondaylab.labs.concepts.bindings import Bindings
from mondaylab.labs.concepts.redraw import redraw
from mondaylab.labs.concepts.tables import LabTables
from mondaylab.labs.forms.keys import FormKey
from mondaylab.labs.measures import Catalog

if TYPE_CHECKING:
    from mondaylab.labs.forms.trials import Trial


class LabData(Protocol):
    """A lab on its snapshot."""

    @property
    def bindings(self) -> Bindings:
        """The company's bindings."""

    @property
    def concepts(self) -> tuple[str, ...]:
        """The concepts that the lab's learners see."""

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The tables that the lab's learners see."""

    def trial(self, key: FormKey, tables: Mapping[str, pd.DataFrame], seed: int) -> Trial:
        """Draws a validator trial on these tables."""


class Dataset:
    """One set of tables: as learners get them, as a catalog that evaluates truth, and packed for the sandbox."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], bindings: Bindings, concepts: tuple[str, ...]) -> None:
        self.tables = LabTables(tables, bindings.only(concepts))
        self.catalog = Catalog(bindings, tables)
        self._packed: Packed | None = None

    def packed(self) -> Packed:
        """The tables and concepts for `Sandbox.load`; made once."""
        if self._packed is None:
            concepts = {name: self.tables.concept(name) for name in self.tables.concepts}
            self._packed = packed(self.tables, concepts)
        return self._packed


class Replay:
    """Datasets and trials of one lab and cohort: made when first used, and shared by all submissions of a batch.

    Seeds come from the cohort's secret, so nobody without the keys can draw the same data beforehand.

    Args:
        data: The lab on its snapshot.
        secret: The cohort's secret.
        lab: Lab id; another lab of the cohort gets other draws.
    """

    def __init__(self, data: LabData, secret: bytes, lab: str) -> None:
        self._data = data
        self._secret = secret
        self._lab = lab
        self._datasets: dict[int, Dataset] = {}
        self._trials: dict[tuple[str, int], Trial] = {}

    def dataset(self, number: int) -> Dataset:
        """Number 0 is the snapshot itself; 1, 2, ... are redrawn."""
        if number not in self._datasets:
            tables = self._data.tables
            if number:
                tables = redraw(tables, self._data.bindings, self._seed("redraw", number))
            self._datasets[number] = Dataset(tables, self._data.bindings, self._data.concepts)
        return self._datasets[number]

    def trial(self, key: FormKey, number: int) -> Trial:
        """A validator trial on dataset `number`.

        Raises:
            Refused: The form has no validator task, or the data gives too few claims.
        """
        template = "" if key.validator is None else key.validator.template
        if (template, number) not in self._trials:
            seed = self._seed("trial", number)
            self._trials[template, number] = self._data.trial(key, self.dataset(number).tables, seed)
        return self._trials[template, number]

    def _seed(self, purpose: str, number: int) -> int:
        text = f"{self._lab}|{purpose}|{number}".encode()
        return int.from_bytes(hmac.new(self._secret, text, hashlib.sha256).digest()[:6], "big")


class ReplayCache:
    """The last few replays of this process, so that a batch, or a busy formgrader, draws its data once."""

    def __init__(self, most: int = 4) -> None:
        self._most = most
        self._replays: OrderedDict[Hashable, Replay] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Replay]) -> Replay:
        """The replay of that key; `make` is called when there is none. A key has to name all that it is made from."""
        if key not in self._replays:
            self._replays[key] = make()
        self._replays.move_to_end(key)
        while len(self._replays) > self._most:
            self._replays.popitem(last=False)
        return self._replays[key]
