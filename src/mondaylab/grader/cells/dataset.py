"""One set of tables that learner code is replayed on: for learners, for truth, for the sandbox."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from mondaylab.concepts.bindings import Bindings
from mondaylab.concepts.tables import LabTables
from mondaylab.grader.sandbox.sandbox import Packed, packed
from mondaylab.measures.catalog import Catalog

OWN_DATA = "the lab's own data"
"""What was changed about the snapshot itself: nothing."""


class Dataset:
    """One set of tables: as learners get them, as a catalog that evaluates truth, and packed for the sandbox.

    Args:
        tables: The tables.
        bindings: The company's bindings.
        concepts: The concepts that the lab's learners see.
        words: What was changed about them, in words.
        short: The same for a sentence that says where a figure breaks.
    """

    def __init__(
        self,
        tables: Mapping[str, pd.DataFrame],
        bindings: Bindings,
        concepts: tuple[str, ...],
        words: str,
        *,
        short: str = "nothing was changed",
    ) -> None:
        self.tables = LabTables(tables, bindings.only(concepts))
        self.catalog = Catalog(bindings, tables)
        self.words = words
        self.short = short
        self._packed: Packed | None = None

    def packed(self) -> Packed:
        """The tables and concepts for `Sandbox.load`; made once."""
        if self._packed is None:
            concepts = {name: self.tables.concept(name) for name in self.tables.concepts}
            self._packed = packed(self.tables, concepts)
        return self._packed
