"""What a text tells its reader to type: commands of mondaylab, held against the command line, and targets of make."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click

from mondaylab.cli.main import GROUPS, main

_COMMAND = re.compile(r"\bmondaylab (?=[a-z])")
_END = re.compile(r"[;,.:)](?=\s|$)|[)`\"'\n…]|</|\s#|\s{2,}|\s(?:or|and|then)\s")
"""What ends a command within a sentence."""
_MAKE = re.compile(r"(?:^|: |`)make ([a-z]+)(?=$|[`\n]| ARGS=|  )", re.MULTILINE)
_TARGET = re.compile(r"^(\w+):", re.MULTILINE)
PROSE = {"at", "checkout", "is", "itself", "preview"}
"""Words that follow the name in a sentence; `preview` stands in what a preview's form is drawn from."""


@dataclass(frozen=True)
class Named:
    """A command as a text names it, and whether the reader is to type it as it stands."""

    words: str
    where: str
    whole: bool


def commands(text: str, where: str, *, whole: bool, any_word: bool) -> Iterator[Named]:
    """The commands of a text; `any_word`: what follows the name is a command, unless it is known to be prose."""
    for found in _COMMAND.finditer(text):
        rest = text[found.end() :]
        end = _END.search(rest)
        words = (rest[: end.start()] if end else rest).strip()
        first = words.split(" ")[0]
        if first in GROUPS or (any_word and first not in PROSE):
            yield Named(words, where, whole)


def targets(text: str) -> set[str]:
    """The targets of make that a text names."""
    return set(_MAKE.findall(text))


def known_targets(makefile: Path) -> set[str]:
    """The targets that there are."""
    return set(_TARGET.findall(makefile.read_text()))


def problem(named: Named) -> str | None:
    """Why nobody can type this: what it names is unknown, an argument is too much or, if it is whole, missing."""
    command: click.Command = main
    rest, path = shlex.split(named.words), "mondaylab"
    while isinstance(command, click.Group):
        if not rest:
            return f"{path}: which of its commands?" if named.whole else None
        context = click.Context(command)
        if path == "mondaylab grade" and command.get_command(context, rest[0]) is None:
            rest = ["run", *rest]  # the word may be left out
        found = command.get_command(context, rest[0])
        if found is None:
            return f"{path} has no command {rest[0]!r}"
        command, path, rest = found, f"{path} {rest[0]}", rest[1:]
    try:
        return _unfit(command, rest, whole=named.whole)
    except click.UsageError as error:
        return f"{path}: {error.format_message()}"


def _unfit(command: click.Command, words: list[str], *, whole: bool) -> str | None:
    if not whole and words and words[-1].startswith("--") and _takes_value(command, words[-1]):
        words = [*words, "VALUE"]  # an option that is spoken of
    given, left, _ = command.make_parser(click.Context(command)).parse_args(args=list(words))
    if left:
        return f"{command.name}: {' '.join(left)!r} is too much"
    wanted = [one.human_readable_name for one in command.params if one.required and not _given(given, one)]
    spoken_of = not whole and (not words or words[0].startswith("-"))
    return f"{command.name}: lacks {', '.join(wanted)}" if wanted and not spoken_of else None


def _given(given: Mapping[str, object], wanted: click.Parameter) -> bool:
    return isinstance(given.get(wanted.name or ""), str | tuple | list) and bool(given.get(wanted.name or ""))


def _takes_value(command: click.Command, name: str) -> bool:
    return any(isinstance(one, click.Option) and not one.is_flag and name in one.opts for one in command.params)


@cache
def texts_of_code(path: Path) -> tuple[tuple[str, int, bool], ...]:
    """The strings of a module with their lines, and whether each is a docstring; X stands for what is filled in."""
    return tuple(_texts([*ast.walk(ast.parse(path.read_text()))]))


def _texts(nodes: list[ast.AST]) -> Iterator[tuple[str, int, bool]]:
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    documents = {
        id(node.body[0].value)
        for node in nodes
        if isinstance(node, holders) and node.body and isinstance(node.body[0], ast.Expr)
    }
    parts = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            said = (str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values)
            yield "".join(said), node.lineno, False
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield node.value, node.lineno, id(node) in documents
