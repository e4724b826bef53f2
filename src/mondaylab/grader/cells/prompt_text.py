"""Reading the text out of a cell that assigns ``prompt = "..."``, without running it.

The cell is split into tokens, not parsed as a whole: a magic, a broken line or ten thousand brackets elsewhere in it
then do no harm, and nothing that a learner wrote can exhaust the parser's stack. Only what sets a name to quoted text,
known by then to be a few pieces, is parsed; `mondaylab.grader.cells.folding` says what comes of it.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator, Sequence

from mondaylab.errors import Refused
from mondaylab.grader.cells.folding import folded

NAME = "prompt"
LONGEST = 20_000
"""Most characters of a cell, and so of a prompt."""
_MOST_PIECES = 400
_MOST_NAMES = 50
_SKIPPED = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENCODING, tokenize.ENDMARKER)
_FORMATTED = ("FSTRING_START", "FSTRING_MIDDLE", "FSTRING_END")
_SIGNS = ("+", "(", ")", "[", "]", ",", ".")
_FIELD = re.compile(r"\{([^{}]*)\}")
_SETS = re.compile(r"(?:[-+*/%&|^@]|//|\*\*|<<|>>)?=")
_WHAT = "the cell does not set prompt to one plain text in quotes"


def prompt_text(source: str) -> str:
    """The text that the cell assigns to ``prompt``; of several assignments the last, as Python would have it.

    Text in quotes counts, also in several pieces side by side, joined by ``+`` or in brackets, added to with ``+=``,
    out of other names that the cell sets in the same way, stripped or joined. What is computed otherwise does not.

    Args:
        source: The cell; of more than `LONGEST` characters nothing is read.

    Returns:
        The text, fit to be written as UTF-8.

    Raises:
        Refused: There is no such text; the message is the same whatever the cell holds.
    """
    if len(source) > LONGEST:
        raise Refused(_WHAT)
    source = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = io.StringIO(source).readlines()  # as the tokens count them: other signs that end a line do not count
    known: dict[str, str] = {}
    unknown: set[str] = set()
    for statement, depth in _statements(source):
        unknown |= set(_told_names(statement))
        told = None if depth else _set(statement)
        text = None
        if told is not None and _plain(told[2]):
            text = folded(_written(lines, told[2]), known)
            if told[1] == "+=":
                text = None if text is None or told[0] not in known else known[told[0]] + text
        for name in _made(statement):
            known.pop(name, None)
        if told is not None and text is not None and len(text) <= LONGEST and len(known) < _MOST_NAMES:
            known[told[0]] = text
    if NAME not in known or NAME in unknown:
        raise Refused(_WHAT)
    return known[NAME].encode("utf-8", "replace").decode("utf-8")


def _set(statement: Sequence[tokenize.TokenInfo]) -> tuple[str, str, Sequence[tokenize.TokenInfo]] | None:
    """The name that a statement sets, by which sign, and to what; none if it is another kind of statement."""
    if len(statement) < 3 or statement[0].type != tokenize.NAME:
        return None
    sign, value = statement[1].string, statement[2:]
    if sign == ":" and len(statement) > 4 and statement[2].type == tokenize.NAME and statement[3].string == "=":
        sign, value = "=", statement[4:]  # prompt: str = "..."
    return (statement[0].string, sign, value) if sign in ("=", "+=") else None


def _told_names(statement: Sequence[tokenize.TokenInfo]) -> list[str]:
    """Names whose value may come from a function of the cell, or be taken away."""
    if statement[0].string not in ("global", "nonlocal", "del"):
        return []
    return [one.string for one in statement[1:] if one.type == tokenize.NAME]


def _made(statement: Sequence[tokenize.TokenInfo]) -> list[str]:
    """Names that a statement may give a value, also unpacked, by ``:=``, ``as`` or ``for``."""
    made = []
    for place, one in enumerate(statement):
        after = statement[place + 1].string if place + 1 < len(statement) else ""
        before = statement[place - 1].string if place else ""
        binds = after == ":=" or before in ("as", "for", "def", "class", "import") or _SETS.fullmatch(after) is not None
        unpacked = after == "," or (after == ":" and not place)
        if one.type == tokenize.NAME and (binds or unpacked):
            made.append(one.string)
    return made


def _written(lines: Sequence[str], tokens: Sequence[tokenize.TokenInfo]) -> str:
    (first, start), (last, end) = tokens[0].start, tokens[-1].end
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


def _plain(tokens: Sequence[tokenize.TokenInfo]) -> bool:
    """Whether it is no more than quoted texts, names, ``+``, brackets and what may be called on a text."""
    pieces = 0
    for token in tokens:
        name = tokenize.tok_name[token.type]
        if name == "STRING":
            if _has_field(token.string):
                return False
        elif name not in _FORMATTED and token.type != tokenize.NAME and token.string not in _SIGNS:
            return False
        pieces += 1
    return pieces <= _MOST_PIECES


def _has_field(literal: str) -> bool:
    """Whether it is an f-string with more to compute in it than a name."""
    prefix = re.match(r"[A-Za-z]*", literal)
    if prefix is None or "f" not in prefix[0].lower():
        return False
    fields = _FIELD.findall(re.sub(r"\{\{|\}\}", "", literal))
    return not all(field.isidentifier() for field in fields)
