"""What an answer cell uses of the learner's other cells: helper functions, imports and constants, taken along with it.

In the notebook such a cell works, as the kernel has run the others before. Only whole statements that make the name are
taken, never one that needs the lab itself; what is left out is told, so that a person can look.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from mondaylab.errors import Refused
from mondaylab.grader.handed_in.code_text import LONGEST, bound, python_of, statements
from mondaylab.judging.standalone import outside_names

_MOST_STATEMENTS = 40
_TAKEN = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)


def with_borrowed(source: str, others: Iterable[str]) -> tuple[str, bool]:
    """The cell behind the statements of other cells that it needs.

    Args:
        source: The answer cell, plain Python or not.
        others: The notebook's other code cells, in reading order.

    Returns:
        The source to run, and whether names are still lacking that one of the other cells makes.
    """
    wanted = _outside(source)
    if not wanted:
        return source, False
    made = _made(others)
    taken: dict[int, str] = {}
    lacking = False
    for name in sorted(wanted & set(made)):
        needed = _needed(name, made)
        if needed is None:
            lacking = True
        else:
            taken |= needed
    return "\n".join([*(taken[place] for place in sorted(taken)), source]), lacking


def _outside(source: str) -> set[str]:
    if len(source) > LONGEST:
        return set()
    try:
        return set(outside_names(source))
    except (Refused, ValueError, RecursionError, MemoryError):
        return set()


def _made(others: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Name -> the last statement that makes it, by its place in the notebook."""
    made: dict[str, tuple[int, str]] = {}
    for place, (statement, text) in enumerate(_statements(others)):
        made |= dict.fromkeys(bound(statement), (place, text if isinstance(statement, _TAKEN) else ""))
    return made


def _statements(others: Iterable[str]) -> Iterator[tuple[ast.stmt, str]]:
    for other in others:
        source = python_of(other)
        lines = source.split("\n")
        for statement in statements(source):
            decorated = getattr(statement, "decorator_list", [])
            first = min([statement.lineno, *(one.lineno for one in decorated)])
            text = "\n".join(lines[first - 1 : statement.end_lineno])
            alone = statements(text)
            yield statement, text if len(alone) == 1 and "mondaylab" not in text else ""  # there is no lab to open


def _needed(name: str, made: dict[str, tuple[int, str]]) -> dict[int, str] | None:
    """The statement that makes the name and those that this one needs; none if one of them cannot be taken."""
    taken: dict[int, str] = {}
    waiting = [name]
    while waiting:
        place, text = made[waiting.pop()]
        if place in taken:
            continue
        outside = _outside(text)
        if not text or outside - set(made) or len(taken) >= _MOST_STATEMENTS:
            return None
        taken[place] = text
        waiting += sorted(outside)
    return taken
