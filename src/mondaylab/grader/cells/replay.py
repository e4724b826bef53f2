"""The data that learner code is replayed on: the form's own snapshot, redrawn ones, and fresh claims about them."""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING, Protocol

import pandas as pd

from mondaylab.concepts.bindings import Bindings
from mondaylab.concepts.redraw import Redrawn, redraw
from mondaylab.forms.keys import EvidenceKey, FormKey
from mondaylab.grader.cells.dataset import OWN_DATA, Dataset
from mondaylab.grader.cells.lab_words import LabWords
from mondaylab.labs.drawing.rivals import Rival
from mondaylab.labs.drawing.separation import Separation, separate
from mondaylab.measures.catalog import Catalog

if TYPE_CHECKING:
    from mondaylab.labs.drawing.trials import Trial


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

    def rivals(self, key: EvidenceKey, catalog: Catalog) -> tuple[Rival, ...]:
        """What flaw operators make of the asked figure."""


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
        self._datasets: dict[tuple[int, bool], Dataset] = {}
        self._separations: dict[Hashable, Separation[Dataset]] = {}
        self._trials: dict[tuple[str, int], Trial] = {}
        self._words: dict[str, LabWords] = {}

    def words(self, quarter: str) -> LabWords:
        """What the lab's prompt may name, and what it must not."""
        if quarter not in self._words:
            self._words[quarter] = LabWords.of(self.dataset(0).tables, quarter)
        return self._words[quarter]

    def dataset(self, number: int, *, dealt: bool = False) -> Dataset:
        """Number 0 is the snapshot itself; 1, 2, ... are redrawn.

        Args:
            number: Which.
            dealt: Another series, in which what describes the subjects is dealt out anew as well.
        """
        if (number, dealt) not in self._datasets:
            bindings, concepts = self._data.bindings, self._data.concepts
            if number:
                drawn = self._redrawn(number, dealt=dealt)
                made = Dataset(drawn.tables, bindings, concepts, drawn.words(), short=drawn.short())
            else:
                made = Dataset(self._data.tables, bindings, concepts, OWN_DATA)
            self._datasets[number, dealt] = made
        return self._datasets[number, dealt]

    def _redrawn(self, number: int, *, dealt: bool) -> Redrawn:
        seed = self._seed("dealt" if dealt else "redraw", number)
        return redraw(self._data.tables, self._data.bindings, seed, deal=dealt)

    def separation(self, key: EvidenceKey, redraws: int) -> Separation[Dataset]:
        """The data that a figure is replayed on: once a figure, for all who were asked it.

        Args:
            key: The figure.
            redraws: Redrawn datasets at the least.

        Raises:
            Refused: The figure has no value on the lab's own data, or on too few redrawn ones.
        """
        name = (repr(key.measure), key.scale, key.tolerance, redraws)
        if name not in self._separations:
            rivals = self._data.rivals(key, self.dataset(0).catalog)
            self._separations[name] = separate(key, rivals, self.dataset, redraws)
        return self._separations[name]

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
