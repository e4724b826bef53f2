"""What a cell of code says, read and never run: whether it is as released, and whether it really defines an answer.

A comment, a blank at a line's end, ``pass``, a docstring or another editor's line ends are no answer, and must never
stand in the way of one that was given in another place.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Iterator
from typing import Literal

Holds = Literal["nothing", "words", "answer"]
"""What a cell holds: nothing of the learner's; something of theirs that defines no answer; an answer."""

LONGEST = 50_000
"""Most characters of a cell that are parsed here; of a longer one only the beginnings of lines are looked at."""
_RUN_BY_PYTHON = ("time", "timeit", "capture", "prun", "memit")
_CELL_MAGIC = re.compile(r"\s*%%(\w+)[^\n]*\n?")
_LINE_MAGIC = re.compile(r"^([ \t]*)(?:%(?!%)|!|\?)[^\n]*$|^([ \t]*)[\w.]+\?{1,2}[ \t]*$", re.MULTILINE)
_SENTENCE = 20
"""Letters and digits from which on a comment or a quoted text may be somebody's sentence."""
_IDLE = ("pass", "...", "return", "return None")


def plain(source: str) -> str:
    """A cell's text as it is compared: no blank lines or blanks around it or at a line's end, tabs as four blanks."""
    lines = source.replace("\ufeff", "").expandtabs(4).splitlines()
    return "\n".join(line.rstrip() for line in lines if line.strip())


def python_of(source: str) -> str:
    """The cell as plain Python where it holds lines that only a notebook runs (``%time``, ``!ls``, ``name?``).

    They are taken out if what is left is Python; else the cell comes back as it is.
    """
    source = source.removeprefix("\ufeff")
    if not re.search(r"[%!?]", source) or _parsed(source) is not None:
        return source
    first = _CELL_MAGIC.match(source)
    if first and first[1] not in _RUN_BY_PYTHON:
        return source
    inside = source[first.end() :] if first else source
    left = _LINE_MAGIC.sub(lambda found: f"{found[1] or found[2] or ''}pass", inside)
    return left if _parsed(left) is not None else source


def holds(source: str, name: str, released: str | None, *, text: bool = False) -> Holds:
    """What a cell holds of an answer that is called `name`.

    Args:
        source: The cell.
        name: The function, or the text, that it has to define.
        released: The cell as released, if known.
        text: The name is to be a text, so a function of that name is none.
    """
    said = plain(source)
    before = "" if released is None else plain(released)
    if not said or said == before:
        return "nothing"
    tree = _parsed(python_of(source))
    was = _parsed(released or "")
    if tree is not None and was is not None and released and _dumped(tree) == _dumped(was):
        return "words" if set(_told(source, tokenize.COMMENT)) - set(_told(released, tokenize.COMMENT)) else "nothing"
    if tree is None and _own_lines(said, before, name):
        return "answer" if _seems_to_define(source, name) or not re.search(r"[^\W\d]{2}", said) else "words"
    if tree is None:
        return "nothing"
    if _shared(tree, name) or any(name in bound(one) and not _idle(one, name, text=text) for one in tree.body):
        return "answer"
    return "words" if _own_lines(said, before, name) else "nothing"


def defines(source: str, name: str, released: str | None, *, text: bool = False) -> bool:
    """Whether the cell defines `name`, neither as an empty shell nor as released."""
    if name not in source or not (statements(python_of(source)) or _seems_to_define(source, name)):
        return False
    return holds(source, name, released, text=text) == "answer"


def statements(source: str) -> list[ast.stmt]:
    """The cell's statements; none when it is no Python."""
    tree = _parsed(source)
    return [] if tree is None else tree.body


def bound(statement: ast.stmt) -> set[str]:
    """Names that the statement gives a value, also inside of loops and conditions, not inside of functions."""
    found: set[str] = set()
    for node in _outer(statement):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(one.asname or one.name).partition(".")[0] for one in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return found


def says(source: str) -> bool:
    """Whether a code cell holds a sentence: a comment or a text in quotes of some words, or no Python at all."""
    if _parsed(python_of(source)) is None:
        return True
    try:
        told = [*_told(source, tokenize.COMMENT), *_told(source, tokenize.STRING)]
    except (tokenize.TokenError, SyntaxError):
        return True
    return any(len(re.findall(r"\w", one)) >= _SENTENCE for one in told)


def _told(source: str, kind: int) -> list[str]:
    """The comments, or the quoted texts, of a cell that is Python."""
    return [one.string for one in tokenize.generate_tokens(io.StringIO(source).readline) if one.type == kind]


def _parsed(source: str) -> ast.Module | None:
    if len(source) > LONGEST:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "\d" in a text is not our matter
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _dumped(tree: ast.Module) -> str | None:
    try:
        return ast.dump(tree)
    except RecursionError:
        return None


def _outer(statement: ast.stmt) -> Iterator[ast.AST]:
    """The statement and what is in it, without the bodies of functions and classes."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)


def _shared(tree: ast.Module, name: str) -> bool:
    """Whether a function gives the name a value for the whole notebook."""
    return any(isinstance(node, ast.Global) and name in node.names for node in ast.walk(tree))


def _idle(statement: ast.stmt, name: str, *, text: bool) -> bool:
    """Whether it only looks like a definition: a function of which nothing was written, or one that is not called."""
    if isinstance(statement, ast.AsyncFunctionDef):
        return statement.name == name  # it gives no value by itself: a person looks at it
    if isinstance(statement, ast.FunctionDef) and statement.name == name:
        return text or all(_says_nothing(one) for one in statement.body)
    return isinstance(statement, ast.AnnAssign) and statement.value is None


def _says_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Raise):
        error = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return isinstance(error, ast.Name) and error.id == "NotImplementedError"
    if isinstance(statement, ast.Return):
        return statement.value is None or (isinstance(statement.value, ast.Constant) and statement.value.value is None)
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return statement.value.value is ... or isinstance(statement.value.value, str)
    return isinstance(statement, ast.Pass)


def _own_lines(text: str, before: str, name: str) -> bool:
    """Whether there is a line that is neither as released nor one of those that say nothing."""
    known = {line.strip() for line in before.splitlines()}
    for line in text.splitlines():
        bare = line.strip()
        empty = bare in known or bare in _IDLE or bare.startswith("raise NotImplementedError")
        if not empty and not re.fullmatch(rf"def\s+{re.escape(name)}\s*\(.*\).*:\s*(?:pass|\.\.\.)?", bare):
            return True
    return False


def _seems_to_define(source: str, name: str) -> bool:
    if (first := _CELL_MAGIC.match(source)) and first[1] not in _RUN_BY_PYTHON:
        return False
    start = rf"^(?:[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+{name}\b|{name}[ \t]*(?::[^=\n]*)?=(?!=))"
    return re.search(start, source, re.MULTILINE) is not None
