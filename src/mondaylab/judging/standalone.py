"""A learner's cell run the way the grader runs it: alone, in a fresh namespace, with ``pd`` and ``np`` and no more."""

from __future__ import annotations

import builtins
import inspect
import symtable
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from mondaylab.errors import Refused

PROVIDED = ("pd", "np")
"""Names that a cell may use without defining them: pandas and numpy."""


def cell_source(function: Callable[..., Any]) -> str:
    """The source of the whole notebook cell that defined `function`.

    Raises:
        Refused: It was not defined in a cell or a file, so nobody could run it again.
    """
    try:
        lines, _ = inspect.findsource(function)
    except (OSError, TypeError):
        raise Refused(
            "its source cannot be read", fix="define the function in a cell of this notebook and run the cell"
        ) from None
    return "".join(lines)


def outside_names(source: str) -> tuple[str, ...]:
    """Names that the cell uses but does not define, sorted; builtins and `PROVIDED` do not count.

    Raises:
        Refused: It is not Python.
    """
    try:
        top = symtable.symtable(source, "cell", "exec")
    except SyntaxError as error:
        raise Refused(f"the cell is not Python: {error.msg}", where=f"line {error.lineno}") from None
    made = {name.get_name() for name in top.get_symbols() if name.is_assigned() or name.is_imported()}
    known = {*made, *dir(builtins), *PROVIDED}
    used = {
        name.get_name()
        for table in _scopes(top)
        for name in table.get_symbols()
        if name.is_referenced() and (table is top or name.is_global())
    }
    return tuple(sorted(used - known))


def run_cell(source: str, name: str) -> Callable[..., Any]:
    """Runs the cell alone and returns the function it defines.

    Args:
        source: The cell's text.
        name: The function asked for.

    Raises:
        Refused: The cell uses something from outside, or does not define the function.
        Exception: Whatever the cell itself raises.
    """
    outside = outside_names(source)
    if "get_ipython" in outside:
        raise Refused("the cell has a line that begins with % or !", fix="take it out: only plain Python is run again")
    if outside:
        names = ", ".join(repr(one) for one in outside)
        raise Refused(
            f"the cell uses {names} from outside",
            fix="import or define it in this cell; the data comes in as the argument tables",
        )
    namespace: dict[str, Any] = {"pd": pd, "np": np, "__name__": "__main__"}
    exec(compile(source, "cell", "exec"), namespace)  # noqa: S102 - the learner's own code in the learner's own kernel
    function = namespace.get(name)
    if not callable(function):
        raise Refused(f"the cell does not define {name}", fix=f"begin with: def {name}(")
    return function  # type: ignore[no-any-return]  # a callable of the learner's


def _scopes(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _scopes(child)
