"""The words of a lab: what a prompt may name, and what it must not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from mondaylab.concepts.tables import LabTables
from mondaylab.judging.prompt_check import known_ids, known_words
from mondaylab.quarter import Quarter


@dataclass(frozen=True)
class LabWords:
    """What a lab's prompt may name, and what it must not: made once for a batch.

    Attributes:
        words: Names of tables, columns, concepts and values as people say them.
        ids: Whether a token is an identifier of the data.
    """

    words: set[str]
    ids: Callable[[str], bool]

    @classmethod
    def of(cls, tables: LabTables, quarter: str) -> LabWords:
        """The words of these tables, the same as ``lab.check_prompt`` takes in the learner's notebook."""
        named: Mapping[str, pd.DataFrame] = {**tables, **{name: tables.concept(name) for name in tables.concepts}}
        return cls(known_words(named, Quarter.parse(quarter)), known_ids(tables))
