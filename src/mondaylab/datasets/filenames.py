"""Names of an export's files, as far as they may be told: a file can be named after a person."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property

import pandas as pd

from mondaylab.datasets.known import WORD, fold
from mondaylab.datasets.policy import Drop, Policy

_PLAIN = re.compile(r"[A-Za-z0-9_.\-]{1,40}")
_PEOPLE = ("person", "first_name", "last_name", "email", "company")
_SHORTEST = 4  # letters of a name that is looked for inside a file's name


class FileNames:
    """Tells files apart by name where that is harmless, else by position and shape."""

    def __init__(self, policy: Policy, tables: Mapping[str, pd.DataFrame], names: Sequence[str]) -> None:
        """Prepares.

        Args:
            policy: Its file names may always be told.
            tables: The raw tables that could be read.
            names: Every file of the folder, in the order that positions count.
        """
        self._policy = policy
        self._tables = tables
        self._names = list(names)
        self._listed = {f"{name}.csv" for name in policy.tables} | set(policy.texts) | set(policy.withheld)

    def shown(self, name: str) -> str:
        """The name, or ``file 3 of 14 by name (written like Aaaa Aaaaa.aaa)``."""
        if self._harmless(name):
            return name
        shape = re.sub(r"[^\W\d_]", lambda m: "A" if m[0].isupper() else "a", re.sub(r"\d", "9", name))
        shape = "".join(letter if letter.isascii() and letter.isprintable() else "?" for letter in shape[:40])
        return f"file {self._names.index(name) + 1} of {len(self._names)} by name (written like {shape})"

    def name(self, name: str) -> str:
        """The name, or NAME in its place, for a line to add to the policy."""
        return name if self._harmless(name) else "NAME"

    def _harmless(self, name: str) -> bool:
        if name in self._listed:
            return True
        if _PLAIN.fullmatch(name) is None:
            return False
        folded = fold(name)
        return self._people.isdisjoint(WORD.findall(folded)) and not any(
            word in folded for word in self._people if len(word) >= _SHORTEST
        )

    @cached_property
    def _people(self) -> frozenset[str]:
        """Folded words of the names that the tables hold; worked out only if there is a file to tell of."""
        words: set[str] = set()
        for table, column, action in self._policy.actions():
            if isinstance(action, Drop) and action.holds in _PEOPLE and table in self._tables:
                for cell in self._tables[table][column].unique().tolist():
                    words.update(word for word in WORD.findall(fold(cell)) if len(word) > 2 and not word.isdigit())
        return frozenset(words) - {"csv", "com", "the", "and", "export", "data"}
