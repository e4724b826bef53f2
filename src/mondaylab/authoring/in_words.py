"""Errors of the engine in the screen's own words: where they name an option of the command, it names its field."""

from __future__ import annotations

import re

from mondaylab.errors import MondaylabError

_FIELDS = {
    "--text": "the answer",
    "--prompt": "what was asked",
    "--request": "what was asked for",
    "--about": "what it is about",
    "--week": "the week",
    "--tool": "the tool",
    "--model": "the model",
    "--answered": "the day",
    "--means": "which figure it is",
    "--states": "what it states",
    "--not-a-claim": "what is no claim",
    "--name": "the version's name",
    "--dry-run": "the list",
}
_OPTION = re.compile(r"--[a-z-]+")
_INSTEAD = {
    "give it another --name, or --replace it": "give it another name, or tick that it takes the other's place",
    "write letters, digits and _, a letter first: --name": "write letters, digits and _, a letter first",
}


def in_words(error: MondaylabError) -> dict[str, str | None]:
    """An error as plain data: what, where, what to do next. What it says of commands to type stays as it is."""
    fix = None if error.fix is None else _INSTEAD.get(error.fix, error.fix)
    return {
        "what": _named(error.what),
        "where": None if error.where is None else _named(error.where),
        "fix": fix if fix is None or "mondaylab " in fix else _named(fix),
    }


def unforeseen(error: BaseException) -> dict[str, str | None]:
    """An error that nobody foresaw, by its kind alone: its words may repeat what was pasted."""
    return {
        "what": f"something failed that should not have ({type(error).__name__})",
        "where": "the kernel",
        "fix": "try again; if it stays so, adopt it in a terminal: mondaylab labs adopt LAB --quarter QUARTER",
    }


def _named(words: str) -> str:
    return _OPTION.sub(lambda found: _FIELDS.get(found[0], found[0]), words)
