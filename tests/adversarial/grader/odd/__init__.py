"""Honest submissions in an odd form, one function each: what its learner did, and what must come of it.

Every function starts from a notebook in which all is answered, and rightly. What the decorator does not name must earn
just that; what it names waits for a person, who is shown what stands there. Nothing is ever a plain zero.
"""

from __future__ import annotations

from . import cells, files, functions, notebooks, prompts, texts
from .odd import ODD, Odd

__all__ = ["ODD", "THEMES", "Odd"]
THEMES = tuple(module.__name__.rpartition(".")[2] for module in (cells, files, functions, notebooks, prompts, texts))
