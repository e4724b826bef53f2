"""Submissions that try something, one function each: what it tries, how it is made, what may come of it.

A module is a theme. Every function starts from a good hand-in (right prompt, evidence and validator; nothing judged)
and spoils it; what the decorator does not name must earn exactly what the good one earns.
"""

from __future__ import annotations

from . import answers, cells, checkers, code, files, notebooks, resources, text, values
from .attack import ATTACKS, BASE, WORDS, Attack, HandIn

__all__ = ["ATTACKS", "BASE", "THEMES", "WORDS", "Attack", "HandIn"]
THEMES = tuple(
    module.__name__.rpartition(".")[2]
    for module in (answers, cells, checkers, code, files, notebooks, resources, text, values)
)
