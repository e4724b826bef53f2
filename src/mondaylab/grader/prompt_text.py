"""Reading the text out of a cell that assigns ``prompt = "..."``, without running it.

The cell is split into tokens, not parsed as a whole: a magic, a broken line or ten thousand brackets elsewhere in it
then do no harm, and nothing that a learner wrote can exhaust the parser's stack. Only the expression behind
``prompt =``, known by then to be a few pieces of quoted text, is parsed.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Iterator, Sequence

from mondaylab.errors import Refused

NAME = "prompt"
LONGEST = 20_000
"""Most characters of a cell, and so of a prompt."""
_MOST_PIECES = 400
_ASSIGNS = re.compile(r"(?:[-+*/%&|^@:]|//|\*\*|<<|>>)?=")
_SKIPPED = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENCODING, tokenize.ENDMARKER)
_FORMATTED = ("FSTRING_START", "FSTRING_MIDDLE", "FSTRING_END")
_WHAT = "the cell does not set prompt to one plain text in quotes"


def prompt_text(source: str) -> str:
    """The text that the cell assigns to ``prompt``; of several assignments the last, as Python would have it.

    Text in quotes counts, also in several pieces side by side, joined by ``+`` or in brackets, and f-strings without a
    field. What has to be computed does not.

    Args:
        source: The cell; of more than `LONGEST` characters nothing is read.

    Returns:
        The text, fit to be written as UTF-8.

    Raises:
        Refused: There is no such text; the message is the same whatever the cell holds.
    """
    if len(source) > LONGEST:
        raise Refused(_WHAT)
    expression = _expression(source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "\d" in a text is not our matter
        try:
            text = _folded(ast.parse(f"({expression}\n)", mode="eval").body)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise Refused(_WHAT) from None
    return text.encode("utf-8", "replace").decode("utf-8")


def _expression(source: str) -> str:
    found: list[tokenize.TokenInfo] | None = None
    for statement, depth in _statements(source):
        if statement[0].string != NAME or len(statement) < 2 or not _ASSIGNS.fullmatch(statement[1].string):
            continue
        if depth or statement[1].string != "=":
            raise Refused(_WHAT)  # in a loop, added to, annotated: its value would have to be computed
        found = statement[2:]
    if not found:
        raise Refused(_WHAT)
    _check(found)
    lines = io.StringIO(source).readlines()  # as the tokens count them: other signs that end a line do not count
    (first, start), (last, end) = found[0].start, found[-1].end
    if first == last:
        return lines[first - 1][start:end]
    return "".join([lines[first - 1][start:], *lines[first : last - 1], lines[last - 1][:end]])


def _statements(source: str) -> Iterator[tuple[list[tokenize.TokenInfo], int]]:
    """The simple statements of a cell as tokens, each with its depth of indentation; up to where it is no Python."""
    depth, statement = 0, list[tokenize.TokenInfo]()
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type in (tokenize.INDENT, tokenize.DEDENT):
                depth += 1 if token.type == tokenize.INDENT else -1
            elif token.type in (tokenize.NEWLINE, tokenize.ENDMARKER) or token.string == ";":
                if statement:
                    yield statement, depth
                statement = []
            elif token.type not in _SKIPPED:
                statement.append(token)
    except (tokenize.TokenError, SyntaxError):
        return


def _check(tokens: Sequence[tokenize.TokenInfo]) -> None:
    """Refuses whatever is more than quoted texts, ``+`` and brackets."""
    shape = []
    for token in tokens:
        name = tokenize.tok_name[token.type]
        if name == "STRING" and not _has_field(token.string):
            shape.append("s")
        elif name in _FORMATTED:  # from Python 3.12 on an f-string is several tokens
            shape += "s" if name == "FSTRING_END" else ""
        elif token.string in ("+", "(", ")"):
            shape.append(token.string)
        else:
            raise Refused(_WHAT)
    if len(shape) > _MOST_PIECES:
        raise Refused(_WHAT)


def _has_field(literal: str) -> bool:
    """Whether it is an f-string with something to compute in it."""
    prefix = re.match(r"[A-Za-z]*", literal)
    formatted = prefix is not None and "f" in prefix[0].lower()
    return formatted and re.search(r"[{}]", re.sub(r"\{\{|\}\}", "", literal)) is not None


def _folded(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_folded(part) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _folded(node.left) + _folded(node.right)
    raise ValueError("not a text")
