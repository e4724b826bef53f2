"""What all commands share: the ``--json`` contract, errors, progress."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

import click

from mondaylab.errors import MondaylabError
from mondaylab.extensions import blaming

Result = Mapping[str, Any]


def reports(
    words: Callable[[Result], str], failed: Callable[[Result], bool] = lambda _: False
) -> Callable[[Callable[..., Result]], Callable[..., None]]:
    """Makes a function that returns plain data into a command that prints it.

    Args:
        words: Turns the result into the text for a person; used without ``--json``.
        failed: Whether a result is itself a failure: all of it is printed, then the command exits 1.
    """

    def decorate(function: Callable[..., Result]) -> Callable[..., None]:
        @click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")
        @functools.wraps(function)
        def command(*args: Any, as_json: bool, **options: Any) -> None:
            try:
                with blaming():
                    result = function(*args, **options)
            except MondaylabError as error:
                if as_json:
                    click.echo(json.dumps({"error": error.as_dict()}))
                click.echo(f"mondaylab: {error}", err=True)
                sys.exit(1)
            click.echo(json.dumps(result, default=str) if as_json else words(result))
            if failed(result):
                sys.exit(1)

        return command

    return decorate


def error_words(error: Mapping[str, Any]) -> str:
    """An error that is part of a result, as `MondaylabError` words it: where, what, what next."""
    return str(MondaylabError(error["what"], where=error["where"], fix=error["fix"]))


def progress(text: str) -> None:
    """One line of progress, on stderr."""
    click.echo(text, err=True)
