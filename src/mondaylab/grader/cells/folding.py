"""What an expression of quoted texts comes to: added up, joined, stripped; nothing else, and nothing is run."""

from __future__ import annotations

import ast
import textwrap
import warnings
from collections.abc import Mapping

_STRIPS = ("strip", "lstrip", "rstrip")
_MOST = 40_000


def folded(expression: str, known: Mapping[str, str]) -> str | None:
    """The text that an expression comes to.

    Args:
        expression: Python; the caller has made sure that it is a few pieces.
        known: Texts of the names that it may use.

    Returns:
        The text; none where it would have to be computed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "\d" in a text is not our matter
        try:
            return _folded(ast.parse(f"({expression}\n)", mode="eval").body, known)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _folded(node: ast.expr, known: Mapping[str, str]) -> str:
    match node:
        case ast.Constant(value=str() as text):
            found = text
        case ast.Name(id=name) if name in known:
            found = known[name]
        case ast.JoinedStr(values=parts):
            found = "".join(_folded(part, known) for part in parts)
        case ast.FormattedValue(value=ast.Name() as name, conversion=-1, format_spec=None):
            found = _folded(name, known)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            found = _folded(left, known) + _folded(right, known)
        case ast.Call(
            func=ast.Attribute(value=inner, attr="join"), args=[ast.List() | ast.Tuple() as parts], keywords=[]
        ):
            found = _folded(inner, known).join(_folded(part, known) for part in parts.elts)
        case ast.Call(func=ast.Attribute(value=inner, attr=attr), args=[], keywords=[]) if attr in _STRIPS:
            found = getattr(_folded(inner, known), attr)()
        case ast.Call(func=ast.Attribute(value=ast.Name(id="textwrap"), attr="dedent"), args=[inner], keywords=[]):
            found = textwrap.dedent(_folded(inner, known))
        case ast.Call(func=ast.Name(id="dedent"), args=[inner], keywords=[]):
            found = textwrap.dedent(_folded(inner, known))
        case _:
            raise ValueError("not a text")
    if len(found) > _MOST:
        raise ValueError("too long")
    return found
